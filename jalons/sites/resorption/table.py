"""One preparatory step of many sites in one table: what stands, what is typed, what somebody else wrote meanwhile."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for
from jalons.core import clock
from jalons.core.forms import FrenchDateField, SubmissionKeyField
from jalons.core.values import format_date, french_spaces
from jalons.editing.forms import FrenchForm
from jalons.sites.enums import StepKind, StepState
from jalons.sites.forms.common import today_at_most
from jalons.sites.models import PreparatoryStep, Site
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.resorption.forms import within_twenty_years
from jalons.sites.resorption.services import set_step, step_unchanged_since

PER_PAGE = 20
COLUMNS = (
    ("state", "Où en est-elle ?"),
    ("on", "À quelle date ?"),
    ("planned_on", "Prévue le"),
    ("led_by", "Qui ?"),
)
SITE_NAME = "site"  # the sites of the table that was sent, whatever the list became since
UNCHANGED = "seen"


class StepsWrittenMeanwhile(Exception):
    """Somebody wrote on some of these sites since the table was opened: what stands there now."""

    def __init__(self, steps: Mapping[int, PreparatoryStep]) -> None:
        super().__init__("Quelqu’un d’autre a modifié des étapes entre-temps.")
        self.steps = steps


def sites_to_prepare(user: Any, departement: str = "") -> SiteQuerySet:
    """The open sites that a person may update; those with a target or with some step come first."""
    sites: SiteQuerySet = (
        Site.objects.visible_to(user).writable_by(user, Right.UPDATE_SITE).open_on().standing()
    )
    if departement:
        sites = sites.filter(commune__departement=departement)
    steps = PreparatoryStep.objects.known().filter(site=OuterRef("pk"))
    begun = Q(resorption_target__isnull=False) | Q(Exists(steps))
    return (
        sites.select_related("commune")
        .annotate(begun=begun)
        .order_by("-begun", "commune__name", "name", "pk")
    )


def last_known_steps(sites: Iterable[Site], kind: StepKind) -> dict[int, PreparatoryStep]:
    """What was written last of one step, by site: one query."""
    rows = PreparatoryStep.objects.known().filter(site__in=[site.pk for site in sites], kind=kind)
    related = rows.select_related("author", "organisation", "led_by").ranked()
    last: dict[int, PreparatoryStep] = {}
    for step in related:
        last.setdefault(step.site_id, step)
    return last


@dataclass(frozen=True, slots=True)
class StepRow:
    """One site of the table, as the page writes it."""

    site: Site
    step: PreparatoryStep | None
    cells: Sequence[tuple[str, Any]]
    seen: Any


class StepsTableForm(FrenchForm):
    """Four fields a site, whose names bear its public identifier. What is left as it was writes nothing."""

    submission_key = SubmissionKeyField()

    def __init__(
        self,
        data: Any,
        *,
        kind: StepKind,
        sites: Sequence[Site],
        steps: Mapping[int, PreparatoryStep],
        organisations: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__(data)
        self.kind, self.sites, self.steps = kind, sites, steps
        for site in sites:
            self.add_row(site, steps.get(site.pk), organisations)

    def add_row(
        self, site: Site, step: PreparatoryStep | None, organisations: Sequence[tuple[int, str]]
    ) -> None:
        known = list(organisations)
        if step and step.led_by_id and step.led_by_id not in dict(known):
            known.append((step.led_by_id, str(step.led_by)))
        states = [("", "Non renseignée"), *StepState.choices]
        fields: dict[str, forms.Field] = {
            "state": forms.ChoiceField(choices=states, required=False, initial=step.state if step else ""),
            "on": FrenchDateField(required=False, not_after=today_at_most),
            "planned_on": FrenchDateField(
                required=False, not_after=within_twenty_years, initial=step.planned_on if step else None
            ),
            "led_by": forms.TypedChoiceField(
                choices=[("", "Autre, ou inconnue"), *known],
                coerce=int,
                empty_value=None,
                required=False,
                initial=step.led_by_id if step else "",
            ),
        }
        for name, label in COLUMNS:
            field = fields[name]
            field.label, field.help_text = f"{label} {site.name}", ""
            field.widget.attrs["aria-label"] = field.label
            self.add_field(field_name(site, name), field)
        seen = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=step.pk if step else None)
        self.add_field(field_name(site, UNCHANGED), seen)

    def rows(self) -> Iterator[StepRow]:
        for site in self.sites:
            cells = [(label, self[field_name(site, name)]) for name, label in COLUMNS]
            yield StepRow(site, self.steps.get(site.pk), cells, self[field_name(site, UNCHANGED)])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for site in self.sites:
            self.clean_row(site, {name: cleaned.get(field_name(site, name)) for name, _ in COLUMNS})
        return cleaned

    def clean_row(self, site: Site, typed: Mapping[str, Any]) -> None:
        """As for one step alone (`PreparatoryStepForm`), said in the row where it is."""
        state, on, planned_on = typed["state"], typed["on"], typed["planned_on"]
        if not self.is_changed(site, typed):
            return
        step = self.steps.get(site.pk)
        if not state:
            self.refuse(
                site,
                "state",
                "Dites où en est l’étape. Pour effacer ce qui est noté, ouvrez la fiche du site.",
            )
        if (
            state == StepState.FORESEEN
            and planned_on is None
            and not self.has_error(field_name(site, "planned_on"))
        ):
            self.refuse(site, "planned_on", "Dites pour quand elle est prévue.")
        if state == StepState.UNDER_WAY and planned_on and planned_on < (on or clock.today()):
            self.refuse(site, "planned_on", "Cette date est avant le début de l’étape.")
        if state == StepState.NOT_NEEDED and not (step and step.note):
            self.refuse(site, "state", "Sans objet : dites pourquoi sur la fiche du site.")

    def refuse(self, site: Site, name: str, sentence: str) -> None:
        self.add_error(field_name(site, name), french_spaces(sentence))

    def is_changed(self, site: Site, typed: Mapping[str, Any]) -> bool:
        """A day alone is a change: the same situation, since another day."""
        step = self.steps.get(site.pk)
        before = (step.state, step.planned_on, step.led_by_id) if step else ("", None, None)
        return typed["on"] is not None or before != (typed["state"], typed["planned_on"], typed["led_by"])

    def changed_rows(self) -> Iterator[tuple[Site, dict[str, Any], int | None]]:
        """Site, what to write, and the version that the person saw."""
        for site in self.sites:
            typed = {name: self.cleaned_data[field_name(site, name)] for name, _ in COLUMNS}
            if self.is_changed(site, typed):
                yield site, typed, self.cleaned_data[field_name(site, UNCHANGED)]


def field_name(site: Site, name: str) -> str:
    return f"{site.public_id}-{name}"


@transaction.atomic
def write_table(user: Any, form: StepsTableForm) -> int:
    """All the rows that changed, or none. `StepsWrittenMeanwhile` when somebody wrote on one of them."""
    rows = list(form.changed_rows())
    current = last_known_steps([site for site, _, _ in rows], form.kind)
    newer = {
        site.pk: current[site.pk]
        for site, _, seen in rows
        if site.pk in current and current[site.pk].pk != seen
    }
    if newer:
        raise StepsWrittenMeanwhile(newer)
    for site, typed, _ in rows:
        step = current.get(site.pk)
        step_unchanged_since(site=site, kind=form.kind, seen=step)
        set_step(
            site=site,
            kind=form.kind,
            by=actor_for(user, Right.UPDATE_SITE, site),
            state=typed["state"],
            on=typed["on"] or clock.today(),
            planned_on=None if typed["state"] == StepState.NOT_NEEDED else typed["planned_on"],
            led_by_id=typed["led_by"],
            led_by_person=step.led_by_person if step and step.led_by_id == typed["led_by"] else None,
            note=step.note if step and typed["state"] in (step.state, StepState.NOT_NEEDED) else "",
        )
    return len(rows)


def meanwhile_words(step: PreparatoryStep) -> str:
    """« Camille Nord (DDETS du Nord) a écrit entre-temps : faite au 12/03/2026. »."""
    who, state = f"{step.author} ({step.organisation})", step.get_state_display().lower()
    written = f"{who} a écrit entre-temps : {state} au {format_date(step.valid_on)}."
    return french_spaces(f"{written} Enregistrez de nouveau pour garder ce que vous avez tapé.")

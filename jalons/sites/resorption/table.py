"""Preparatory steps of many sites in one table: what stands, what is typed, what somebody else wrote meanwhile."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import actor_for
from jalons.core import clock
from jalons.core.forms import FrenchDateField, SubmissionKeyField
from jalons.core.values import format_date, french_spaces, join_and
from jalons.editing.forms import FrenchForm
from jalons.sites.enums import StepKind, StepState
from jalons.sites.forms.common import today_at_most
from jalons.sites.models import PreparatoryStep, Site
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.resorption.forms import within_twenty_years
from jalons.sites.resorption.services import set_step

MOST_SITES, MOST_ROWS = 20, 27  # of a page: a row for each step of a site
COLUMNS = (
    ("state", "Où en est-elle ?"),
    ("on", "À quelle date ?"),
    ("planned_on", "Prévue le"),
    ("led_by", "Qui ?"),
    ("led_by_person", "Quelle personne ?"),
)
SEEN = "seen"  # the version that the table was opened on
THEIRS = "theirs"  # asked where two people wrote: what the other one wrote stays
FIELDS = (*(name for name, _ in COLUMNS), SEEN, THEIRS)
LONGEST_KEY = 18  # digits
StepKey = tuple[int, str]  # primary key of the site, step


@dataclass(frozen=True, slots=True)
class StepPlace:
    """Where a row of the table is: one step of one site."""

    site: Site
    kind: StepKind

    @property
    def key(self) -> StepKey:
        return self.site.pk, self.kind

    def name(self, field: str) -> str:
        """Of a field of its row."""
        return f"{self.site.public_id}-{self.kind}-{field}"


class StepsWrittenMeanwhile(Exception):
    """Somebody wrote on some of these steps since the table was opened: what stands there now, None if withdrawn."""

    def __init__(self, steps: Mapping[StepKey, PreparatoryStep | None]) -> None:
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


def sites_a_page(kinds: Sequence[StepKind]) -> int:
    return min(MOST_SITES, MOST_ROWS // len(kinds))


def places_of(sites: Iterable[Site], kinds: Sequence[StepKind]) -> list[StepPlace]:
    return [StepPlace(site, kind) for site in sites for kind in kinds]


def last_known_steps(places: Sequence[StepPlace]) -> dict[StepKey, PreparatoryStep]:
    """What was written last of some steps: one query."""
    sites, kinds = {place.site.pk for place in places}, {place.kind for place in places}
    rows = PreparatoryStep.objects.known().filter(site__in=sites, kind__in=kinds)
    related = rows.select_related("author", "organisation", "led_by", "led_by_person").ranked()
    last: dict[StepKey, PreparatoryStep] = {}
    for step in related:
        last.setdefault((step.site_id, step.kind), step)
    return last


def sites_sent(data: Mapping[str, Any], kinds: Sequence[StepKind]) -> list[str]:
    """The public identifiers that a table bears in the names of its fields, whatever the list became since."""
    parts = [field.split("-") for field in data]
    keys = {words[0]: None for words in parts if len(words) == 3 and words[1] in kinds and words[2] in FIELDS}
    return [key for key in keys if key.isascii() and key.isalnum()][: sites_a_page(kinds)]


def steps_seen(data: Mapping[str, Any], places: Iterable[StepPlace]) -> dict[StepKey, PreparatoryStep]:
    """The versions that a table was opened on: what was typed is compared with them. One query."""
    typed = {place.key: str(data.get(place.name(SEEN), "")) for place in places}
    keys = {
        key: int(text)
        for key, text in typed.items()
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY
    }
    rows = PreparatoryStep.objects.filter(pk__in=keys.values())
    related = rows.select_related("author", "organisation", "led_by", "led_by_person").order_by("pk")
    steps = {(step.site_id, step.kind): step for step in related}
    return {key: step for key, step in steps.items() if keys.get(key) == step.pk}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of one site, as the page writes it. `first`: the first row of its site."""

    place: StepPlace
    first: bool
    step: PreparatoryStep | None
    cells: Sequence[tuple[str, Any]]
    seen: Any
    theirs: Any  # None unless two people wrote there


class StepsTableForm(FrenchForm):
    """Five fields a step of a site, whose names bear both. What is left as it was writes nothing.

    Who types may put themselves in charge, or leave whoever is; somebody else is chosen on the sheet of the site.
    """

    submission_key = SubmissionKeyField()

    def __init__(
        self,
        data: Any,
        *,
        places: Sequence[StepPlace],
        steps: Mapping[StepKey, PreparatoryStep],
        organisations: Sequence[tuple[int, str]],
        user: User,
        disputed: Container[StepKey] = (),
    ) -> None:
        """`steps`: those that the person saw. `disputed`: where somebody else wrote meanwhile."""
        super().__init__(data)
        self.places, self.steps, self.disputed, self.user = places, steps, disputed, user
        self.several = len({place.kind for place in places}) > 1
        for place in places:
            self.add_row(place, steps.get(place.key), organisations)

    def words_of(self, place: StepPlace) -> str:
        """« Rue du Moulin », or « Diagnostic social, Rue du Moulin » among several steps."""
        return f"{place.kind.label}, {place.site.name}" if self.several else place.site.name

    def add_row(
        self, place: StepPlace, step: PreparatoryStep | None, organisations: Sequence[tuple[int, str]]
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
            "led_by_person": forms.TypedChoiceField(
                choices=[
                    ("", "Aucune"),
                    *((pk, self.name_of(person)) for pk, person in self.people_for(step).items()),
                ],
                coerce=int,
                empty_value=None,
                required=False,
                initial=step.led_by_person_id if step else "",
            ),
        }
        if step is None or not step.note:  # its reason is written on the sheet of the site
            fields["state"].widget.choices = [
                choice for choice in states if choice[0] != StepState.NOT_NEEDED
            ]
        for name, label in COLUMNS:
            field = fields[name]
            field.label, field.help_text = f"{label} {self.words_of(place)}", ""
            field.widget.attrs["aria-label"] = field.label
            self.add_field(place.name(name), field)
        seen = forms.CharField(required=False, widget=forms.HiddenInput, initial=step.pk if step else "")
        self.add_field(place.name(SEEN), seen)
        theirs = place.name(THEIRS)
        if place.key in self.disputed or (self.is_bound and theirs in self.data):
            self.add_field(theirs, forms.BooleanField(label="Garder ce qui est écrit", required=False))

    def people_for(self, step: PreparatoryStep | None) -> dict[int, User]:
        """Who may be put in charge here: who types, and whoever is."""
        person = step.led_by_person if step else None
        return {self.user.pk: self.user, **({person.pk: person} if person else {})}

    def name_of(self, person: User) -> str:
        return "Moi" if person == self.user else person.name

    def rows(self) -> Iterator[StepRow]:
        before = None
        for place in self.places:
            cells = [(label, self[place.name(name)]) for name, label in COLUMNS]
            theirs = place.name(THEIRS)
            disputed = self[theirs] if theirs in self.fields else None
            step, first = self.steps.get(place.key), place.site != before
            yield StepRow(place, first, step, cells, self[place.name(SEEN)], disputed)
            before = place.site

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for place in self.places:
            self.clean_row(place, {name: cleaned.get(place.name(name)) for name, _ in COLUMNS})
        return cleaned

    def clean_row(self, place: StepPlace, typed: Mapping[str, Any]) -> None:
        """As for one step alone (`PreparatoryStepForm`), said in the row where it is."""
        state, on, planned_on = typed["state"], typed["on"], typed["planned_on"]
        if not self.is_changed(place, typed):
            return
        step = self.steps.get(place.key)
        if not state:
            self.refuse(
                place,
                "state",
                "Dites où en est l’étape. Pour effacer ce qui est noté, ouvrez la fiche du site.",
            )
        if (
            state == StepState.FORESEEN
            and planned_on is None
            and not self.has_error(place.name("planned_on"))
        ):
            self.refuse(place, "planned_on", "Dites pour quand elle est prévue.")
        if state == StepState.UNDER_WAY and planned_on and planned_on < (on or clock.today()):
            self.refuse(place, "planned_on", "Cette date est avant le début de l’étape.")
        if state == StepState.NOT_NEEDED and not (step and step.note):
            self.refuse(place, "state", "Sans objet : dites pourquoi sur la fiche du site.")

    def refuse(self, place: StepPlace, name: str, sentence: str) -> None:
        self.add_error(place.name(name), french_spaces(sentence))

    def is_changed(self, place: StepPlace, typed: Mapping[str, Any]) -> bool:
        """Against what the person saw. A day alone is a change: the same situation, since another day."""
        if self.cleaned_data.get(place.name(THEIRS)):
            return False
        step = self.steps.get(place.key)
        names = ("state", "planned_on", "led_by", "led_by_person")
        before = (
            (step.state, step.planned_on, step.led_by_id, step.led_by_person_id)
            if step
            else ("", None, None, None)
        )
        return typed["on"] is not None or before != tuple(typed[name] for name in names)

    def changed_rows(self) -> Iterator[tuple[StepPlace, dict[str, Any]]]:
        """Where, and what to write."""
        for place in self.places:
            typed = {name: self.cleaned_data[place.name(name)] for name, _ in COLUMNS}
            if self.is_changed(place, typed):
                yield place, typed


@transaction.atomic
def write_table(user: Any, form: StepsTableForm) -> int:
    """All the rows that changed, or none. `StepsWrittenMeanwhile` when somebody wrote on one of them."""
    rows = list(form.changed_rows())
    places = [place for place, _ in rows]
    sites = {place.site.pk for place in places}
    list(Site.objects.select_for_update(no_key=True).filter(pk__in=sites).order_by("pk"))
    current = last_known_steps(places)
    keys = [place.key for place in places]
    newer = {key: current.get(key) for key in keys if current.get(key) != form.steps.get(key)}
    if newer:
        raise StepsWrittenMeanwhile(newer)
    for place, typed in rows:
        step = current.get(place.key)
        set_step(
            site=place.site,
            kind=place.kind,
            by=actor_for(user, Right.UPDATE_SITE, place.site),
            state=typed["state"],
            on=typed["on"] or clock.today(),
            planned_on=None if typed["state"] == StepState.NOT_NEEDED else typed["planned_on"],
            led_by_id=typed["led_by"],
            led_by_person=form.people_for(step).get(typed["led_by_person"]),
            note=step.note if step and typed["state"] in (step.state, StepState.NOT_NEEDED) else "",
        )
    return len(rows)


def written_words(form: StepsTableForm, steps: Mapping[StepKey, PreparatoryStep | None]) -> str:
    """« Écrit entre-temps : Rue du Port (Camille Nord). »."""
    places = (
        f"{form.words_of(place)} ({step.author if (step := steps[place.key]) else 'retiré'})"
        for place in form.places
        if place.key in steps
    )
    return french_spaces(f"Écrit entre-temps : {join_and(list(places))}.")


def meanwhile_words(step: PreparatoryStep | None) -> str:
    """« Camille Nord (DDETS du Nord) a écrit entre-temps : faite au 12/03/2026. »."""
    if step is None:
        written = "Ce qui était noté a été retiré entre-temps."
    else:
        who, state = f"{step.author} ({step.organisation})", step.get_state_display().lower()
        planned = f", prévue le {format_date(step.planned_on)}" if step.planned_on else ""
        leaders = [str(leader) for leader in (step.led_by_person, step.led_by) if leader]
        leader = f", par {', '.join(leaders)}" if leaders else ""
        written = f"{who} a écrit entre-temps : {state} au {format_date(step.valid_on)}{planned}{leader}."
    return french_spaces(f"{written} Enregistrez de nouveau pour y mettre ce que vous avez tapé.")

"""Forms of a preparatory step, and of whether a site can be fitted out."""

import datetime as dt
from typing import Any

from django import forms

from jalons.accounts.models import Organisation, User
from jalons.core.form_fields import CodesField
from jalons.core.forms import FrenchDateField
from jalons.core.values import format_date, french_spaces, join_and
from jalons.editing.fact_forms import FactForm, long_text, one_of
from jalons.editing.forms import Group
from jalons.sites.enums import SiteConstraint, SourceKind, StepKind, StepState, Suitability
from jalons.sites.forms.common import today, today_at_most
from jalons.sites.forms.counting import OrganisationField
from jalons.sites.models import PreparatoryStep, SiteSuitability
from jalons.sites.resorption.models import NOTE_LENGTH
from jalons.sites.resorption.progress import PENDING
from jalons.sites.resorption.public_text import sensitive_words

CONFIRMED = "is_public"
PUBLIC_HELP = (
    "Qui lit la fiche du site lit ce texte : rien d’une procédure, d’un propriétaire ni d’un habitant."
)
FARTHEST = 20 * 366  # days


def within_twenty_years(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=FARTHEST)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """`labels`: « Camille Nord (DDETS du Nord) », by primary key."""

    labels: dict[int, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        return self.labels.get(obj.pk, str(obj))


class PublicNoteForm(FactForm):
    """A note that every reader of the site reads: what sounds like a procedure or an owner is asked about once."""

    note: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and sensitive_words(str(self.data.get("note", ""))):
            box = forms.BooleanField(
                label="Ce texte ne dit rien d’une procédure ni du propriétaire", required=False
            )
            self.add_field(CONFIRMED, box)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        words = sensitive_words(cleaned.get("note", ""))
        if words and not cleaned.pop(CONFIRMED, False):
            quoted = join_and([f"« {word} »" for word in words])
            where = "Ce qui les concerne s’écrit dans « Procédures » ou « Propriétaire », que leurs droits gardent."
            reason = f"Qui lit la fiche lit ce texte, où il est écrit {quoted}. {where}"
            self.add_error("note", french_spaces(reason))
        return cleaned


class PreparatoryStepForm(PublicNoteForm):
    """Where a step stands: foreseen on a day, under way, done, or not needed with its reason."""

    groups = (
        Group("", ("state", "on", "planned_on")),
        Group("Qui s’en occupe ?", ("led_by", "led_by_person")),
        Group("", ("note", CONFIRMED)),
    )

    state = one_of(StepState, "Où en est cette étape ?")
    on = FrenchDateField(
        label="À quelle date ?",
        not_after=today_at_most,
        initial=today,
        help_text="Faite : le jour où elle l’a été. En cours : le jour où elle a commencé. Sinon : le jour où vous "
        "l’avez su.",
    )
    planned_on = FrenchDateField(
        label="Date prévue",
        required=False,
        not_after=within_twenty_years,
        help_text="Le jour où elle devrait être faite. Passé ce jour, elle est en retard.",
    )
    led_by = OrganisationField(
        label="Structure",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Autre, ou pas encore connue",
    )
    led_by_person = PersonField(
        label="Personne",
        queryset=User.objects.none(),
        required=False,
        empty_label="Aucune en particulier",
        help_text="Parmi celles qui peuvent mettre à jour ce site.",
    )
    note = long_text("Précision, ou motif si elle est sans objet", NOTE_LENGTH, PUBLIC_HELP)

    def __init__(
        self,
        *args: Any,
        kind: StepKind,
        organisations: Any,
        people: Any,
        labels: dict[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["led_by"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["led_by_person"].labels = labels  # type: ignore[attr-defined]
        self.fields["led_by_person"].queryset = people  # type: ignore[attr-defined]

    @staticmethod
    def shown_of(step: PreparatoryStep) -> dict[str, Any]:
        """What the form shows of the situation in force. Its date is that of another situation."""
        return {
            "state": step.state,
            "planned_on": step.planned_on,
            "led_by": step.led_by_id,
            "led_by_person": step.led_by_person_id,
            "note": step.note,
        }

    def initial_of(self, fact: Any) -> dict[str, Any]:
        return (
            {**self.shown_of(fact), "on": fact.valid_on} if "reason" in self.fields else self.shown_of(fact)
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        state, on, planned_on = (cleaned.get(name) for name in ("state", "on", "planned_on"))
        if state == StepState.FORESEEN and planned_on is None and "planned_on" not in self.errors:
            self.add_error("planned_on", "Dites pour quand elle est prévue.")
        if state == StepState.UNDER_WAY and on and planned_on and planned_on < on:
            self.add_error(
                "planned_on",
                f"Cette date ({format_date(planned_on)}) est avant le début de l’étape ({format_date(on)})\u00a0: "
                "corrigez l’une des deux.",
            )
        if state == StepState.NOT_NEEDED and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", "Dites en quelques mots pourquoi cette étape est sans objet.")
        if state is not None and state not in PENDING:
            cleaned["planned_on"] = None if state == StepState.NOT_NEEDED else planned_on
        return cleaned


class SuitabilityForm(PublicNoteForm):
    """« Aménageable ? », what makes it hard, who looked at it and when."""

    groups = (
        Group("", ("answer", "constraints", "note", CONFIRMED)),
        Group("Qui l’a regardé, et quand ?", ("on", "source_kind", "source")),
    )

    answer = one_of(Suitability, "Le site peut-il être aménagé ?")
    constraints = CodesField(
        label="Contraintes",
        choices=SiteConstraint.choices,
        help_text="« Propriété » dit seulement que c’est une difficulté.",
    )
    note = long_text("Précision", NOTE_LENGTH, PUBLIC_HELP)
    on = FrenchDateField(label="Date", not_after=today_at_most, initial=today)
    source_kind = one_of(SourceKind, "Qui l’a regardé ?", initial=SourceKind.STATE)
    source = OrganisationField(
        label="Structure",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Autre, ou inconnue",
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = organisations  # type: ignore[attr-defined]

    @staticmethod
    def shown_of(suitability: SiteSuitability) -> dict[str, Any]:
        return {
            "answer": suitability.answer,
            "constraints": list(suitability.constraints),
            "source_kind": suitability.source_kind,
            "source": suitability.source_id,
            "note": suitability.note,
        }

    def initial_of(self, fact: Any) -> dict[str, Any]:
        return (
            {**self.shown_of(fact), "on": fact.valid_on} if "reason" in self.fields else self.shown_of(fact)
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        other = SiteConstraint.OTHER in (cleaned.get("constraints") or ())
        if other and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", "Dites en quelques mots quelle est l’autre contrainte.")
        return cleaned

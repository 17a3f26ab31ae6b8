"""What is done about a site: procedures, resettlements, closing."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.core.forms import CodesField, CountField, FrenchDateField, TriStateField
from jalons.core.values import Emptiness, Sum, Value, format_date, french_spaces, total
from jalons.editing.fact_forms import FactForm, long_text, one_of, short_text
from jalons.editing.forms import Group
from jalons.sites.enums import ClosingReason, OrientationKind, ProcedureKind, ProcedureStatus
from jalons.sites.forms.common import today, today_at_most
from jalons.sites.models import Procedure, Site
from jalons.sites.services import Departure

# For each step, the fields that it has, besides its date and its note, with their labels.
STEPS: dict[ProcedureKind, dict[str, str]] = {
    ProcedureKind.COMPLAINT: {"body": "Où la plainte a-t-elle été déposée ?"},
    ProcedureKind.JUDICIAL: {"body": "Tribunal", "status": "Où en est la procédure ?"},
    ProcedureKind.DECISION: {
        "body": "Tribunal",
        "status": "Sens de la décision, pour le propriétaire",
        "appeal": "Un appel est-il en cours ?",
        "evacuation_on": "Date d’évacuation fixée",
    },
    ProcedureKind.ORDER: {
        "body": "Qui a pris l’arrêté ?",
        "appeal": "Un recours est-il en cours ?",
        "evacuation_on": "Date d’évacuation fixée",
    },
    ProcedureKind.INSALUBRITY: {"body": "Qui a pris l’arrêté ?"},
    ProcedureKind.CFP: {
        "status": "Où en est la demande ?",
        "body": "Préfecture saisie",
        "evacuation_on": "Date d’évacuation prévue",
    },
    ProcedureKind.BAILIFF: {"body": "Étude", "evacuation_on": "Date donnée aux habitants pour partir"},
    ProcedureKind.LITIGATION: {
        "body": "Tribunal",
        "status": "Où en est le contentieux ?",
        "appeal": "Un appel est-il en cours ?",
    },
    ProcedureKind.EVACUATION: {"evacuation_on": "Date d’évacuation prévue", "body": "Qui l’a décidée ?"},
}
HINTS: dict[ProcedureKind, str] = {
    ProcedureKind.COMPLAINT: "Le propriétaire a porté plainte.",
    ProcedureKind.JUDICIAL: "Une procédure est engagée : référé, assignation, audience.",
    ProcedureKind.DECISION: "Ordonnance ou jugement, avec ses délais.",
    ProcedureKind.ORDER: "Arrêté du préfet ou du maire.",
    ProcedureKind.INSALUBRITY: "Insalubrité, péril, résorption de l’habitat insalubre.",
    ProcedureKind.CFP: "Demandé, obtenu ou refusé par le préfet.",
    ProcedureKind.BAILIFF: "Commandement de quitter les lieux, procès-verbal.",
    ProcedureKind.LITIGATION: "Recours, appel, cassation.",
    ProcedureKind.EVACUATION: "Une date est prévue, quelle qu’en soit l’origine.",
}
# « Non demandé » is only said of the concours de la force publique, and a decision is not « en cours ».
STATUSES: dict[ProcedureKind, tuple[ProcedureStatus, ...]] = {
    ProcedureKind.JUDICIAL: (
        ProcedureStatus.REQUESTED,
        ProcedureStatus.GRANTED,
        ProcedureStatus.REFUSED,
        ProcedureStatus.UNKNOWN,
    ),
    ProcedureKind.LITIGATION: (
        ProcedureStatus.REQUESTED,
        ProcedureStatus.GRANTED,
        ProcedureStatus.REFUSED,
        ProcedureStatus.UNKNOWN,
    ),
    ProcedureKind.DECISION: (ProcedureStatus.GRANTED, ProcedureStatus.REFUSED, ProcedureStatus.UNKNOWN),
    ProcedureKind.CFP: tuple(ProcedureStatus),
}
DATES = {
    ProcedureKind.COMPLAINT: "Date du dépôt",
    ProcedureKind.DECISION: "Date de la décision",
    ProcedureKind.ORDER: "Date de l’arrêté",
    ProcedureKind.INSALUBRITY: "Date de l’arrêté",
    ProcedureKind.CFP: "Date de la demande ou de la réponse",
    ProcedureKind.EVACUATION: "Date à laquelle vous l’avez su",
}
# What sets the date of an evacuation cannot be later than it. The other steps may come, or be known, after.
SETS_THE_DATE = (ProcedureKind.DECISION, ProcedureKind.ORDER)
# An evacuation is planned for weeks or months: further is a slip in the year.
LATEST_EVACUATION = dt.timedelta(days=10 * 365)


class ProcedureForm(FactForm):
    """One step; only the fields that it has are there."""

    groups = (Group("", ("on", "status", "body", "appeal", "evacuation_on", "note")),)

    on = FrenchDateField(label="Date", not_after=today_at_most, initial=today)
    status = one_of(ProcedureStatus, "Où en est-on ?", initial=ProcedureStatus.UNKNOWN)
    body = short_text("Autorité ou juridiction", 160)
    appeal = TriStateField(label="Appel en cours")
    evacuation_on = FrenchDateField(
        label="Date d’évacuation prévue",
        required=False,
        not_after=lambda day: day + LATEST_EVACUATION,
    )
    note = long_text("Précision", 1000)

    def __init__(self, *args: Any, kind: ProcedureKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        labels = STEPS[kind]
        for name in ("status", "body", "appeal", "evacuation_on"):
            if name in labels:
                self.fields[name].label = french_spaces(labels[name])
            else:
                del self.fields[name]
        if "status" in labels:
            choices = [(status.value, status.label) for status in STATUSES[kind]]
            self.fields["status"].choices = choices  # type: ignore[attr-defined]
        self.fields["on"].label = DATES.get(kind, "Date")
        if kind == ProcedureKind.EVACUATION:
            self.fields["evacuation_on"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        on, planned = cleaned.get("on"), cleaned.get("evacuation_on")
        if self.kind in SETS_THE_DATE and on and planned and planned < on:
            self.add_error(
                "evacuation_on",
                f"L’évacuation ne peut pas être avant la décision ({format_date(on)}). Vérifiez les deux dates.",
            )
        return cleaned

    def initial_of(self, fact: Procedure) -> dict[str, Any]:
        return procedure_initial(fact, self.fields)


def procedure_initial(step: Procedure, names: Any) -> dict[str, Any]:
    columns = {
        "on": step.valid_on,
        "status": step.status,
        "body": step.body,
        "appeal": step.appeal,
        "evacuation_on": step.evacuation_on,
        "note": step.note,
        "seen": step.pk,
    }
    return {name: value for name, value in columns.items() if name in names}


# --- other sites -----------------------------------------------------------------------------------------------


def choices_of(sites: Sequence[Site]) -> list[tuple[str, str]]:
    return [(site.public_id, f"{site.name}, {site.commune.name}") for site in sites]


def search_field(label: str) -> forms.CharField:
    return short_text(label, 120, "Commune, nom, appellation ou adresse, puis « Chercher ».")


class ResettlementForm(FactForm):
    """People of this site who settled on another, or the reverse. `sites`: those that may be chosen."""

    TO, FROM = "vers", "depuis"

    direction = forms.ChoiceField(
        label="Que s’est-il passé ?",
        choices=[
            (TO, "Des habitants de ce site se sont installés sur un autre"),
            (FROM, "Des habitants de ce site venaient d’un autre"),
        ],
        widget=forms.RadioSelect,
    )
    q = search_field("Quel autre site ?")
    other = forms.ChoiceField(label="Site choisi", widget=forms.RadioSelect)
    on = FrenchDateField(label="Date", not_after=today_at_most, initial=today)
    people = CountField(label="Personnes")
    households = CountField(label="Ménages")
    note = long_text("Précision", 500)

    groups = (Group("Combien, et quand ?", ("on", "people", "households", "note")),)

    def __init__(self, *args: Any, sites: Sequence[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = choices_of(sites)  # type: ignore[attr-defined]
        self.fields["other"].error_messages["required"] = "Choisissez le site, ou cherchez-le."


class ClosingForm(FactForm):
    """Since when, why, and where the people went. `sites`: those where they may have settled."""

    groups = (Group("", ("closed_on", "reason_code", "note")),)

    closed_on = FrenchDateField(
        label="Date de fermeture",
        not_after=today_at_most,
        initial=today,
        help_text="Le premier jour où plus personne n’habite le site.",
    )
    reason_code = one_of(ClosingReason, "Raison de la fermeture")
    note = long_text("Précision", 500)
    q = search_field("Des habitants se sont-ils installés sur un autre site ?")
    others = CodesField(label="Sites rejoints")

    def __init__(self, *args: Any, sites: Sequence[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].choices = choices_of(sites)  # type: ignore[attr-defined]
        for kind in OrientationKind:
            self.add_field(f"{kind.value}_people", CountField(label="Personnes"))
            self.add_field(f"{kind.value}_households", CountField(label="Ménages"))
            self.add_field(f"{kind.value}_note", short_text("Précision", 300))

    def rows(self) -> list[tuple[str, list[Any]]]:
        """For each orientation its label and its three fields."""
        names = ("people", "households", "note")
        return [(kind.label, [self[f"{kind.value}_{name}"] for name in names]) for kind in OrientationKind]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reason_code") == ClosingReason.OTHER and "note" in cleaned and not cleaned["note"]:
            self.add_error("note", "Dites en quelques mots pourquoi le site ferme.")
        return cleaned

    def departures(self) -> list[Departure]:
        """The orientations of which something was said. Works on what could be read of the form."""
        cleaned = self.cleaned_data
        rows = [
            Departure(
                kind,
                cleaned.get(f"{kind.value}_people") or Value.empty(),
                cleaned.get(f"{kind.value}_households") or Value.empty(),
                cleaned.get(f"{kind.value}_note", ""),
            )
            for kind in OrientationKind
        ]
        return [
            row
            for row in rows
            if row.note or {row.people.emptiness, row.households.emptiness} != {Emptiness.EMPTY}
        ]

    def totals(self) -> tuple[Sum, Sum]:
        """(people, households) that went somewhere."""
        rows = self.departures()
        return total([row.people for row in rows]), total([row.households for row in rows])


def says_something(row: Departure) -> bool:
    return bool(row.note) or any(value.emptiness != Emptiness.EMPTY for value in (row.people, row.households))

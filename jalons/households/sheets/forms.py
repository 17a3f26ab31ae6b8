"""Forms of the register. What they hold is never put in an address, a message, a draft or a log."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from jalons.core import clock
from jalons.core.form_fields import FrenchDateField, SubmissionKeyField
from jalons.core.forms import FilterForm, JalonsForm, dress
from jalons.core.number_fields import CountField
from jalons.core.ui import KNOWN_PARAMETER
from jalons.core.values.text import french_spaces
from jalons.households.families.checks import LONGEST_TEXT
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.enums import FactKind, FamilyLink, FirstContact, GoalState, Sex, VisitKind
from jalons.households.families.free_text import refused_numbers
from jalons.households.sheets.display import NAMELESS
from jalons.households.sheets.kinds import FACT_SHEETS, Choices, FactSheet
from jalons.sites.enums import Origin

NOTHING = [("", "Non renseigné")]
WHOLE_HOUSEHOLD = [("", "Tout le ménage")]
FIRST_PEOPLE = 5
# A goal that is over ended on a day: the day that it is said, unless another is written.
CLOSED_GOALS = {GoalState.DONE, GoalState.DROPPED}


def no_refused_number(text: str) -> None:
    for refused in refused_numbers(text):
        raise ValidationError(refused.message, code=refused.code)


def text_field(
    label: str, *, long: bool = False, required: bool = False, help_text: str = ""
) -> forms.CharField:
    rows = 4 if long else 1
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}) if long else forms.TextInput,
        max_length=LONGEST_TEXT if long else 2_000,
        validators=[no_refused_number],
    )


def choice_field(
    label: str, choices: Choices, *, required: bool = False, radio: bool = False
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=choices if radio else [*NOTHING, *choices],
        widget=forms.RadioSelect(attrs={"class": "j-inline"}) if radio else forms.Select,
    )


class SealedForm(JalonsForm):
    """`submission_key` names the sending; `seen` is the version of the piece that the form was opened on."""

    submission_key = SubmissionKeyField()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def reopen_on(self, seen: str) -> None:
        """So that what was typed can be sent again, over what somebody else saved meanwhile."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["seen"] = seen
        self.data = data

    def add_fields(self, fields: dict[str, forms.Field]) -> None:
        """Fields that depend on the family, dressed as those that a class declares."""
        for name, field in fields.items():
            dress(field)
            self.fields[name] = field


class FamilyFactForm(SealedForm):
    """One dated fact: the fields that its kind asks."""

    def __init__(
        self, *args: Any, kind: str, family: FollowedFamily, choices: Choices | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.sheet = kind, FACT_SHEETS[kind]
        people = [(p.id, p.name or NAMELESS) for p in family.people]
        self.add_fields(fields_of(self.sheet, people, self.sheet.choices if choices is None else choices))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "La fin est avant le début. Corrigez l’une des deux dates.")
        if self.kind == FactKind.GOAL and cleaned.get("value") in CLOSED_GOALS and until is None:
            cleaned["until"] = max(clock.today(), since or clock.today())
        return cleaned

    def changes(self) -> dict[str, Any]:
        """What the fact becomes; what its kind does not ask stays as it is."""
        names = ("person", "since", "until", "value", "detail", "reviewed", "text")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}

    @classmethod
    def initial_of(cls, fact: FamilyFact) -> dict[str, Any]:
        seen = fact.recorded.isoformat() if fact.recorded else ""
        return {**fact._asdict(), "seen": seen}


def fields_of(sheet: FactSheet, people: Choices, choices: Choices) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    if sheet.whose != "household":
        first = NOTHING if sheet.whose == "person" else WHOLE_HOUSEHOLD
        fields["person"] = forms.ChoiceField(
            label="Qui", choices=[*first, *people], required=sheet.whose == "person"
        )
    if sheet.typed:
        fields["value"] = text_field(sheet.value, required=True)
    elif sheet.value:
        fields["value"] = choice_field(sheet.value, choices, required=True)
    fields["since"] = FrenchDateField(label=sheet.since, required=False)
    if sheet.until:
        fields["until"] = FrenchDateField(label=sheet.until, required=False, help_text="")
    if sheet.detail:
        fields["detail"] = choice_field(french_spaces(sheet.detail), sheet.details)
    if sheet.reviewed:
        fields["reviewed"] = FrenchDateField(label=sheet.reviewed, required=False, help_text="")
    if sheet.text:
        fields["text"] = text_field(sheet.text, long=sheet.long)
    return fields


class MemberForm(SealedForm):
    """A person: everything may be left empty."""

    given_name = text_field("Prénom")
    family_name = text_field("Nom")
    year_of_birth = forms.IntegerField(
        label="Année de naissance",
        required=False,
        help_text="L’année suffit.",
        min_value=1880,
        error_messages={
            "invalid": "Écrivez une année, par exemple 1990.",
            "min_value": "Cette année est trop ancienne.",
        },
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "form-control j-tiny", "autocomplete": "off"}
        ),
    )
    sex = choice_field("Sexe", Sex.choices)
    link = choice_field("Lien", FamilyLink.choices)
    origin = choice_field("Ressortissants", Origin.choices)

    PIECES = ("given_name", "family_name", "year_of_birth", "sex", "link", "origin")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @property
    def is_begun(self) -> bool:
        """Somebody typed something of this person."""
        return self.is_bound and any(self.data.get(self.add_prefix(name)) for name in self.PIECES)

    def clean_year_of_birth(self) -> int | None:
        year: int | None = self.cleaned_data["year_of_birth"]
        if year is not None and year > self.today.year:
            raise ValidationError("Cette année de naissance est dans l’avenir. Corrigez-la.", code="future")
        return year

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.PIECES}

    @classmethod
    def initial_of(cls, member: FamilyMember) -> dict[str, Any]:
        return {**member._asdict(), "seen": member.recorded.isoformat() if member.recorded else ""}


class NewFamilyForm(SealedForm):
    """A new family on one screen: where, since when, and its first people. All of it may be left empty."""

    household = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, today: dt.date, sites: Choices, actions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_fields(
            {
                "site": choice_field("Lieu de vie", sites),
                "arrival": FrenchDateField(label="Arrivée (mois)", required=False),
                "contact": choice_field("Premier contact", FirstContact.choices),
                "contact_on": FrenchDateField(
                    label="Premier contact le", required=False, not_after=lambda day: day, help_text=""
                ),
                "action": choice_field("Dispositif qui l’accompagne", actions),
                "entered": FrenchDateField(label="Entrée le", required=False, help_text=""),
            }
        )
        self.members = [
            MemberForm(*args, today=today, prefix=f"personne-{number}") for number in range(FIRST_PEOPLE)
        ]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *[member.is_valid() for member in self.members]])


class VisitForm(SealedForm):
    """What one notes on a phone, in twenty seconds: how, what, and when next."""

    value = choice_field("Comment", VisitKind.choices, required=True, radio=True)
    text = text_field("Ce qui s’est dit", long=True)
    since = FrenchDateField(label="Le", required=True, not_after=lambda today: today, help_text="")
    next_on = FrenchDateField(label="Prochain rendez-vous", required=False, help_text="Facultatif")


class FamilyPastForm(FilterForm):
    """« Ce que le registre savait à une autre date »: its field is the parameter of a past view."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[KNOWN_PARAMETER] = FrenchDateField(
            label="Telle que le registre la connaissait le", required=False, not_after=lambda today: today
        )


class FamilySearchForm(JalonsForm):
    """Sent, never in the address: a name would be written in the logs of every machine on the way."""

    query = forms.CharField(label="Nom ou numéro", required=False)
    view = forms.ChoiceField(
        label="Familles",
        required=False,
        choices=[
            ("", "Accompagnées"),
            ("revoir", "À revoir"),
            ("sorties", "Sorties"),
            ("illisibles", "Illisibles"),
        ],
    )

    def __init__(self, *args: Any, actions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = forms.ChoiceField(label="Dispositif", required=False, choices=[("", "Tous"), *actions])
        dress(field)
        self.fields["action"] = field

    def criteria(self) -> dict[str, str]:
        """What was asked and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class MoveForm(SealedForm):
    """Who goes, when, and where to: nowhere known, or a site."""

    on = FrenchDateField(label="Parties le", required=True, not_after=lambda today: today, help_text="")

    def __init__(self, *args: Any, families: Choices, sites: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        destinations = [("", "On ne sait pas, ou hors des sites connus"), *sites]
        self.add_fields(
            {
                "destination": forms.ChoiceField(label="Vers", required=False, choices=destinations),
                "households": forms.MultipleChoiceField(
                    label="Familles parties", choices=families, widget=forms.CheckboxSelectMultiple
                ),
            }
        )


class ResettledForm(JalonsForm):
    """What the site may learn of a move: numbers and a day."""

    submission_key = SubmissionKeyField()
    origin = forms.CharField(widget=forms.HiddenInput)
    destination = forms.CharField(widget=forms.HiddenInput)
    on = FrenchDateField(label="Date", required=True, not_after=lambda today: today, help_text="")
    people = CountField(label="Personnes")
    households = CountField(label="Ménages")


class PeriodForm(JalonsForm):
    """A period and a dispositif: nothing of anybody, it may stand in an address."""

    first = FrenchDateField(label="Du", required=True, help_text="")
    last = FrenchDateField(label="Au", required=True, help_text="")

    def __init__(self, *args: Any, actions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = forms.ChoiceField(label="Dispositif", required=False, choices=[("", "Tous"), *actions])
        dress(field)
        self.fields["action"] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "La fin est avant le début. Corrigez l’une des deux dates.")
        return cleaned

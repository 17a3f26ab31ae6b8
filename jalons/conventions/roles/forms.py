"""A seat on a convention."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy

from jalons.accounts.models import Organisation
from jalons.accounts.organisations import Directory
from jalons.conventions.enums import ConventionRole
from jalons.conventions.models import Commitment, Party
from jalons.core.form_fields import PlainSelect
from jalons.core.forms import SubmissionKeyField
from jalons.core.values import french_spaces, join_or
from jalons.editing.fact_forms import REASON_HELP
from jalons.editing.forms import FrenchForm

BY_BREAKDOWN = (ConventionRole.TERRITORY_CONTRIBUTOR, ConventionRole.OPERATOR)


class SeatForm(FrenchForm):
    """`values_to_save()`: what `services.add_seat` takes. Needs `is_valid`."""

    submission_key = SubmissionKeyField()
    organisation = forms.CharField(
        label="Structure",
        max_length=260,
        help_text="Écrivez les premières lettres, puis choisissez dans la liste.",
        widget=forms.TextInput(
            attrs={"data-combobox-url": reverse_lazy("actions:organisations"), "autocomplete": "off"}
        ),
    )
    role = forms.ChoiceField(label="Rôle", choices=ConventionRole.choices)
    commitment = forms.ChoiceField(
        label="Fiche",
        required=False,
        widget=PlainSelect,
        help_text="Laissez « Toutes » pour un rôle sur toute la convention.",
    )
    party = forms.ChoiceField(label="Fiches de quel Département ?", required=False, widget=PlainSelect)
    breakdown = forms.ChoiceField(
        label="Lignes d’indicateurs",
        required=False,
        widget=PlainSelect,
        help_text="Un contributeur ou un opérateur peut être limité à une ventilation, par exemple son territoire.",
    )

    def __init__(
        self,
        *args: Any,
        sheets: Sequence[Commitment],
        parties: Sequence[Party],
        breakdowns: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.directory = Directory()
        self.sheets: Mapping[str, Commitment] = {sheet.public_id: sheet for sheet in sheets}
        self.parties: Mapping[str, Party] = {str(party.pk): party for party in parties}
        self.choose(
            "commitment",
            [("", "Toutes"), *((key, sheet.quiet_heading[:100]) for key, sheet in self.sheets.items())],
        )
        self.choose("breakdown", [("", "Toutes"), *((breakdown, breakdown) for breakdown in breakdowns)])
        if len(parties) < 2:
            del self.fields["party"]
        else:
            names = [
                (key, party.departement.name if party.departement else party.name)
                for key, party in self.parties.items()
            ]
            self.choose("party", [("", "Tous"), *names])
        if not breakdowns:
            del self.fields["breakdown"]

    def choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation:
        text = self.cleaned_data["organisation"]
        named = self.directory.named(text)
        if len(named) == 1:
            return named[0]
        labels = self.directory.labels
        if named:
            which = join_or([f"« {labels[organisation.pk]} »" for organisation in named[:4]])
            raise forms.ValidationError(
                french_spaces(f"Plusieurs structures s’appellent ainsi : écrivez {which}.")
            )
        near = [f"« {labels[organisation.pk]} »" for organisation in self.directory.search(text, 3)]
        meant = f" Vouliez-vous dire {join_or(near)} ?" if near else ""
        quoted = text if len(text) <= 60 else f"{text[:60]}…"
        raise forms.ValidationError(french_spaces(f"Jalons ne connaît pas de structure « {quoted} ».{meant}"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("breakdown") and cleaned.get("role") not in BY_BREAKDOWN:
            self.add_error(
                "breakdown",
                "Seul un contributeur territorial ou un opérateur est limité à des lignes : choisissez « Toutes ».",
            )
        if cleaned.get("commitment") and cleaned.get("role") == ConventionRole.PILOT:
            self.add_error("commitment", "Le pilote l’est de toutes les fiches : choisissez « Toutes ».")
        sheet, party = (
            self.sheets.get(cleaned.get("commitment", "")),
            self.parties.get(cleaned.get("party", "")),
        )
        if sheet and party and sheet.party_id and sheet.party_id != party.pk:
            self.add_error("party", "Cette fiche est d’un autre Département.")
        return cleaned

    def values_to_save(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "organisation": cleaned["organisation"],
            "role": ConventionRole(cleaned["role"]),
            "commitment": self.sheets.get(cleaned.get("commitment", "")),
            "party": self.parties.get(cleaned.get("party", "")),
            "breakdown": cleaned.get("breakdown", ""),
        }


class RemoveForm(FrenchForm):
    submission_key = SubmissionKeyField()
    reason = forms.CharField(label="Pourquoi ?", max_length=300, help_text=REASON_HELP)

"""Which households are one, who parts from one. Nothing of it is in an address, nor kept anywhere in clear."""

import uuid
from typing import Any

from django import forms

from jalons.core.form_fields import FrenchDateField
from jalons.core.forms import JalonsForm
from jalons.households.families.content import FamilyMember
from jalons.households.sheets.display import NAMELESS
from jalons.households.sheets.forms import SealedForm
from jalons.households.sheets.kinds import Choices

APART = [("", "Personne d’autre")]
SAME = "personne-"
TWICE = "Vous avez choisi cette personne deux fois."


class OtherHouseholdForm(JalonsForm):
    query = forms.CharField(label="Nom ou numéro de l’autre ménage", required=False)


class VersionsForm(SealedForm):
    """`seen`: the versions of the households that the page was made of."""

    def versions(self, count: int) -> list[int]:
        """Zeros, which no household has, when the field was written by somebody else than us."""
        pieces = self.cleaned_data["seen"].split(".")
        ours = len(pieces) == count and all(p.isdecimal() and len(p) < 10 for p in pieces)
        return [int(piece) for piece in pieces] if ours else [0] * count


class UnionForm(VersionsForm):
    """From when two households are one, and who is the same person in both."""

    on = FrenchDateField(
        label="Un seul ménage depuis le", required=True, not_after=lambda today: today,
        help_text="Avant ce jour, les chiffres comptent encore deux ménages.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, staying: list[FamilyMember], leaving: list[FamilyMember], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [*APART, *[(p.id, name_of(p)) for p in staying]]
        self.ids = {f"{SAME}{rank}": person.id for rank, person in enumerate(leaving)}
        self.add_fields(
            {
                f"{SAME}{rank}": forms.ChoiceField(
                    label=f"{name_of(person)} est la même personne que", choices=choices, required=False
                )
                for rank, person in enumerate(leaving)
            }
            if staying
            else {}
        )

    @property
    def people_fields(self) -> list[Any]:
        return [self[name] for name in self.ids if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen: set[str] = set()
        for name in self.ids:
            other = cleaned.get(name)
            if other and other in chosen:
                self.add_error(name, TWICE)
            chosen.add(other or "")
        return cleaned

    def same(self) -> dict[str, str]:
        """A person of the household that leaves, and who they are in the other."""
        typed = getattr(self, "cleaned_data", {})
        return {person: typed[name] for name, person in self.ids.items() if typed.get(name)}


class PartingForm(VersionsForm):
    """Who leaves for a household of their own, from when, and what of the household follows them."""

    new = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self, *args: Any, people: list[FamilyMember], facts: Choices, others: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        boxes = forms.CheckboxSelectMultiple
        self.add_fields(
            {
                "people": forms.MultipleChoiceField(
                    label="Qui part dans un autre ménage", widget=boxes,
                    choices=[(p.id, name_of(p)) for p in people],
                ),
                "on": FrenchDateField(
                    label="Depuis le", required=True, not_after=lambda today: today, help_text=""
                ),
                "facts": forms.MultipleChoiceField(
                    label="Ce qui vaut aussi pour le nouveau ménage", widget=boxes, choices=facts, required=False
                ),
                "others": forms.MultipleChoiceField(
                    label="À recopier si vous le choisissez", widget=boxes, choices=others, required=False
                ),
            }
        )  # fmt: skip
        for name, choices in (("facts", facts), ("others", others)):
            if not choices:
                del self.fields[name]

    def copied(self) -> list[str]:
        return [*self.cleaned_data.get("facts", ()), *self.cleaned_data.get("others", ())]


def name_of(person: FamilyMember) -> str:
    """« Ana Popescu, 1990 »: two people of one name are told apart by their year."""
    name = person.name or NAMELESS
    return f"{name}, {person.year_of_birth}" if person.year_of_birth else name

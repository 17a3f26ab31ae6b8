"""The rows of the form of a deliberation: groups, amounts, accounting lines."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.conventions.models import Convention, printed
from jalons.conventions.votes.arithmetic import SIDES, GroupVote
from jalons.conventions.votes.services import Accounted, Allowed
from jalons.core.forms import AmountField, FrenchNumberField
from jalons.core.values import Number, Value, fold
from jalons.editing.rows import RowForm

CONVENTION_HELP = (
    "Son nom ou son identifiant. Une convention qui n’est pas dans Jalons peut être nommée aussi."
)


def plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in str(text).replace("\r\n", "\n").strip().split("\n"))


def day_of(value: Any) -> Any:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) and value else value or None
    except ValueError:
        return value


class GroupRow(RowForm):
    """A political group: its name and its voices. Never a councillor."""

    name = forms.CharField(label="Groupe", max_length=200, required=False)
    side = forms.ChoiceField(label="Vote", choices=list(SIDES.items()), required=False)
    voices = FrenchNumberField(label="Voix", required=False, minimum=0, maximum=5000, decimals=0)

    @property
    def is_blank(self) -> bool:
        """The vote has an answer from the start: alone, it says nothing."""
        return not (self.data.get(self.add_prefix("name")) or self.data.get(self.add_prefix("voices")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("name"):
            self.add_error("name", "Écrivez le nom du groupe, ou videz toute la ligne.")
        return cleaned

    def group_vote(self) -> GroupVote:
        cleaned = self.cleaned_data
        return GroupVote(cleaned["side"] or "groups_for", cleaned["name"], cleaned["voices"])


class AllowedRow(RowForm):
    """An amount that is authorised for one convention."""

    convention = forms.CharField(
        label="Convention", max_length=120, required=False, help_text=CONVENTION_HELP
    )
    amount = AmountField(label="Montant autorisé")
    meaning = forms.CharField(label="Ce que couvre ce montant", max_length=300, required=False)

    def __init__(self, *args: Any, offered: Sequence[Convention], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        if self.prefix and not self.prefix.endswith("-0"):
            self.fields["convention"].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("convention"):
            self.add_error("convention", "Nommez la convention, ou videz toute la ligne.")
        return cleaned

    def allowed_amount(self) -> Allowed:
        cleaned = self.cleaned_data
        return Allowed(self.key_of(cleaned["convention"])[:80], euros(cleaned["amount"]), cleaned["meaning"])

    def key_of(self, words: str) -> str:
        wanted = fold(words)
        known = (
            convention
            for convention in self.offered
            if wanted in (fold(convention.slug), fold(convention.short_title))
        )
        return next((convention.slug for convention in known), words.strip())

    def so_far(self, name: str) -> Number | None:
        return amount_so_far(self, name)


class LineRow(RowForm):
    """An accounting line."""

    operation = forms.CharField(label="Opération", max_length=80, required=False)
    envelope = forms.CharField(label="Enveloppe", max_length=80, required=False)
    autorises = AmountField(label="Autorisés")
    deja_contractes = AmountField(label="Déjà contractés")
    proposes = AmountField(label="Proposés dans le rapport")

    AMOUNTS = ("autorises", "deja_contractes", "proposes")

    def accounted_line(self) -> Accounted:
        cleaned = self.cleaned_data
        amounts = {name: euros(cleaned[name]) for name in self.AMOUNTS}
        return Accounted(cleaned["operation"], cleaned["envelope"], amounts)

    def so_far(self, name: str) -> Number | None:
        return amount_so_far(self, name)


def euros(value: Value | None) -> Number | None:
    return value.number if value is not None else None


def amount_so_far(row: RowForm, name: str) -> Number | None:
    try:
        return euros(row.fields[name].clean(row[name].value()))
    except forms.ValidationError:
        return None


def amount_initial(figure: Any) -> Value:
    amount = printed.euros(figure)
    return Value.empty() if amount is None else Value.amount(amount)

"""A payment, as it is typed."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.conventions.models import Party, Payment
from jalons.core.forms import FrenchDateField, FrenchNumberField
from jalons.editing.fact_forms import short_text
from jalons.editing.forms import Group
from jalons.editing.record_forms import RecordForm

COLUMNS = ("label", "party", "due_on", "paid_on", "amount", "budget_code", "note")


class PaymentForm(RecordForm):
    label = forms.CharField(label="Versement", max_length=200, help_text="Par exemple « Versement annuel ».")
    party = forms.ModelChoiceField(
        label="Bénéficiaire", queryset=Party.objects.none(), required=False, empty_label="Non renseigné"
    )
    amount = FrenchNumberField(label="Montant en euros", minimum=0, maximum=9_999_999_999, decimals=2)
    due_on = FrenchDateField(label="Attendu le", required=False)
    paid_on = FrenchDateField(
        label="Versé le", required=False, help_text="Laissez vide tant que l’argent n’est pas arrivé."
    )
    budget_code = short_text(
        "Imputation budgétaire", 80, "Écrite telle quelle, avec ses zéros : par exemple 0304-19-01."
    )
    note = short_text("Note", 300, "Jamais de coordonnées bancaires : Jalons ne les garde pas.")
    reason = short_text("Pourquoi ce changement ?", 300, "Facultatif. Visible dans l’historique.")

    groups = (
        Group("", ("label", "party", "amount")),
        Group("Les dates", ("due_on", "paid_on"), help="jj/mm/aaaa ; une date passée est normale."),
        Group("Le reste", ("budget_code", "note", "reason")),
    )

    def __init__(
        self, data: Any = None, *, payment: Payment, parties: Sequence[Party], **kwargs: Any
    ) -> None:
        initial = self.initial_of(payment) | {"expected_version": payment.version}
        super().__init__(data, initial=initial, **kwargs)
        field: Any = self.fields["party"]
        field.queryset = Party.objects.filter(pk__in=[party.pk for party in parties])
        if payment.pk is None:
            del self.fields["reason"]

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"]
        if looks_like_an_account(note):
            raise forms.ValidationError(
                "Ce texte ressemble à des coordonnées bancaires\u00a0: ôtez-les, Jalons ne les garde pas."
            )
        return note

    @staticmethod
    def initial_of(payment: Any) -> dict[str, Any]:
        values = {name: getattr(payment, name) for name in COLUMNS if name != "party"}
        return {**values, "party": payment.party_id}


def looks_like_an_account(text: str) -> bool:
    """An IBAN of France, with or without spaces."""
    letters = "".join(text.split()).upper()
    start = letters.find("FR")
    while start >= 0:
        digits = letters[start + 2 : start + 27]
        if len(digits) >= 20 and sum(map(str.isdigit, digits)) >= 18:
            return True
        start = letters.find("FR", start + 2)
    return False

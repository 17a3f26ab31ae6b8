"""Erasing a family: its reference is typed again, so that no slip of a finger does it."""

from typing import Any

from django import forms

from jalons.core.forms import JalonsForm
from jalons.households.enums import ErasureReason

REASONS = [
    (reason.value, str(reason.label).capitalize())
    for reason in (ErasureReason.ASKED, ErasureReason.OBJECTED, ErasureReason.MISTAKE)
]


class EraseForm(JalonsForm):
    why = forms.ChoiceField(label="Pourquoi", choices=REASONS)
    reference = forms.CharField(label="Écrivez la référence du ménage", max_length=20)

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        self.fields["reference"].help_text = f"Pour confirmer\u00a0: {expected}"

    def clean_reference(self) -> str:
        typed: str = self.cleaned_data["reference"].strip().upper()
        if typed != self.expected:
            raise forms.ValidationError(f"Ce n’est pas la référence de ce ménage\u00a0: {self.expected}.")
        return typed

"""Which places follow the amount of a sheet: one tick a line."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.conventions.money.carrying.selectors import Carried
from jalons.core.forms import SubmissionKeyField, dress
from jalons.core.values import french_spaces
from jalons.editing.forms import FrenchForm

MEANWHILE = "Ces montants ont changé pendant que vous lisiez : relisez-les, puis reportez-les."


def digest_of(lines: Sequence[Carried]) -> str:
    """What was under the eyes: any other amount is another page."""
    amounts_text = ";".join(f"{line.code}={line.before}>{line.after}" for line in lines)
    return hashlib.sha256(amounts_text.encode()).hexdigest()


class CarryForm(FrenchForm):
    submission_key = SubmissionKeyField()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, lines: Sequence[Carried], **kwargs: Any) -> None:
        super().__init__(data, initial={"seen": digest_of(lines)}, **kwargs)
        self.lines = lines
        for line in lines:
            label = french_spaces(f"{line.label} : {line.before_words} → {line.after_words}")
            self.fields[line.code] = forms.BooleanField(label=label, required=False, initial=True)
            dress(self.fields[line.code])

    def groups(self) -> list[tuple[str, list[Any]]]:
        fields_by_place: dict[str, list[Any]] = {}
        for line in self.lines:
            fields_by_place.setdefault(line.where, []).append(self[line.code])
        return list(fields_by_place.items())

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("seen") != digest_of(self.lines):
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["seen"] = digest_of(self.lines)
            self.data = data
            self.add_error(None, french_spaces(MEANWHILE))
        return self.cleaned_data

    def chosen(self) -> list[Carried]:
        return [line for line in self.lines if self.cleaned_data.get(line.code)]

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
    told = ";".join(f"{each.code}={each.before}>{each.after}" for each in lines)
    return hashlib.sha256(told.encode()).hexdigest()


class CarryForm(FrenchForm):
    submission_key = SubmissionKeyField()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, lines: Sequence[Carried], **kwargs: Any) -> None:
        super().__init__(data, initial={"seen": digest_of(lines)}, **kwargs)
        self.lines = lines
        for each in lines:
            label = french_spaces(f"{each.label} : {each.before_words} → {each.after_words}")
            self.fields[each.code] = forms.BooleanField(label=label, required=False, initial=True)
            dress(self.fields[each.code])

    def groups(self) -> list[tuple[str, list[Any]]]:
        found: dict[str, list[Any]] = {}
        for each in self.lines:
            found.setdefault(each.where, []).append(self[each.code])
        return list(found.items())

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("seen") != digest_of(self.lines):
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["seen"] = digest_of(self.lines)
            self.data = data
            self.add_error(None, french_spaces(MEANWHILE))
        return self.cleaned_data

    def chosen(self) -> list[Carried]:
        return [each for each in self.lines if self.cleaned_data.get(each.code)]

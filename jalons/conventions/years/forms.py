"""Opening a year, and choosing what is compared."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.core.forms import FilterForm, JalonsForm, SubmissionKeyField


class OpenYearForm(JalonsForm):
    """One button."""

    submission_key = SubmissionKeyField()


class ComparisonForm(FilterForm):
    fiche = forms.ChoiceField(label="Fiche", choices=())

    def __init__(self, *args: Any, sheets: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fiche"].choices = [("", "Toutes les fiches"), *sheets]  # type: ignore[attr-defined]

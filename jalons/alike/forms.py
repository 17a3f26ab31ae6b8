"""Which criteria make two situations alike, and at which dates."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms

from jalons.alike.distance import DeclaredCriterion
from jalons.alike.enums import Criterion
from jalons.history.forms import PastFilterForm

CRITERIA_PARAMETER = "critere"


class AlikeForm(PastFilterForm):
    """Bound to the address. `offered`: the criteria of which this reader may use the fact."""

    critere = forms.MultipleChoiceField(
        label="Ce qui compte", widget=forms.CheckboxSelectMultiple, choices=(), required=False
    )

    def __init__(self, *args: Any, offered: Sequence[DeclaredCriterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(comparison.criterion.value, comparison.criterion.label) for comparison in offered]
        self.fields[CRITERIA_PARAMETER].choices = choices  # type: ignore[attr-defined]
        self.order_fields([CRITERIA_PARAMETER, *self.fields])

    def chosen(self) -> Collection[Criterion]:
        """Every criterion when none is ticked: comparing by nothing would say nothing."""
        asked = self._raw(CRITERIA_PARAMETER)
        return [criterion for criterion in Criterion if criterion.value in asked] or list(Criterion)

"""What a list is asked for when it opens the rows of a figure: of which area, of which figure, since when."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms

from jalons.core.form_fields import FrenchDateField
from jalons.core.forms import Chip
from jalons.figures.areas import AREA_PARAMETER, FigureArea, find_area
from jalons.figures.registry import FIGURE_PARAMETER, SINCE_PARAMETER
from jalons.history.forms import PastFilterForm


class FigureFilterForm(PastFilterForm):
    """A list that opens figures. `area`: the one asked for, None without one; what means nothing filters nothing."""

    territoire = forms.CharField(max_length=30, widget=forms.HiddenInput)
    chiffre = forms.ChoiceField(label="Derrière un chiffre", choices=())
    du = FrenchDateField(label="Période depuis le")

    def __init__(self, *args: Any, figure_choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Peu importe"), *figure_choices]
        self.fields[FIGURE_PARAMETER].choices = choices  # type: ignore[attr-defined]

    @cached_property
    def area(self) -> FigureArea | None:
        return find_area(str(self.criteria().get(AREA_PARAMETER, "")))

    def figure_criteria(self) -> dict[str, Any]:
        """For the filter of the list: `area`, `figure`, `since`."""
        asked = self.criteria()
        return {
            "area": self.area,
            "figure": asked.get(FIGURE_PARAMETER, ""),
            "since": asked.get(SINCE_PARAMETER),
        }

    def chips(self) -> list[Chip]:
        if self.area is None:
            return super().chips()
        written = self._raw(AREA_PARAMETER)[0]
        # Who an operator is stays unsaid: it may have no dispositif that the reader sees.
        label = self.area.label if self.area.is_place else "ceux d’un opérateur"
        return [
            Chip(AREA_PARAMETER, f"Territoire\u00a0: {label}", (AREA_PARAMETER, written)),
            *super().chips(),
        ]

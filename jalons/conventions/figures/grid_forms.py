"""What comes back from the grid: texts typed in their boxes, the versions that were in view, a pasted block."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django import forms

from jalons.conventions.figures.grid_gaps import Place
from jalons.conventions.figures.pasting import MOST_CHARACTERS, TooLarge, block_of
from jalons.conventions.figures.selectors import FiguresGrid
from jalons.core.form_fields import no_control_characters
from jalons.core.forms import JalonsForm, SubmissionKeyField
from jalons.core.values import french_spaces

NAME = "c-"
CODE = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)
LONGEST_SEEN = 400_000
WHY = "Pourquoi cette correction ?"
WHY_HELP = "Les années passées ont été transmises : ce qui était enregistré reste lisible, avec votre motif."


class FreeText(forms.CharField):
    """Verbatim: what no cell may hold is told by the reading of the cell."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "strip": False, **kwargs})

    def to_python(self, value: Any) -> str:
        """Browsers send their own line ends."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class GridForm(JalonsForm):
    """What goes round with the grid. `packed`: JSON `{"<row>-<column>": text}`, of a browser that runs scripts."""

    submission_key = SubmissionKeyField()
    seen = FreeText(widget=forms.HiddenInput, max_length=LONGEST_SEEN)
    packed = FreeText(widget=forms.HiddenInput, max_length=LONGEST_SEEN * 2)
    reason = forms.CharField(label=french_spaces(WHY), help_text=french_spaces(WHY_HELP), max_length=300)

    def __init__(self, *args: Any, correcting: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not correcting:
            del self.fields["reason"]


def texts_in(data: Mapping[str, Any]) -> dict[Place, str]:
    """The texts of the boxes that were sent, one by one or packed. What is no box is left aside."""
    text_by_code = {name.removeprefix(NAME): text for name, text in data.items() if name.startswith(NAME)}
    try:
        packed = json.loads(data.get("packed") or "{}")
    except (ValueError, RecursionError):
        packed = {}
    if isinstance(packed, dict):
        text_by_code |= {code: text for code, text in packed.items() if isinstance(text, str)}
    placed = ((place_in(code), text) for code, text in text_by_code.items())
    return {place: text for place, text in placed if place is not None}


def place_in(code: str) -> Place | None:
    match = CODE.fullmatch(code)
    return (int(match[1]), int(match[2])) if match else None


def seen_in(data: Mapping[str, Any]) -> dict[Place, int | None]:
    """The versions in view: « <row>-<column>:<cell, 0 for none> », with spaces between."""
    version_by_place: dict[Place, int | None] = {}
    for word in (data.get("seen") or "").split():
        code, _, version = word.partition(":")
        place = place_in(code)
        if place is not None and version.isascii() and version.isdigit() and len(version) < 19:
            version_by_place[place] = int(version) or None
    return version_by_place


class PasteForm(JalonsForm):
    """A block from a spreadsheet, and the cell on which its first one falls."""

    submission_key = SubmissionKeyField()
    seen = FreeText(widget=forms.HiddenInput, max_length=LONGEST_SEEN)
    row = forms.ChoiceField(label="Ligne de la première case")
    column = forms.ChoiceField(label="Colonne de la première case")
    text = FreeText(
        label="Cellules copiées dans le tableur",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        max_length=MOST_CHARACTERS,
        required=True,
        help_text=french_spaces(
            "Copiez un bloc de cellules dans le tableur (Ctrl+C) et collez-le ici (Ctrl+V). Rien n’est enregistré "
            "avant que vous ayez vu ce que chaque case deviendra."
        ),
    )

    def __init__(self, *args: Any, grid: FiguresGrid, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        indent = "\u00a0\u00a0\u00a0"
        self.fields["row"].choices = [  # type: ignore[attr-defined]
            (str(line.row.pk), indent * line.depth + line.heading) for line in grid.lines if line.mine
        ]
        self.fields["column"].choices = [  # type: ignore[attr-defined]
            (str(column.pk), column.words) for column in grid.columns
        ]
        # An invisible character is told cell by cell.
        self.fields["text"].validators = [
            validator
            for validator in self.fields["text"].validators
            if validator is not no_control_characters
        ]
        self.block: list[list[str]] = []

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            self.block = block_of(text)
        except TooLarge as large:
            raise forms.ValidationError(french_spaces(str(large))) from large
        if not self.block:
            raise forms.ValidationError(french_spaces("Rien à coller : ce bloc est vide."))
        return text

    @property
    def first(self) -> Place:
        return int(self.cleaned_data["row"]), int(self.cleaned_data["column"])

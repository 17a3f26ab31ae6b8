"""A block from a spreadsheet laid on the grid: what would become of each of its cells, before anything is written."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jalons.conventions.figures.composite_cells import CellReading
from jalons.conventions.figures.grid_gaps import Place, marks_of, readings_of
from jalons.conventions.figures.selectors import Box, FiguresGrid
from jalons.core.values import french_spaces

MOST_CHARACTERS = 400_000
MOST_CELLS = 5_000

KEPT, SAME, LEFT, DOUBT = "kept", "same", "left", "doubt"
REFUSED, OUTSIDE, NOT_MINE, CLOSED = "refused", "outside", "not_mine", "closed"
# What is written on « Enregistrer ».
WRITTEN = (KEPT, DOUBT)
TITLES: Mapping[str, str] = {
    KEPT: "sera enregistré",
    DOUBT: "sera enregistré, à vérifier",
    SAME: "déjà enregistré ainsi",
    LEFT: "vide : laissé tel quel",
    REFUSED: "refusé",
    OUTSIDE: "hors du tableau",
    NOT_MINE: "cette ligne n’est pas à vous",
    CLOSED: "année passée : à corriger à part",
}


@dataclass(frozen=True, slots=True)
class PasteVerdict:
    """What becomes of one pasted cell. `box` None: it falls outside of the table."""

    text: str
    state: str
    box: Box | None = None
    reading: CellReading | None = None
    words: str = ""

    @property
    def title(self) -> str:
        return french_spaces(TITLES[self.state])

    @property
    def is_written(self) -> bool:
        return self.state in WRITTEN

    def to_json(self) -> dict[str, object]:
        words = self.words or self.title
        code = self.box.code if self.box else None
        return {"code": code, "text": self.text, "state": self.state, "title": self.title, "words": words}


class TooLarge(ValueError):
    """`str()` says it in French."""


def block_of(text: str) -> list[list[str]]:
    """The cells of what a spreadsheet copies: tabs, lines, quoted cells that hold lines. Raises `TooLarge`."""
    if len(text) > MOST_CHARACTERS:
        raise TooLarge("Ce bloc est trop long : collez-le en plusieurs fois.")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    rows = quoted_rows(text) if text.count('"') % 2 == 0 else plain_rows(text)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if sum(map(len, rows)) > MOST_CELLS:
        raise TooLarge(f"Ce bloc a plus de {MOST_CELLS} cellules : collez-le en plusieurs fois.")
    return rows


def quoted_rows(text: str) -> list[list[str]]:
    try:
        return [row or [""] for row in csv.reader(io.StringIO(text), delimiter="\t")]
    except csv.Error:  # one cell longer than a reader takes
        return plain_rows(text)


def plain_rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.split("\n")]


def pasted(grid: FiguresGrid, block: Sequence[Sequence[str]], first: Place) -> list[list[PasteVerdict]]:
    """The verdicts of a block whose first cell falls on `first`, row by row."""
    rows = [line.row.pk for line in grid.lines]
    columns = [column.pk for column in grid.columns]
    if first[0] not in rows or first[1] not in columns:
        return [[PasteVerdict(text, OUTSIDE) for text in cells] for cells in block]
    top, left = rows.index(first[0]), columns.index(first[1])
    placed: dict[tuple[int, int], Box] = {}
    for down, cells in enumerate(block):
        for across in range(len(cells)):
            if top + down < len(rows) and left + across < len(columns):
                placed[down, across] = grid.lines[top + down].boxes[left + across]
    typed = {box.place: block[at[0]][at[1]] for at, box in placed.items()}
    judged = judge(grid, typed)
    return [
        [
            judged[placed[down, across].place] if (down, across) in placed else PasteVerdict(text, OUTSIDE)
            for across, text in enumerate(cells)
        ]
        for down, cells in enumerate(block)
    ]


def judge(
    grid: FiguresGrid, typed: Mapping[Place, str], *, blanks_erase: bool = False
) -> dict[Place, PasteVerdict]:
    """What would become of texts typed in their places. `blanks_erase`: an emptied box says that it is empty."""
    readings = readings_of(grid.sheet, typed)
    # What would not be written raises no question elsewhere.
    marks = marks_of(
        grid.sheet, {place: reading for place, reading in readings.items() if not reading.refused}
    )
    boxes = {box.place: box for box in grid.boxes}
    return {
        place: verdict(boxes[place], typed[place], reading, marks.get(place, ()), blanks_erase)
        for place, reading in readings.items()
    }


def verdict(
    box: Box, text: str, reading: CellReading, marks: Sequence[str], blanks_erase: bool
) -> PasteVerdict:
    if " ".join(text.split()) == " ".join(box.text.split()):
        return PasteVerdict(text, SAME, box, reading, french_spaces(reading.words) if text.strip() else "")
    if not text.strip() and not blanks_erase:
        return PasteVerdict(text, LEFT, box, reading)
    if not box.is_open:
        return PasteVerdict(text, CLOSED if box.is_mine else NOT_MINE, box, reading)
    if reading.refused:
        return PasteVerdict(text, REFUSED, box, reading, reading.refused)
    doubts = [*([reading.doubt] if reading.doubt else ()), *(mark for mark in marks if not reading.doubt)]
    words = french_spaces(f"Lu : {reading.words}.")
    return PasteVerdict(text, DOUBT if doubts else KEPT, box, reading, " ".join([words, *doubts]))

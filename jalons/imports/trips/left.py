"""What left in a workbook, kept in its hidden sheet, signed; and how that sheet is found again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from jalons.spreadsheets.pages import page_of
from jalons.spreadsheets.reading import SheetContent
from jalons.spreadsheets.signed import Lost, joined_pieces, sealed_pieces

SALT = "imports.trips"
MARKER = "jalons-aller-retour"
MEMORY, KEY, SHEET = "Repères Jalons", "Repère Jalons", "À modifier"
VERSION = 1
COUNTED = "Recensé le"
SHOWN_ONLY = (COUNTED,)  # columns that are there to be looked at


@dataclass(frozen=True, slots=True)
class LeftTable:
    """`columns`: key and header, those that name the row first (`named`: how many). `rows`: what each cell showed, by
    key of the row. `about`: for a follow-up, the dispositif and the structure.
    """

    kind: str
    made_on: str
    columns: Sequence[tuple[str, str]]
    named: int
    rows: Mapping[str, Sequence[str]] = field(default_factory=dict)
    about: str = ""

    def pieces(self) -> list[str]:
        """The texts of the hidden sheet."""
        content = [
            *(VERSION, self.kind, self.made_on, [list(column) for column in self.columns]),
            *(self.named, {key: list(texts) for key, texts in self.rows.items()}, self.about),
        ]
        return [MARKER, *sealed_pieces(content, salt=SALT)]

    @classmethod
    def of(cls, pieces: Sequence[str]) -> Self:
        """Raises `Lost`."""
        content = joined_pieces(pieces, salt=SALT)
        if content[0] != VERSION:
            raise Lost
        _, kind, made_on, columns, named, rows, about = content
        return cls(kind, made_on, [(key, header) for key, header in columns], named, rows, about)


@dataclass(frozen=True, slots=True)
class FoundTrip:
    """What a file given says of its journey: `left` and the sheet to read; or `is_damaged`, it left from Jalons and
    does not say any more what it was.
    """

    left: LeftTable | None = None
    sheet: int = 0
    is_damaged: bool = False


NOT_OURS = FoundTrip()
DAMAGED = FoundTrip(is_damaged=True)


def found_in(sheets: Sequence[SheetContent]) -> FoundTrip:
    """Whatever the names of the sheets, and their order."""
    memory = next((sheet for sheet in sheets if next(texts_of(sheet), "") == MARKER), None)
    number = next((place for place, sheet in enumerate(sheets) if has_keys(sheet)), None)
    if memory is None:
        return NOT_OURS if number is None else DAMAGED
    try:
        left = LeftTable.of([*texts_of(memory)][1:])
    except Lost:
        return DAMAGED
    return DAMAGED if number is None else FoundTrip(left, number)


def texts_of(sheet: SheetContent) -> Iterator[str]:
    """What each row begins with, without the empty ones."""
    for row in sheet.rows:
        first = next((value for value in row if value != ""), "")
        if first != "":
            yield str(first)


def has_keys(sheet: SheetContent) -> bool:
    return bool(sheet.rows) and KEY in page_of(sheet, (KEY,)).heads

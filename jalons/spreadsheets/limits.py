"""What a whole workbook may hold, all its sheets together."""

from dataclasses import asdict, dataclass, field
from typing import Any

from jalons.core.archives import Budget, OversizedFile

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of a sheet, for Excel and for LibreOffice
# Coloured cells of one sheet after which those where nothing is written are not noted.
MOST_BLANK_FILLS = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    unfolded: int = 128 * 1024 * 1024  # bytes of all parts, media included
    elements: int = 3_000_000  # of XML
    cells: int = 500_000  # where something is written, formulas included
    area: int = 2_000_000  # of the rectangles from the first cell of each sheet to the last one written
    text: int = 20_000_000  # characters of all cells, each time that one shows them; and of shared strings
    strings: int = 1_000_000  # of the table of shared strings
    sheets: int = 256
    merges: int = 100_000
    comments: int = 20_000

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Count:
    """What was counted so far. Every method raises `OversizedFile` as soon as there is too much."""

    limits: Limits
    budget: Budget = field(init=False)
    sheets: int = 0
    cells: int = 0
    area: int = 0
    text: int = 0
    merges: int = 0
    comments: int = 0

    def __post_init__(self) -> None:
        self.budget = Budget(unfolded=self.limits.unfolded, elements=self.limits.elements)

    def add_sheet(self) -> None:
        self.sheets += 1
        self.check(self.sheets, self.limits.sheets)

    def add_cells(self, number: int) -> None:
        self.cells += number
        self.check(self.cells, self.limits.cells)

    def add_text(self, characters: int) -> None:
        self.text += characters
        self.check(self.text, self.limits.text)

    def add_merge(self) -> None:
        self.merges += 1
        self.check(self.merges, self.limits.merges)

    def add_comment(self) -> None:
        self.comments += 1
        self.check(self.comments, self.limits.comments)

    def add_area(self, cells: int) -> None:
        self.area += cells
        self.check(self.area, self.limits.area)

    @staticmethod
    def check(number: int, most: int) -> None:
        if number > most:
            raise OversizedFile


@dataclass
class Extent:
    """The rectangle of what is written on one sheet, from its first cell; its formulas, and its numbers whose format
    shows a percentage (row, column from 0).

    And how it looks, because people write with colours too: `merges` (first row, first column, last row, last column),
    what is hidden, the colour behind each written cell (« FFC000 »), what is struck through, the dates that show no day
    (`months`), and the words that somebody pinned to a cell (`comments`).
    """

    count: Count
    rows: int = 0
    columns: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    fills: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: set[tuple[int, int]] = field(default_factory=set)
    months: set[tuple[int, int]] = field(default_factory=set)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    from_1904: bool = False

    def fill_blank(self, places: set[tuple[int, int]], fill: str) -> None:
        """Where nothing is written: of a legend, often. Past `MOST_BLANK_FILLS` cells, of nothing."""
        if len(self.fills) + len(places) <= MOST_BLANK_FILLS:
            self.fills.update(dict.fromkeys(places, fill))

    def reach(self, rows: int, columns: int) -> None:
        """Something is written down to this row and this column, numbered from 1."""
        if rows <= self.rows and columns <= self.columns:
            return
        before = self.rows * self.columns
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)
        self.count.add_area(self.rows * self.columns - before)

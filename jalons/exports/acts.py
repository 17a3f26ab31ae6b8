"""What an act to be signed needs besides the blocks of `document`: ruled tables whose cells span and hold bullets,
words in bold, blanks that stand out, coloured bands, pages on their side, signatories. Same rule: a text stays a text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from jalons.exports.document import KEPT_WHOLE, cell_words, in_french
from jalons.exports.measures import longest_word, widened

# A row that would be higher than this may be cut, or it would run off its page.
HIGHEST, HIGHEST_ASIDE = 18.0, 12.0  # centimetres; on a page on its side
LINE_HEIGHT = 0.42
LETTERS_PER_CM = 5.4
PORTRAIT, LANDSCAPE = 17.0, 25.7  # centimetres between the margins


@dataclass(frozen=True, slots=True)
class Run:
    """`mark`: a blank that somebody has to fill. `missing`: says that something is not known."""

    words: str
    bold: bool = False
    missing: bool = False
    mark: bool = False


@dataclass(frozen=True, slots=True)
class ActLine:
    """A line of a cell or a paragraph; `level` indents it, `bullet` stands before it.

    `remark`, as on a row or on paragraphs: said by Jalons, not by the act. See `without_remarks`.
    """

    runs: tuple[Run, ...]
    level: int = 0
    bullet: str = ""
    remark: bool = False

    @property
    def words(self) -> str:
        return "".join(run.words for run in self.runs)


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell over `columns` × `rows`. `tone`: « », « head », « section », « sum ». `joined`, `going_on`: no
    rule above it, no rule below."""

    lines: tuple[ActLine, ...]
    columns: int = 1
    rows: int = 1
    right: bool = False
    centre: bool = False
    bold: bool = False
    tone: str = ""
    joined: bool = False
    going_on: bool = False


@dataclass(frozen=True, slots=True)
class ActRow:
    """`whole`: never cut by the end of a page. `with_next`: on the same page as the next one."""

    slots: tuple[Slot, ...]
    whole: bool = True
    with_next: bool = False
    remark: bool = False


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table with every rule drawn; `head` is repeated on each page. `widths`: shares of the width."""

    widths: tuple[float, ...]
    head: tuple[ActRow, ...]
    rows: tuple[ActRow, ...]
    caption: str = ""
    landscape: bool = False

    @property
    def small(self) -> bool:
        """Many columns for the page: smaller letters."""
        return len(self.widths) > (10 if self.landscape else 6)

    def __post_init__(self) -> None:
        check_spans(self)


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs and bullets of an article."""

    lines: tuple[ActLine, ...]
    centre: bool = False
    remark: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A coloured strip above a sheet: its family, its axis. `strong`: the first of them."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class NewPage:
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Signatory:
    """`function`: under which one signs. Without `place` or `day` dots stand for them."""

    party: str
    function: str = ""
    place: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Signing:
    """The blocks in which each party signs, at most three a row."""

    people: tuple[Signatory, ...]
    per_row: int = 3


def line(value: object, *, bold: bool = False, level: int = 0, bullet: str = "") -> ActLine:
    """Anything that `cell_words` takes, as one line."""
    words = cell_words(value)
    return ActLine((Run(words.words, bold=bold, missing=words.missing),), level, bullet)


def lines_of(value: object) -> tuple[ActLine, ...]:
    if isinstance(value, ActLine):
        return (value,)
    if isinstance(value, tuple) and value and all(isinstance(part, ActLine) for part in value):
        return value
    return (line(value),)


def slot(
    value: object,
    *,
    columns: int = 1,
    rows: int = 1,
    right: bool = False,
    centre: bool = False,
    bold: bool = False,
    tone: str = "",
) -> Slot:
    """A cell: a line, lines, or anything that `cell_words` takes."""
    return Slot(lines_of(value), columns, rows, right, centre, bold, tone)


BLANK = ActLine((Run(""),))


def row(*slots: Slot, with_next: bool = False) -> ActRow:
    return ActRow(slots, with_next=with_next)


def head(*labels: object, right: Iterable[int] = ()) -> ActRow:
    """A row of heads; `right`: places of those above figures."""
    figures = set(right)
    return ActRow(tuple(slot(label, tone="head", centre=at in figures) for at, label in enumerate(labels)))


def ruled(
    widths: Sequence[float],
    heads: Sequence[ActRow],
    rows: Sequence[ActRow],
    *,
    caption: str = "",
    landscape: bool = False,
) -> Ruled:
    """The table, its longest rows allowed to be cut: none of their words is lost."""
    across = LANDSCAPE if landscape else PORTRAIT
    whole = sum(widths)
    centimetres = [across * width / whole for width in widths]
    done = tuple(row if height(row, centimetres) <= HIGHEST else replace(row, whole=False) for row in rows)
    return Ruled(tuple(widths), tuple(heads), done, in_french(caption), landscape)


def height(act_row: ActRow, centimetres: Sequence[float]) -> float:
    """About how high it will be, its spanning cells left to their whole span."""
    highest, at = 0.0, 0
    for slot in act_row.slots:
        across = sum(centimetres[at : at + slot.columns]) or 1.0
        letters = max(across * LETTERS_PER_CM, 4)
        count = sum(1 + int(len(line.words) / letters) for line in slot.lines)
        highest = max(highest, count * LINE_HEIGHT / slot.rows)
        at += slot.columns
    return highest


def placed(rows: Sequence[ActRow], width: int) -> list[list[tuple[int, Slot | None]]]:
    """Each row with the column of its cells; None where a cell of a row above goes on (its width: `columns` of it).

    ValueError when a row does not fill its width.
    """
    held: dict[int, tuple[int, Slot]] = {}  # column: rows left, the cell
    places = []
    for row in rows:
        at, left = 0, list(row.slots)
        made: list[tuple[int, Slot | None]] = []
        below: dict[int, tuple[int, Slot]] = {}
        while at < width:
            if at in held:
                remaining, above = held[at]
                made.append((at, None))
                if remaining > 1:
                    below[at] = (remaining - 1, above)
                at += above.columns
                continue
            if not left:
                raise ValueError(f"a row of {at} columns in a table of {width}")
            here = left.pop(0)
            made.append((at, here))
            if here.rows > 1:
                below[at] = (here.rows - 1, here)
            at += here.columns
        if left or at != width:
            raise ValueError(f"a row wider than the {width} columns of its table")
        places.append(made)
        held = below
    return places


def kept_with_next(rows: Sequence[ActRow]) -> list[bool]:
    """The rows that stand on the page of the next one: those that say so, and those that a total follows."""
    totals = [any(slot.tone == "sum" for slot in row.slots) for row in rows]
    return [act_row.with_next or after for act_row, after in zip(rows, [*totals[1:], False], strict=True)]


def ruled_widths(table: Ruled, *, head: float, cell: float, edges: float, stretch: float = 1) -> list[float]:
    """Centimetres of each column: none narrower than a word of its head, nor than its figures. `head`, `cell`: sizes in
    points; `edges`: centimetres; `stretch`: how wide the letters are beside those of `measures`.
    """
    across = LANDSCAPE if table.landscape else PORTRAIT
    least = [edges] * len(table.widths)
    for rows, points in ((table.head, head), (table.rows, cell)):
        for places in placed(rows, len(table.widths)):
            for at, content in places:
                if content is None or content.columns > 1:
                    continue
                longest = longest_word([in_french(line.words) for line in content.lines], points)
                if content.tone != "head" and not content.right:
                    longest = min(longest, KEPT_WHOLE)
                least[at] = max(least[at], longest * stretch + edges)
    return widened([across * width / sum(table.widths) for width in table.widths], least)


def check_spans(table: Ruled) -> None:
    placed(table.head, len(table.widths))
    placed(table.rows, len(table.widths))

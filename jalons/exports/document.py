"""A document to print and sign, in neutral blocks: `pdf.to_pdf` and `docx.to_docx` write it.

Whatever is given as a text stays a text: nothing in it is markup, for either of them.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Choices

from jalons.core.values import (
    Emptiness,
    Ratio,
    Sum,
    Value,
    format_date,
    format_moment,
    format_number,
    french_spaces,
    local_day,
)
from jalons.core.values.text import clean
from jalons.exports.contract import About
from jalons.exports.measures import longest_word, widened

UNKNOWN = Emptiness.EMPTY.words
DEEPEST = 3
KEPT_WHOLE = 2.8  # centimetres: a longer word of a text may be parted


@dataclass(frozen=True, slots=True)
class Said:
    """Words as they are printed. `missing`: they say that something is not known, in muted italics. `level`: how far
    they are indented, for what is a part of the row above (« dont femmes »). `number`: what a spreadsheet adds up.
    """

    words: str
    missing: bool = False
    level: int = 0
    number: int | None = None


def cell_words(value: object) -> Said:
    """Any cell in words: a text, a number, a date, a typed value. Never blank, never « None »."""
    if isinstance(value, Said):
        return value
    if isinstance(value, Ratio):
        value = value.value
    if isinstance(value, Value | Sum) and value.emptiness:
        return Said(value.emptiness.words, missing=True)
    if isinstance(value, Emptiness):
        return Said(value.words, missing=True)
    words = in_french(value)
    return Said(words) if words.strip() else Said(UNKNOWN, missing=True)


def titled(text: str) -> str:
    """A title that can be read aloud: PDF/UA refuses one without a letter."""
    words = " ".join(in_french(text).split())
    return words if any(letter.isprintable() and not letter.isspace() for letter in words) else "Sans titre"


def blank_if_none(value: object) -> object:
    """In a row of sums a column that is not summed stays blank: nothing was expected there."""
    return Said("") if value is None or value == "" else value


def in_french(value: object) -> str:
    """The text of anything; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Choices):
        return str(value.label)
    if isinstance(value, int | float | Decimal):
        return format_number(value)
    if isinstance(value, dt.datetime):
        return format_moment(value)
    if isinstance(value, dt.date):
        return format_date(value)
    if isinstance(value, list | tuple):
        return ", ".join(in_french(item) for item in value)
    return french_spaces(clean(str(value))).replace("\t", " ")


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 to 3, under the title of the document. `new_page`: it begins one."""

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A blank line makes another paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and what is known: anything that `cell_words` takes, on both sides."""

    rows: Sequence[tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Head:
    """Head of a column. `weight`: its share of the width, against 1 for the others."""

    label: str
    numeric: bool = False
    weight: float = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; its head is repeated on each page and no row is cut. The first cell of a row names it.

    Cells are anything that `cell_words` takes. `sums`: last rows, under a second rule.
    """

    columns: Sequence[Head]
    rows: Sequence[Sequence[object]]
    caption: str = ""
    sums: Sequence[Sequence[object]] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing (`core.charts.render_svg`). `alt` says in words what it shows: it is obligatory."""

    svg: str
    alt: str
    caption: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("a figure needs a text for those who do not see it")


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be known before reading on. `warning`: something to do or to check."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """The headings of the first level, in their order, each with its page."""

    title: str
    entries: Sequence[str]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs, side by side: « Le préfet du Nord », « Le président du conseil départemental »."""

    people: Sequence[str]


Block = Heading | Paragraph | Facts | Grid | Figure | Note | Contents | Signatures


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that was made again by Jalons (PNG), never a file as it came. `alt`: whose it is."""

    png: bytes
    width: int
    height: int
    alt: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.png).hexdigest()

    @property
    def svg(self) -> str:
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}"><image width="{self.width}" height="{self.height}" '
            f'href="data:image/png;base64,{data}"/></svg>'
        )


@dataclass(frozen=True, slots=True)
class Document:
    """`about` is said under the title and at the foot of each page.

    An `act` is signed: its title is centred, `running` heads each of its pages (« convention – version – date ») and
    their number is « 3 / 12 » ; the blocks of `acts` may stand in it. `watermark`: a word across each page. `logo`:
    above the title.
    """

    title: str
    blocks: Sequence[Any]
    about: About
    subtitle: str = ""
    act: bool = False
    running: str = ""
    landscape: bool = False
    watermark: str = ""
    language: str = "fr"
    logo: Logo | None = None

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("a document needs a title")
        for block in self.blocks:
            if isinstance(block, Grid):
                check_grid(block)


def check_grid(grid: Grid) -> None:
    width = len(grid.columns)
    for row in (*grid.rows, *grid.sums):
        if len(row) != width:
            raise ValueError(f"a row of {len(row)} cells in a table of {width} columns: {row}")


def grid_widths(
    grid: Grid, *, across: float, head: float, cell: float, edges: float, stretch: float = 1
) -> list[float]:
    """Centimetres of each column, by weight; none narrower than the longest word of its head, nor than its figures and
    its dates.

    `across`: all of them; `head`, `cell`: sizes in points; `edges`: centimetres of the margins of a cell; `stretch`:
    how wide the letters are beside those of `measures`.
    """
    least = []
    for at, column in enumerate(grid.columns):
        words = [cell_words(blank_if_none(row[at])).words for row in (*grid.rows, *grid.sums)]
        longest = longest_word(words, cell)
        width = max(
            longest_word([in_french(column.label)], head),
            longest if column.numeric else min(longest, KEPT_WHOLE),
        )
        least.append(width * stretch + edges)
    whole = sum(column.weight for column in grid.columns)
    return widened([across * column.weight / whole for column in grid.columns], least)


def levels(blocks: Sequence[Any]) -> list[int]:
    """Level of each block that is a heading, 0 for others; none is skipped, or screen readers lose their way."""
    depths, current = [], 0
    for block in blocks:
        if isinstance(block, Heading):
            current = min(max(block.level, 1), current + 1, DEEPEST)
            depths.append(current)
        else:
            depths.append(0)
    return depths


def paragraphs(text: str) -> list[str]:
    """Its paragraphs; a single end of line stays inside of one."""
    return [part.strip("\n") for part in in_french(text).split("\n\n") if part.strip()]


def english_foot(about: About) -> str:
    """« Situation at 2026-11-21, as known on 2026-12-01 · produced on 2026-12-02 »: dates that nobody misreads."""
    when = f"Situation at {about.as_of or local_day(about.made_at)}"
    if about.known_on:
        when += f", as known on {about.known_on}"
    return f"{when} · produced on {local_day(about.made_at)}"


def foot(about: About) -> str:
    """« Situation au 21/11/2026, telle que connue le 01/12/2026 · produit le 2 décembre 2026 à 10:00 »."""
    when = f"Situation au {format_date(about.as_of or about.made_at)}"
    if about.known_on:
        when += f", telle que connue le {format_date(about.known_on)}"
    return f"{when} · produit le {format_moment(about.made_at)}"


def source(about: About) -> str:
    """The line under the title: where, filters, who."""
    return " · ".join(in_french(part) for part in (about.perimeter, *about.filters, about.author) if part)


def as_json(value: Any) -> dict[str, Any]:
    """What a template reads of a cell."""
    cell = cell_words(value)
    return {"words": cell.words, "missing": cell.missing, "level": cell.level}

"""What a section of a report is made of, whatever the file it ends in.

Headings, sentences and notes are those of `exports.document`; the blocks of this module also hold what only some files
write: the number behind the words, the key by which two editions are compared. See docs/recettes.md.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from jalons.core.charts import BarChart, LineChart
from jalons.core.values import Number
from jalons.exports.document import Grid, Heading, Logo, Note, Paragraph, check_grid

Cell = object


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """One figure, with what it covers. `key`: for ever, two editions are compared by it. `text`: « 12 », « ≥ 7 », empty
    when nothing is known, and `missing` says so. `earlier`, `before`: two periods ago and one period ago, in words;
    `change`: how it moved since the period before.
    """

    key: str
    label: str
    text: str
    number: Number | None = None
    missing: str = "ND"
    coverage: str = ""
    sentence: str = ""
    earlier: str = ""
    before: str = ""
    change: str = ""

    @property
    def words(self) -> str:
        return self.text or self.missing


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Figures one under the other. `before`, `earlier`: heads of the columns of the period before and of the one
    before it, empty without them.
    """

    rows: Sequence[ReportFigure]
    before: str = ""
    caption: str = ""
    earlier: str = ""
    words: tuple[str, ...] = ("Chiffre", "Valeur", "Évolution", "Ce qui est compté")

    @property
    def change_head(self) -> str:
        return self.words[2]

    @property
    def coverage_head(self) -> str:
        return self.words[3]

    @property
    def heads(self) -> list[str]:
        """Of the columns, the label of the figure first."""
        compared = [
            *([self.earlier] if self.earlier else []),
            *([self.before, self.change_head] if self.before else []),
        ]
        return [*self.words[:2], *compared, self.coverage_head]

    def past(self, figure: ReportFigure) -> list[str]:
        """What stands between the value and what it covers."""
        earlier = [figure.earlier] if self.earlier else []
        return [*earlier, *([figure.before, figure.change] if self.before else [])]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table, compared with that of another edition by the key of its rows. Cells are anything that `exports.document`
    prints: numbers stay numbers in Excel.
    """

    key: str
    grid: Grid
    row_keys: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_grid(self.grid)
        if self.row_keys and len(self.row_keys) != len(self.grid.rows):
            raise ValueError(f"{self.key}: {len(self.row_keys)} keys for {len(self.grid.rows)} rows")


NOTHING_DRAWN = {
    "fr": "{title}\u00a0: rien n’est connu à ces dates, rien n’est dessiné.",
    "en": "{title}: nothing is known at these dates, nothing is drawn.",
}


@dataclass(frozen=True, slots=True)
class ReportChart:
    """Drawn by each writer in its own way, from the same values."""

    key: str
    chart: BarChart | LineChart

    @property
    def shows_something(self) -> bool:
        if isinstance(self.chart, LineChart):
            return any(point.value is not None for series in self.chart.series for point in series.points)
        return any(value is not None for bar in self.chart.bars for value in bar.values)

    def nothing_words(self, language: str) -> str:
        """What stands in its place when it shows nothing."""
        return NOTHING_DRAWN[language].format(title=self.chart.title)


@dataclass(frozen=True, slots=True)
class ReportPicture:
    """A drawing that stays a picture everywhere: a map. `alt` says it in words."""

    key: str
    svg: str
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class SlideMessage:
    """One sentence with its figure: the title of a slide, above what proves it; a heading in the other files."""

    text: str


@dataclass(frozen=True, slots=True)
class PeopleWords:
    """What somebody wrote for this section, its figures in their place; in their own language."""

    text: str


ReportBlock = (
    Heading
    | Paragraph
    | Note
    | KeyFigures
    | ReportTable
    | ReportChart
    | ReportPicture
    | PeopleWords
    | SlideMessage
)


@dataclass(frozen=True, slots=True)
class MadeSection:
    """`new_page`: it begins one, on paper."""

    key: str
    title: str
    blocks: Sequence[ReportBlock]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All that the files of an edition say. `withheld`: what is not in this copy, and why, one sentence each.

    `provisional`: the period was not over. `draft`: nobody published it. `approvals`: who published it, who had
    read it. `author`: who asked, with their structure. `data`: the rows behind the figures, for the workbook alone.
    """

    name: str
    title: str
    subtitle: str
    perimeter: str
    author: str
    language: str
    at: dt.date
    known_at: dt.datetime
    sections: Sequence[MadeSection]
    provisional: bool = False
    draft: bool = False
    has_contents: bool = True
    cover: str = ""
    withheld: Sequence[str] = field(default_factory=tuple)
    approvals: Sequence[str] = field(default_factory=tuple)
    data: Sequence["ReportTable"] = field(default_factory=tuple)
    logo: Logo | None = None

    @property
    def marks(self) -> list[str]:
        """What stands across each page, in the language of the report: « Brouillon », « Provisoire »."""
        words = ("Draft", "Provisional") if self.language == "en" else ("Brouillon", "Provisoire")
        return [word for word, holds in zip(words, (self.draft, self.provisional), strict=True) if holds]

    @property
    def figures(self) -> list[tuple[MadeSection, ReportFigure]]:
        return [
            (section, figure)
            for section in self.sections
            for block in section.blocks
            if isinstance(block, KeyFigures)
            for figure in block.rows
        ]

    @property
    def tables(self) -> list[tuple[MadeSection, ReportTable]]:
        return [
            (section, block)
            for section in self.sections
            for block in section.blocks
            if isinstance(block, ReportTable)
        ]

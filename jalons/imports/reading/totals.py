"""Rows that add up others: known by what they are called, or by their arithmetic."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from math import isfinite

from jalons.core.values import fold
from jalons.imports.reading.grid import CellValue, ColumnValue, SheetGrid, text_of
from jalons.imports.reading.numbers import number_of

_LABEL = re.compile(
    r"(?:s ?[/.] ?(?:s ?[/. -] ?)?(?:total|t)|sous total|sous totaux|ss total|totaux|total|tot|ensemble|somme|"
    r"cumul)\b[. ]*"
)
# Words that may follow and still name a sum; anything else may be a name (« Total Énergies »).
_AFTER_WORDS = (
    "general generaux global globaux partiel de du des la le les par pour sur commune communes departement "
    "departements site sites mois annee personnes pers menages hors dont"
)
_AFTER = frozenset(_AFTER_WORDS.split())
ROUNDING = Decimal(1)
ROUNDED_FROM = 1_000
ABOVE = 60
MOST_KNOWN = 20_000
FIRST_LETTERS = frozenset("stec")
SHORT = 30  # letters of a text that may say a number
_DIGIT = re.compile(r"\d")
# « MOUS – total », « Lille (total) ».
_AT_THE_END = re.compile(r"(?P<of>.*\w)[ –—:(-]+(?:sous[- ]?|s/)?total(?: general)?[ ).:]*")
# « Croix : 1 site ».
_COUNTED = re.compile(
    r"(?P<of>.*\w) ?[:(–-] ?\d+ (?:sites?|campements?|squats?|bidonvilles?|lieux(?: de vie)?)\b.*"
)
_ENDS_SITES = re.compile(r"\d (?:sites?|campements?|squats?|bidonvilles?|lieux)\b", re.IGNORECASE)
# Nobody is called so, whatever follows.
_SUBTOTAL = re.compile(
    r"(?:s ?[/.] ?(?:s ?[/. -] ?)?(?:total|t)|sous[- ]tota(?:l|ux)|ss[- ]total|total (?:general|global))\b"
)
_LOOSE = re.compile(r"(?<![\d.,])\d[\d \u00a0\u202f]*(?:[.,]\d+)?")


def is_total_label(grid: SheetGrid, row: int, written: Sequence[ColumnValue]) -> bool:
    """One of its first words is « TOTAL », « s/total Lille »… and what follows names a group of the rows above."""
    texts = list(islice((value for _, value in written if isinstance(value, str)), 3))
    return any(is_total(text.strip(), lambda word: is_word_above(grid, row, word)) for text in texts)


def is_total(text: str, is_known_word: Callable[[str], bool] = lambda word: False) -> bool:
    if text.rstrip(" ).:")[-5:].lower() == "total" and (after := _AT_THE_END.fullmatch(text.lower())):
        return all(map(is_known_word, re.findall(r"\w+", fold(after["of"]))))
    if _ENDS_SITES.search(text) and (counted := _COUNTED.fullmatch(text.lower())):
        return all(map(is_known_word, re.findall(r"\w+", fold(counted["of"]))))
    if not may_be_label(text):
        return False
    folded = fold(text)
    match = _LABEL.match(folded)
    if match is None:
        return False
    if _SUBTOTAL.match(folded):
        return True
    words = re.findall(r"\w+", folded[match.end() :])
    return all(word in _AFTER or word.isdigit() or is_known_word(word) for word in words)


def may_be_label(text: str) -> bool:
    """Its first letter may begin a label of total: the others are not folded for nothing."""
    return text.lstrip()[:1].lower() in FIRST_LETTERS


def is_labelled(written: Sequence[ColumnValue]) -> bool:
    """One of its first words says a sum, whatever follows: « Total MEL »."""
    texts = list(islice((value for _, value in written if isinstance(value, str)), 3))
    return any(may_be_label(text) and _LABEL.match(fold(text)) is not None for text in texts)


def is_same(total: Decimal, figure: Decimal) -> bool:
    """To the unit for amounts, whose cents are rounded; three people are not four."""
    return abs(total - figure) <= (ROUNDING if abs(figure) >= ROUNDED_FROM else 0)


def reaches(figures: Mapping[int, Decimal], sums: Mapping[int, Decimal]) -> bool:
    """The numbers of a row so labelled are those sums: all of them, or half and two at least, for a rate is no sum."""
    reached = sum(is_same(sums.get(column, Decimal(0)), figure) for column, figure in figures.items())
    return bool(figures) and (reached == len(figures) or (reached >= 2 and reached * 2 >= len(figures)))


def is_word_above(grid: SheetGrid, row: int, word: str) -> bool:
    """In the first three columns of the rows above, as far as `ABOVE`."""
    return any(
        word in re.findall(r"\w+", fold(grid.cell(above, column).text))
        for above in range(max(0, row - ABOVE), row)
        for column in range(min(3, grid.width))
    )


@dataclass
class RunningSums:
    """What the rows since a total add up to, by column."""

    rows: int = 0
    sums: dict[int, Decimal] = field(default_factory=dict)

    def add(self, figures: Mapping[int, Decimal]) -> None:
        """`figures` by column."""
        self.rows += 1
        for column, figure in figures.items():
            self.sums[column] = self.sums.get(column, Decimal(0)) + figure

    def is_reached_by(self, figures: Mapping[int, Decimal]) -> bool:
        """Every number is the sum of its column: two columns at least, over two rows at least."""
        if self.rows < 2 or len(figures) < 2:
            return False
        return all(is_same(self.sums.get(column, Decimal(0)), figure) for column, figure in figures.items())


TextNumbers = dict[str | int | float, Decimal | None]
READ_ONCE = (str, float, int)  # and no truth value, which is equal to a number


def figures_of(written: Sequence[ColumnValue], known: TextNumbers) -> dict[int, Decimal]:
    """The plain numbers of a row, by column. `known`: what the values of this sheet already were read as; they come
    back from row to row.
    """
    figures: dict[int, Decimal] = {}
    for column, value in written:
        is_known = value.__class__ in READ_ONCE and value in known
        figure = known[value] if is_known else figure_of(value, known)  # type: ignore[index]  # of these types
        if figure is not None:
            figures[column] = figure
    return figures


def loose_sums(grid: SheetGrid, rows: Iterable[int], known: TextNumbers) -> dict[int, Decimal]:
    """What rows add up to with « 12* », « 14 car. », « ~30 » as numbers: looked at to know a sum, never kept."""
    sums: dict[int, Decimal] = {}
    for row in rows:
        for column, value in grid.written(row):
            figure = figure_of(value, known)
            if figure is None and isinstance(value, str) and len(value) < SHORT:
                numbers = _LOOSE.findall(value)
                number = number_of(numbers[0].strip()) if len(numbers) == 1 else None
                figure = None if number is None else Decimal(number)
            if figure is not None:
                sums[column] = sums.get(column, Decimal(0)) + figure
    return sums


def figure_of(value: CellValue, known: TextNumbers) -> Decimal | None:
    """A plain number, typed as one or as a text."""
    if isinstance(value, str):
        if value not in known:
            number = number_of(text_of(value)) if _DIGIT.search(value) else None
            known[value] = None if number is None else Decimal(number)
        return known[value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        figure = Decimal(repr(value)) if isfinite(value) else None
        if len(known) < MOST_KNOWN:
            known[value] = figure
        return figure
    return None

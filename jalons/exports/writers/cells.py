"""From what a column answers to what a file may hold. The only place that guards against formulas."""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

from django.db.models import Choices

from jalons.core.values import Emptiness, Kind, PartialDate, Precision, Ratio, Sum, Value
from jalons.core.values.dates import local_moment
from jalons.core.values.formats import plain_number
from jalons.core.values.text import clean
from jalons.exports.contract import Book, ExportColumn, Table
from jalons.exports.enums import ColumnKind

# How a cell is written, then what it holds. Integers, and not an enumeration: a file asks a million times.
NOTHING, TEXT, NUMBER, EUROS, PERCENT, DATE, MOMENT = range(7)
Cell = tuple[int, Any]
Number = int | float | Decimal
Form = Callable[[Any, ColumnKind], Cell]

EMPTY: Cell = (NOTHING, None)
_DECIMAL, _EUROS, _PERCENT, _TEXT = (
    ColumnKind.DECIMAL,
    ColumnKind.EUROS,
    ColumnKind.PERCENT,
    ColumnKind.TEXT,
)
# Spreadsheets keep fifteen digits: a longer number would be changed in silence.
LONGEST_NUMBER = 10**15
# A formula for at least one spreadsheet, even behind blanks or in full width.
_FORMULA = re.compile("[\\s\u200b\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n]")


def looks_like_formula(text: str) -> bool:
    return not text[:1].isalnum() and _FORMULA.match(text) is not None


def guarded(text: str) -> str:
    """For formats where only the text says what a cell is: a quote before what would be run as a formula."""
    return f"'{text}" if looks_like_formula(text) else text


def cell(value: object, kind: ColumnKind) -> Cell:
    """How to write what a column answered. ValueError for NaN and infinities."""
    if value is None:
        return EMPTY
    form: Form = _BY_TYPE.get(type(value)) or _form_of(value)
    return form(value, kind)


def is_whole(number: Number) -> bool:
    return type(number) is int or number == int(number)


def _text(value: Any, kind: ColumnKind) -> Cell:
    words = clean(str(value))
    return (TEXT, words) if words else EMPTY


def _number(number: Number, kind: ColumnKind) -> Cell:
    if kind is _TEXT:
        return TEXT, plain_number(Decimal(repr(number)) if isinstance(number, float) else number)
    if type(number) is not int and not isfinite(number):
        raise ValueError(f"not a number that can be written: {number}")
    if not -LONGEST_NUMBER < number < LONGEST_NUMBER:
        return TEXT, plain_number(Decimal(number))
    if kind is _EUROS:
        return EUROS, number
    return (PERCENT if kind is _PERCENT else NUMBER), number


def _value(value: Value, kind: ColumnKind) -> Cell:
    if value.emptiness:
        return _emptiness(value.emptiness, kind)
    if value.number is None or value.qualifier or value.unit or value.kind is Kind.COMPOSITE:
        return _text(value.to_text(), kind)
    measure = _MEASURES.get(value.kind, _DECIMAL)
    return _number(value.number, measure)


def _emptiness(emptiness: Emptiness, kind: ColumnKind) -> Cell:
    return (TEXT, emptiness.sign) if emptiness.sign else EMPTY


def _sum(total: Sum, kind: ColumnKind) -> Cell:
    """A number only when it is whole: a partial sum read as a number would be a wrong one."""
    if total.emptiness:
        return _emptiness(total.emptiness, kind)
    number = _DECIMAL if kind in (ColumnKind.VALUE, ColumnKind.TEXT) else kind
    return _number(total.total, number) if total.is_complete else _text(total.display(), kind)


def _ratio(ratio: Ratio, kind: ColumnKind) -> Cell:
    return _value(ratio.value, kind)


def _boolean(boolean: bool, kind: ColumnKind) -> Cell:
    return TEXT, "oui" if boolean else "non"


def _moment(moment: dt.datetime, kind: ColumnKind) -> Cell:
    """The hour of the person who exports, without its zone, which spreadsheets do not know."""
    local = local_moment(moment).replace(tzinfo=None)
    return (DATE, local.date()) if kind is ColumnKind.DATE else (MOMENT, local)


def _date(day: dt.date, kind: ColumnKind) -> Cell:
    return DATE, day


def _partial_date(partial_date: PartialDate, kind: ColumnKind) -> Cell:
    if partial_date.precision is Precision.DAY and partial_date.start == partial_date.end:
        return DATE, partial_date.start
    return _text(partial_date.raw, kind)


def _list(items: Iterable[object], kind: ColumnKind) -> Cell:
    return _text(", ".join(str(item) for item in items), kind)


def _choice(choices: Choices, kind: ColumnKind) -> Cell:
    return _text(choices.label, kind)


_MEASURES: dict[Kind | Emptiness, ColumnKind] = {Kind.AMOUNT: _EUROS, Kind.PERCENT: _PERCENT}
_BY_TYPE: dict[type, Form] = {
    str: _text,
    int: _number,
    Decimal: _number,
    float: _number,
    Value: _value,
    Emptiness: _emptiness,
    Sum: _sum,
    Ratio: _ratio,
    bool: _boolean,
    dt.datetime: _moment,
    dt.date: _date,
    PartialDate: _partial_date,
    list: _list,
    tuple: _list,
}


def _form_of(value: object) -> Form:
    """For subclasses: a choice is said by its label, everything else in its own words."""
    return _choice if isinstance(value, Choices) else _text


# Sheets --------------------------------------------------------------------------------------------------

_NARROWEST, _WIDEST = 8, 60
_WIDTHS = {
    ColumnKind.DATE: 12,
    ColumnKind.MOMENT: 17,
    ColumnKind.INTEGER: 11,
    ColumnKind.DECIMAL: 11,
    ColumnKind.EUROS: 15,
    ColumnKind.PERCENT: 9,
}
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]+")
_LONGEST_SHEET_NAME = 31


Row = tuple[str, list[Cell]]  # the part that repeats it, its cells


def cells_of(book: Book, table: Table, columns: Sequence[ExportColumn]) -> Iterator[Row]:
    """The rows of a table as they are written."""
    kinds = [column.kind for column in columns]
    for part, row in book.parted(table):
        yield part, [cell(value, kind) for value, kind in zip(row, kinds, strict=True)]


def peeked(rows: Iterator[Row], size: int = 200) -> tuple[list[list[Cell]], Iterator[Row]]:
    """The cells of the first rows, and all the rows."""
    first = list(itertools.islice(rows, size))
    return [cells for _, cells in first], itertools.chain(first, rows)


def widths(columns: Sequence[ExportColumn], sample: Sequence[list[Cell]]) -> list[int]:
    """Width of each column in characters, from its header and its first cells."""
    widths = []
    for index, column in enumerate(columns):
        longest = max((len(str(row[index][1] or "")) for row in sample), default=0)
        header = max((len(word) for word in column.header.split()), default=0)
        wanted = max(longest, header + 3, _WIDTHS.get(column.kind, _NARROWEST))
        widths.append(min(wanted + 1, _WIDEST))
    return widths


def sheet_names(titles: Iterable[str]) -> list[str]:
    """Names that Excel accepts: short, without its reserved signs, different from one another."""
    names: list[str] = []
    for title in titles:
        base = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", clean(title)).split()).strip(" '") or "Feuille"
        name, number = base[:_LONGEST_SHEET_NAME].strip(), 2
        while name.casefold() in {other.casefold() for other in names}:
            end = f" ({number})"
            name, number = base[: _LONGEST_SHEET_NAME - len(end)] + end, number + 1
        names.append(name)
    return names

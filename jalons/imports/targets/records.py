"""The rows of a table as records of a target: typed cells, and what only shows when a row is read whole."""

import datetime as dt
import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from jalons.core.values import fold, format_number, french_spaces, join_and, parse_date
from jalons.core.values.text import unaccent
from jalons.imports.reading.cells import ColumnNature, ReadAs, commented, read_cell, read_crosses
from jalons.imports.reading.grid import RawCell
from jalons.imports.reading.layout import TableHeading
from jalons.imports.reading.numbers import times
from jalons.imports.reading.periods import read_period
from jalons.imports.reading.table import SheetTable
from jalons.imports.reading.typed import Meaning, TypedCell, doubtful, number_cell, text_cell
from jalons.imports.targets.closed import closed_by, closed_sheet, status_columns
from jalons.imports.targets.dittos import is_ditto
from jalons.imports.targets.fields import ImportTarget, TargetField
from jalons.imports.targets.mapping import ColumnGuess, read_as
from jalons.imports.targets.stages import band_year, is_funder, is_side

# Parts that cannot be more than their whole.
PARTS = (("minors", "people"), ("women", "people"), ("households", "people"), ("minors_at_school", "minors"))
COUNTED = ("people", "minors", "households", "women", "minors_at_school")
GROUPED = ("commune", "action")  # written once for the rows below it
REPEATED = ("commune", "insee", "postcode", "action", "funder", "source", "kind")
NO_COLUMN = -1
SMALL, THOUSANDS = 100, 1000
SHARED = (ColumnNature.COUNT, ColumnNature.AMOUNT, ColumnNature.FIGURE)
_CLOSING = re.compile(
    r"\b(?:evacu\w*|expuls\w*|ferm(?:e|ee|eture)\b|plus personne|demantel\w*|resorb\w*|vide\b|partis?\b|abandonne\w*)"
)
_CLOSED_ON = re.compile(
    r"\b(?:evacu\w*|expuls\w*|ferme\w*|demantel\w*|resorb\w*) (?:le )?(\d{1,2}/\d{1,2}(?:/\d{2,4})?)"
)


class RecordCell(NamedTuple):
    """What one column says on one row. `key`: the field, with its year or date."""

    guess: ColumnGuess
    raw: RawCell
    cell: TypedCell

    @property
    def key(self) -> str:
        return self.guess.key

    @property
    def reference(self) -> str:
        return self.raw.reference


@dataclass
class TableRecord:
    """`row` from 0. `closed_on`: a closing that the row tells; `closing_words`: what says, beside its figures, that the
    site is closed. `twin`: an earlier row that says the same."""

    row: int
    cells: dict[str, RecordCell] = field(default_factory=dict)
    is_hidden: bool = False
    is_struck: bool = False
    section: str = ""
    closed_on: dt.date | None = None
    closing_words: str = ""
    twin: int | None = None

    @property
    def line(self) -> int:
        """As the spreadsheet numbers it."""
        return self.row + 1

    def text(self, key: str) -> str:
        cell = self.cells.get(key)
        return cell.cell.text if cell and cell.cell.meaning is Meaning.TEXT else ""

    def words(self, key: str) -> str:
        """What is written, whatever it means: names and codes are compared as they stand."""
        cell = self.cells.get(key)
        if cell is None or cell.cell.is_empty:
            return ""
        text = cell.raw.text
        return cell.cell.text if cell.cell.text and is_ditto(text) else text


def read_records(
    table: SheetTable, target: ImportTarget, columns: Sequence[ColumnGuess], *, today: dt.date
) -> list[TableRecord]:
    mapped = [guess for guess in columns if guess.field]
    readers = [ColumnReader(guess, guess.key, read_as(guess, target)) for guess in mapped]
    records = [read_record(table, readers, row, today=today) for row in table.rows()]
    read_dittos(records)
    read_sections(records, target)
    fill_down(records, mapped)
    for guess in mapped:
        kind = target.fields[guess.field].kind
        if kind.nature is ColumnNature.AMOUNT and not kind.measure.stated:
            doubt_small_amounts(records, guess.key)
    if table.grid.origins:
        doubt_shared(records, target)
        doubt_split(records)
    statuses = status_columns(table, mapped)
    closed = closed_sheet(table) if "closed_on" in target.fields else ""
    for record in records:
        doubt_parts(record)
        read_closing(record, table)
        if "closed_on" in target.fields:
            record.closing_words = closed_by(table, record.row, record.section, statuses) or closed
    find_twins(records)
    return records


@dataclass(frozen=True, slots=True)
class ColumnReader:
    """A column that is read. `known`: what its cells already were read as, by all that their meaning depends on: their
    value and how they look. The same values come back from row to row.
    """

    guess: ColumnGuess
    key: str
    kind: ReadAs
    known: dict[tuple[object, ...], TypedCell] = field(default_factory=dict)

    def read(self, raw: RawCell, table: SheetTable, today: dt.date) -> TypedCell:
        value = raw.value
        look = (
            (value.__class__, value, raw.is_formula, raw.is_percent, raw.is_spread, raw.fill, raw.comment)
            if table.grid.has_looks
            else (value.__class__, value)
        )
        cell = self.known.get(look)
        if cell is None:
            cell = self.known[look] = read_cell(raw, self.kind, table.context, today=today)
        return cell


def read_record(
    table: SheetTable, readers: Iterable[ColumnReader], row: int, *, today: dt.date
) -> TableRecord:
    section = table.layout.sections.get(row, "") if table.layout else ""
    record = TableRecord(row, is_hidden=table.is_hidden_row(row), section=section)
    has_struck = bool(table.grid.sheet.struck)
    for reader in readers:
        guess, key = reader.guess, reader.key
        raw = table.cell(row, guess.column)
        if guess.no_column is not None:
            no = table.cell(row, guess.no_column)
            crosses = commented(commented(read_crosses(raw, no), raw), no)
            record.cells[key] = RecordCell(guess, raw, crosses)
            continue
        if guess.names_periods:
            period = period_cell(table, guess, row, raw, today=today)
            record.cells[key] = RecordCell(guess, raw, commented(period, raw))
            continue
        record.cells[key] = RecordCell(guess, raw, reader.read(raw, table, today))
    if not has_struck:
        return record
    own = [cell.raw for cell in record.cells.values() if not cell.raw.is_blank and not cell.raw.is_spread]
    record.is_struck = bool(own) and all(raw.is_struck for raw in own)
    return record


def period_cell(
    table: SheetTable, guess: ColumnGuess, row: int, raw: RawCell, *, today: dt.date
) -> TypedCell:
    """« T3 » with the year that stands on its row, in the titles or in the sheet’s name."""
    year = table.cell(row, guess.year_column).value if guess.year_column is not None else None
    if isinstance(year, str):
        year = int(year) if re.fullmatch(r"20\d\d", year.strip(), re.ASCII) else None
    whole = int(year) if isinstance(year, int | float) and 2000 <= year <= 2100 else None
    return read_period(raw, guess.period or 0, whole, table.context, today=today)


def change(record: TableRecord, key: str, cell: TypedCell) -> None:
    record.cells[key] = record.cells[key]._replace(cell=cell)


def read_dittos(records: Sequence[TableRecord]) -> None:
    """« idem » under a commune or a source: what stands above. Anywhere else it may be that of last month."""
    above: dict[str, TypedCell] = {}
    for record in records:
        for key in REPEATED:
            if key not in record.cells:
                continue
            cell = record.cells[key].cell
            if cell.meaning is Meaning.TEXT and is_ditto(record.cells[key].raw.text):
                if key in above:
                    change(
                        record, key, above[key].noted(f"« {record.cells[key].raw.text} » : comme au-dessus")
                    )
            elif cell.meaning is Meaning.TEXT:
                above[key] = cell


def read_sections(records: Sequence[TableRecord], target: ImportTarget) -> None:
    """A commune, a dispositif or a budget year that has no column, written alone above its rows."""
    if "year" in target.fields:
        for record in records:
            if year := band_year(record.section):
                write_above(record, "year", number_cell(year))
                record.section = ""
    for record in records if "funder" in target.fields else ():
        if "action" in record.cells and is_funder(record.section):  # « MEL », above what it pays for
            write_above(record, "funder", text_cell(record.section))
            record.section = ""
    for key in GROUPED:
        for record in records if key in target.fields else ():
            if record.section and not is_side(record.section):
                write_above(record, key, text_cell(record.section))


def write_above(record: TableRecord, key: str, cell: TypedCell) -> None:
    if key not in record.cells:
        guess = ColumnGuess(TableHeading(NO_COLUMN, ("Intertitre",)), key)
        place = (record.row, NO_COLUMN)
        raw = RawCell(record.section, place, place)
        record.cells[key] = RecordCell(guess, raw, cell.noted("écrit au-dessus de ses lignes"))


def fill_down(records: Sequence[TableRecord], mapped: Sequence[ColumnGuess]) -> None:
    """A commune or a dispositif left blank under the one above: proposed, and asked once for the column."""
    for key in GROUPED:
        if not any(guess.key == key for guess in mapped):
            continue
        above = ""
        for record in records:
            cell = record.cells[key].cell
            if cell.meaning is Meaning.TEXT:
                above = cell.text
            elif cell.is_empty and (record.section or above):
                section = record.section or above
                change(record, key, doubtful("", f"vide : comme au-dessus, « {section} » ?", suggest=section))


def doubt_small_amounts(records: Sequence[TableRecord], key: str) -> None:
    """« 8 » in a column of thousands: 8 € or 8 k€?"""
    known = [
        Decimal(cell.number) for record in records if (cell := record.cells[key].cell).number is not None
    ]
    positive = [number for number in known if number > 0]
    if len(positive) < 3 or median(positive) < THOUSANDS:
        return
    for record in records:
        number = record.cells[key].cell.number
        if number is not None and 0 < number < SMALL:
            reason = f"{format_number(number)} € parmi des milliers : {format_number(number)} k€ ?"
            change(record, key, doubtful(record.cells[key].raw.text, reason, suggest=times(number, 1000)))


def doubt_shared(records: Sequence[TableRecord], target: ImportTarget) -> None:
    """A number merged over several rows is one number for all of them: 23 people in two sites, not 23 in each."""
    shared: dict[tuple[str, object], list[TableRecord]] = {}
    for record in records:
        for key, cell in record.cells.items():
            is_number = target.fields[cell.guess.field].kind.nature in SHARED
            if is_number and cell.raw.origin and not cell.cell.is_empty:
                shared.setdefault((key, cell.raw.origin), []).append(record)
    for (key, _), some in shared.items():
        if len({record.row for record in some}) > 1:
            lines = join_and([str(record.line) for record in some])
            for record in some:
                text = record.cells[key].raw.text
                reason = f"{text} pour les lignes {lines} ensemble : combien ici ?"
                change(record, key, doubtful(text, reason, suggest=None))


def doubt_split(records: Sequence[TableRecord]) -> None:
    """A name merged over several rows of one date: one site on two rows, or two counts of it?"""
    by_name: dict[object, list[TableRecord]] = {}
    for record in records:
        if (name := record.cells.get("name")) is not None and not name.cell.is_empty:
            by_name.setdefault(name.raw.origin, []).append(record)
    for rows in by_name.values():
        counted = [record for record in rows if has_people(record)] if len(rows) > 1 else []
        days = {day.cell.day if (day := record.cells.get("observed_on")) else None for record in counted}
        if len(counted) < 2 or len(days) != 1:
            continue
        lines = join_and([str(record.line) for record in counted])
        for record in counted:
            text = record.cells["people"].raw.text
            reason = f"un seul nom pour les lignes {lines} : combien en tout, sur une seule d’entre elles ?"
            change(record, "people", doubtful(text, reason, suggest=None))


def has_people(record: TableRecord) -> bool:
    return "people" in record.cells and record.cells["people"].cell.number is not None


def doubt_parts(record: TableRecord) -> None:
    for part, whole in PARTS:
        if part not in record.cells or whole not in record.cells:
            continue
        few, many = (record.cells[key].cell.number for key in (whole, part))
        if few is None or many is None or many <= few or record.cells[part].cell.ask:
            continue
        labels = [record.cells[key].guess.heading.path[-1] for key in (part, whole)]
        reason = f"{format_number(many)} ({labels[0]}) pour {format_number(few)} ({labels[1]}) : impossible"
        change(record, part, doubtful(record.cells[part].raw.text, reason, suggest=None))


def read_closing(record: TableRecord, table: SheetTable) -> None:
    """A closing that the row tells, in its column or in its remark, is never done by itself."""
    closing = record.cells.get("closed_on")
    if closing is not None and closing.cell.day:
        record.closed_on = closing.cell.day
    note = record.cells.get("note")
    if note is None or note.cell.meaning is not Meaning.TEXT or not _CLOSING.search(unaccent(note.cell.text)):
        return
    reason = french_spaces("la remarque parle peut-être d’une fermeture : rien n’est fermé sans vous")
    change(record, "note", replace(note.cell, ask=True, reason=reason))
    period = table.context.period
    if (match := _CLOSED_ON.search(unaccent(note.cell.text))) and period:
        written = match[1] if match[1].count("/") == 2 else f"{match[1]}/{period.year}"
        try:
            record.closed_on = parse_date(written, today=period.last)
        except ValueError:
            record.closed_on = None


def find_twins(records: Sequence[TableRecord]) -> None:
    """Two rows of one commune with the same figures, and one name inside the other: counted twice?"""
    above: deque[TableRecord] = deque(maxlen=3)
    records_by_row = {record.row: record for record in records}
    figures_by_row = {record.row: figures_of(record) for record in records}
    names: dict[
        int, set[str]
    ] = {}  # by row: of a whole column of the same figures, each is cut in words once
    for record in records:
        figures = figures_by_row[record.row]
        if len(figures) >= 3:
            same = [other for other in above if figures_by_row[other.row] == figures]
            for row in (record.row, *(other.row for other in same)) if same else ():
                if row not in names:
                    names[row] = words_of_name(records_by_row[row])
            for other in same:
                if are_nested(names[record.row], names[other.row]):
                    record.twin = other.row
        above.append(record)


def words_of_name(record: TableRecord) -> set[str]:
    return set(fold(record.words("name")).split())


def are_nested(words: set[str], names: set[str]) -> bool:
    """One name inside the other, or nearly."""
    if not words or not names:
        return False
    return words <= names or names <= words or len(words & names) * 3 > len(names) * 2


def figures_of(record: TableRecord) -> list[tuple[str, object]]:
    cells = record.cells
    figures: list[tuple[str, object]] = []
    for key in COUNTED:
        cell = cells.get(key)
        if cell is not None and cell.cell.number is not None:
            figures.append((key, cell.cell.number))
    return figures


__all__ = ["RecordCell", "TableRecord", "TargetField", "read_records"]

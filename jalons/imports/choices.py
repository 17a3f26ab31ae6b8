"""What a person chose about a file, as it is kept with it; and the table that these choices make of it."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from jalons.core.values import fold, french_spaces
from jalons.imports.enums import TargetKind
from jalons.imports.reading.cells import read_cell
from jalons.imports.reading.grid import RawCell, SheetGrid
from jalons.imports.reading.side_by_side import parts_of
from jalons.imports.reading.stacked import stacked_parts
from jalons.imports.reading.table import SheetTable, read_table, table_on
from jalons.imports.reading.typed import Meaning, TypedCell, day_cell, number_cell, text_cell
from jalons.imports.storing import unpack
from jalons.imports.targets.abbreviations import knows
from jalons.imports.targets.fields import ImportTarget, target_of
from jalons.imports.targets.mapping import ColumnGuess, GuessReason, guess_columns, read_as, shape_of
from jalons.imports.targets.national import ALL_OF_FRANCE
from jalons.imports.targets.recognise import Recognised, recognise
from jalons.imports.targets.records import RecordCell, TableRecord, read_records
from jalons.imports.targets.upright import upright
from jalons.imports.trips.back import ReturnedTable
from jalons.spreadsheets.reading import SheetContent

SUGGEST, LEAVE, UNKNOWN = "suggest", "leave", "nd"
WORKBOOKS = ("xlsx", "ods")
_PAST = re.compile(
    r"\b(?:fermee?s?|fermetures?|clos|closes?|evacuee?s?|evacuations?|resorbee?s?|archives?|archivee?s?|historique|"
    r"anciens?|sortis|supprimee?s?|modele|exemple|copie|brouillon|corbeille|rappel)\b"
)
HOME, DAMAGED = "home", "damaged"


@dataclass(frozen=True, slots=True)
class Choices:
    """`columns`: field by number of column, "" for one left out. `on`: the date of the file, for rows without one.

    `about`: for a follow-up, the dispositif and the structure that fills it in (`dispositifs.Filled.key`).
    `absent`: what was said of sites that the table does not name, by public id.
    `trip`: `HOME` for a workbook that left from here (`left_on`) to be filled in, with `notes` on what is not read of
    it; `DAMAGED` when it does not say so any more.
    `rules`: what to do with everything that is to be decided in a column: take what is proposed, ND, or leave it.
    """

    sheet: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    on: str = ""
    source_kind: str = ""
    reliability: int = 2
    hidden_rows: bool = False
    rules: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    absent: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    trip: str = ""
    left_on: str = ""
    notes: Sequence[str] = ()

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        return cls(**{name: told[name] for name in cls.__dataclass_fields__ if name in told})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def day(self) -> dt.date | None:
        return dt.date.fromisoformat(self.on) if self.on else None


def tables_of(sheets: Sequence[SheetContent], file_kind: str, today: dt.date) -> list[SheetTable]:
    """Each sheet, or each of the two tables that stand side by side on it."""
    stacked = [part for sheet in sheets for part in stacked_parts(sheet, knows)]
    parts = [part for sheet in stacked for part in parts_of(sheet, knows)]
    is_workbook = file_kind in WORKBOOKS
    tables = [read_table(part, knows, today=today, is_workbook=is_workbook) for part in parts]
    return [upright(table, today=today, is_workbook=is_workbook) for table in tables]


def stored_tables(content: bytes, file_kind: str, today: dt.date) -> list[SheetTable]:
    """What `storing` kept: rows sorted already, unless an older version of Jalons kept them."""
    is_workbook = file_kind in WORKBOOKS
    return [
        table_on(SheetGrid(stored.sheet), stored.layout, today=today, is_workbook=is_workbook)
        if stored.is_sorted
        else read_table(stored.sheet, knows, today=today, is_workbook=is_workbook)
        for stored in unpack(content)
    ]


def best_sheet(recogniseds: Sequence[Recognised], tables: Sequence[SheetTable]) -> int:
    """The last month, else the last one that is a table: people add this month's at the end. Not that of closed sites.
    Of an export of actions, « Tous ».
    """
    for number, recognised in enumerate(recogniseds):
        is_national = recognised.target is not None and recognised.target.kind is TargetKind.ACTIONS
        if is_national and recognised.is_taken and fold(tables[number].title) == ALL_OF_FRANCE:
            return number
    taken = [number for number, recognised in enumerate(recogniseds) if recognised.is_taken]
    taken = [number for number in taken if not is_of_the_past(tables[number].title)] or taken
    taken = of_the_last_period(taken, tables)
    readable = [number for number, recognised in enumerate(recogniseds) if recognised.target is not None]
    last = (taken or readable or [0])[-1]
    # Of several tables of one sheet, the first.
    title = tables[last].grid.sheet.title if tables else ""
    same = [number for number in taken or readable if tables[number].grid.sheet.title == title]
    return same[0] if same else last


def is_of_the_past(title: str) -> bool:
    """« Sites fermés », « Archives », « Modèle »: to be taken apart, when somebody asks for it."""
    return _PAST.search(fold(title)) is not None


def of_the_last_period(taken: Sequence[int], tables: Sequence[SheetTable]) -> list[int]:
    """Of sheets that all say their month, the last month, wherever it stands."""
    last_days = {number: period.last for number in taken if (period := tables[number].context.period)}
    if len(last_days) < len(taken) or not taken:
        return list(taken)
    return [number for number in taken if last_days[number] == max(last_days.values())]


@dataclass
class ChosenTable:
    """One sheet, its target, its columns as chosen, its rows. `returned`: what left, for what comes back."""

    table: SheetTable
    target: ImportTarget
    columns: list[ColumnGuess]
    today: dt.date
    choices: Choices
    returned: ReturnedTable | None = None

    def records(self) -> list[TableRecord]:
        records = read_records(self.table, self.target, self.columns, today=self.today)
        kept = [record for record in records if self.choices.hidden_rows or not record.is_hidden]
        for record in kept:
            for key, cell in record.cells.items() if self.choices.rules else ():
                if cell.cell.ask and (rule := self.choices.rules.get(key)):
                    record.cells[key] = cell._replace(cell=ruled(cell.cell, rule))
        return kept

    def hidden(self) -> int:
        return sum(1 for row in self.table.rows() if self.table.is_hidden_row(row))

    def fix(self, record: TableRecord, key: str, typed: str) -> None:
        """What a person typed in place of what stands in the file, read the same way."""
        told = record.cells[key]
        raw = RawCell(typed, told.raw.place, told.raw.place)
        cell = read_cell(raw, read_as(told.guess, self.target), self.table.context, today=self.today)
        record.cells[key] = RecordCell(told.guess, raw, settled_dash(cell))


def settled_dash(cell: TypedCell) -> TypedCell:
    """A dash that a person types here is meant."""
    return replace(cell, ask=False, reason="") if cell.meaning is Meaning.DASH else cell


def ruled(cell: TypedCell, rule: str) -> TypedCell:
    if rule == LEAVE:
        return TypedCell(Meaning.EMPTY, note=french_spaces("laissé de côté, comme toute la colonne"))
    if rule == UNKNOWN:
        return TypedCell(Meaning.ND, note=french_spaces("ND, comme toute la colonne"))
    if cell.suggest is None:
        return cell
    return suggested(cell)


def suggested(cell: TypedCell) -> TypedCell:
    note = french_spaces(f"« {cell.text} », comme proposé")
    if isinstance(cell.suggest, str):
        try:
            return day_cell(dt.date.fromisoformat(cell.suggest), note)
        except ValueError:
            return text_cell(cell.suggest)
    return number_cell(cell.suggest, note) if cell.suggest is not None else cell


def chosen_table(
    table: SheetTable, kind: str, choices: Choices, saved: Mapping[str, str], today: dt.date
) -> ChosenTable:
    """The guesses, then what the organisation said of such a table before, then what the person says now."""
    target = target_of(kind)
    guesses = guess_columns(table, target)
    columns = [chosen_column(guess, target, choices.columns, saved) for guess in guesses]
    return ChosenTable(table, target, columns, today, choices)


def chosen_column(
    guess: ColumnGuess, target: ImportTarget, chosen: Mapping[str, str], saved: Mapping[str, str]
) -> ColumnGuess:
    if guess.refused:
        return guess
    number, words = str(guess.column), saved_key(guess)
    if number in chosen:
        wanted, reason, why = chosen[number], GuessReason.CHOSEN, "votre choix"
    elif words in saved:
        wanted, reason, why = saved[words], GuessReason.SAVED, "comme la dernière fois, dans votre structure"
    else:
        return guess
    if wanted == guess.field or (wanted and wanted not in target.fields):
        return guess
    return replace(
        guess, field=wanted, reason=reason if wanted else None, why=french_spaces(why), derived=False
    )


def saved_key(guess: ColumnGuess) -> str:
    return guess.heading.words.casefold()


def shape_digest(table: SheetTable) -> str:
    return hashlib.sha256(shape_of(table).encode()).hexdigest()


__all__ = [
    "Choices",
    "ChosenTable",
    "best_sheet",
    "chosen_table",
    "recognise",
    "shape_digest",
    "stored_tables",
    "tables_of",
]

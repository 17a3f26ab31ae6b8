"""Writing the figures of a sheet: typed, pasted, taken from a workbook or from a dispositif."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.dates import cell_day
from jalons.conventions.enums import AlertScope
from jalons.conventions.figures.composite_cells import CellReading, Expected
from jalons.conventions.figures.typed_cells import read_typed, reading_of
from jalons.conventions.models import Cell, Convention, MatrixColumn, MatrixRow
from jalons.core.values import DurationUnit, Value, exact
from jalons.history.services import Actor, correct_all, enter_all
from jalons.indicators.enums import ValueType

Place = tuple[int, int]  # primary keys of the row and of the column
# What a former figure said of itself beside its columns, and that stays true of the one that replaces it.
DATES = ("as_of", "period", "period_start", "period_end", "scope")


@dataclass(frozen=True, slots=True)
class CellFigure:
    """What somebody says of one cell. `note`, `source`: None leaves what is written there.

    `reading`: what the person understood of it, when they said so themselves; else it is read from `typed`.
    `dates`: `as_of`, `period_start`, `period_end` of this cell alone, when they are not those of its column.
    """

    row: MatrixRow
    column: MatrixColumn
    typed: str | Value
    note: str | None = None
    source: str | None = None
    reading: CellReading | None = None
    dates: Mapping[str, str] | None = None

    @property
    def place(self) -> Place:
        return self.row.pk, self.column.pk


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else wrote the cell meanwhile: `current` stands (None: withdrawn), `figure` was not written."""

    figure: CellFigure
    current: Cell | None


@dataclass
class Outcome:
    """`refused`: row, column, why in French. What is refused or clashes is not written; the rest is."""

    written: list[Cell] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[MatrixRow, MatrixColumn, str]] = field(default_factory=list)
    conflicts: list[Clash] = field(default_factory=list)
    doubts: list[tuple[MatrixRow, MatrixColumn, str]] = field(default_factory=list)


@transaction.atomic
def set_figures(
    *,
    convention: Convention,
    figures: Sequence[CellFigure],
    by: Actor,
    reason: str = "",
    seen: Mapping[Place, int | None] | None = None,
) -> Outcome:
    """Write figures. What says the same as what stands writes nothing.

    `seen`: for a cell, the primary key of the version that the writer had in view (None: none); a cell that is not
    named there is not compared. Of two figures for one cell the last counts. Rights are the caller's affair.
    """
    wanted = {figure.place: figure for figure in figures}
    standing = lock_cells(wanted.values())
    expectations = expectations_of(wanted.values())
    outcome, new, changed = Outcome(), [], []
    for place, figure in wanted.items():
        current = standing.get(place)
        reading = reading_for(figure, expectations[place])
        if reading.refused:
            outcome.refused.append((figure.row, figure.column, reading.refused))
            continue
        columns = columns_of(figure, reading, current)
        if not differs(columns, current):
            outcome.unchanged += 1
            continue
        if seen is not None and place in seen and seen[place] != (current.pk if current else None):
            outcome.conflicts.append(Clash(figure, current))
            continue
        if reading.doubt:
            outcome.doubts.append((figure.row, figure.column, reading.doubt))
        if current is None:
            new.append(
                Cell(row=figure.row, column=figure.column, valid_on=cell_day(figure.column), **columns)
            )
        else:
            changed.append((current, columns))
    outcome.written += [
        *enter_all(facts=new, by=by),
        *correct_all(changes=changed, by=by, reason=reason[:300]),
    ]
    if outcome.written:
        sheets = {figure.row.commitment_id: figure.row.commitment for figure in wanted.values()}
        touched(convention=convention, sheets=list(sheets.values()), scopes=[AlertScope.INDICATORS])
    return outcome


def lock_cells(figures: Iterable[CellFigure]) -> dict[Place, Cell]:
    """The cells that stand, by place. The rows are held until the end: two first figures cannot meet in a cell."""
    rows = sorted({figure.row.pk for figure in figures})
    list(MatrixRow.objects.filter(pk__in=rows).order_by("pk").select_for_update(no_key=True).values("pk"))
    known = Cell.objects.known().filter(row__in=rows).select_related("author", "organisation")
    return {(cell.row_id, cell.column_id): cell for cell in known}


def expectations_of(figures: Iterable[CellFigure]) -> dict[Place, Expected]:
    """What each row tells of its cells, in one query for all of them."""
    figures = list(figures)
    rows = {figure.row.pk: figure.row for figure in figures}
    cells_by_row: dict[int, list[Cell]] = {}
    for cell in Cell.objects.known().filter(row__in=list(rows), column__dropped=False):
        cells_by_row.setdefault(cell.row_id, []).append(cell)
    return {
        figure.place: expected_of(
            figure.row,
            [cell for cell in cells_by_row.get(figure.row.pk, ()) if cell.column_id != figure.column.pk],
        )
        for figure in figures
    }


def expected_of(row: MatrixRow, others: Sequence[Cell]) -> Expected:
    """What is expected in a cell of `row`, from what is known of its indicator and from its `others`. Pure."""
    indicator = row.indicator
    kinds = [cell.kind for cell in others if cell.kind in ("number", "percent", "duration", "amount")]
    kind = max(dict.fromkeys(kinds), key=kinds.count) if kinds else "number"
    if not kinds and indicator is not None:
        kind = KINDS.get(indicator.value_type, kind)
    units = [cell.unit for cell in others if cell.kind == "duration" and cell.unit]
    if not units and indicator is not None and indicator.unit in tuple(DurationUnit):
        units = [indicator.unit]
    unit = units[0] if len(set(units)) == 1 else ""
    qualifiers = [cell.qualifier for cell in others if cell.qualifier]
    if indicator is not None and indicator.counted:
        qualifiers.append(indicator.counted)
    numbers = tuple(cell.figure for cell in others if cell.figure is not None)
    return Expected(kind, unit, tuple(dict.fromkeys(qualifiers)), numbers)


KINDS: dict[str, str] = {
    ValueType.SHARE: "percent",
    ValueType.DURATION: "duration",
    ValueType.AMOUNT: "amount",
}


def reading_for(figure: CellFigure, expected: Expected) -> CellReading:
    if figure.reading is not None:
        return figure.reading
    return read_typed(figure.typed, expected) if isinstance(figure.typed, str) else reading_of(figure.typed)


def columns_of(figure: CellFigure, reading: CellReading, current: Cell | None) -> dict[str, Any]:
    """What is stored. A note and a source stay until somebody changes them; parts are those of this reading."""
    columns: dict[str, Any] = {
        "raw": reading.raw,
        "kind": reading.kind,
        "number": reading.number,
        "unit": reading.unit,
        "qualifier": reading.qualifier,
        "main": reading.main,
        "parts": [dict(part) for part in reading.parts],
        "note": (current.note if current else "") if figure.note is None else figure.note,
        "source": (current.source if current else "") if figure.source is None else figure.source,
    }
    if current is not None and figure.reading is None and same_figure(columns, current):
        # Written otherwise (« 1234 » for « 1 234 »), or words whose parts a person explained: left as it stands.
        columns |= {name: getattr(current, name) for name in (*SAID, "raw")}
    return columns | {"kept": kept_of(figure, columns, current)}


def kept_of(figure: CellFigure, columns: Mapping[str, Any], current: Cell | None) -> dict[str, Any]:
    before = dict(current.kept) if current else {}
    if current is None or any(columns[name] != stored(current, name) for name in (*SAID, "raw")):
        before = {name: value for name, value in before.items() if name in DATES}
    for name, date in (figure.dates or {}).items():
        if (before.get(name) or "") != date:
            before.pop(name, None)
            before |= {name: date} if date else {}
    return before


SAID = ("kind", "number", "unit", "qualifier", "main", "parts")


def stored(cell: Cell, name: str) -> Any:
    value = getattr(cell, name)
    return exact(value) if name == "number" and value is not None else value


def same_figure(columns: Mapping[str, Any], current: Cell) -> bool:
    """Do they say the same figure? Words are compared without their spaces, numbers as numbers."""
    if words_of(columns["raw"]) == words_of(current.raw) and current.kind:
        return True
    if columns["kind"] in ("text", "composite") or columns["kind"] != current.kind:
        return False
    if columns["kind"] in BLANK_KINDS:
        return True
    if (columns["unit"], columns["qualifier"]) != (current.unit, current.qualifier):
        return False
    return columns["number"] is not None and columns["number"] == current.figure


BLANK_KINDS = ("nd", "not_applicable", "dash", "empty")


def words_of(raw: str) -> str:
    return " ".join(raw.split())


def differs(columns: Mapping[str, Any], current: Cell | None) -> bool:
    if current is None:
        # An empty cell that was never told stays so.
        return columns["kind"] != "empty" or bool(columns["note"] or columns["source"] or columns["kept"])
    if not current.kind and columns["kind"] == "empty" and not columns["note"] and not columns["source"]:
        return False
    return any(columns[name] != stored(current, name) for name in columns)

"""What leaves of the follow-up of one dispositif: the table of the screen, and every value as it was told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.actions.models import Action
from jalons.core.values import Value, format_date
from jalons.exports.contract import About, Export, ExportColumn, Params, Table
from jalons.exports.enums import ColumnKind, Format
from jalons.history.querysets import AsOf
from jalons.indicators.enums import Nature
from jalons.indicators.selectors.cell import Cell, Reading
from jalons.indicators.selectors.cell import Column as Moment
from jalons.indicators.selectors.table import FollowTable, Line, follow_table
from jalons.sites.exports import said_by

RULES = (
    "Un stock est vrai à sa date ; un flux compte ce qui est arrivé pendant la période.",
    "Avec plusieurs opérateurs, une colonne est un mois : le dernier stock du mois et la somme des flux de chacun.",
    "Un flux dit par deux points de suivi qui se recouvrent n’est compté qu’une fois.",
    "« ≥ » : il manque la valeur d’un opérateur ou d’une partie du total.",
)


@dataclass(frozen=True, slots=True)
class WideRow:
    """One indicator over every date. `who`: an operator, or « Ensemble »."""

    block: str
    line: Line
    who: str
    cells: Sequence[object]


@dataclass(frozen=True, slots=True)
class LongRow:
    """One value as it was told."""

    block: str
    line: Line
    who: str
    reading: Reading


def plain(cell: Cell) -> object:
    """A figure that a spreadsheet may add, or the words when something is missing in it."""
    return cell.words if cell.partial else cell.figure


def wide_columns(follow: FollowTable) -> list[ExportColumn]:
    fixed = [
        ExportColumn("block", "Partie", lambda row: row.block),
        ExportColumn("indicator", "Indicateur", lambda row: row.line.indicator.heading),
        ExportColumn("unit", "Unité", lambda row: row.line.indicator.unit),
        ExportColumn("nature", "Stock ou flux", lambda row: Nature(row.line.indicator.nature).label),
        ExportColumn("who", "Opérateur", lambda row: row.who),
        ExportColumn("objective", "Objectif", objective, ColumnKind.VALUE),
    ]
    return [*fixed, *(dated(place, column) for place, column in enumerate(follow.columns))]


def dated(place: int, column: Moment) -> ExportColumn:
    header = format_date(column.on) if column.exact else f"{column.on:%m/%Y}"
    return ExportColumn(f"d{place}", header, lambda row: row.cells[place], ColumnKind.VALUE)


def objective(row: WideRow) -> object:
    aimed = row.line.objectives[-1] if row.line.objectives and row.who == EVERYBODY else None
    return f"{aimed.value} au {format_date(aimed.on)}" if aimed else ""


EVERYBODY = "Ensemble"
LONG = [
    ExportColumn("block", "Partie", lambda row: row.block),
    ExportColumn("indicator", "Indicateur", lambda row: row.line.indicator.heading),
    ExportColumn("unit", "Unité", lambda row: row.line.indicator.unit),
    ExportColumn("who", "Opérateur", lambda row: row.who),
    ExportColumn("since", "Période depuis le", lambda row: row.reading.since, ColumnKind.DATE),
    ExportColumn("on", "Date", lambda row: row.reading.on, ColumnKind.DATE),
    ExportColumn("value", "Valeur", lambda row: row.reading.value, ColumnKind.VALUE),
    ExportColumn("unchanged", "Inchangé", lambda row: row.reading.unchanged),
    ExportColumn("corrected", "Corrigé", lambda row: row.reading.corrected),
    ExportColumn(
        "counts", "Additionné", lambda row: row.reading.counts, note="non : déjà dans un autre point de suivi"
    ),
    ExportColumn("note", "Commentaire", lambda row: row.reading.note),
]


def wide_rows(follow: FollowTable) -> Iterator[WideRow]:
    several = len(follow.selected) > 1
    for block in follow.blocks:
        for line in block.lines:
            if line.is_blank and not line.objectives:
                continue
            whole = EVERYBODY if several else str(follow.selected[0])
            yield WideRow(block.block.label, line, whole, [plain(cell) for cell in line.cells])
            for organisation in follow.selected if several else ():
                yield WideRow(block.block.label, line, str(organisation), parts_of(line, organisation.pk))


def parts_of(line: Line, reporter: int) -> list[object]:
    """What one operator told, column by column; nothing where nothing was expected of it."""
    parts: list[object] = []
    for cell in line.cells:
        figure = next((figure for organisation, figure in cell.parts if organisation.pk == reporter), None)
        if figure is None:
            parts.append(Value.na())
        else:
            parts.append(f"≥\u00a0{figure.value}" if figure.partial and figure.value.number else figure.value)
    return parts


def long_rows(follow: FollowTable) -> Iterator[LongRow]:
    for block in follow.blocks:
        for line in block.lines:
            if line.indicator.is_computed:
                continue
            for organisation in follow.selected:
                for reading in follow.readings.get((line.indicator.pk, organisation.pk), ()):
                    yield LongRow(block.block.label, line, str(organisation), reading)


def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table | Sequence[Table]:
    """The dispositif named by the address; a text file holds the values alone."""
    action = get_object_or_404(Action.objects.visible_to(user), public_id=params.get("dispositif", ""))
    if not can(user, Right.EXPORT, action):
        raise Http404
    at, _ = AsOf.read(params)
    follow = follow_table(action, at)
    about = About(perimeter=action.name, author=said_by(user), as_of=at.valid, known_on=at.known, rules=RULES)
    values = Table("Relevés", LONG, lambda: long_rows(follow), about, located=lambda row: action)
    if params.get("format") == Format.CSV or follow.is_empty:
        return values
    wide = Table("Suivi", wide_columns(follow), lambda: wide_rows(follow), about, located=lambda row: action)
    return [wide, values]


FOLLOW_UP = Export(
    name="suivi", label="Suivi d’un dispositif", right=Right.EXPORT, every_column=LONG, make=make
)

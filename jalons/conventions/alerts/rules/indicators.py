"""Indicators from one column to the next: objectives, accounts, jumps, units, starts."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, pairwise

from jalons.conventions.alerts.engine import Finding, sheet_rule
from jalons.conventions.alerts.rules.dates import start_of
from jalons.conventions.alerts.rules.figures import (
    PrintedFigure,
    bag,
    comparable,
    direction_of,
    end_of,
    figure_of,
    figures,
    full_accounts,
    is_account,
    is_partial,
    is_population,
    objectives_of,
    ordered,
    same_unit,
)
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.places import cell_place, listed, place, sheet_words
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import MatrixColumn, MatrixRow
from jalons.core.values import Emptiness, Number, format_date, format_percent, kind_named, plural
from jalons.core.values.numbers import percentage
from jalons.indicators.enums import Direction

INDICATORS = AlertScope.INDICATORS
JUMP, FAR, VERY_FAR, FEW = 2, 10, 30, 2
# Under these, a change is the noise of small counts.
SMALL_GAP, TINY_GAP, LARGE_JUMP, LARGE = 10, 5, 4, 100


@sheet_rule(
    "objective_missing", AlertLevel.WARNING, INDICATORS, "Chaque indicateur a un objectif pour l’année."
)
def objective_missing(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """Of the rows that stand by themselves: the details of an indicator follow it; a fact of the population has none.

    When the year has just been opened and nobody has written an objective yet, the counter of cells to fill says it.
    """
    for column in objectives_of(sheet, dossier.year):
        if dossier.convention.previous_id and all(no_objective(sheet, row, column) for row in sheet.rows):
            continue
        for row in sheet.rows:
            if row.parent is not None and not is_heading(row.parent, sheet):
                continue
            if is_heading(row, sheet) or is_population(row.label) or not no_objective(sheet, row, column):
                continue
            cell = sheet.cell(row, column)
            yield Finding(
                cell_place(sheet, row, column),
                "L’objectif de cet indicateur n’est pas dit.",
                "un objectif",
                "ND" if cell is not None and cell.kind == Emptiness.ND.value else "non renseigné",
            )


def is_heading(row: MatrixRow, sheet: Sheet) -> bool:
    """A row that says nothing itself and introduces its details."""
    return all(cell is None or cell.is_missing for _, cell in sheet.cells_of(row)) and bool(
        sheet.children(row)
    )


def no_objective(sheet: Sheet, row: MatrixRow, column: MatrixColumn) -> bool:
    """« / » and « - » say that none is expected; ND does not."""
    cell = sheet.cell(row, column)
    if cell is None or cell.is_missing or cell.kind == Emptiness.ND.value:
        return not (cell is not None and cell.kept.get("cell_raw"))
    return False


@sheet_rule(
    "objective_below_last", AlertLevel.WARNING, INDICATORS, "Un objectif ne recule pas sur le dernier bilan."
)
def objective_below_last(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """When nothing says which way is better, it is only told; of a duration, not even that."""
    accounts = full_accounts(sheet)
    for column in objectives_of(sheet, dossier.year):
        before = [
            account
            for account in accounts
            if not column.year or not account.year or account.year < column.year
        ]
        for row in sheet.rows:
            aim, last = figure_of(sheet, row, column), last_figure(sheet, row, before)
            if aim is None or last is None or aim.number == last.number or not comparable(aim, last):
                continue
            if is_population(row.label):
                continue
            direction, below = direction_of(row), aim.number < last.number
            if (direction == Direction.DOWN) == below:
                continue
            if direction == Direction.NEUTRAL and aim.cell.kind == "duration":
                continue
            yield Finding(
                cell_place(sheet, row, column),
                f"L’objectif ({aim.words}) est {'en dessous' if below else 'au-dessus'} du dernier bilan "
                f"({last.words}, {last.column.words}).",
                f"{last.words} {'au moins' if below else 'au plus'}",
                aim.words,
                Decimal(last.number) - Decimal(aim.number),
                level=AlertLevel.INFO if direction == Direction.NEUTRAL else AlertLevel.WARNING,
            )


def last_figure(sheet: Sheet, row: MatrixRow, columns: list[MatrixColumn]) -> PrintedFigure | None:
    return next((figure for column in reversed(columns) if (figure := figure_of(sheet, row, column))), None)


@sheet_rule(
    "realised_objective", AlertLevel.WARNING, INDICATORS, "Le réalisé atteint l’objectif de la même année."
)
def realised_objective(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """Nothing done is a warning; less than the objective too when more is known to be better, else it is told."""
    accounts = full_accounts(sheet)
    for column in sheet.columns:
        if not column.is_objective or not column.year:
            continue
        done_in = [account for account in accounts if account.year == column.year]
        for row in sheet.rows:
            aim, done = figure_of(sheet, row, column), last_figure(sheet, row, done_in)
            if aim is None or done is None or is_population(row.label) or not comparable(aim, done):
                continue
            yield from attained(sheet, row, aim, done)


def attained(sheet: Sheet, row: MatrixRow, aim: PrintedFigure, done: PrintedFigure) -> Iterator[Finding]:
    direction = direction_of(row)
    missed = done.number > aim.number if direction == Direction.DOWN else done.number < aim.number
    if not missed:
        return
    nothing = not done.number
    rate = (
        f" ({format_percent(percentage(done.number, aim.number), 0)})" if aim.number and not nothing else ""
    )
    yield Finding(
        cell_place(sheet, row, done.column),
        f"{done.words} pour un objectif de {aim.words}{rate}.",
        aim.words,
        done.words,
        Decimal(aim.number) - Decimal(done.number),
        level=AlertLevel.INFO if direction == Direction.NEUTRAL and not nothing else AlertLevel.WARNING,
    )


@sheet_rule(
    "partial_column",
    AlertLevel.INFO,
    INDICATORS,
    "Une colonne incomplète ne se compare pas à une année entière.",
)
def partial_column(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    for column in sheet.columns:
        if column.is_objective or not is_partial(column):
            continue
        filled = sum(1 for row in sheet.rows if figure_of(sheet, row, column) is not None)
        end = end_of(column)
        if filled:
            yield Finding(
                place(sheet_words(sheet), column.words),
                "Cette colonne ne couvre pas l’année entière : aucun taux n’est calculé avec les autres.",
                "une année entière",
                f"arrêtée au {format_date(end)}" if end is not None else "une partie de l’année",
            )


@sheet_rule(
    "jump", AlertLevel.INFO, INDICATORS, "Un chiffre ne double pas d’une colonne à l’autre sans raison."
)
def jump(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """From one column to the next: where an account between them says something, even for part of a year or in words,
    nothing jumped. A number that is far from all the others is told apart.
    """
    columns = full_accounts(sheet) + objectives_of(sheet, dossier.year)
    for row in sheet.rows:
        row_figures = list(figures(sheet, row, columns))
        steps = [
            step for step in pairwise(row_figures) if is_jump(*step) and not said_between(sheet, row, *step)
        ]
        apart = {id(printed_figure) for printed_figure in far(row_figures)} if steps else set()
        steps = [step for step in steps if not {id(printed_figure) for printed_figure in step} & apart]
        if steps:
            words = " ; ".join(
                f"{left.words} ({left.column.words}), puis {right.words} ({right.column.words})"
                for left, right in steps
            )
            yield Finding(
                cell_place(sheet, row),
                f"Le chiffre change du simple au double, ou davantage : {words}.",
                found=" ; ".join(f"{left.words} → {right.words}" for left, right in steps),
            )


def is_jump(left: PrintedFigure, right: PrintedFigure) -> bool:
    low, high = sorted((left.number, right.number))
    if low <= 0 or high < low * JUMP or not comparable(left, right):
        return False
    return high - low >= (TINY_GAP if high >= low * LARGE_JUMP else SMALL_GAP)


def said_between(sheet: Sheet, row: MatrixRow, left: PrintedFigure, right: PrintedFigure) -> bool:
    """Does an account that stands between these two say something that was left out of the comparison?"""
    columns = ordered(sheet.columns)
    first, last = sorted((columns.index(left.column), columns.index(right.column)))
    return any(is_account(column) and says(sheet, row, column) for column in columns[first + 1 : last])


def far(printed_figures: list[PrintedFigure]) -> Iterator[PrintedFigure]:
    """Those at least ten times more, or less, than each of three others (thirty times, than each of two)."""
    known = [printed_figure for printed_figure in printed_figures if printed_figure.number > 0]
    if len(known) <= FEW:
        return
    for suspect in known:
        others = [
            other.number for other in known if other is not suspect and same_unit(other.cell, suspect.cell)
        ]
        times = FAR if len(others) > FEW else VERY_FAR
        if len(others) >= FEW and all(is_far(suspect.number, other, times) for other in others):
            yield suspect


def is_far(left: Number, right: Number, times: int) -> bool:
    low, high = min(left, right), max(left, right)
    return high >= low * times and high >= LARGE


@sheet_rule("far_value", AlertLevel.WARNING, INDICATORS, "Un chiffre ressemble aux autres de sa ligne.")
def far_value(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """Two figures read as one, or a digit lost: put to a person."""
    columns = [column for column in sheet.columns if not (is_account(column) and is_partial(column))]
    for row in sheet.rows:
        row_figures = list(figures(sheet, row, columns))
        for suspect in far(row_figures):
            others = [other.words for other in row_figures if other is not suspect]
            yield Finding(
                cell_place(sheet, row, suspect.column),
                f"{suspect.words} est très loin des autres chiffres de la ligne ({listed(others)}) : à vérifier.",
                f"proche de {listed(others)}",
                suspect.words,
            )


@sheet_rule(
    "unit_changes", AlertLevel.WARNING, INDICATORS, "Une ligne compte la même chose dans toutes ses colonnes."
)
def unit_changes(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """What only says more precisely the same thing (« postes déployés », « postes ») is told."""
    columns = ordered(sheet.columns)
    for row in sheet.rows:
        row_figures = list(figures(sheet, row, columns))
        distinct = {
            (
                printed_figure.cell.kind,
                printed_figure.cell.unit,
                printed_figure.cell.qualifier,
            ): printed_figure
            for printed_figure in row_figures
        }.values()
        changes = [kind for left, right in combinations(distinct, 2) if (kind := change(left, right))]
        if changes:
            wordings = dict.fromkeys(
                counted(printed_figure) or "sans unité" for printed_figure in row_figures
            )
            if all(
                printed_figure.cell.qualifier or not counted(printed_figure) for printed_figure in row_figures
            ):
                wordings.pop("sans unité", None)
            yield Finding(
                cell_place(sheet, row),
                "D’une colonne à l’autre, ce n’est pas la même chose qui est comptée : "
                + listed(f"« {words} »" for words in wordings)
                + ". Ces chiffres ne se comparent pas.",
                found=listed(wordings),
                level=AlertLevel.WARNING if AlertLevel.WARNING in changes else AlertLevel.INFO,
            )


def counted(figure: PrintedFigure) -> str:
    if figure.cell.qualifier:
        return figure.cell.qualifier
    return "%" if figure.cell.kind == "percent" else figure.cell.unit


def change(left: PrintedFigure, right: PrintedFigure) -> AlertLevel | None:
    if not same_unit(left.cell, right.cell):
        return AlertLevel.WARNING
    left_words, right_words = bag(left.cell.qualifier), bag(right.cell.qualifier)
    if not left_words or not right_words or left_words == right_words:
        return None
    return AlertLevel.INFO if left_words < right_words or right_words < left_words else AlertLevel.WARNING


@sheet_rule(
    "before_start", AlertLevel.WARNING, INDICATORS, "Aucun chiffre n’est antérieur au début de l’action."
)
def before_start(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    start = start_of(sheet)
    if start is None:
        return
    for column in sheet.columns:
        end = end_of(column)
        if not is_account(column) or end is None or end >= start:
            continue
        rows = [row for row in sheet.rows if tells(sheet, row, column)]
        if rows:
            yield early(sheet, column, rows, start)


def tells(sheet: Sheet, row: MatrixRow, column: MatrixColumn) -> bool:
    """A figure other than 0, or several."""
    cell = sheet.cell(row, column)
    return says(sheet, row, column) and cell is not None and (bool(cell.figure) or cell.kind == "composite")


def says(sheet: Sheet, row: MatrixRow, column: MatrixColumn) -> bool:
    """Anything but an emptiness: a figure, several, or words."""
    cell = sheet.cell(row, column)
    return cell is not None and bool(cell.kind) and not isinstance(kind_named(cell.kind), Emptiness)


def early(sheet: Sheet, column: MatrixColumn, matrix_rows: list[MatrixRow], start: dt.date) -> Finding:
    alone = matrix_rows[0] if len(matrix_rows) == 1 else None
    cell = sheet.cell(alone, column) if alone is not None else None
    raw = (
        cell.raw
        if cell is not None
        else f"{len(matrix_rows)} {plural(len(matrix_rows), 'ligne remplie', 'lignes remplies')}"
    )
    return Finding(
        cell_place(sheet, alone, column) if alone is not None else place(sheet_words(sheet), column.words),
        f"Un bilan est donné pour une période antérieure au début de l’action, le {format_date(start)}.",
        f"rien avant le {format_date(start)}",
        raw,
    )

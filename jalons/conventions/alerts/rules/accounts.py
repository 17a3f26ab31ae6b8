"""What past years say: accounts left empty, objectives already exceeded in the middle of a year, rows that contain
others.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from jalons.conventions.alerts.engine import Finding, sheet_rule
from jalons.conventions.alerts.rules.dates import start_of
from jalons.conventions.alerts.rules.figures import (
    comparable,
    direction_of,
    end_of,
    figure_of,
    figures,
    is_account,
    is_average,
    is_partial,
    is_population,
    objectives_of,
    ordered,
)
from jalons.conventions.alerts.rules.tracking import declared
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.places import cell_place, listed, place, row_words, sheet_words
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import MatrixColumn, MatrixRow
from jalons.core.values import fold, format_number, plural
from jalons.indicators.enums import Direction

INDICATORS = AlertScope.INDICATORS
# Where the words of a row go on, they name a part of the row that they begin like.
GOES_ON = (" ayant ", " dans les ", " dont ", " avec ", " qui ", " beneficiant ", " accedant ", " parmi ")


@sheet_rule("empty_past_account", AlertLevel.WARNING, INDICATORS, "Le bilan d’une année passée est rempli.")
def empty_past_account(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """Once for a column. Of the last year, a warning; before, only for a row that was already followed.

    A column where nothing is written yet is the one that is to be filled: the counter of the sheet says so.
    """
    year, start = dossier.year, start_of(sheet)
    columns = ordered([column for column in sheet.columns if is_account(column)])
    rows = list(followed(sheet))
    for position, column in enumerate(columns):
        end = end_of(column)
        if year is None or not column.year or column.year >= year or is_partial(column):
            continue
        if start is not None and end is not None and end < start:
            continue
        empty = [row for row in rows if is_empty(sheet, row, column)]
        last = column.year == year - 1
        if len(empty) == len(rows):
            continue
        if not last:
            empty = [
                row for row in empty if any(figure_of(sheet, row, column) for column in columns[:position])
            ]
        if empty:
            yield left_empty(sheet, column, empty, last)


def left_empty(sheet: Sheet, column: MatrixColumn, empty: list[MatrixRow], last: bool) -> Finding:
    words = listed(row_words(row, sheet) for row in empty)
    return Finding(
        place(sheet_words(sheet), column.words),
        f"{len(empty)} {plural(len(empty), 'case vide', 'cases vides')} dans ce bilan passé : {words}. "
        "Écrivez ND si le chiffre n’existe pas.",
        "un chiffre ou ND",
        words[:380],
        level=AlertLevel.WARNING if last else AlertLevel.INFO,
    )


def followed(sheet: Sheet) -> Iterator[MatrixRow]:
    """The rows that stand by themselves and say something somewhere."""
    for row in sheet.rows:
        if row.parent is None and any(
            cell is not None and not cell.is_missing for _, cell in sheet.cells_of(row)
        ):
            yield row


def is_empty(sheet: Sheet, row: MatrixRow, column: MatrixColumn) -> bool:
    cell = sheet.cell(row, column)
    return cell is None or (cell.is_missing and not cell.kept.get("cell_raw"))


@sheet_rule(
    "objective_below_partial",
    AlertLevel.WARNING,
    INDICATORS,
    "Un objectif n’est pas déjà dépassé par un bilan incomplet.",
)
def objective_below_partial(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """The last account covers a part of its year and already makes more than is expected. Not of what should go down;
    after a whole year, `objective_below_last` says it.
    """
    accounts = ordered([column for column in sheet.columns if is_account(column)])
    if not any(map(is_partial, accounts)):
        return
    for column in objectives_of(sheet, dossier.year):
        before = [
            account
            for account in accounts
            if not column.year or not account.year or account.year <= column.year
        ]
        for row in sheet.rows:
            aim, direction = figure_of(sheet, row, column), direction_of(row)
            if aim is None or direction == Direction.DOWN or is_population(row.label):
                continue
            done = next(figures(sheet, row, before[::-1]), None)
            if done is None or not is_partial(done.column) or aim.cell.kind == "duration":
                continue
            if done.number > aim.number and comparable(aim, done):
                yield Finding(
                    cell_place(sheet, row, column),
                    f"L’objectif ({aim.words}) est en dessous d’un bilan qui ne couvre pas toute l’année "
                    f"({done.words}, {done.column.words}).",
                    f"{done.words} au moins",
                    aim.words,
                    Decimal(done.number) - Decimal(aim.number),
                    level=AlertLevel.INFO if direction == Direction.NEUTRAL else AlertLevel.WARNING,
                )


@sheet_rule(
    "funnel_proposed",
    AlertLevel.INFO,
    INDICATORS,
    "Une ligne nommée comme une partie d’une autre est déclarée comme telle.",
)
def funnel_proposed(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """A proposal: the names say so, nobody did. Where the figures go against it, it is said."""
    known = {(larger.key, smaller.key) for larger, smaller in declared(sheet)}
    for larger, smaller in named_parts(sheet):
        if (larger.key, smaller.key) in known:
            continue
        shared = [
            (column, left, right)
            for column in sheet.columns
            if (left := figure_of(sheet, larger, column)) and (right := figure_of(sheet, smaller, column))
        ]
        if not shared:
            continue
        over = [(column, left, right) for column, left, right in shared if right.number > left.number]
        words = f"Cette ligne semble compter une partie de « {row_words(larger, sheet)} »"
        if over:
            column, left, right = over[0]
            words += (
                f", et la dépasse : {format_number(right.number)} pour {format_number(left.number)} "
                f"({column.words})"
            )
        yield Finding(
            cell_place(sheet, smaller),
            f"{words}. Déclarez-la « au plus » égale à l’autre pour que ce soit contrôlé.",
            f"au plus « {row_words(larger, sheet)} »",
        )


def named_parts(sheet: Sheet) -> Iterator[tuple[MatrixRow, MatrixRow]]:
    """(row, row whose name is the same and goes on: « jeunes suivis », « jeunes suivis ayant un logement »; or that
    begins with « Dont » under it).
    """
    alone = [row for row in sheet.rows if row.parent is None]
    for larger, smaller in pairwise(alone):
        if fold(smaller.label).startswith(("dont ", "parmi ")) and larger.group_id == smaller.group_id:
            yield larger, smaller
    by_name = {fold(row.label).strip(" :"): row for row in sheet.rows if not is_average(row.label)}
    for name, smaller in by_name.items():
        for words in GOES_ON:
            before, separator, _ = f"{name} ".partition(words)
            if separator and before in by_name and smaller.parent is None:
                yield by_name[before], smaller

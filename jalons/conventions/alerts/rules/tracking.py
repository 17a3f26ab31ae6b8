"""Tracking tables and funnels: what was declared as never above something else."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from jalons.conventions.alerts.engine import Finding, sheet_rule
from jalons.conventions.alerts.rules.cells import number_of, parts_of
from jalons.conventions.dossier.content import Dossier, Sheet, Tracking
from jalons.conventions.dossier.places import cut, place, row_words, sheet_words
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import MatrixRow, TrackingRow
from jalons.conventions.models.printed import as_dict, as_list, as_number, as_text, euros, objects_in
from jalons.core.values import Number, exact, fold, format_number

INDICATORS = AlertScope.INDICATORS
SUMS = ("total", "sous-total", "total_general")
ADDED = ("number", "amount", "duration")
# How a file may name the two ends of a declared funnel, the larger first.
ENDS = (("a", "b"), ("from", "to"), ("upper", "lower"), ("greater", "lesser"), ("planned", "done"))


def figure(value: object) -> Number | None:
    """Of a plain number or of a typed cell."""
    number = as_number(as_dict(value).get("number", value))
    return euros(value) if number is None else exact(number)


def line_words(tracking: Tracking, row: TrackingRow) -> str:
    """What names a row: its first words, and those of the next columns until no other row has the same."""
    rivals = [other_row for other_row in tracking.rows if other_row is not row]
    named: list[str] = []
    for column in columns_of(tracking):
        key = as_text(column.get("key"))
        words = cell_text(row, key)
        if not words:
            continue
        named.append(words)
        rivals = [rival for rival in rivals if cell_text(rival, key) == words]
        if not rivals:
            break
    name = cut(", ".join(named) or row.raw, 80)
    if not name or (rivals and named):
        name = f"{name}, ligne {row.position + 1}".removeprefix(", ")
    return name


def cell_text(row: TrackingRow, key: str) -> str:
    return as_text(row.cells.get(key)).strip()


def columns_of(tracking: Tracking) -> list[dict[str, Any]]:
    return objects_in(tracking.table.columns)


def header(tracking: Tracking, key: str) -> str:
    headers = (as_text(column.get("header")) for column in columns_of(tracking) if column.get("key") == key)
    return next(headers, "") or key


def table_place(sheet: Sheet, tracking: Tracking) -> str:
    return place(sheet_words(sheet), cut(tracking.table.title, 80) or "tableau de suivi")


def is_sum(row: TrackingRow) -> bool:
    return row.kept.get("kind") in SUMS


@sheet_rule(
    "done_le_planned",
    AlertLevel.WARNING,
    INDICATORS,
    "Dans un tableau de suivi, le fait ne dépasse pas le prévu.",
)
def done_le_planned(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    for tracking in sheet.tracking:
        for rule in objects_in(tracking.table.checks):
            if rule.get("rule") != "done_le_planned":
                continue
            planned, done = as_text(rule.get("planned")), as_text(rule.get("done"))
            for row in tracking.rows:
                most, actual = figure(row.cells.get(planned)), figure(row.cells.get(done))
                if most is not None and actual is not None and actual > most:
                    yield over(
                        place(
                            table_place(sheet, tracking), line_words(tracking, row), header(tracking, done)
                        ),
                        header(tracking, planned),
                        most,
                        actual,
                    )


def over(where: str, than: str, most: Number, number: Number) -> Finding:
    return Finding(
        where,
        f"{format_number(number)} dépasse {format_number(most)} ({than}).",
        f"{format_number(most)} au plus",
        format_number(number),
        Decimal(most) - Decimal(number),
    )


@sheet_rule(
    "tracking_total",
    AlertLevel.WARNING,
    INDICATORS,
    "Le total d’un tableau de suivi est la somme de ses lignes.",
)
def tracking_total(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    for tracking in sheet.tracking:
        lines = [row for row in tracking.rows if not is_sum(row)]
        for total in tracking.rows:
            if total.kept.get("kind") != "total":
                continue
            for column in columns_of(tracking):
                key = as_text(column.get("key"))
                printed = figure(total.cells.get(key)) if column.get("kind") in ADDED else None
                numbers = [number for row in lines if (number := figure(row.cells.get(key))) is not None]
                sum_of_lines = exact(sum(map(Decimal, numbers), Decimal(0)))
                if printed is not None and numbers and sum_of_lines != printed:
                    yield Finding(
                        place(
                            table_place(sheet, tracking), line_words(tracking, total), header(tracking, key)
                        ),
                        f"Les lignes font {format_number(sum_of_lines)}, le total dit {format_number(printed)}.",
                        format_number(sum_of_lines),
                        format_number(printed),
                        Decimal(sum_of_lines) - Decimal(printed),
                    )


@sheet_rule(
    "funnel", AlertLevel.WARNING, INDICATORS, "Une étape ne compte pas plus de monde que celle d’avant."
)
def funnel(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """Only of steps that the file or the indicators declare: nothing is guessed from the words."""
    for larger, smaller in declared(sheet):
        for column in sheet.columns:
            most, actual = step(sheet, larger, column.key), step(sheet, smaller, column.key)
            if most is not None and actual is not None and actual > most:
                yield over(
                    place(sheet_words(sheet), named(smaller, sheet), column.words),
                    named(larger, sheet),
                    most,
                    actual,
                )
    for row in sheet.rows:
        for outer, inner in steps_declared(row.kept):
            for column, cell in sheet.cells_of(row):
                number_by_label = (
                    {fold(as_text(part.get("label"))): number_of(part) for part in parts_of(cell)}
                    if cell
                    else {}
                )
                most, actual = number_by_label.get(fold(outer)), number_by_label.get(fold(inner))
                if most is not None and actual is not None and actual > most:
                    where = place(sheet_words(sheet), row_words(row, sheet), column.words, inner)
                    yield over(where, outer, most, actual)


def declared(sheet: Sheet) -> Iterator[tuple[MatrixRow, MatrixRow]]:
    """(row, row that it contains): declared beside the table, or by the « au plus » of an indicator."""
    other_values = sheet.commitment.kept
    steps = [
        step
        for source in (other_values, as_dict(other_values.get("@indicator_table")))
        for step in steps_declared(source)
    ]
    if steps:
        by_name = {fold(row.label): row for row in reversed(sheet.rows)} | {
            row.key: row for row in sheet.rows
        }
        for larger, smaller in steps:
            left = by_name.get(larger) or by_name.get(fold(larger))
            right = by_name.get(smaller) or by_name.get(fold(smaller))
            if left is not None and right is not None:
                yield left, right
    limits = {row.indicator_id: row for row in sheet.rows if row.indicator_id}
    for row in sheet.rows:
        limit = row.indicator.limit_id if row.indicator is not None else None
        if limit is not None and limit in limits:
            yield limits[limit], row


def steps_declared(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of names: `"funnels": [["a", "b", "c"], {"from": "a", "to": "b"}]`."""
    for steps in as_list(values.get("funnels")):
        if isinstance(steps, list):
            names = [as_text(name) for name in steps]
            yield from pairwise(names)
        for larger, smaller in ENDS:
            ends = as_text(as_dict(steps).get(larger)), as_text(as_dict(steps).get(smaller))
            if all(ends):
                yield ends


def step(sheet: Sheet, row: MatrixRow, column: str) -> Number | None:
    cell = sheet.cells.get((row.key, column))
    return cell.figure if cell is not None else None


def named(row: MatrixRow, sheet: Sheet) -> str:
    return row_words(row, sheet)

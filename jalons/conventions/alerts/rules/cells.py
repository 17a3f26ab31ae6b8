"""Cells of the indicators: what they say, the parts that they name, the details under them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jalons.conventions.alerts.engine import Finding, sheet_rule
from jalons.conventions.alerts.rules.figures import is_average
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.places import cell_place, cut, listed, place
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import Cell, MatrixColumn, MatrixRow
from jalons.conventions.models.printed import as_dict, as_number, as_text, objects_in
from jalons.core.values import Kind, Number, exact, fold, format_number, format_percent, plural
from jalons.core.values.numbers import percentage

INDICATORS = AlertScope.INDICATORS
WHOLE, AMONG = "ventilation", "dont"
HUNDRED = 100
DECIMALS = re.compile(r"\d[.,](\d+)")


def filled(sheet: Sheet) -> Iterator[tuple[MatrixRow, MatrixColumn, Cell]]:
    for row in sheet.rows:
        for column, cell in sheet.cells_of(row):
            if cell is not None and cell.kind:
                yield row, column, cell


@sheet_rule("text_value", AlertLevel.WARNING, INDICATORS, "Là où un nombre est attendu, il y a un nombre.")
def text_value(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    for row, column, cell in filled(sheet):
        if cell.kind == Kind.TEXT.value:
            yield Finding(
                cell_place(sheet, row, column),
                "Un texte se trouve là où un nombre est attendu.",
                "un nombre",
                cut(cell.raw, 200),
            )


@sheet_rule(
    "composite_without_main",
    AlertLevel.INFO,
    INDICATORS,
    "Une case à plusieurs chiffres a un chiffre principal.",
)
def composite_without_main(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """Without one, nothing can be compared nor added up. Once for a row."""
    composite_by_row: dict[str, tuple[MatrixRow, list[tuple[MatrixColumn, Cell]]]] = {}
    for row, column, cell in filled(sheet):
        if cell.kind == Kind.COMPOSITE.value and cell.number is None:
            composite_by_row.setdefault(row.key, (row, []))[1].append((column, cell))
    for row, cells in composite_by_row.values():
        columns = listed(column.words for column, _ in cells)
        yield Finding(
            cell_place(sheet, row, cells[0][0] if len(cells) == 1 else None),
            "Plusieurs chiffres, et aucun n’est le principal : rien ne s’additionne ni ne se compare "
            f"({columns}).",
            "un chiffre principal",
            cut(" ; ".join(cell.raw for _, cell in cells), 300),
        )


@sheet_rule("doubtful_number", AlertLevel.WARNING, INDICATORS, "Chaque chiffre se lit d’une seule façon.")
def doubtful_number(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """A doubtful main number, or numbers that nothing names; a number chosen by who transcribed it is told."""
    for row, column, cell in filled(sheet):
        if cell.kind != Kind.COMPOSITE.value:
            continue
        stray = [
            part for part in parts_of(cell) if number_of(part) is not None and not as_text(part.get("label"))
        ]
        where = cell_place(sheet, row, column)
        if cell.main == "doubtful":
            yield Finding(
                where,
                f"Le chiffre principal est douteux{note_of(cell)}.",
                "un chiffre sûr",
                cut(cell.raw, 300),
            )
        elif stray:
            words = listed(format_number(number_of(part) or 0) for part in stray)
            yield Finding(
                where,
                f"{plural(len(stray), 'Un chiffre que rien ne nomme', 'Des chiffres que rien ne nomme')} : "
                f"{words}{note_of(cell)}.",
                "un libellé pour chaque chiffre",
                cut(cell.raw, 300),
            )
        elif cell.main == "inferred" and cell.number is not None:
            chosen = format_number(exact(cell.number))
            yield Finding(
                where,
                f"{chosen} a été choisi parmi plusieurs chiffres{note_of(cell)} : à confirmer.",
                "un chiffre principal",
                cut(cell.raw, 300),
                level=AlertLevel.INFO,
            )


def note_of(cell: Cell) -> str:
    return f" ({cut(cell.note, 200).rstrip('.')})" if cell.note else ""


def parts_of(cell_or_part: Cell | dict[str, Any]) -> list[dict[str, Any]]:
    parts = cell_or_part.parts if isinstance(cell_or_part, Cell) else cell_or_part.get("parts")
    return objects_in(parts)


def number_of(part: dict[str, Any]) -> Number | None:
    number = as_number(part.get("number"))
    return None if number is None else exact(number)


def relation_of(part: dict[str, Any]) -> str:
    return fold(as_text(part.get("relation")))


def is_share(part: dict[str, Any]) -> bool:
    return part.get("kind") == Kind.PERCENT.value or part.get("unit") == "%"


@sheet_rule("breakdown_sum", AlertLevel.WARNING, INDICATORS, "Une ventilation complète fait son total.")
def breakdown_sum(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """Only of what is told as a whole breakdown, at any depth; a median has no sum."""
    for row, column, cell in filled(sheet):
        if not cell.parts or is_average(row.label):
            continue
        whole = None if cell.number is None else exact(cell.number)
        for label, expected, actual in broken(parts_of(cell), whole, cell.kind == Kind.PERCENT.value, ""):
            words = f"Les parties{f' de « {label} »' if label else ''} font {format_number(actual)}"
            yield Finding(
                place(cell_place(sheet, row, column), label),
                f"{words} pour un total de {format_number(expected)}.",
                format_number(expected),
                format_number(actual),
                Decimal(expected) - Decimal(actual),
            )


def broken(
    parts: list[dict[str, Any]], whole: Number | None, of_share: bool, label: str
) -> Iterator[tuple[str, Number, Number]]:
    """(what, total, sum of its parts) wherever a complete breakdown does not make its total."""
    mine = [part for part in parts if relation_of(part) == WHOLE]
    counts = [number_of(part) for part in mine if is_share(part) == of_share]
    shares = [number_of(part) for part in mine if is_share(part)]
    if not is_average(label):
        yield from gap_of_sum(label, whole, counts, 0)
        if not of_share and len(shares) > 1 and len(shares) == len(mine):
            yield from gap_of_sum(f"{label} (en %)".strip(), HUNDRED, shares, len(shares))
    for part in parts:
        inner = cut(as_text(part.get("label")), 80)
        yield from broken(parts_of(part), number_of(part), is_share(part), inner)


def gap_of_sum(
    label: str, whole: Number | None, parts: list[Number | None], tolerance: int
) -> Iterator[tuple[str, Number, Number]]:
    """`tolerance`: what rounding allows. A part that is not known leaves only « more than the total » to be said."""
    known = [part for part in parts if part is not None]
    if whole is None or not known:
        return
    total = exact(sum(map(Decimal, known), Decimal(0)))
    short = len(known) < len(parts)
    gap = Decimal(whole) - Decimal(total)
    if gap and abs(gap) > tolerance and not (short and gap > 0):
        yield label, whole, total


@sheet_rule("part_above_whole", AlertLevel.WARNING, INDICATORS, "Une partie ne dépasse pas son total.")
def part_above_whole(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """« dont » within its number, a number within its denominator."""
    for row, column, cell in filled(sheet):
        if not cell.parts or cell.number is None or is_average(row.label):
            continue
        whole = exact(cell.number)
        for part in parts_of(cell):
            number, relation = number_of(part), relation_of(part)
            if number is None or is_share(part) != (cell.kind == Kind.PERCENT.value):
                continue
            if relation == AMONG and number > whole:
                yield above(cell_place(sheet, row, column), part, whole, number)
            elif relation == "denominateur" and whole > number:
                yield above(cell_place(sheet, row, column), part, number, whole)


def above(where: str, part: dict[str, Any], most: Number, number: Number) -> Finding:
    label = cut(as_text(part.get("label")) or as_text(part.get("raw")), 80)
    return Finding(
        place(where, label),
        f"{format_number(number)} dépasse {format_number(most)}, qui doit le contenir.",
        f"{format_number(most)} au plus",
        format_number(number),
        Decimal(most) - Decimal(number),
    )


@sheet_rule("details_sum", AlertLevel.WARNING, INDICATORS, "Les détails d’une ligne ne la contredisent pas.")
def details_sum(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """Of a whole breakdown, the sum; of « Dont », that none is more than its row, and that details which make the
    whole in one column make it in the others.
    """
    for row in sheet.rows:
        children = sheet.children(row)
        if not children or is_average(row.label):
            continue
        exhaustive = fold(row.children_relation) == WHOLE
        sums = []
        for column, cell in sheet.cells_of(row):
            whole = cell.figure if cell is not None else None
            child_cells = [(child, sheet.cells.get((child.key, column.key))) for child in children]
            if whole is None or (cell is not None and cell.kind == Kind.PERCENT.value):
                continue
            parts = [detail.figure if detail is not None else None for _, detail in child_cells]
            sums.append((column, whole, parts))
            for (child, _), part in zip(child_cells, parts, strict=True):
                if part is not None and part > whole and not exhaustive:
                    yield above(cell_place(sheet, child, column), {}, whole, part)
        yield from sums_of_details(sheet, row, sums, exhaustive)


def sums_of_details(
    sheet: Sheet,
    row: MatrixRow,
    sums: list[tuple[MatrixColumn, Number, list[Number | None]]],
    exhaustive: bool,
) -> Iterator[Finding]:
    gaps = [(column, list(gap_of_sum("", whole, parts, 0))) for column, whole, parts in sums]
    complete = [
        column
        for column, whole, parts in sums
        if whole and sum(1 for part in parts if part) > 1 and None not in parts
    ]
    right = [column for column, gap in gaps if not gap and column in complete]
    for column, gap in gaps:
        for _, expected, actual in gap:
            if not exhaustive and not (right and column in complete):
                continue
            yield Finding(
                cell_place(sheet, row, column),
                f"Les détails font {format_number(actual)} pour {format_number(expected)}"
                + ("." if exhaustive else f", alors qu’ils font le total dans « {right[0].words} »."),
                format_number(expected),
                format_number(actual),
                Decimal(expected) - Decimal(actual),
                level=AlertLevel.WARNING if exhaustive else AlertLevel.INFO,
            )


@sheet_rule("stated_rate", AlertLevel.WARNING, INDICATORS, "Un taux écrit est celui de ses deux nombres.")
def stated_rate(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    for row, column, cell in filled(sheet):
        rate = rate_of(cell)
        if rate is None:
            continue
        stated, raw, numerator, denominator = rate
        computed = percentage(numerator, denominator)
        decimals = DECIMALS.search(raw)
        step = Decimal(1).scaleb(-len(decimals[1])) if decimals is not None else Decimal(1)
        if abs(Decimal(stated) - Decimal(computed)) >= step:
            yield Finding(
                cell_place(sheet, row, column),
                f"Le taux écrit est {format_percent(stated)} ; {format_number(numerator)} sur "
                f"{format_number(denominator)} font {format_percent(computed, 1)}.",
                format_percent(computed, 1),
                format_percent(stated),
                Decimal(computed) - Decimal(stated),
            )


def rate_of(cell: Cell) -> tuple[Number, str, Number, Number] | None:
    """(stated rate, its words, numerator, denominator) of a cell that says all three."""
    parts = parts_of(cell)
    denominator = first_number(parts, "denominateur")
    share = as_dict(cell.kept.get("share"))
    if denominator is None or denominator <= 0:
        return None
    number = None if cell.number is None else exact(cell.number)
    if cell.kind == Kind.PERCENT.value:
        numerator = first_number(parts, "numerateur", "numerateur/taux")
        return None if number is None or numerator is None else (number, cell.raw, numerator, denominator)
    stated, words = number_of(share), as_text(share.get("raw"))
    for part in parts:
        if stated is None and is_share(part) and relation_of(part) in ("taux", "numerateur/taux"):
            stated, words = number_of(part), as_text(part.get("raw"))
    numerator = first_number(parts, "numerateur")
    numerator = number if numerator is None else numerator
    return None if stated is None or numerator is None else (stated, words, numerator, denominator)


def first_number(parts: list[dict[str, Any]], *relations: str) -> Number | None:
    numbers = (number_of(part) for part in parts if relation_of(part) in relations and not is_share(part))
    return next((number for number in numbers if number is not None), None)

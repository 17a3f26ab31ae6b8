"""What somebody typed in a cell → the fields of a `Cell`. Only what can be read in one way is read."""

import re
from collections.abc import Iterable
from typing import Any

from jalons.conventions.models import Cell
from jalons.core.values import (
    Emptiness,
    Kind,
    Number,
    ParseError,
    Value,
    fold,
    format_number,
    kind_named,
    parse_cell,
    parse_number,
)

# Of what was printed with the figure before: they say nothing of the new one.
STALE = ("lower_bound", "upper_bound", "approx", "share", "markup", "gras", "sum_of_parts", "cell_raw")
LIKE_A_NUMBER = re.compile(r"[\d\s\u00a0\u202f.,+\-−]*\d[\d\s\u00a0\u202f.,]*[€%]?")
COUNTED = re.compile(r"(?P<number>.*\d)\s*(?P<what>[^\d]+)")
LONGEST = 2000


def fields_of(typed: Number | str, current: Cell | None, neighbours: Iterable[Cell]) -> dict[str, Any]:
    """What to write in a cell; `neighbours`: the other cells of its row. Raises `ParseError`, in French."""
    around = [cell for cell in (current, *neighbours) if cell is not None]
    value = value_of(typed, current, around)
    raw = written(typed, value)
    if len(raw) > LONGEST:
        raise ParseError(f"C’est trop long pour une cellule : {LONGEST} signes au plus.")
    kept = {} if current is None else {name: told for name, told in current.kept.items() if name not in STALE}
    return {
        "raw": raw,
        "kind": value.cell_kind,
        "number": value.number,
        "unit": unit_of(value),
        "qualifier": value.qualifier,
        "main": "",
        "parts": [],
        "kept": kept,
    }


def value_of(typed: Number | str, current: Cell | None, around: list[Cell]) -> Value:
    if not isinstance(typed, str):
        return from_number(typed, around)
    value = parse_cell(typed)
    if value.kind is Kind.NUMBER and value.number is not None:
        return from_number(value.number, around)
    if value.kind is not Kind.TEXT:
        return value
    counted = with_qualifier(typed, around)
    if counted is not None:
        return counted
    if LIKE_A_NUMBER.fullmatch(typed.strip()):
        parse_number(typed.strip())  # says why it is none
    if current is not None and current.kind == Kind.COMPOSITE:
        raise ParseError(
            "Cette cellule dit plusieurs choses : changez-la dans la grille de la fiche, partie par partie."
        )
    return value


def from_number(number: Number, around: list[Cell]) -> Value:
    """A number alone is what its row is: a rate or a delay whose unit stands in the label."""
    for cell in around:
        if cell.kind == Kind.PERCENT:
            if 0 < number < 1:
                shown, rate = format_number(number), format_number(number * 100)
                raise ParseError(
                    f"{shown} dans une ligne de pourcentages : écrivez « {rate} % » en texte, ou {rate} sans le signe."
                )
            return Value.percent(number)
        if cell.kind == Kind.DURATION and parse_cell(cell.raw).kind is Kind.NUMBER:
            return Value.duration(number, cell.unit)
        if cell.kind == Kind.NUMBER:
            break
    return Value.of(number)


def with_qualifier(typed: str, around: list[Cell]) -> Value | None:
    """« 45 familles » where a cell of the row already counts « familles »."""
    match = COUNTED.fullmatch(typed.strip())
    if match is None:
        return None
    for cell in around:
        if cell.qualifier and fold(cell.qualifier) == fold(match["what"]):
            value = parse_cell(match["number"])
            if value.kind is Kind.NUMBER and value.number is not None:
                return Value.of(value.number, qualifier=cell.qualifier)
    return None


def written(typed: Number | str, value: Value) -> str:
    if isinstance(typed, str):
        return typed.strip()
    return str(value) if value.kind is not Kind.DURATION else format_number(typed)


def unit_of(value: Value) -> str:
    """As in the exchange format: units of measure alone."""
    if value.kind is Kind.PERCENT:
        return "%"
    return "€" if value.kind is Kind.AMOUNT else value.unit


def says(cell: Cell | None, fields: dict[str, Any]) -> bool:
    """Does the cell already say this? Nothing and an empty cell are the same."""
    kind = cell.kind if cell is not None else ""
    if fields["kind"] == "empty" or not fields["kind"]:
        return kind in ("", "empty")
    if cell is None or cell.kind != fields["kind"]:
        return False
    if isinstance(kind_named(kind), Emptiness):
        return True
    told = ("unit", "qualifier")
    if cell.number is None or kind == Kind.COMPOSITE:
        return bool(cell.raw == fields["raw"])
    return bool(cell.number == fields["number"]) and all(getattr(cell, each) == fields[each] for each in told)

"""Tracking tables as a page shows them: typed cells, totals that say what they cover."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.conventions.dossier.content import Tracking
from jalons.conventions.models.printed import as_dict, as_number, as_text, euros, objects_in
from jalons.core.values import (
    Emptiness,
    Kind,
    MixedUnitsError,
    Sum,
    Value,
    exact,
    format_date,
    format_euros,
    format_number,
    format_percent,
    format_value,
    missing_from_text,
    parse_amount,
    parse_number,
    parse_partial_date,
)
from jalons.core.values import total as sum_of
from jalons.core.values.parsing import ParseError, quoted
from jalons.core.values.partial_dates import Precision

TEXT, NUMBER, PERCENT, AMOUNT, DATE = "text", "number", "percent", "amount", "date"
KINDS = {TEXT: "Texte", NUMBER: "Nombre", PERCENT: "Pourcentage", AMOUNT: "Montant en euros", DATE: "Date"}
FIGURES = (NUMBER, PERCENT, AMOUNT)
SUMMED = (NUMBER, AMOUNT)
DONE_LE_PLANNED = "done_le_planned"
EXAMPLE = dt.date(2022, 6, 30)
STATES = {
    "nd": Emptiness.ND,
    "not_applicable": Emptiness.NA,
    "dash": Emptiness.DASH,
    "empty": Emptiness.EMPTY,
}
KIND_OF = {NUMBER: Kind.NUMBER, PERCENT: Kind.PERCENT, AMOUNT: Kind.AMOUNT}


@dataclass(frozen=True, slots=True)
class TrackedCell:
    words: str
    missing: str = ""
    numeric: bool = False
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class TrackedRow:
    cells: Sequence[TrackedCell]
    alert: str = ""


@dataclass(frozen=True, slots=True)
class TrackingView:
    title: str
    headers: Sequence[tuple[str, bool]]  # words, numeric
    rows: Sequence[TrackedRow]
    totals: Sequence[str]
    notes: Sequence[str]
    checks: Sequence[str]
    edit_url: str = ""
    anchor: str = ""


def columns_of(table: Any) -> list[dict[str, Any]]:
    """The columns that can be used: objects that bear a key."""
    return [column for column in objects_in(table.columns) if isinstance(column.get("key"), str)]


def kind_of(column: Mapping[str, Any]) -> str:
    return str(column.get("kind")) if column.get("kind") in KINDS else TEXT


def header_of(column: Mapping[str, Any]) -> str:
    return str(column.get("header") or column.get("key") or "")


def value_of(value: Any, kind: str) -> Value:
    """What a cell of a tracking table says; what cannot be read as its column wants stays a text."""
    if value is None:
        return Value.empty()
    if isinstance(value, dict):
        return typed_value(value, kind)
    if isinstance(value, bool):
        return Value.text("oui" if value else "non")
    if isinstance(value, int | float):
        return figure(value, kind)
    text = str(value)
    missing = missing_from_text(text)
    if missing:
        return Value(missing)
    if kind in FIGURES:
        try:
            return figure(parse_number(text), kind)
        except (ParseError, ValueError):
            pass
    return Value.text(text)


def typed_value(values: Mapping[str, Any], kind: str) -> Value:
    typed_kind, number = values.get("kind"), as_number(values.get("number"))
    if typed_kind in STATES:
        return Value(STATES[typed_kind])
    if number is not None:
        return figure(number, typed_kind if typed_kind in KIND_OF else kind)
    if (amount := euros(values)) is not None:
        return Value.amount(amount)
    return value_of(str(values.get("raw") or ""), kind)


def figure(number: Any, kind: str) -> Value:
    try:
        return Value(KIND_OF.get(kind, Kind.NUMBER), number=exact(number))
    except ValueError:
        return Value.text(str(number))


def words_of(value: Value, kind: str) -> str:
    if value.number is None:
        return value.words
    forms = {AMOUNT: format_euros, PERCENT: format_percent}
    return forms[kind](value.number) if kind in forms else format_value(value)


def tracking_view(tracking: Tracking, edit_url: str = "") -> TrackingView:
    table = tracking.table
    columns = columns_of(table)
    values = [
        [value_of(row.cells.get(column["key"]), kind_of(column)) for column in columns]
        for row in tracking.rows
    ]
    pairs = checked_pairs(table, columns)
    rows = [row_view(line, columns, pairs) for line in values]
    totals = [
        column_total([line[index] for line in values], kind_of(column))
        for index, column in enumerate(columns)
    ]
    names = [header_of(column) for column in columns]
    return TrackingView(
        table.title or "Tableau de suivi",
        [(header_of(column), kind_of(column) in FIGURES) for column in columns],
        rows,
        totals if any(totals) else (),
        [str(note) for note in table.notes if note],
        [f"« {names[done]} » ne dépasse pas « {names[planned]} »" for planned, done in pairs],
        edit_url,
        f"suivi-{table.position}",
    )


def row_view(
    values: Sequence[Value], columns: Sequence[Mapping[str, Any]], pairs: Sequence[tuple[int, int]]
) -> TrackedRow:
    over = {done for planned, done in pairs if exceeds(values[done], values[planned])}
    cells = []
    for index, (value, column) in enumerate(zip(values, columns, strict=True)):
        kind = kind_of(column)
        missing = value.emptiness.words if value.emptiness else ""
        numeric = kind in FIGURES and value.number is not None
        unread = kind in FIGURES and not missing and value.number is None
        cells.append(TrackedCell(words_of(value, kind), missing, numeric, index in over or unread))
    return TrackedRow(cells, "réalisé au-dessus du prévu" if over else "")


def exceeds(done: Value, planned: Value) -> bool:
    return done.number is not None and planned.number is not None and done.number > planned.number


def checked_pairs(table: Any, columns: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """(planned, done) columns of the checks « réalisé ≤ prévu », by place."""
    places = {column["key"]: index for index, column in enumerate(columns)}
    checked_pairs = []
    for check in objects_in(table.checks):
        if check.get("rule") == DONE_LE_PLANNED:
            planned, done = places.get(str(check.get("planned"))), places.get(str(check.get("done")))
            if planned is not None and done is not None:
                checked_pairs.append((planned, done))
    return checked_pairs


def column_total(values: Sequence[Value], kind: str) -> str:
    """« ≥ 180 (1 ND) »; nothing for what is not added up: rates, texts, dates."""
    if kind not in SUMMED or not values:
        return ""
    try:
        whole: Sum = sum_of(values)
    except MixedUnitsError:
        return ""
    return whole.display(format_euros if kind == AMOUNT else format_number)


# --- typing ----------------------------------------------------------------------------------------------------


def typed_text(cell: Any, kind: str) -> str:
    """What a person finds in the field of a cell."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    value = value_of(cell, kind)
    if value.emptiness:
        return value.emptiness.sign
    if as_text(as_dict(cell).get("raw")).strip():
        return str(cell["raw"])
    return words_of(value, kind).replace("\u202f", " ").replace("\u00a0", " ")


def cell_from_text(text: str, kind: str, before: Any = None) -> Any:
    """The cell that was typed, None for nothing. What says the same as `before` is `before`. Raises `ParseError`."""
    words = text.strip()
    if words == typed_text(before, kind).strip():
        return before
    missing = missing_from_text(words)
    if missing is Emptiness.EMPTY:
        return None
    if missing:
        return {"raw": words, "kind": Value(missing).cell_kind}
    if kind in FIGURES:
        number = parse_amount(words) if kind == AMOUNT else parse_number(words)
        if kind == NUMBER and words.rstrip().endswith(("%", "€")):
            raise ParseError(f"{quoted(words)} n’est pas un simple nombre : écrivez-le sans unité.")
        return number if isinstance(number, int) else float(number)
    if kind == DATE and parse_partial_date(words).precision is Precision.UNKNOWN:
        raise ParseError(
            f"{quoted(words)} n’est pas une date : écrivez par exemple {format_date(EXAMPLE)}, « juin 2022 » ou « ND »."
        )
    return words

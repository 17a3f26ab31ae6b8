"""Tables as tired people keep them, read as a careful reader reads them: cell by cell, nothing guessed.

Each file of `layouts/` has its `.expected.json`. Two were given with the project, the others were drawn before the
reading code (`drawing.py`).
"""

import datetime as dt
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from jalons.imports import choices
from jalons.imports.reading.files import read_content
from jalons.imports.reading.layout import RowKind
from jalons.imports.reading.table import SheetTable
from jalons.imports.reading.typed import Meaning, TypedCell
from jalons.imports.targets.recognise import Recognised, recognise
from jalons.imports.targets.records import TableRecord, read_records
from tests.imports.drawing import LAYOUTS

TODAY = dt.date(2026, 11, 29)
FILES = sorted(path.name.removesuffix(".expected.json") for path in LAYOUTS.glob("*.expected.json"))
# The words of the given files, in ours.
KEYS = {
    "site name": "name", "persons": "people", "in_school": "minors_at_school", "visited_on": "observed_on",
    "remark": "note", "action (merged)": "action",
}  # fmt: skip
KINDS = {
    "association, monthly observatory of sites, Lille métropole": "sites",
    "funding planned/executed by action and funder, 3 years": "funding",
}
DERIVED = ("total planned", "total executed")
ROWS = {
    "title": RowKind.TITLE, "subtitle": RowKind.TITLE, "blank": RowKind.BLANK, "header": RowKind.HEADER,
    "repeated": RowKind.REPEATED,
    "section": RowKind.SECTION, "total": RowKind.TOTAL, "sub-total": RowKind.TOTAL, "note": RowKind.NOTE,
}  # fmt: skip


@cache
def expected_of(name: str) -> dict[str, Any]:
    return json.loads((LAYOUTS / f"{name}.expected.json").read_text(encoding="utf-8"))


@cache
def tables_of(name: str) -> dict[str, SheetTable]:
    kind = Path(name).suffix[1:]
    sheets = read_content((LAYOUTS / name).read_bytes(), kind, "")
    return {table.title: table for table in choices.tables_of(sheets, kind, TODAY)}


def key_of(words: str) -> str:
    """« 2024_planned » is « planned 2024 » for us, « 2026-07 » the value of that month."""
    words = KEYS.get(words, words)
    first, _, second = words.partition("_")
    if first.isdigit() and second in ("planned", "executed"):
        return f"{second} {first}"
    if len(words) == 7 and words[:4].isdigit():
        month = dt.date(int(words[:4]), int(words[5:]), 28) + dt.timedelta(days=4)
        return f"value {month - dt.timedelta(days=month.day)}"
    return words


CASES = [(name, sheet["name"]) for name in FILES for sheet in expected_of(name)["sheets"]]


@cache
def case(name: str, title: str) -> tuple[dict[str, Any], SheetTable, Recognised, list[TableRecord]]:
    told = next(sheet for sheet in expected_of(name)["sheets"] if sheet["name"] == title)
    tables = tables_of(name)
    table = tables.get(title) or tables[""]
    found = recognise(table)
    records = read_records(table, found.target, found.columns, today=TODAY) if found.target else []
    return told, table, found, records


@pytest.mark.parametrize(("name", "title"), CASES)
def test_the_sheet_is_what_it_is(name: str, title: str) -> None:
    told, table, found, _ = case(name, title)
    assert found.is_taken == told["is_data"], found.left_out
    assert table.is_hidden == (told["state"] == "hidden")
    if not told["is_data"]:
        return
    kind = expected_of(name)["kind"]
    assert found.target is not None
    assert found.target.kind == KINDS.get(kind, kind)
    if "as_of" in told:
        assert table.context.as_of == dt.date.fromisoformat(told["as_of"])
        assert bool(table.context.warnings) == bool(told["title_warning"])


@pytest.mark.parametrize(("name", "title"), CASES)
def test_each_column_is_the_field_that_it_says(name: str, title: str) -> None:
    told, _, found, _ = case(name, title)
    columns = {guess.heading.letter: guess for guess in found.columns}
    for letter, words in (told.get("columns") or {}).items() if told["is_data"] else ():
        if words in DERIVED:
            assert columns[letter].derived, letter
        else:
            assert columns[letter].key == key_of(words), letter
    mapped = {guess.heading.letter for guess in found.columns if guess.field}
    if told["is_data"]:
        assert mapped <= set(told["columns"])


@pytest.mark.parametrize(("name", "title"), CASES)
def test_each_row_is_what_it_is(name: str, title: str) -> None:
    told, table, _, records = case(name, title)
    if not told["is_data"]:
        return
    assert table.layout is not None
    kinds = {row + 1: kind for row, kind in table.layout.kinds.items()}
    for other in told["not_rows"]:
        kind = next(kind for word, kind in ROWS.items() if other["what"].startswith(word))
        assert kinds.get(other["row"], RowKind.BLANK) is kind, other
    assert [record.line for record in records] == [row["row"] for row in told["rows"]]
    hidden = {record.line for record in records if record.is_hidden}
    assert hidden == {row["row"] for row in told["rows"] if row.get("hidden_row")}
    closed = {record.line: record.closed_on for record in records if record.closed_on}
    assert closed == {
        row["row"]: dt.date.fromisoformat(row["closed_on"]) for row in told["rows"] if row.get("closed_on")
    }


def plain(cell: TypedCell) -> Any:
    if cell.meaning is Meaning.DATE and cell.day:
        return cell.day.isoformat()
    if cell.meaning is Meaning.NUMBER and cell.number is not None:
        return Decimal(cell.number)
    return cell.text


def problems(told: dict[str, Any], cell: TypedCell, raw: str) -> list[str]:
    """What is not read as it should be."""
    found = []
    meaning = cell.meaning.value
    if cell.meaning in (Meaning.YES, Meaning.NO) and told["type"] == "text":
        meaning, value = "text", raw  # the given files do not type yes and no
    else:
        value = plain(cell)
    if meaning != told["type"]:
        found.append(f"{meaning} au lieu de {told['type']}")
    if bool(told.get("ask")) != cell.ask:
        found.append(f"demandé : {cell.ask}")
    if cell.ask and not cell.reason:
        found.append("sans raison")
    if meaning in ("number", "date", "text") and told.get("value") is not None:
        wanted = Decimal(repr(told["value"])) if meaning == "number" else told["value"]
        if value != wanted:
            found.append(f"{value} au lieu de {wanted}")
    for bound in ("low", "high"):
        if told.get(bound) is not None and getattr(cell, bound) != told[bound]:
            found.append(f"{bound} {getattr(cell, bound)} au lieu de {told[bound]}")
    return found


@pytest.mark.parametrize(("name", "title"), CASES)
def test_each_cell_is_read_as_a_careful_reader_reads_it(name: str, title: str) -> None:
    told, _, _, records = case(name, title)
    wrong = []
    for row, record in zip(told["rows"] if told["is_data"] else [], records, strict=False):
        for words, value in row["values"].items():
            cell = record.cells[key_of(words)]
            wrong += [
                f"{value['cell']} {value['raw']!r} : {one}"
                for one in problems(value, cell.cell, cell.raw.text)
            ]
    assert wrong == []


def suggested(cell: TypedCell) -> Any:
    return None if cell.suggest is None else str(cell.suggest)


# What a careful reader would propose and Jalons does not: it asks without proposing.
UNPROPOSED = {("NOV", "F24")}  # « 18 » minors for 17 people: 8 is a good guess, and only a guess


@pytest.mark.parametrize(("name", "title"), CASES)
def test_what_is_proposed_is_what_a_person_would_propose(name: str, title: str) -> None:
    told, _, _, records = case(name, title)
    wrong = []
    for row, record in zip(told["rows"] if told["is_data"] else [], records, strict=False):
        for words, value in row["values"].items():
            if value["type"] != "doubtful" or (title, value["cell"]) in UNPROPOSED:
                continue
            wanted, cell = value.get("suggest"), record.cells[key_of(words)].cell
            if (None if wanted is None else str(wanted)) != suggested(cell):
                wrong.append(f"{value['cell']} {value['raw']!r} : {suggested(cell)} au lieu de {wanted}")
    assert wrong == []

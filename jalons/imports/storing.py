"""What was read in a file, kept so that it is read and sorted once: sheets and their tables as compressed JSON."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby, repeat
from typing import Any

from jalons.imports.reading.layout import RowKind, SheetLayout, TableHeading
from jalons.imports.reading.table import SheetTable
from jalons.spreadsheets.child import sendable_row
from jalons.spreadsheets.reading import SheetContent, row_of

SETS = ("formulas", "percents", "struck")


@dataclass(frozen=True, slots=True)
class StoredSheet:
    """`is_sorted`: `layout` says where its table is (None: nowhere); else it is to be looked for."""

    sheet: SheetContent
    layout: SheetLayout | None = None
    is_sorted: bool = False


def pack(tables: Sequence[SheetTable]) -> bytes:
    packed = [packed_sheet(table.grid.sheet) | {"layout": packed_layout(table.layout)} for table in tables]
    return zlib.compress(json.dumps(packed, ensure_ascii=False, separators=(",", ":")).encode(), 3)


def packed_sheet(sheet: SheetContent) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "rows": [sendable_row(row) for row in sheet.rows],
        **{name: sorted(getattr(sheet, name)) for name in SETS},
        "merges": sheet.merges,
        "hidden": sheet.hidden,
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_columns": sorted(sheet.hidden_columns),
        "fills": list(sheet.fills.items()),
        "from_1904": sheet.from_1904,
        "part": sheet.part,
        "note": sheet.note,
        "comments": [[*place, text] for place, text in sheet.comments.items()],
        "places": [[*place, *source] for place, source in sheet.places.items()],
    }


def packed_layout(layout: SheetLayout | None) -> dict[str, Any] | None:
    """`kinds`: runs of rows of one kind, from the first row."""
    if layout is None:
        return None
    kinds = (layout.kinds[row].value for row in sorted(layout.kinds))
    return {
        "headings": [[heading.column, heading.path] for heading in layout.headings],
        "kinds": [[kind, sum(1 for _ in run)] for kind, run in groupby(kinds)],
        "sections": list(layout.sections.items()),
    }


def unpack(content: bytes) -> list[StoredSheet]:
    return [
        StoredSheet(unpacked_sheet(values), unpacked_layout(values.get("layout")), "layout" in values)
        for values in json.loads(zlib.decompress(content))
    ]


def unpacked_layout(values: dict[str, Any] | None) -> SheetLayout | None:
    if values is None:
        return None
    kinds = chain.from_iterable(repeat(RowKind(kind), length) for kind, length in values["kinds"])
    return SheetLayout(
        [TableHeading(column, tuple(path)) for column, path in values["headings"]],
        dict(enumerate(kinds)),
        dict(values["sections"]),
    )


def unpacked_sheet(values: dict[str, Any]) -> SheetContent:
    return SheetContent(
        values["title"],
        rows=[row_of(row) for row in values["rows"]],
        **{name: {(row, column) for row, column in values[name]} for name in SETS},
        merges=[(a, b, c, d) for a, b, c, d in values["merges"]],
        hidden=values["hidden"],
        hidden_rows=set(values["hidden_rows"]),
        hidden_columns=set(values["hidden_columns"]),
        fills=dict(values["fills"]),
        from_1904=values["from_1904"],
        part=values.get("part", ""),
        note=values.get("note", ""),
        comments={(row, column): text for row, column, text in values.get("comments", ())},
        places={(row, column): (a, b) for row, column, a, b in values.get("places", ())},
    )

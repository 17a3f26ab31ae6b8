"""What was read in a file, kept so that the file is read once: sheets as compressed JSON."""

import json
import zlib
from collections.abc import Sequence
from typing import Any

from jalons.spreadsheets.child import sendable
from jalons.spreadsheets.reading import SheetContent, value_of

SETS = ("formulas", "percents", "struck")


def pack(sheets: Sequence[SheetContent]) -> bytes:
    told = [packed_sheet(sheet) for sheet in sheets]
    return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), 3)


def packed_sheet(sheet: SheetContent) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "rows": [[sendable(value) for value in row] for row in sheet.rows],
        **{name: sorted(getattr(sheet, name)) for name in SETS},
        "merges": sheet.merges,
        "hidden": sheet.hidden,
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_columns": sorted(sheet.hidden_columns),
        "fills": list(sheet.fills.items()),
        "from_1904": sheet.from_1904,
    }


def unpack(content: bytes) -> list[SheetContent]:
    return [unpacked_sheet(load) for load in json.loads(zlib.decompress(bytes(content)))]


def unpacked_sheet(values: dict[str, Any]) -> SheetContent:
    return SheetContent(
        values["title"],
        rows=[[value_of(value) for value in row] for row in values["rows"]],
        **{name: {(row, column) for row, column in values[name]} for name in SETS},
        merges=[(a, b, c, d) for a, b, c, d in values["merges"]],
        hidden=values["hidden"],
        hidden_rows=set(values["hidden_rows"]),
        hidden_columns=set(values["hidden_columns"]),
        fills=dict(values["fills"]),
        from_1904=values["from_1904"],
    )

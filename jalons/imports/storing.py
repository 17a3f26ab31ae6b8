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


def unpacked_sheet(told: dict[str, Any]) -> SheetContent:
    return SheetContent(
        told["title"],
        rows=[[value_of(value) for value in row] for row in told["rows"]],
        **{name: {(row, column) for row, column in told[name]} for name in SETS},
        merges=[(a, b, c, d) for a, b, c, d in told["merges"]],
        hidden=told["hidden"],
        hidden_rows=set(told["hidden_rows"]),
        hidden_columns=set(told["hidden_columns"]),
        fills=dict(told["fills"]),
        from_1904=told["from_1904"],
    )

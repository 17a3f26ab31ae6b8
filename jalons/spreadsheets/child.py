"""What the confined child does of a workbook: read it once here, hand it over to the library, send its rows."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from python_calamine import CalamineWorkbook

from jalons.core.archives import open_archive
from jalons.spreadsheets import ods, xlsx
from jalons.spreadsheets.limits import Count, Extent, Limits

ORDINARY = frozenset((str, int, float, bool))
REWRITERS = {"xlsx": xlsx.rewritten, "ods": ods.rewritten}


def sheets(file: BinaryIO, kind: str, limits: dict[str, int]) -> Iterator[Any]:
    """`{"sheet": title}` with how it looks (see `Extent`), then its rows from the first: `{"row": values}`, with the
    columns of its `formulas`, of its `percents`, of what is `struck`, of its `months` and of each colour of its
    `fills`, if any.
    """
    count = Count(Limits(**limits))
    extents: dict[str, Extent] = {}
    content = REWRITERS[kind](open_archive(file, count.budget), count, extents)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    del content
    for title in workbook.sheet_names:
        extent = extents[title]
        yield {"sheet": title, **looks_of(extent)}
        noted = {name: by_row(getattr(extent, name)) for name in ("formulas", "percents", "struck", "months")}
        fills = fills_by_row(extent.fills)
        rows = workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
        for number, values in enumerate(rows):
            answer: dict[str, Any] = {"row": sendable_row(values)}
            answer |= {name: sorted(rows_of[number]) for name, rows_of in noted.items() if number in rows_of}
            if number in fills:
                answer["fills"] = fills[number]
            yield answer


def looks_of(extent: Extent) -> dict[str, Any]:
    """What there is of it; hidden rows and columns only as far as something is written."""
    looks: dict[str, Any] = {
        "hidden": extent.hidden,
        "merges": [merge for merge in extent.merges if merge[0] < extent.rows and merge[1] < extent.columns],
        "hidden_rows": sorted(row for row in extent.hidden_rows if row < extent.rows),
        "hidden_columns": sorted(column for column in extent.hidden_columns if column < extent.columns),
        "from_1904": extent.from_1904,
        "comments": [[*place, text] for place, text in sorted(extent.comments.items())],
    }
    return {name: look for name, look in looks.items() if look}


def fills_by_row(fills: dict[tuple[int, int], str]) -> dict[int, dict[str, list[int]]]:
    """Row: colour: columns."""
    rows: dict[int, dict[str, list[int]]] = {}
    for (row, column), colour in fills.items():
        rows.setdefault(row, {}).setdefault(colour, []).append(column)
    return rows


def by_row(places: set[tuple[int, int]]) -> dict[int, list[int]]:
    columns: dict[int, list[int]] = {}
    for row, column in places:
        columns.setdefault(row, []).append(column)
    return columns


def sendable_row(values: list[Any]) -> list[Any]:
    """Most rows hold nothing that JSON does not say as it is."""
    return values if ORDINARY.issuperset(map(type, values)) else [sendable(value) for value in values]


def sendable(value: Any) -> Any:
    """A value as JSON says it; dates and durations under their type."""
    if isinstance(value, str | int | float):  # bool included
        return value
    if isinstance(value, dt.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.time):
        return {"time": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"seconds": value.total_seconds()}
    return "" if value is None else str(value)

"""What the confined child does of a workbook: read it once here, hand it over to the library, send its rows."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from python_calamine import CalamineWorkbook

from jalons.core.archives import open_archive
from jalons.spreadsheets import ods, xlsx
from jalons.spreadsheets.limits import Count, Limits

REWRITERS = {"xlsx": xlsx.rewritten, "ods": ods.rewritten}


def sheets(file: BinaryIO, kind: str, limits: dict[str, int]) -> Iterator[Any]:
    """`{"sheet": title}`, then its rows from the first: `{"row": values}`, with `formulas`, their columns, if any."""
    count = Count(Limits(**limits))
    formulas: dict[str, set[tuple[int, int]]] = {}
    content = REWRITERS[kind](open_archive(file, count.budget), count, formulas)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    del content
    for title in workbook.sheet_names:
        yield {"sheet": title}
        columns: dict[int, list[int]] = {}
        for row, column in formulas[title]:
            columns.setdefault(row, []).append(column)
        rows = workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
        for number, values in enumerate(rows):
            answer: dict[str, Any] = {"row": [sendable(value) for value in values]}
            if number in columns:
                answer["formulas"] = sorted(columns[number])
            yield answer


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

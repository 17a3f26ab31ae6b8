"""The sheets of a workbook that a person sent."""

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from jalons.core.confined import Reason, UnreadFile, read_confined
from jalons.spreadsheets.child import ORDINARY
from jalons.spreadsheets.limits import Limits

TASK = "jalons.spreadsheets.child:sheets"
CellValue = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta


class WorkbookKind(StrEnum):
    """The code is the extension of the name."""

    XLSX = "xlsx"
    ODS = "ods"


@dataclass
class SheetContent:
    """One sheet, from its first cell. `formulas`: (row, column) from 0; their values are the last results.
    `percents`: numbers that are shown as percentages (0.12 for « 12 % »). `merges`: first row, first column, last row,
    last column; their value stands in the first cell. `fills`: columns of each colour (« FFC000 »), by row.
    `months`: dates that show no day (« oct-26 »). `comments`: what somebody pinned to a cell.
    `part`: which of two tables of one sheet this is (« à droite »). `places`: of a sheet that was made from another
    one, where each cell stands in the file; `note`: how it was made, in French.
    """

    title: str
    rows: list[list[CellValue]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    fills: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    struck: set[tuple[int, int]] = field(default_factory=set)
    months: set[tuple[int, int]] = field(default_factory=set)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    from_1904: bool = False
    part: str = ""
    note: str = ""
    places: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def read_sheets(file: Any, kind: WorkbookKind, limits: Limits | None = None) -> list[SheetContent]:
    """Every sheet, in the order of the file. Raises `UnreadFile`, which says why in French."""
    sheets: list[SheetContent] = []
    options = {"kind": kind.value, "limits": (limits or Limits()).to_json()}
    with closing(read_confined(TASK, file, **options)) as answers:  # type: ignore[type-var]  # a generator
        try:
            for answer in answers:
                if "sheet" in answer:
                    sheets.append(sheet_of(answer))
                else:
                    add_row(sheets[-1], answer)
        except (KeyError, TypeError, ValueError, IndexError, OverflowError):
            raise UnreadFile(Reason.DAMAGED) from None
    return sheets


def sheet_of(answer: dict[str, Any]) -> SheetContent:
    merges = [tuple(int(corner) for corner in merge) for merge in answer.get("merges", ())]
    if any(len(merge) != 4 for merge in merges):
        raise ValueError("a merge has two corners")
    return SheetContent(
        str(answer["sheet"]),
        merges=merges,  # type: ignore[arg-type]  # of four, just above
        hidden=bool(answer.get("hidden")),
        hidden_rows={int(row) for row in answer.get("hidden_rows", ())},
        hidden_columns={int(column) for column in answer.get("hidden_columns", ())},
        from_1904=bool(answer.get("from_1904")),
        comments={(int(row), int(column)): str(text) for row, column, text in answer.get("comments", ())},
    )


def add_row(sheet: SheetContent, answer: dict[str, Any]) -> None:
    number = len(sheet.rows)
    sheet.rows.append(row_of(answer["row"]))
    sheet.formulas.update((number, int(column)) for column in answer.get("formulas", ()))
    sheet.percents.update((number, int(column)) for column in answer.get("percents", ()))
    sheet.months.update((number, int(column)) for column in answer.get("months", ()))
    sheet.struck.update((number, int(column)) for column in answer.get("struck", ()))
    if "fills" in answer:
        sheet.fills[number] = {
            str(c): [int(column) for column in fill] for c, fill in answer["fills"].items()
        }


def row_of(answer: Any) -> list[CellValue]:
    """Most rows hold nothing that JSON does not say as it is: those are taken whole."""
    is_ordinary = isinstance(answer, list) and ORDINARY.issuperset(map(type, answer))
    return answer if is_ordinary else [value_of(value) for value in answer]


def value_of(answer: Any) -> CellValue:
    """Raises `ValueError` and its like for anything that `child.sendable` does not write."""
    if isinstance(answer, str | int | float):
        return answer
    [(name, value)] = answer.items()
    return TYPES[name](value)


TYPES: dict[str, Callable[[Any], CellValue]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "seconds": lambda seconds: dt.timedelta(seconds=seconds),
}

"""The sheets of a workbook that a person sent."""

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from jalons.core.confined import Reason, UnreadFile, read_confined
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
    `percents`: numbers that are shown as percentages (0.12 for « 12 % »).
    """

    title: str
    rows: list[list[CellValue]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)


def read_sheets(file: Any, kind: WorkbookKind, limits: Limits | None = None) -> list[SheetContent]:
    """Every sheet, in the order of the file. Raises `UnreadFile`, which says why in French."""
    sheets: list[SheetContent] = []
    options = {"kind": kind.value, "limits": (limits or Limits()).to_json()}
    with closing(read_confined(TASK, file, **options)) as answers:  # type: ignore[type-var]  # a generator
        try:
            for answer in answers:
                if "sheet" in answer:
                    sheets.append(SheetContent(str(answer["sheet"])))
                else:
                    add_row(sheets[-1], answer)
        except (KeyError, TypeError, ValueError, IndexError, OverflowError):
            raise UnreadFile(Reason.DAMAGED) from None
    return sheets


def add_row(sheet: SheetContent, answer: dict[str, Any]) -> None:
    number = len(sheet.rows)
    sheet.rows.append([value_of(value) for value in answer["row"]])
    sheet.formulas.update((number, int(column)) for column in answer.get("formulas", ()))
    sheet.percents.update((number, int(column)) for column in answer.get("percents", ()))


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

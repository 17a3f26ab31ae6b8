"""Workbooks as people give them back: exported, changed in a spreadsheet, saved."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.base import ContentFile
from django.core.management import call_command
from python_calamine import CalamineWorkbook

from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.models import Convention
from jalons.conventions.workbook.reading import FilledWorkbook, read_workbook
from jalons.conventions.workbook.verdicts import Judgement, judge

Sheets = dict[str, list[list[Any]]]
Edit = Callable[[Sheets], None]


class Rate(float):
    """A number that the spreadsheet shows as a percentage, by this format."""

    shown = "0.0%"


def exported(folder: Path, slug: str = "exemple-2022", fmt: str = "xlsx") -> bytes:
    path = folder / f"classeur.{fmt}"
    call_command("export_convention", slug, "--format", fmt, "--output", str(path), stderr=io.StringIO())
    return path.read_bytes()


def sheets_of(content: bytes) -> Sheets:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        title: workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
        for title in workbook.sheet_names
    }


def saved(content: bytes, edit: Edit) -> bytes:
    """What a spreadsheet saves once somebody has changed some cells; `=…` is a formula, a `Rate` is shown with %."""
    sheets = sheets_of(content)
    edit(sheets)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        for title, rows in sheets.items():
            sheet = workbook.add_worksheet(title)
            for number, row in enumerate(rows):
                for column, told in enumerate(row):
                    if isinstance(told, Rate):
                        sheet.write(
                            number, column, float(told), workbook.add_format({"num_format": told.shown})
                        )
                    elif told != "":
                        sheet.write(number, column, told)
    return buffer.getvalue()


def typed(title: str, row: str, header: str, told: Any) -> Edit:
    """Somebody types in the row of this key, in the column of this header."""

    def edit(sheets: Sheets) -> None:
        [found] = [each for each in sheets[title] if each[1] == row]
        found[sheets[title][0].index(header)] = told

    return edit


def read_back(content: bytes, name: str = "classeur.xlsx") -> FilledWorkbook:
    return read_workbook(ContentFile(content, name=name), name)


def judged(content: bytes, slug: str = "exemple-2022", name: str = "classeur.xlsx") -> Judgement:
    """By the operator of the server, who may fill everything."""
    filled = read_back(content, name)
    dossier = read_dossier(Convention.objects.get(slug=slug))
    return judge(dossier, filled.changes(), lambda row: True, cells=len(filled.typed), notes=filled.notes)

"""The model of a table: every heading is known, every value is read. In memory, as all that a register gives."""

import datetime as dt
import io

import xlsxwriter

from jalons.core.values import format_date
from jalons.households.imports.columns import fields

KEYS = (
    "reference", "family_name", "given_name", "birth", "sex", "link", "nationality", "arrival", "site", "site_since",
    "first_contact", "entered", "level", "school", "work", "training", "employment_service", "health", "domiciliation",
    "caf", "housing", "appointment", "left", "exit_reason", "notes",
)  # fmt: skip


def sample_rows(site: str, today: dt.date) -> list[list[str]]:
    """The headings, then two invented families, to be replaced."""
    entered, met = format_date(today.replace(month=1, day=15)), format_date(today - dt.timedelta(days=20))
    soon = format_date(today + dt.timedelta(days=14))
    first = {
        "reference": "1",
        "family_name": "EXEMPLE",
        "site": site,
        "entered": entered,
        "first_contact": met,
    }
    second = {**first, "reference": "2", "family_name": "MODELE"}
    people = [
        {**first, "given_name": "Ana", "birth": "1990", "sex": "F", "link": "Mère", "nationality": "Roumaine",
         "arrival": entered, "health": "AME", "domiciliation": "CCAS", "caf": "non", "housing": "SIAO",
         "appointment": soon, "work": "CDI", "employment_service": "oui", "notes": "À remplacer par vos familles."},
        {**first, "given_name": "Radu", "birth": "1988", "sex": "M", "link": "Père", "nationality": "Roumaine",
         "training": "non", "health": "AME en cours"},
        {**first, "given_name": "Ilie", "birth": "2017", "sex": "M", "link": "Fils", "nationality": "Roumaine",
         "level": "Élémentaire", "school": "École Jules Ferry"},
        {**second, "given_name": "Sofia", "birth": "1975", "sex": "F", "link": "Chef de famille", "health": "PUMa",
         "left": format_date(today), "exit_reason": "Logement"},
    ]  # fmt: skip
    known = fields()
    return [[known[key].label for key in KEYS], *([row.get(key, "") for key in KEYS] for row in people)]


def sample_workbook(site: str, today: dt.date) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("Familles")
        head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 3)
        for number, row in enumerate(sample_rows(site, today)):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, head if number == 0 else None)
        sheet.set_column(0, len(KEYS) - 1, 16)
    return file.getvalue()

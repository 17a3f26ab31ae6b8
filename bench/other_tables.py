"""1,000 dispositifs and 1,000 structures through a table: given, judged, written, taken back."""

import io
from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

ADMIN = "admin@demo.example"
FIGURES = {"personnes": 45, "menages": 12, "sante": 9, "maternelle": 3, "dedies_planned": 120_000}
# Seconds, on the machine of the budgets.
BUDGETS = {
    "aperçu, 1 000 dispositifs": 5.0,
    "enregistrer, 1 000 dispositifs": 15.0,
    "exporter 1 000 dispositifs": 3.0,
    "aperçu, dispositifs revenus": 5.0,
    "enregistrer, dispositifs revenus": 15.0,
    "annuler, dispositifs revenus": 15.0,
    "annuler, 1 000 dispositifs": 15.0,
    "aperçu, 1 000 structures": 5.0,
    "enregistrer, 1 000 structures": 15.0,
    "annuler, 1 000 structures": 15.0,
}


def actions_workbook(rows: int, name_of: Callable[[int], str], operator: str) -> bytes:
    """As the national platform writes it."""
    columns = import_string("jalons.indicators.national.NATIONAL_COLUMNS")
    content = io.BytesIO()
    book = import_string("xlsxwriter.Workbook")(content, {"constant_memory": True})
    sheet = book.add_worksheet("Tous")
    for number, title in enumerate(["Actions de l'année 2025", "Toutes les actions"]):
        sheet.write_string(number, 0, title)
    sheet.write_row(6, 0, [column.label for column in columns])
    for number in range(rows):
        told = {
            "departement": "Nord", "id": number + 1, "operateur_principal": operator, "operateurs": operator,
            "nom": f"MOUS {name_of(number)}", "debut": "01/03/2023", "champs": "Santé, Logement",
            "objectifs": "Scolariser, reloger", **FIGURES,
        }  # fmt: skip
        sheet.write_row(number + 7, 0, [told.get(column.key, "") for column in columns])
    book.close()
    return content.getvalue()


def structures_workbook(rows: int, name_of: Callable[[int], str]) -> bytes:
    content = io.BytesIO()
    book = import_string("xlsxwriter.Workbook")(content, {"constant_memory": True})
    sheet = book.add_worksheet("Structures")
    sheet.write_row(0, 0, ["Structure", "Catégorie", "Commune"])
    for number in range(rows):
        sheet.write_row(number + 1, 0, [f"Association {name_of(number)}", "Association", "Lille"])
    book.close()
    return content.getvalue()


def returned(content: bytes) -> list[Any]:
    """The workbook that left, as somebody changed the goals of each row."""
    sheets: list[Any] = import_string("jalons.imports.reading.files.read_content")(content, "xlsx", "")
    goals = sheets[0].rows[0].index("Objectifs")
    for row in sheets[0].rows[1:]:
        row[goals] = "Scolariser, reloger, soigner"
    return sheets


def exported(by: Any) -> bytes:
    """What « Exporter pour modifier » makes of the list."""
    dispositifs = import_string("jalons.imports.judging.dispositifs.writable_actions")(
        by, import_string("jalons.accounts.enums.Right").EDIT_ACTION
    )
    actions = list(dispositifs.values())
    runs = import_string("jalons.imports.judging.dispositifs.runs_of")(actions)
    table = import_string("jalons.imports.trips.dispositifs.editable_dispositifs")(
        actions, runs, "2026-11-30"
    )
    file = io.BytesIO()
    import_string("jalons.exports.writers.editable.write_editable")(table, file)
    return file.getvalue()

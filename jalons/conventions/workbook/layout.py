"""The sheets that come back: their headers, their rows, the names by which a cell is found again."""

from collections.abc import Iterator
from dataclasses import dataclass

from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.models import MatrixColumn, MatrixRow
from jalons.spreadsheets.typed import plain

# Headers that the way back looks for.
CONVENTION, SHEET, ROW, COLUMN = "Convention", "Fiche", "Ligne", "Colonne"
WORDS = "Valeur"
HEADER, SHOWN, RAW, MARK = "En-tête", "Exporté", "Texte exporté", "Empreinte"
LABEL = "Indicateur"
VALUES, MARKS, MATRIX = "Valeurs", "Repères", "Matrice"
SECTION = "(section)"
LOCKED = 3  # columns of a matrix before its figures


@dataclass(frozen=True, slots=True)
class CellAddress:
    """Where a value stands: keys of its sheet, of its row and of its column, as `plain` writes them."""

    sheet: str
    row: str
    column: str


def address(sheet: Sheet, row: MatrixRow, column: MatrixColumn) -> CellAddress:
    return CellAddress(plain(sheet.key), plain(row.key), plain(column.key))


def headers_of(sheet: Sheet) -> list[str]:
    """The headers of the columns of a sheet, each once: « 2022 – OBJECTIF », « BILAN (2) »."""
    taken = {plain(name).casefold() for name in (SHEET, ROW, LABEL)}
    headers = []
    for column in sheet.columns:
        words = base = plain(column.words) or plain(column.key)
        number = 2
        while words.casefold() in taken:
            words, number = f"{base} ({number})", number + 1
        taken.add(words.casefold())
        headers.append(words)
    return headers


def every_cell(dossier: Dossier) -> Iterator[tuple[Sheet, MatrixRow, MatrixColumn, str]]:
    """Every place of every matrix, written or not, with the header of its column."""
    for sheet in dossier.sheets:
        headers = headers_of(sheet)
        for row in sheet.rows:
            for column, header in zip(sheet.columns, headers, strict=True):
                yield sheet, row, column, header


def matrix_title(sheet: Sheet) -> str:
    """« Fiche 5 »; a theme says which: « 7-8 Se loger »."""
    commitment = sheet.commitment
    if not sheet.parent_key:
        return commitment.number_words
    numbers = "-".join(map(str, commitment.numbers))
    return f"{numbers} {commitment.title or sheet.key}".strip()

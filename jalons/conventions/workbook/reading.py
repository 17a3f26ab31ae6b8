"""A workbook that comes back: what stands in its cells, what stood there when it left."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from jalons.conventions.workbook import layout, unread
from jalons.conventions.workbook.layout import CellAddress
from jalons.conventions.workbook.unread import RowMark, UnreadRow
from jalons.core.confined import Reason, UnreadFile
from jalons.core.values import plural
from jalons.core.values.text import french_spaces
from jalons.documents.checks import Upload, check_upload
from jalons.documents.enums import DocumentType
from jalons.spreadsheets.comparing import ExportedCell, ReturnedCells, same
from jalons.spreadsheets.pages import Page, page_of
from jalons.spreadsheets.reading import WorkbookKind, read_sheets
from jalons.spreadsheets.typed import NOTHING, Typed

KEYS = (layout.SHEET, layout.ROW)
AGAIN = "Exportez de nouveau le classeur depuis Jalons et remplissez ce fichier-là."


class UnreadableWorkbook(Exception):
    """Not a workbook of ours: `str()` says why, in French."""

    def __init__(self, message: str) -> None:
        super().__init__(french_spaces(message))


@dataclass
class FilledWorkbook(ReturnedCells[CellAddress]):
    """`notes`: what was not read, in French."""

    slug: str = ""
    headers: dict[tuple[str, str], str] = field(default_factory=dict)  # (sheet, folded header) → column
    notes: list[str] = field(default_factory=list)
    unread: dict[str, list[RowMark]] = field(default_factory=dict)  # rows that are not read back, by sheet


def read_workbook(file: Any, name: str) -> FilledWorkbook:
    """What a file given back says. Raises `UnreadableWorkbook`. `file` has `size`, `chunks()`: see `check_upload`."""
    try:
        return read_checked(check_upload(file, name=name))
    except ValidationError as error:
        raise UnreadableWorkbook(" ".join(error.messages)) from None


def read_checked(upload: Upload) -> FilledWorkbook:
    if upload.kind not in (DocumentType.XLSX, DocumentType.ODS):
        raise UnreadableWorkbook(
            "Ce n’est pas un classeur : donnez le fichier .xlsx ou .ods exporté de Jalons."
        )
    try:
        sheets = read_sheets(upload.file, WorkbookKind(upload.kind))
    except UnreadFile as error:
        again = "" if error.reason is Reason.BUSY else f" {AGAIN}"
        raise UnreadableWorkbook(f"{error}{again}") from None
    return filled_from([page_of(sheet, KEYS) for sheet in sheets if sheet.rows])


def filled_from(pages: Sequence[Page]) -> FilledWorkbook:
    filled = FilledWorkbook()
    for page in pages:
        if layout.MARK in page.heads and layout.SHOWN in page.heads:
            read_marks(page, filled)
    if not filled.exported:
        raise UnreadableWorkbook(
            f"La feuille « {layout.MARKS} » manque : sans elle, on ne peut pas savoir ce qui a été changé. {AGAIN}"
        )
    for page in pages:
        if layout.MARK in page.heads:
            continue
        if {layout.SHEET, layout.ROW, layout.COLUMN, layout.WORDS} <= set(page.heads):
            read_values(page, filled)
        elif {layout.SHEET, layout.ROW, layout.LABEL} <= set(page.heads):
            read_matrix(page, filled)
    tell_missing(filled)
    tell_unread(pages, filled)
    return filled


def read_marks(page: Page, filled: FilledWorkbook) -> None:
    needed = {layout.CONVENTION, layout.SHEET, layout.ROW, layout.COLUMN, layout.HEADER, layout.RAW}
    if not needed <= set(page.heads):
        raise UnreadableWorkbook(f"La feuille « {layout.MARKS} » n’a plus toutes ses colonnes. {AGAIN}")
    slugs = set()
    shown_at, raw_at = page.heads.index(layout.SHOWN), page.heads.index(layout.RAW)
    for row in range(len(page.rows)):
        address = CellAddress(
            *(page.name(row, header) for header in (layout.SHEET, layout.ROW, layout.COLUMN))
        )
        if not address.row:
            if address.sheet == unread.UNREAD:
                read_row_mark(page, row, address.column, filled)
            continue
        slugs.add(page.name(row, layout.CONVENTION))
        mark = page.name(row, layout.MARK)
        listed = {layout.VALUES: page.typed(row, raw_at)}
        filled.exported[address] = ExportedCell(page.typed(row, shown_at), mark, listed)
        filled.headers[address.sheet, page.name(row, layout.HEADER).casefold()] = address.column
    if len(slugs) > 1:
        raise UnreadableWorkbook(
            f"La feuille « {layout.MARKS} » nomme {len(slugs)} conventions au lieu d’une. {AGAIN}"
        )
    filled.slug = next(iter(slugs), "")


def read_row_mark(page: Page, row: int, title: str, filled: FilledWorkbook) -> None:
    place = page.name(row, layout.HEADER)
    cells = tuple(page.name(row, layout.RAW).split())
    mark = RowMark(int(place) if place.isdecimal() else 0, page.name(row, layout.MARK), cells)
    filled.unread.setdefault(title, []).append(mark)


def read_matrix(page: Page, filled: FilledWorkbook) -> None:
    """The columns are those of the sheet that each row names."""
    unknown: list[str] = []
    for row in range(len(page.rows)):
        sheet, key = page.name(row, layout.SHEET), page.name(row, layout.ROW)
        if key == layout.SECTION:
            continue
        for column, header in enumerate(page.heads):
            if header in (layout.SHEET, layout.ROW, layout.LABEL):
                continue
            typed = page.typed(row, column)
            named = filled.headers.get((sheet, header.casefold()))
            if named is not None:
                note(filled, CellAddress(sheet, key, named), page.title, row + page.above, typed)
            elif not same(typed, NOTHING):
                unknown.append(header or f"sans titre, n° {column + 1}")
    for header in dict.fromkeys(unknown):
        filled.notes.append(
            french_spaces(
                f"Feuille « {page.title} », colonne « {header} » : elle n’est pas de la fiche, rien n’y est lu."
            )
        )


def read_values(page: Page, filled: FilledWorkbook) -> None:
    words = page.heads.index(layout.WORDS)
    for row in range(len(page.rows)):
        address = CellAddress(
            *(page.name(row, header) for header in (layout.SHEET, layout.ROW, layout.COLUMN))
        )
        note(filled, address, layout.VALUES, row + page.above, page.typed(row, words))


def note(filled: FilledWorkbook, cell_address: CellAddress, place: str, row: int, typed: Typed) -> None:
    """What stands at an address, or a word on why it is read nowhere."""
    if not filled.read(cell_address, place, typed) and not same(typed, NOTHING):
        sentence = (
            f"Feuille « {place} », ligne {row + 1} : « {typed.words[:40] or 'une formule'} » est sur une ligne qui "
            "n’est pas de la fiche ; les lignes s’ajoutent dans Jalons."
        )
        filled.notes.append(french_spaces(sentence))


def tell_missing(filled: FilledWorkbook) -> None:
    """Rows or sheets taken out: nothing is changed there, and it is said."""
    missing: dict[str, int] = {}
    for address in filled.missing(outside=frozenset({layout.VALUES})):
        missing[address.sheet] = missing.get(address.sheet, 0) + 1
    if missing:
        cells = sum(missing.values())
        sentence = (
            f"{cells} {plural(cells, 'cellule n’est', 'cellules ne sont')} plus dans le classeur (lignes, colonnes ou "
            f"feuilles ôtées, dans {len(missing)} {plural(len(missing), 'fiche', 'fiches')}) : rien n’y change."
        )
        filled.notes.append(french_spaces(sentence))


# What is not read back ----------------------------------------------------------------------------------------


def tell_unread(pages: Sequence[Page], filled: FilledWorkbook) -> None:
    """What was changed where nothing is read. A workbook exported by an older Jalons does not say it."""
    if not filled.unread:
        return
    for page in pages:
        if layout.MARK in page.heads:
            continue
        marks = filled.unread.get(page.title) or twin_of(page, filled)
        if marks is None:
            if any(row.forms for row in unread_rows(page, filled)):
                filled.notes.append(unread.stranger(page.title))
            continue
        partly = {layout.SHEET, layout.ROW} <= set(page.heads)
        places, gone = unread.differences(unread_rows(page, filled), marks)
        if places or (gone and not partly):  # rows taken out of a fiche are told by `tell_missing`
            filled.notes.append(unread.sentence(page.title, places, 0 if partly else gone, partly=partly))


def twin_of(page: Page, filled: FilledWorkbook) -> list[RowMark] | None:
    """The sheet that was given another name: the one that left with the same headers."""
    heads = unread.row_digest(unread.left_of(page.heads, page.heads))
    return next(
        (marks for marks in filled.unread.values() if marks[0].place == 0 and marks[0].digest == heads), None
    )


def unread_rows(page: Page, filled: FilledWorkbook) -> list[UnreadRow]:
    """Its rows, headers first, without what is read back. A row added to a fiche with figures is told by `note`."""
    rows = [UnreadRow(page.above, unread.headed(page.heads, page.heads))]
    partly = {layout.SHEET, layout.ROW} <= set(page.heads)
    known = {(address.sheet, address.row) for address in filled.exported}
    for row, cells in enumerate(page.rows):
        if partly:
            keys = page.name(row, layout.SHEET), page.name(row, layout.ROW)
            if keys not in known and keys[1] != layout.SECTION and has_figures(page, row):
                continue
        at = row + page.above
        forms = [
            unread.read_form(
                cell, is_formula=(at, column) in page.formulas, is_percent=(at, column) in page.percents
            )
            for column, cell in enumerate(cells)
        ]
        rows.append(UnreadRow(at + 1, unread.headed(forms, page.heads)))
    if page.title == unread.TITLE:
        return [row for row in rows if not row.forms or row.forms[0] not in unread.COUNTED]
    return rows


def has_figures(page: Page, row: int) -> bool:
    """Something is typed outside what names the row."""
    names = (layout.SHEET, layout.ROW, layout.LABEL)
    columns = [column for column, header in enumerate(page.heads) if header not in names]
    return any(not same(page.typed(row, column), NOTHING) for column in columns)

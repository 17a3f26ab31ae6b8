"""What no register keeps: a social security number, a foreigner’s number, an origin, a religion, papers.

A column is refused by its name or by the shape of its values, a cell by the shape of what it holds; both are emptied
before anything is stored, even sealed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jalons.core.values import french_spaces
from jalons.households.families.free_text import refused_numbers
from jalons.imports.reading.grid import reference_of, text_of
from jalons.imports.reading.table import SheetTable
from jalons.spreadsheets.reading import CellValue, SheetContent

NIR = "un numéro de sécurité sociale : la loi interdit de le garder ici"
FOREIGNER = "un numéro d’étranger (AGDREF) : le registre ne le garde pas"
NATIONAL = "un numéro d’identité d’un autre pays : le registre ne le garde pas"
PAPERS = "un numéro ou une copie de papiers d’identité : le registre ne le garde pas"
ORIGIN = "une origine : la loi interdit de l’enregistrer"
RELIGION = "une religion : la loi interdit de l’enregistrer"
ACCOUNT = "un numéro de compte (IBAN) : le registre ne le garde pas"
NAMES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:nir|numero (?:de )?(?:secu\w*|ss)|numero d assure\w*|num secu\w*|immatriculation)\b"), NIR),
    (re.compile(r"\b(?:agdref|numero (?:d )?etrangers?|numero (?:de )?prefecture|id etranger)\b"), FOREIGNER),
    (re.compile(r"\b(?:cnp|egn|numero d identite|numero national)\b"), NATIONAL),
    (
        re.compile(
            r"\b(?:passeports?|cni|cartes? d identite|pieces? d identite|"
            r"numero (?:de |du )?(?:titre|recepisse|visa|carte)\w*|"
            r"copies? (?:de |du |des )?(?:la )?(?:cni|carte\w*|passeport\w*|papiers?|pieces?)|scans?|"
            r"papiers d identite)\b"
        ),
        PAPERS,
    ),
    (re.compile(r"\b(?:origines?|ethnies?|ethniques?|communautes?|race|roms?|tsiganes?|gens du voyage)\b"), ORIGIN),
    (re.compile(r"\b(?:religions?|confessions?|culte|croyances?)\b"), RELIGION),
    (re.compile(r"\b(?:iban|rib|numero de compte)\b"), ACCOUNT),
)  # fmt: skip
_SEPARATORS = re.compile(r"[\s.\-_/]")
_TEN_DIGITS = re.compile(r"[1-9]\d{9}", re.ASCII)
_CNP = re.compile(r"[1-8]\d{2}(?:0[1-9]|1[0-2])\d{8}", re.ASCII)
CNP_WEIGHTS = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)
_NIR_SHAPE = re.compile(
    r"[12]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[ab])\d{6}(?:\d\d)?", re.ASCII | re.IGNORECASE
)
_PASSPORT = re.compile(r"\d{2}[A-Z]{2}\d{5}|[A-Z]{2}\d{6}[A-Z\d]{0,2}", re.ASCII)
FEWEST_DIGITS = 9
MOST_REFUSED = 500  # cells named one by one


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """Where, and by which rule; never what."""

    place: str
    rule: str


def forbidden_words(key: str) -> str:
    """Why a column so headed is not read; nothing for an ordinary one. `key`: its words, folded."""
    return next((refusal(rule) for pattern, rule in NAMES if pattern.search(key)), "")


def refusal(rule: str) -> str:
    return french_spaces(rule)


def forbidden_values(values: Sequence[str]) -> str:
    """Why a column of such values is not read: half of them have the shape of a number that names a person."""
    written = [value for value in values if value.strip()]
    counts: dict[str, int] = {}
    for value in written:
        if rule := rule_of_shape(value):
            counts[rule] = counts.get(rule, 0) + 1
    return next((refusal(rule) for rule, count in counts.items() if count * 2 >= len(written)), "")


def rule_of_shape(text: str) -> str:
    """For a cell that holds one number and nothing else."""
    bare = _SEPARATORS.sub("", text).upper()
    if len(bare) < FEWEST_DIGITS or len(bare) > 40:
        return ""
    if _NIR_SHAPE.fullmatch(bare):
        return NIR
    if _CNP.fullmatch(bare) and is_cnp(bare):
        return NATIONAL
    if _TEN_DIGITS.fullmatch(bare):
        return FOREIGNER
    return PAPERS if _PASSPORT.fullmatch(bare) else ""


def is_cnp(number: str) -> bool:
    """The Romanian personal number, by its key."""
    rest = sum(int(digit) * weight for digit, weight in zip(number, CNP_WEIGHTS, strict=False)) % 11
    return int(number[12]) == (1 if rest == 10 else rest)


def rule_of_cell(value: CellValue) -> str:
    """For a single cell, by checksum: a phone number passes."""
    text = text_of(value)
    if sum(character.isdigit() for character in text) < FEWEST_DIGITS + 1:
        return ""
    bare = _SEPARATORS.sub("", text)
    if _CNP.fullmatch(bare) and is_cnp(bare):
        return NATIONAL
    refused = [number.code for number in refused_numbers(text)]
    return NIR if "nir" in refused else ACCOUNT if "iban" in refused else ""


def without_number(words: str) -> str:
    """The name of a sheet, or a heading: other words when it holds what a cell may not."""
    return "numéro retiré" if rule_of_cell(words) else words


def purged(table: SheetTable, keys: dict[int, str]) -> tuple[SheetContent, dict[int, str], list[RefusedCell]]:
    """The sheet of a table without what may not be kept. `keys`: the folded words of each heading, by column."""
    sheet = replace(table.grid.sheet, title=without_number(table.grid.sheet.title))
    rows = [list(row) for row in sheet.rows]
    refused: dict[int, str] = {}
    headers = header_rows(table)
    for column in range(table.grid.width):
        words = forbidden_words(keys.get(column, ""))
        below = (
            row[column] for number, row in enumerate(rows) if number not in headers and column < len(row)
        )
        reason = words or forbidden_values([text_of(value) for value in below])
        if reason:
            refused[column] = reason
            for number, row in enumerate(rows):
                if number not in headers and column < len(row):
                    row[column] = ""
    cells: list[RefusedCell] = []
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value != "" and (rule := rule_of_cell(value)):
                row[column] = ""
                where = f"{sheet.title} {reference_of(number, column)}".strip()
                if len(cells) < MOST_REFUSED:
                    cells.append(RefusedCell(where, french_spaces(rule)))
    comments = {
        place: text
        for place, text in sheet.comments.items()
        if place[1] not in refused and not rule_of_cell(text)
    }
    return replace(sheet, rows=rows, comments=comments), refused, cells


def header_rows(table: SheetTable) -> set[int]:
    """The rows that keep their words in a refused column: its heading."""
    from_layout = table.layout.kinds if table.layout else {}
    return {row for row, kind in from_layout.items() if kind.value == "header"}

"""How a finding says where it is: « Fiche 5, Nombre de nouveaux entrants, BILAN 2021 ». Pure."""

import re
from collections.abc import Iterable

from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.ledger import councils
from jalons.conventions.models import MatrixColumn, MatrixRow
from jalons.conventions.models.printed import as_text
from jalons.core.values import fold, plural

LONGEST = 110
COUNCIL_OF = re.compile(
    r"^(?:le |la )?(?:conseil départemental|département)\s+(?:du |de la |de l[’']|des |de |d[’'])?",
    re.IGNORECASE,
)


def cut(words: str, longest: int = LONGEST) -> str:
    line = " ".join(words.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def place(*words: str) -> str:
    return ", ".join(filter(None, words))


def sheet_words(sheet: Sheet, title: str = "") -> str:
    """« Fiche 5 », « Fiches 7 et 8, thème « Se loger » », « Fiche 1 (Nord) » when several Départements sign.

    `title`: how a screen writes that of the sheet; as it is printed without one.
    """
    words = sheet.commitment.number_words
    title = title or sheet.commitment.title
    if not sheet.commitment.numbers and not sheet.commitment.sheet_label and title:
        words = f"Fiche « {cut(title, 60)} »"
    if sheet.owner:
        words = f"{words} ({sheet.owner})"
    if sheet.parent_key:
        words = f"{words}, thème « {cut(title or sheet.key, 60)} »"
    return words


def name_owners(dossier: Dossier) -> None:
    """So that the sheets of two Départements that bear the same number are told apart."""
    if len(councils(dossier)) > 1:
        for sheet in dossier.sheets:
            sheet.owner = owner_words(sheet)


def owner_words(sheet: Sheet) -> str:
    """« Nord »: the Département whose sheet it is, as its party says, else as its file does."""
    party = sheet.owner_party
    if party is not None:
        return party.departement.name if party.departement is not None else short_name(party.name)
    return as_text(sheet.commitment.kept.get("departement"))


def short_name(council: str) -> str:
    """« Le Département du Pas-de-Calais » → « Pas-de-Calais »."""
    return COUNCIL_OF.sub("", council).strip() or council


def row_words(row: MatrixRow, sheet: Sheet) -> str:
    """The label of a row; that of its parent or of its section before it when it does not stand by itself."""
    label = cut(row.label or row.breakdown or row.key)
    if row.parent is not None:
        return f"{cut(row.parent.label or row.parent.key, 80)} > {label}"
    if row.group is not None and sum(1 for other in sheet.rows if other.label == row.label) > 1:
        return f"{cut(row.group.label, 80)} > {label}"
    return label


def cell_place(sheet: Sheet, row: MatrixRow, column: MatrixColumn | None = None) -> str:
    return place(sheet_words(sheet), row_words(row, sheet), column.words if column is not None else "")


def listed(words: Iterable[str], most: int = 6) -> str:
    """« a, b, c et 4 autres »."""
    names = list(words)
    if len(names) <= most:
        return ", ".join(names)
    left = len(names) - most
    return f"{', '.join(names[:most])} et {left} {plural(left, 'autre', 'autres')}"


def same_words(left: str, right: str) -> bool:
    return fold(left) == fold(right)

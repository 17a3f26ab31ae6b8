"""Which amount stands under which printed head, whatever the number of funders and their order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.conventions.dossier.content import TOTAL, Dossier, Sheet
from jalons.conventions.dossier.ledger import share_of, share_words
from jalons.conventions.models.printed import raw_of
from jalons.core.values import fold

LABEL, NOTES, RECALL, OTHER = "", "notes", "recall", "other"
CODE = re.compile(r"\d[\dab]\d?", re.IGNORECASE)
COUNCIL_WORDS = {"cd", "departement", "departementale", "departemental", "conseil", "departements"}


@dataclass(frozen=True, slots=True)
class MoneyColumn:
    """`part`: key of an amount, `LABEL` for the first column, `NOTES`, `RECALL` under a head left blank.

    `OTHER`: a head of the source that bears no amount; its words are read from what the line keeps (`kept_words`).
    """

    head: str
    part: str

    @property
    def is_money(self) -> bool:
        return self.part not in (LABEL, NOTES, RECALL, OTHER)


def kept_words(head: str, values: Mapping[str, Any]) -> str:
    """What a line says under a head of its own: its key is named after it (« porteur », « date_de_fin »)."""
    wanted = fold(head)
    for key, value in values.items():
        if wanted and fold(key.replace("_", " ")) == wanted:
            return raw_of(value)
    return ""


def arranged(
    headers: Sequence[str], parts: Sequence[str], dossier: Dossier, sheet: Sheet | None = None, *, notes: bool
) -> list[MoneyColumn]:
    """The printed heads with what stands under each; a part that has no head gets one, none is left out."""
    heads = [str(head or "") for head in headers] or [""]
    free = list(dict.fromkeys(parts))
    columns = [MoneyColumn(heads[0], LABEL)]
    matched: dict[int, str] = {}
    for exactly in (True, False):
        for at, head in enumerate(heads[1:], 1):
            match = next((part for part in free if at not in matched and names(head, part, exactly)), None)
            if match is not None:
                matched[at] = match
                free.remove(match)
    for at, head in enumerate(heads[1:], 1):
        if at in matched:
            columns.append(MoneyColumn(head, matched[at]))
        elif fold(head).startswith("note") or "observation" in fold(head):
            columns.append(MoneyColumn(head, NOTES))
        elif not head.strip():
            columns.append(MoneyColumn(head, RECALL))
        elif free and free[0] != TOTAL:
            columns.append(MoneyColumn(head, free.pop(0)))
        else:
            columns.append(MoneyColumn(head, OTHER))
    extra = [MoneyColumn(head_of(part, dossier, sheet), part) for part in free]
    return with_notes(columns, extra, notes)


def with_notes(columns: list[MoneyColumn], extra: list[MoneyColumn], notes: bool) -> list[MoneyColumn]:
    notes_columns = [column for column in columns if column.part == NOTES]
    others = [column for column in columns if column.part != NOTES]
    if notes and not notes_columns:
        notes_columns = [MoneyColumn("Notes", NOTES)]
    return [*others, *extra, *notes_columns]


def head_of(part: str, dossier: Dossier, sheet: Sheet | None) -> str:
    words = share_words(share_of(part, dossier, sheet), dossier)
    return words[:1].upper() + words[1:]


def names(head: str, part: str, exactly: bool) -> bool:
    """Does this head announce this part? `exactly`: by its code, or by a word that only it bears."""
    words = set(re.split(r"\W+", fold(head)))
    name = part.removeprefix("part_").lower()
    if name == TOTAL:
        return bool(words & {"total", "totaux", "ensemble"})
    if name == "etat":
        return "etat" in words
    code = CODE.search(name)
    council = name.startswith(("cd", "dep"))
    if council and code is not None:
        return code[0] in CODE.findall(fold(head)) or (not exactly and bool(words & COUNCIL_WORDS))
    if council:
        return not exactly and bool(words & COUNCIL_WORDS or any(word.startswith("cd") for word in words))
    return bool(words & set(name.split("_")))

"""Which field each column of a table of families is: by its words, then by near spellings; what may not be read."""

import json
import re
from dataclasses import dataclass
from dataclasses import field as data_field
from functools import cache
from pathlib import Path

from jalons.core.values import french_spaces
from jalons.households.imports.forbidden import forbidden_words
from jalons.imports.reading.layout import TableHeading
from jalons.imports.reading.table import SheetTable
from jalons.imports.targets.fields import TargetField, field_of, header_key
from jalons.imports.targets.mapping import near

DATA = Path(__file__).parent / "data"
MOST_CHILDREN = 12
_BRACKETS = re.compile(r"\([^)]*\)")
_NUMBER = re.compile(r"(?:n[°º]|\bnum\b|\bno\b(?= ))\.? ?")
# « Enfant 1 », « Prénom enfant 2 », « Naissance de l’enfant 1 », « Enfant 3 › ddn ».
_CHILD = re.compile(r"\benf(?:ant)?s? ?(?:numero )?(\d{1,2})\b")
_BIRTH = re.compile(r"\b(?:naiss\w*|nee? le|ddn|age|annee|date)\b")
PLACES = {"household", "family"}
# Of a row that is a whole family.
OF_ROWS = {"composition", "people", "adults", "children", "partner", "partner_birth", "children_names"}
NAMING = {"reference", "full_name", "family_name", "given_name"}


@dataclass(frozen=True, slots=True)
class FamilyColumn:
    """What a column is. `field` empty: not read; `refused`: why nobody may keep it. `samples`: its first values."""

    heading: TableHeading
    field: str = ""
    why: str = ""
    refused: str = ""
    samples: tuple[str, ...] = data_field(default=(), repr=False)

    @property
    def column(self) -> int:
        return self.heading.column


@cache
def fields() -> dict[str, TargetField]:
    """Every field by its key, in the order in which they are offered."""
    rows = json.loads((DATA / "columns.json").read_text(encoding="utf-8"))["fields"]
    known = {row["key"]: field_of(row) for row in rows}
    for rank in range(1, MOST_CHILDREN + 1):
        for key, label in (("child", "Prénom de l’enfant"), ("child_birth", "Naissance de l’enfant")):
            row = {"key": f"{key} {rank}", "label": f"{label} {rank}", "nature": "text", "synonyms": []}
            known[row["key"]] = field_of(row)
    return known


@cache
def by_synonym() -> dict[str, str]:
    return {words: key for key, known in fields().items() for words in map(heading_key, known.synonyms)}


@cache
def of_household() -> frozenset[str]:
    rows = json.loads((DATA / "columns.json").read_text(encoding="utf-8"))["fields"]
    return frozenset(row["key"] for row in rows if row["about"] in PLACES)


@cache
def heading_key(words: str) -> str:
    """« N° de famille (asso) » as « numero de famille »."""
    bare = header_key(_BRACKETS.sub("", words)).replace("?", " ").replace("_", " ")
    return " ".join(_NUMBER.sub("numero ", bare).split())


def knows(folded: str) -> bool:
    """For the search of the line of headings: these words name a column that is read, or that may not be."""
    key = heading_key(folded)
    return bool(named(key)[0] or forbidden_words(key))


@cache
def named(key: str) -> tuple[str, str]:
    """The field that the words of a heading name, and why."""
    if key in by_synonym():
        label = fields()[by_synonym()[key]].label
        same = heading_key(label) == key
        return by_synonym()[key], "le même mot" if same else f"« {key} » se dit pour « {label} »"
    if child := _CHILD.search(key):
        rank = int(child[1])
        kind = "child_birth" if _BIRTH.search(key) else "child"
        if 1 <= rank <= MOST_CHILDREN:
            return f"{kind} {rank}", f"« {key} » : enfant numéro {rank}"
    if like := near(key, by_synonym()):
        return like, f"« {key} » ressemble à « {fields()[like].label} »"
    return "", ""


def guess_family_columns(table: SheetTable) -> list[FamilyColumn]:
    """One a column; of two for one field, the first keeps it. Refused columns were emptied before this is called."""
    taken: set[str] = set()
    guesses = []
    for heading in table.headings:
        samples = tuple(table.samples(heading.column))
        refused = forbidden_words(heading_key(heading.words))
        field_key, why = ("", "") if refused else name_of_heading(heading)
        if field_key and field_key in taken:
            why = f"une autre colonne est déjà « {fields()[field_key].label} »"
            field_key = ""
        taken |= {field_key}
        guesses.append(FamilyColumn(heading, field_key, french_spaces(why), refused, samples))
    return guesses


def name_of_heading(heading: TableHeading) -> tuple[str, str]:
    """By its whole path, then by its last words."""
    for words in dict.fromkeys([heading.words.replace("›", " "), *heading.path[-1:]]):
        key, why = named(heading_key(words))
        if key:
            return key, why
    return "", ""


def is_of_families(columns: dict[int, str]) -> bool:
    """Whether each row is a whole family: something in it says several people."""
    return any(key in OF_ROWS or key.startswith("child ") for key in columns.values())


def is_a_table_of_families(columns: dict[int, str]) -> bool:
    keys = set(columns.values()) - {""}
    return len(keys) >= 2 and bool(keys & NAMING)

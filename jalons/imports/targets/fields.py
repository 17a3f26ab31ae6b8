"""The targets and their fields, read once from their files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jalons.core.values import fold
from jalons.imports.enums import HOME_ONLY, TargetKind
from jalons.imports.reading.cells import ColumnNature, ReadAs
from jalons.imports.reading.numbers import CellUnit
from jalons.imports.reading.remembered import remembered

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class TargetField:
    """`weight`: how much it tells which target a table is. `yearly`: one column for each year; `periodic`: for each
    date.
    """

    key: str
    label: str
    kind: ReadAs
    synonyms: tuple[str, ...]
    weight: int = 1
    yearly: bool = False
    periodic: bool = False


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """`required`: of each group, one field at least must have its column. `left_out`: by folded header, why a column
    of such a table is not read.
    """

    kind: TargetKind
    label: str
    explanation: str
    fields: Mapping[str, TargetField]
    required: tuple[tuple[str, ...], ...]
    by_synonym: Mapping[str, str]  # folded words: key of a field
    left_out: Mapping[str, str] = field(default_factory=dict)

    def missing(self, keys: set[str]) -> list[str]:
        """The labels of the first field of each group that has none."""
        return [self.fields[group[0]].label for group in self.required if not keys.intersection(group)]


# Those that are no file of `data`: what makes them, by kind.
MADE: dict[str, Callable[[], ImportTarget]] = {}


@cache
def target_of(kind: str) -> ImportTarget:
    if kind in MADE:
        return MADE[kind]()
    told = json.loads((DATA / f"{kind}.json").read_text(encoding="utf-8"))
    fields = {row["key"]: field_of(row) for row in told["fields"]}
    by_synonym = {words: key for key, target_field in fields.items() for words in target_field.synonyms}
    return ImportTarget(
        TargetKind(kind),
        told["label"],
        told["explanation"],
        fields,
        tuple(map(tuple, told["required"])),
        by_synonym,
    )


def field_of(row: Mapping[str, Any]) -> TargetField:
    synonyms = tuple(dict.fromkeys(header_key(words) for words in (row["label"], *row["synonyms"])))
    return TargetField(
        key=row["key"],
        label=row["label"],
        kind=ReadAs(ColumnNature(row["nature"]), CellUnit(row.get("unit", ""))),
        synonyms=synonyms,
        weight=row.get("weight", 1),
        yearly=row.get("yearly", False),
        periodic=row.get("periodic", False),
    )


@remembered
def header_key(words: str) -> str:
    """The form in which headers are compared: folded, without full stops nor brackets of units."""
    return " ".join(fold(words).replace(".", " ").replace("*", " ").replace(":", " ").split())


def targets() -> list[ImportTarget]:
    """What a table may be taken for."""
    return [target_of(kind) for kind in TargetKind if kind not in HOME_ONLY]

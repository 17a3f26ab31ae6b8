"""What an import holds between its pages, always sealed: what was chosen, and the families as they were read."""

import json
from dataclasses import asdict, dataclass
from dataclasses import field as data_field
from typing import Any

from jalons.households.families.content import FollowedFamily
from jalons.households.families.stored import from_json, to_json


@dataclass
class SheetChoices:
    """`columns`: field by column. `rows`: « people » or « families ». `group`: what gathers the rows of a family:
    « reference », « heading », « name » or « row ». `site`: where those of this sheet live, without a word of theirs.
    """

    taken: bool = False
    columns: dict[int, str] = data_field(default_factory=dict)
    rows: str = "people"
    group: str = "row"
    site: str = ""


@dataclass
class ImportChoices:
    """`answers`: by field and folded text, what the text means. `decisions`: by key of a family, what becomes of it;
    `for_all`: of those that look like a known one and that nobody decided. `together`: one reference in two sheets is
    one family.
    """

    sheets: list[SheetChoices] = data_field(default_factory=list)
    dispositif: str = ""
    together: bool = False
    answers: dict[str, str] = data_field(default_factory=dict)
    decisions: dict[str, str] = data_field(default_factory=dict)
    for_all: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "ImportChoices":
        sheets = [
            SheetChoices(**{**sheet, "columns": {int(k): v for k, v in sheet["columns"].items()}})
            for sheet in values["sheets"]
        ]
        return cls(**{**values, "sheets": sheets})


@dataclass
class Doubt:
    """A text that a person must explain; `options` by code. `places`: the first cells where it stands."""

    field: str
    text: str
    reason: str
    suggest: str = ""
    places: list[str] = data_field(default_factory=list)
    count: int = 0

    @property
    def key(self) -> str:
        return doubt_key(self.field, self.text)


def doubt_key(field_key: str, text: str) -> str:
    return f"{field_key}|{' '.join(text.casefold().split())}"


@dataclass
class ReadFamily:
    """A family of the table. `key`: where it is in the file. `reference`: by which the file itself calls it, empty when
    that is a name. `remarks`: what was read otherwise than written, or left out, and why.
    """

    key: str
    reference: str
    place: str
    family: FollowedFamily = data_field(repr=False)
    remarks: list[str] = data_field(default_factory=list, repr=False)


@dataclass
class ReadFamilies:
    """`restarts`: a same reference stands on two sheets. `unplaced`: dates of entry without a dispositif."""

    families: list[ReadFamily] = data_field(default_factory=list, repr=False)
    doubts: list[Doubt] = data_field(default_factory=list, repr=False)
    restarts: bool = False
    unplaced: bool = False
    too_many: bool = False

    @property
    def people(self) -> int:
        return sum(len(read.family.people) for read in self.families)

    def to_json(self) -> dict[str, Any]:
        return {
            "families": [
                [read.key, read.reference, read.place, to_json(read.family).decode(), read.remarks]
                for read in self.families
            ],
            "doubts": [asdict(doubt) for doubt in self.doubts],
            "flags": [self.restarts, self.unplaced, self.too_many],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "ReadFamilies":
        families = [
            ReadFamily(key, reference, place, from_json(family, key), remarks)
            for key, reference, place, family, remarks in values["families"]
        ]
        return cls(families, [Doubt(**doubt) for doubt in values["doubts"]], *values["flags"])


def packed(values: Any) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()

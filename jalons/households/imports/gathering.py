"""From rows to families: which rows are one family, whoever drew the table."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jalons.core.values import fold, join_and
from jalons.households.imports.columns import NAMING
from jalons.households.imports.content import (
    Doubt,
    ImportChoices,
    ReadFamilies,
    ReadFamily,
    SheetChoices,
    doubt_key,
)
from jalons.households.imports.people import FamilyMaker
from jalons.households.imports.values import NO_READING, FieldReading, answer_reading, read_value
from jalons.imports.reading.layout import RowKind
from jalons.imports.reading.table import SheetTable

MOST_FAMILIES = 5_000
MOST_PLACES = 3


@dataclass
class RowGroup:
    """The rows of a family on a sheet. `name`: what gathers them, as written."""

    name: str
    rows: list[int] = field(default_factory=list)
    joined: bool = False  # a row without a reference was joined to the one above


@dataclass
class FamilySheetReader:
    """Reads the cells of a sheet as fields, and collects what a person must say."""

    table: SheetTable
    choices: SheetChoices
    answers: Mapping[str, str]
    sites: Mapping[str, str]
    today: dt.date
    doubts: dict[str, Doubt]

    def __post_init__(self) -> None:
        self.columns = {key: column for column, key in self.choices.columns.items() if key}

    def has(self, key: str) -> bool:
        return key in self.columns

    def text(self, key: str, row: int) -> str:
        if key not in self.columns:
            return ""
        read = read_value("notes", self.table.cell(row, self.columns[key]), self.table, self.today)
        return "" if read.value is None else " ".join(str(read.value).split())

    def own_text(self, key: str, row: int) -> str:
        """The words of a cell, line ends included."""
        read = self.raw(key, row)
        return "" if read.value is None else str(read.value).strip()

    def raw(self, key: str, row: int) -> FieldReading:
        if key not in self.columns:
            return NO_READING
        return read_value("notes", self.table.cell(row, self.columns[key]), self.table, self.today)

    def reading(self, key: str, row: int, *, quiet: bool = False) -> FieldReading:
        """What a field says on a row. `quiet`: a doubt is not asked, something else settles it."""
        if key not in self.columns:
            return NO_READING
        cell = self.table.cell(row, self.columns[key])
        read = (
            self.site(cell.text)
            if key == "site" and not cell.is_blank
            else read_value(key, cell, self.table, self.today)
        )
        if not read.ask:
            return read
        answer = self.answers.get(doubt_key(key, cell.text))
        if answer is not None:
            try:
                return answer_reading(key, answer, self.today)
            except ValueError:
                pass
        if not quiet:
            self.ask(key, cell.text, read, cell.reference)
        return NO_READING

    def site(self, text: str) -> FieldReading:
        if not fold(text).strip(" -/"):
            return NO_READING
        code = self.sites.get(fold(text))
        return (
            FieldReading(code)
            if code
            else FieldReading(ask="un lieu de vie que vos dispositifs ne connaissent pas")
        )

    def ask(self, key: str, text: str, read: FieldReading, reference: str) -> None:
        short = text[:200]
        doubt = self.doubts.setdefault(doubt_key(key, text), Doubt(key, short, read.ask, read.suggest))
        doubt.count += 1
        if len(doubt.places) < MOST_PLACES:
            doubt.places.append(f"{self.table.title} {reference}".strip())

    # Which rows are one family ------------------------------------------------------------------------------------

    def rows(self) -> list[int]:
        """Those of the table; and a name alone on its row, which is a person when something else gathers families."""
        rows = set(self.table.rows())
        if self.choices.group != "heading" and rows:
            naming = {column for key, column in self.columns.items() if key in NAMING - {"reference"}}
            last = max(rows) + 1
            for row in (*self.table.rows(RowKind.SECTION), *self.table.rows(RowKind.NOTE)):
                own = self.table.grid.own(row)
                if min(rows) <= row <= last and len(own) == 1 and own[0].place[1] in naming:
                    rows.add(row)
        return sorted(rows)

    def groups(self) -> Iterator[RowGroup]:
        if self.choices.rows == "families":
            for row in self.rows():
                yield RowGroup(self.text("reference", row), [row])
            return
        groups: dict[str, RowGroup] = {}
        above = ""
        for row in self.rows():
            name, carried = self.name_of_group(row, above)
            above = name
            group = groups.setdefault(fold(name) or f"row {row}", RowGroup(name))
            group.rows.append(row)
            group.joined |= carried
        yield from groups.values()

    def name_of_group(self, row: int, above: str) -> tuple[str, bool]:
        """The words that gather this row with others; True when they are those of the row above."""
        match self.choices.group:
            case "reference":
                name = self.text("reference", row)
                return (name, False) if name else (above, bool(above))
            case "heading":
                layout = self.table.layout
                return (layout.sections.get(row, "") if layout else "", False)
            case "name":
                name = self.text("family_name", row) or self.text("full_name", row).split(" ")[0]
                return (name, False) if name else (above, bool(above))
            case _:
                return "", False


def default_group(table: SheetTable, columns: Mapping[int, str]) -> str:
    keys = set(columns.values())
    if "reference" in keys:
        return "reference"
    sections = table.layout.sections if table.layout else {}
    if len(sections) * 2 >= len(table.rows()) > 0:
        return "heading"
    return "name" if keys & {"family_name", "full_name"} else "row"


def read_families(
    tables: list[SheetTable],
    choices: ImportChoices,
    *,
    sites: Mapping[str, str],
    today: dt.date,
) -> ReadFamilies:
    """`sites`: code by folded name. Every taken sheet, in order."""
    doubts: dict[str, Doubt] = {}
    readers = [
        FamilySheetReader(table, chosen, choices.answers, sites, today, doubts)
        for table, chosen in zip(tables, choices.sheets, strict=True)
    ]
    taken = [(number, reader) for number, reader in enumerate(readers) if reader.choices.taken]
    grouped = [(number, reader, [*reader.groups()]) for number, reader in taken]
    result = ReadFamilies(restarts=restarting([groups for _, _, groups in grouped]))
    makers: dict[str, tuple[FamilyMaker, list[str], str]] = {}
    for number, reader, groups in grouped:
        for group in groups:
            key = key_of(number, group, together=choices.together and result.restarts)
            if key not in makers:
                if len(makers) == MOST_FAMILIES:
                    result.too_many = True
                    continue
                name = group.name if any(character.isdigit() for character in group.name) else ""
                if name and result.restarts and not choices.together:
                    name = f"{reader.table.title} · {name}"
                makers[key] = FamilyMaker(key, choices.dispositif, today), [], name[:100]
            maker, places, _ = makers[key]
            if group.joined:
                maker.remark("une ligne sans numéro est jointe à la famille au-dessus")
            if any(map(reader.table.is_hidden_row, group.rows)):
                maker.remark("une ligne est masquée dans le fichier\u00a0: elle est lue comme les autres")
            maker.add_rows(reader, group.rows)
            places.append(place_of(reader.table, group.rows))
    for key, (maker, places, reference) in makers.items():
        family = maker.family(reference)
        if family.people or family.facts:
            result.families.append(ReadFamily(key, reference, join_and(places), family, maker.remarks))
    result.doubts = [*doubts.values()]
    result.unplaced = not choices.dispositif and any(
        reader.has(key) for _, reader in taken for key in ("entered", "left")
    )
    return result


def restarting(sheets: list[list[RowGroup]]) -> bool:
    """A same reference on two sheets."""
    seen: set[str] = set()
    for groups in sheets:
        names = {fold(group.name) for group in groups if group.name}
        if names & seen:
            return True
        seen |= names
    return False


def key_of(number: int, group: RowGroup, *, together: bool) -> str:
    if not group.name or group.rows == []:
        return f"{number} row {group.rows[0]}"
    return fold(group.name) if together else f"{number} {fold(group.name)}"


def place_of(table: SheetTable, rows: list[int]) -> str:
    first, last = rows[0] + 1, rows[-1] + 1
    lines = f"ligne {first}" if first == last else f"lignes {first} à {last}"
    return f"{table.title}, {lines}" if table.title else lines

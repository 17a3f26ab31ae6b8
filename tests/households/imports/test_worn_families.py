"""Each worn table gives its families, asks what cannot be known, and refuses what may not be kept."""

import datetime as dt

import pytest

from jalons.households.imports.columns import heading_key, knows
from jalons.households.imports.content import ImportChoices, ReadFamilies
from jalons.households.imports.forbidden import purged
from jalons.households.imports.gathering import read_families
from jalons.households.imports.services import first_choices
from jalons.imports.reading.files import read_content
from jalons.imports.reading.table import read_table
from jalons.spreadsheets.reading import SheetContent
from tests.households.imports.worn import WORN, WornFamilies
from tests.imports.writing import write_ods, write_xlsx

TODAY = dt.date(2026, 12, 1)
SITES = {"rue du port": "s1", "friche sernam": "s2"}


def read(sheets: list[SheetContent], dispositif: str = "") -> tuple[ReadFamilies, ImportChoices, set[str]]:
    tables, refused, headings = [], [], set()
    for sheet in sheets:
        table = read_table(sheet, knows, today=TODAY)
        if table.layout is None:
            continue
        clean, reasons, _ = purged(table, {h.column: heading_key(h.words) for h in table.headings})
        headings |= {h.words for h in table.headings if h.column in reasons}
        tables.append(read_table(clean, knows, today=TODAY))
        refused.append(reasons)
    choices = first_choices(tables, refused, SITES, dispositif)
    return read_families(tables, choices, sites=SITES, today=TODAY), choices, headings


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
@pytest.mark.parametrize("name", WORN)
def test_worn(name: str, kind: str) -> None:
    worn: WornFamilies = WORN[name]
    content = write_xlsx(worn.sheets) if kind == "xlsx" else write_ods(worn.sheets)
    families, _, refused = read(read_content(content, kind))
    people = [
        [(p.given_name, p.family_name, p.year_of_birth) for p in each.family.people]
        for each in families.families
    ]
    assert people == worn.families
    assert {doubt.text for doubt in families.doubts} == worn.asked
    assert refused == worn.refused

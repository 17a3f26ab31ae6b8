"""Each worn table gives its families, asks what cannot be known, and refuses what may not be kept."""

import datetime as dt

import pytest

from jalons.households.imports.columns import heading_key, knows
from jalons.households.imports.content import ImportChoices, ReadFamilies
from jalons.households.imports.forbidden import purged, without_number
from jalons.households.imports.gathering import read_families
from jalons.households.imports.services import first_choices
from jalons.imports.reading.files import read_content
from jalons.imports.reading.table import read_table
from jalons.spreadsheets.reading import SheetContent
from tests.households.imports.worn import NIR, WORN, WornFamilies
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


def test_facts_of_worn_tables() -> None:
    """What stands beside the names: no is nothing, the tab is the site, a composition is people without a name."""
    read_rows, _, _ = read(read_content(write_xlsx(WORN["rows"].sheets), "xlsx"), "d1")
    first, second, third = (each.family for each in read_rows.families)
    assert [p.link for p in first.people] == ["reference", "", "child", "child", "child"]
    assert [(f.kind, f.value) for f in first.facts if f.kind in ("site", "housing_request", "file_reference")] == [
        ("file_reference", "F-01"), ("site", "s1"), ("housing_request", "siao"),
    ]  # fmt: skip
    assert [f.value for f in second.of_kind("housing_request")] == ["social"]
    exit_fact = third.of_kind("dispositif")[0]
    assert (exit_fact.until, exit_fact.detail) == (dt.date(2026, 9, 30), "housing")
    across, _, _ = read(read_content(write_xlsx(WORN["across"].sheets), "xlsx"))
    assert [len(each.family.of_kind("caf")) for each in across.families] == [1, 0]
    assert [each.reference for each in across.families] == ["", ""]
    tabs, _, _ = read(read_content(write_xlsx(WORN["tabs"].sheets), "xlsx"), "d1")
    assert tabs.restarts
    assert [each.reference for each in tabs.families] == [
        "Rue du Port · 1",
        "Rue du Port · 2",
        "Friche Sernam · 1",
    ]
    assert [each.family.of_kind("site")[0].value for each in tabs.families] == ["s1", "s1", "s2"]
    assert tabs.families[0].family.of_kind("arrival")[0].since == dt.date(2021, 3, 1)
    assert tabs.families[0].family.of_kind("dispositif")[0].since == dt.date(2024, 2, 1)


def test_a_hidden_row_is_read_and_said() -> None:
    sheets = read_content(write_xlsx(WORN["rows"].sheets), "xlsx")
    last = max(row for row, cells in enumerate(sheets[0].rows) if any(cells))
    plain, _, _ = read(sheets)
    assert not any("masquée" in remark for family in plain.families for remark in family.remarks)
    sheets[0].hidden_rows.update(range(1, last))
    hidden, _, _ = read(sheets)
    assert len(hidden.families) == len(plain.families)
    assert any("masquée" in remark for family in hidden.families for remark in family.remarks)


def test_a_number_in_the_name_of_a_sheet_or_in_a_heading_is_in_nothing_stored() -> None:
    sheet = SheetContent(
        f"Ana {NIR}", [["Nom", "Prénom", f"Numéro de sécu {NIR}"], ["EXEMPLESCU", "Ana", "x"]]
    )
    table = read_table(sheet, knows, today=TODAY)
    clean, _, cells = purged(table, {h.column: heading_key(h.words) for h in table.headings})
    assert NIR not in f"{clean}{cells}"
    assert [without_number(h.words) for h in table.headings] == ["Nom", "Prénom", "numéro retiré"]

"""Tables that lie on their side: read when they can be read one way, left to a person when they cannot."""

import datetime as dt
from typing import Any

import pytest

from jalons.imports import choices
from jalons.imports.reading.files import read_content
from jalons.imports.reading.table import SheetTable
from jalons.imports.targets.recognise import Recognised, recognise
from jalons.imports.targets.records import TableRecord, read_records
from tests.imports.writing import DrawnSheet, write_csv, write_ods, write_xlsx

TODAY = dt.date(2026, 11, 29)


def read(
    rows: list[list[Any]], title: str = "Feuille", kind: str = "xlsx", **looks: Any
) -> tuple[SheetTable, Recognised, list[TableRecord]]:
    drawn = DrawnSheet(title, rows, **looks)
    writers = {
        "xlsx": lambda: write_xlsx([drawn]),
        "ods": lambda: write_ods([drawn]),
        "csv": lambda: write_csv(drawn),
    }
    sheets = read_content(writers[kind](), kind, "")
    [table] = choices.tables_of(sheets, kind, TODAY)
    found = recognise(table)
    records = read_records(table, found.target, found.columns, today=TODAY) if found.target else []
    return table, found, records


def said(record: TableRecord, *keys: str) -> list[str]:
    """Each value, « ? » before what is asked."""
    cells = [record.cells[key].cell if key in record.cells else None for key in keys]
    return [
        "" if cell is None else f"{'?' if cell.ask else ''}{cell.day or cell.text or cell.number or ''}"
        for cell in cells
    ]


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_sites_down_and_dates_across(kind: str) -> None:
    """One row a site and a date; a date without a number is no row; each cell knows where it stands."""
    table, found, records = read(
        [
            ["Effectifs par site – 2026"],
            ["Commune", "Site", "31/07/2026", "août 2026", "30/09/2026", "Observations"],
            ["Lille", "Moulin", 30, "~32", 35, "accès facile"],
            ["Roubaix", "Canal", 8, None, "ND", None],
        ],
        kind=kind,
    )
    assert found.target is not None
    assert found.target.kind == "sites"
    assert [said(record, "commune", "name", "observed_on", "people") for record in records] == [
        ["Lille", "Moulin", "2026-07-31", "30"],
        ["Lille", "Moulin", "2026-08-31", "?~32"],
        ["Lille", "Moulin", "2026-09-30", "35"],
        ["Roubaix", "Canal", "2026-07-31", "8"],
        ["Roubaix", "Canal", "2026-09-30", ""],
    ]
    assert records[2].cells["people"].reference == "E3"
    assert "dates en colonnes" in table.context.warnings[-1]


def test_a_group_of_columns_for_each_date() -> None:
    _, _, records = read(
        [
            ["Commune", "Site", "31/07/2026", "", "31/08/2026", ""],
            ["", "", "Pers.", "Ménages", "Pers.", "Ménages"],
            ["Lille", "Moulin", 30, 7, 32, 8],
            ["Roubaix", "Canal", 8, 2, 9, 2],
        ],
        merges=[(0, 2, 0, 3), (0, 4, 0, 5)],
    )
    assert [said(record, "name", "observed_on", "people", "households") for record in records] == [
        ["Moulin", "2026-07-31", "30", "7"],
        ["Moulin", "2026-08-31", "32", "8"],
        ["Canal", "2026-07-31", "8", "2"],
        ["Canal", "2026-08-31", "9", "2"],
    ]


def test_what_the_dates_count_is_not_guessed() -> None:
    """People, or households? The column has no field until a person says it; a caravan count without a date is left."""
    _, found, records = read(
        [
            ["Suivi des sites"],
            ["Commune", "Site", "Caravanes", "31/07/2026", "31/08/2026"],
            ["Lille", "Moulin", 4, 30, 32],
            ["Roubaix", "Canal", 2, 8, 9],
        ]
    )
    assert {guess.field for guess in found.columns} == {"observed_on", "commune", "name", ""}
    assert len(records) == 4


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_sites_across_and_fields_down(kind: str) -> None:
    table, found, records = read(
        [
            ["Situation au 30/09/2026"],
            ["Site", "Moulin", "Talus", "Canal"],
            ["Commune", "Lille", "Lille", "Roubaix"],
            ["Nombre de personnes", 30, "env. 12", 8],
            ["dont mineurs", 12, "ND", "/"],
            ["Date de visite", "28/09/2026", "29/09", "28/09/2026"],
            ["Accès à l’eau", "oui", "non", "?"],
        ],
        kind=kind,
    )
    assert found.is_taken
    assert table.context.as_of == dt.date(2026, 9, 30)
    keys = ("commune", "name", "people", "minors", "observed_on")
    assert [said(record, *keys) for record in records] == [
        ["Lille", "Moulin", "30", "12", "2026-09-28"],
        ["Lille", "Talus", "?env. 12", "", "2026-09-29"],
        ["Roubaix", "Canal", "8", "", "2026-09-28"],
    ]
    assert records[1].cells["people"].reference == "C4"


def test_sites_and_communes_across_dates_down() -> None:
    _, _, records = read(
        [
            ["Nombre de ménages"],
            ["Commune", "Lille", "Roubaix"],
            ["Site", "Moulin", "Canal"],
            ["31/07/2026", 7, 2],
            ["31/08/2026", 8, 3],
        ]
    )
    assert [said(record, "commune", "name", "observed_on", "households") for record in records] == [
        ["Lille", "Moulin", "2026-07-31", "7"],
        ["Lille", "Moulin", "2026-08-31", "8"],
        ["Roubaix", "Canal", "2026-07-31", "2"],
        ["Roubaix", "Canal", "2026-08-31", "3"],
    ]


def test_named_sites_across_with_their_commune_in_brackets() -> None:
    _, _, records = read(
        [
            ["Date", "Moulin (Lille)", "Talus (Lille)", "Canal (Roubaix)", "Total"],
            ["31/07/2026", 30, 12, 8, 50],
            ["31/08/2026", 32, 12, 9, 53],
        ],
        title="Effectifs",
    )
    assert [said(record, "commune", "name", "observed_on", "people") for record in records][:3] == [
        ["Lille", "Moulin", "2026-07-31", "30"],
        ["Lille", "Moulin", "2026-08-31", "32"],
        ["Lille", "Talus", "2026-07-31", "12"],
    ]
    assert len(records) == 6


def test_sites_across_are_left_when_nothing_says_what_is_counted() -> None:
    rows = [["Date", "Moulin (Lille)", "Canal (Roubaix)"], ["31/07/2026", 30, 8], ["31/08/2026", 32, 9]]
    _, found, _ = read(rows, title="Feuil1")
    assert found.target is None


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_indicators_across_and_months_down(kind: str) -> None:
    _, found, records = read(
        [
            ["MOUS – suivi 2026"],
            ["Mois", "Ménages suivis", "Personnes suivies", "Contrats signés", "Nuitées"],
            ["juil. 2026", 14, 52, 1, 3],
            ["août 2026", 15, 55, "ND", None],
            ["sept. 2026", 15, "~56", 2, 4],
        ],
        kind=kind,
    )
    assert found.target is not None
    assert found.target.kind == "indicators"
    keys = ("indicator", "value 2026-07-31", "value 2026-08-31", "value 2026-09-30")
    assert [said(record, *keys) for record in records] == [
        ["Ménages suivis", "14", "15", "15"],
        ["Personnes suivies", "52", "55", "?~56"],
        ["Contrats signés", "1", "", "2"],
        ["Nuitées", "3", "", "4"],
    ]
    assert records[1].cells["value 2026-08-31"].reference == "C4"


def test_a_number_merged_over_two_sites_across_is_asked() -> None:
    _, _, records = read(
        [
            ["Site", "Moulin", "Talus", "Canal"],
            ["Commune", "Lille", "Lille", "Roubaix"],
            ["Personnes", 30, "", 8],
            ["Ménages", 7, 3, 2],
        ],
        merges=[(2, 1, 2, 2)],
    )
    assert [said(record, "people")[0][:1] for record in records] == ["?", "?", "8"]


def test_what_stands_upright_is_left_as_it_is() -> None:
    """Known words down a column of names do not turn a table."""
    table, _, records = read(
        [
            ["Indicateur", "juil. 2026", "août 2026"],
            ["Personnes", 52, 55],
            ["Ménages", 14, 15],
            ["Mineurs", 20, 21],
            ["Caravanes", 9, 9],
        ]
    )
    assert table.grid.sheet.part == ""
    assert len(records) == 4


def test_months_across_with_nothing_above_the_indicators() -> None:
    """The year is the only one that the title says."""
    _, found, records = read(
        [
            ["MOUS – Tableau de suivi mensuel 2026"],
            ["", "", "janv", "févr", "mars", "Cumul"],
            ["Public", "Ménages accompagnés", 10, 11, "11*", ""],
            ["Santé", "Ouvertures de droits AME", 2, "-", "ND", 2],
        ]
    )
    assert found.target is not None
    assert found.target.kind == "indicators"
    assert [said(record, "indicator", "value 2026-01-31", "value 2026-03-31") for record in records] == [
        ["Ménages accompagnés", "10", "?11*"],
        ["Ouvertures de droits AME", "2", ""],
    ]


def test_funders_across() -> None:
    """Of one year by the title, or of each by its group; what is planned or spent must be said."""
    _, found, records = read(
        [
            ["Plan de financement 2026"],
            ["Dispositif", "État", "Département", "CAF", "Total"],
            ["MOUS", 100000, "20 k€", 0, 120000],
            ["Médiation", "ND", 10000, "", 10000],
            ["TOTAL", 100000, 30000, 0, 130000],
        ]
    )
    assert found.is_taken
    assert [said(record, "action", "funder", "year", "planned") for record in records] == [
        ["MOUS", "État", "2026", "100000"],
        ["MOUS", "Département", "2026", "20000"],
        ["MOUS", "CAF", "2026", ""],
        ["Médiation", "État", "2026", ""],
        ["Médiation", "Département", "2026", "10000"],
    ]
    assert records[4].cells["planned"].reference == "C4"
    _, found, records = read(
        [
            ["Dispositif", "Réalisé 2024", "", "Réalisé 2025", ""],
            ["", "État", "MEL", "État", "MEL"],
            ["MOUS", 100, 20, 50, None],
        ],
        merges=[(0, 1, 0, 2), (0, 3, 0, 4)],
    )
    assert [said(record, "funder", "year", "executed") for record in records] == [
        ["État", "2024", "100"],
        ["MEL", "2024", "20"],
        ["État", "2025", "50"],
    ]
    rows = [["Dispositif", "État", "MEL"], ["MOUS", 100, 20], ["Médiation", 50, 5]]
    assert not read(rows)[1].is_taken  # of which year?


def test_headings_that_no_synonym_spells() -> None:
    """Recognised by the words that they hold; two counts in one heading are nobody's."""
    head = ["Ville", "Nom usuel\ndu site", "Nb total de pers. (hors squat)", "Dont -18", "Dernière maraude le",
            "Nb d’enfants 6-16 ans", "Caravanes / cabanes", "Nb de personnes malades"]  # fmt: skip
    _, found, records = read(
        [
            ["Recensement de novembre 2026"],
            head,
            ["Lille", "Talus", 30, 12, "le 3 novembre", 5, "4/2", 1],
            ["Lille", "Pont", 20, 8, "mardi 03-nov matin", 2, "3/0", 0],
        ]
    )
    assert [guess.field for guess in found.columns] == [
        "commune", "name", "people", "minors", "observed_on", "", "", "",
    ]  # fmt: skip
    assert [said(record, "observed_on") for record in records] == [["2026-11-03"], ["2026-11-03"]]

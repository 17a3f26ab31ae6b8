"""More tables as tired people keep them, drawn before looking: periods instead of days, reminders, comments, legends.

What a careful reader says stands beside each; « ? » is before what must be asked.
"""

import datetime as dt
from typing import Any

import pytest

from jalons.imports import choices
from jalons.imports.reading.files import read_content
from jalons.imports.reading.periods import are_weeks, may_be_week, period_in
from jalons.imports.reading.table import SheetTable
from jalons.imports.targets.recognise import recognise
from tests.imports.test_sideways import TODAY, read, said
from tests.imports.writing import DrawnSheet, write_xlsx

D = dt.date
Drawn = tuple[list[list[Any]], tuple[str, ...], list[list[str]], dict[str, Any]]
TABLES: dict[str, Drawn] = {
    "last month, a change and a part of a row stand among the rows": (
        [
            ["Asso. Les Berges – Observatoire mensuel – OCTOBRE 2026"],
            ["maj 26/10/2026, chiffres équipe + ville"],
            [],
            ["Commune", "Nom d'usage", "Habitants", "", "", "Ménages", "Logements", "", "Vu le"],
            ["", "", "Total", "dont enf. (-18)", "dont scol.", "", "Carav.", "Cab.", ""],
            ["Lille", "Porte d'Arras (voie ferrée)", 34, 12, 8, 8, 9, 0, D(2026, 10, 5)],
            ["", "Quai du Wault", 11, 3, 2, 3, 3, "", D(2026, 10, 5)],
            ["", "rappel sept.", 47, 16, 11, 12, 12, 0, ""],
            ["", "Berge*", 9, "2*", 1, 3, "/", 4, "06/10"],
            ["", "dont arrivés en octobre", 4, "", "", 1, "", "", ""],
            ["s/s total Lille", "", 54, 17, 11, 14, 12, 4, ""],
            ["Loos", "L’Écart", 21, "nd", 4, 5, 6, "", "6/10"],
            ["TOTAL octobre", "", 75, 17, 15, 19, 18, 4, ""],
            ["Rappel septembre 2026", "", 79, 18, "", 20, "", "", ""],
            ["Évolution", "", -4, -1, "", -1, "", "", ""],
            ["* source : mairie"],
        ],
        ("commune", "name", "people", "minors", "households", "caravans", "observed_on"),
        [
            ["Lille", "Porte d'Arras (voie ferrée)", "34", "12", "8", "9", "2026-10-05"],
            ["Lille", "Quai du Wault", "11", "3", "3", "3", "2026-10-05"],
            ["Lille", "Berge*", "9", "?2*", "3", "", "2026-10-06"],
            ["Loos", "L’Écart", "21", "", "5", "6", "2026-10-06"],
        ],
        {"merges": [(3, 2, 3, 4), (3, 6, 3, 7), (3, 0, 4, 0), (3, 1, 4, 1), (3, 5, 4, 5), (3, 8, 4, 8), (5, 0, 9, 0)]},
    ),
    "a column of months; one that is not over, or has no year": (
        [
            ["Commune", "Campement", "Mois", "Nb pers", "Nb fam"],
            ["Douai", "Gare", "sept. 2026", 20, 5],
            ["Douai", "Gare", "octobre 2026", 22, 5],
            ["Douai", "Gare", D(2026, 8, 1), "22 ?", 5],
            ["Sin-le-Noble", "Écluse", "10/2026", 7, 2],
            ["Sin-le-Noble", "Écluse", "nov.", 8, 2],
            ["Sin-le-Noble", "Écluse", "nov. 2026", 8, 2],
            ["Sin-le-Noble", "Écluse", "12/10/2026", 8, 2],
        ],
        ("commune", "name", "observed_on", "people", "households"),
        [
            ["Douai", "Gare", "2026-09-30", "20", "5"],
            ["Douai", "Gare", "2026-10-31", "22", "5"],
            ["Douai", "Gare", "2026-08-31", "?22 ?", "5"],
            ["Sin-le-Noble", "Écluse", "2026-10-31", "7", "2"],
            ["Sin-le-Noble", "Écluse", "?nov.", "8", "2"],
            ["Sin-le-Noble", "Écluse", "?nov. 2026", "8", "2"],
            ["Sin-le-Noble", "Écluse", "2026-10-12", "8", "2"],
        ],
        {},
    ),
    "a column of years beside one of quarters": (
        [
            ["Suivi des campements"],
            ["Année", "Trimestre", "Ville", "Lieu-dit", "Personnes", "dont enfants"],
            [2025, "T4", "Creil", "Bois", 40, 11],
            [2026, "1er trim.", "Creil", "Bois", 38, 11],
            ["2026", "T2", "Creil", "Bois", "ND", ""],
            [2026, 3, "Creil", "Bois", 30, 9],
            [2026, "T4", "Creil", "Bois", 28, 9],
        ],
        ("commune", "observed_on", "people", "minors"),
        [
            ["Creil", "2025-12-31", "40", "11"],
            ["Creil", "2026-03-31", "38", "11"],
            ["Creil", "2026-06-30", "", ""],
            ["Creil", "2026-09-30", "30", "9"],
            ["Creil", "?T4", "28", "9"],
        ],
        {},
    ),
    "years over quarters over what is counted": (
        [
            ["Effectifs (personnes / ménages)"],
            ["Commune", "Site", "2025", "", "", "", "2026", "", "", ""],
            ["", "", "T3", "", "T4", "", "T1", "", "T2", ""],
            ["", "", *["Pers.", "Mén."] * 4],
            ["Metz", "Blida", 30, 7, 31, 7, 29, 7, "29", "7"],
            ["Metz", "Moselle", 8, 2, "", "", 9, 2, 9, 2],
        ],
        ("name", "observed_on", "people", "households"),
        [
            ["Blida", "2025-09-30", "30", "7"],
            ["Blida", "2025-12-31", "31", "7"],
            ["Blida", "2026-03-31", "29", "7"],
            ["Blida", "2026-06-30", "29", "7"],
            ["Moselle", "2025-09-30", "8", "2"],
            ["Moselle", "2026-03-31", "9", "2"],
            ["Moselle", "2026-06-30", "9", "2"],
        ],
        {"merges": [(1, 2, 1, 5), (1, 6, 1, 9), (2, 2, 2, 3), (2, 4, 2, 5), (2, 6, 2, 7), (2, 8, 2, 9)]},
    ),
    "half-years across": (
        [
            ["Observatoire – effectifs"],
            ["Commune", "Site", "1er sem. 2025", "2e semestre 2025", "S1 2026"],
            ["Arras", "Citadelle", 12, 14, 15],
            ["Arras", "Scarpe", 3, "~6", 7],
        ],
        ("name", "observed_on", "people"),
        [
            ["Citadelle", "2025-06-30", "12"],
            ["Citadelle", "2025-12-31", "14"],
            ["Citadelle", "2026-06-30", "15"],
            ["Scarpe", "2025-06-30", "3"],
            ["Scarpe", "2025-12-31", "?~6"],
            ["Scarpe", "2026-06-30", "7"],
        ],
        {},
    ),
    "two dates in one cell, a week, a half-year in a column of days": (
        [
            ["Commune", "Site", "Pers.", "Date(s) de passage"],
            ["Lille", "Moulin", 10, "05/10 et 19/10/2026"],
            ["Lille", "Talus", 11, "du 5 au 7 octobre 2026"],
            ["Lille", "Quai", 12, "05-06/10/2026"],
            ["Lille", "Pré", 13, "05/10/2026\n19/10/2026"],
            ["Lille", "Parc", 15, "sem. 42"],
            ["Lille", "Port", 16, "S1 2026"],
            ["Lille", "Gare", 16, "avant le 12/10/2026"],
            ["Lille", "Rive", 16, "12/10/2026"],
        ],
        ("name", "observed_on"),
        [
            ["Moulin", "?05/10 et 19/10/2026"],
            ["Talus", "?du 5 au 7 octobre 2026"],
            ["Quai", "?05-06/10/2026"],
            ["Pré", "?05/10/2026\n19/10/2026"],
            ["Parc", "?sem. 42"],
            ["Port", "?S1 2026"],
            ["Gare", "?avant le 12/10/2026"],
            ["Rive", "2026-10-12"],
        ],
        {},
    ),
    "one site on two rows; the end of a name on a row of its own": (
        [
            ["Commune", "Site", "Pers.", "Carav.", "Vu le"],
            ["Lille", "Talus nord/sud", 30, 4, "05/10/2026"],
            ["", "", 12, 2, "05/10/2026"],
            ["Loos", "Fort", 9, 1, "05/10/2026"],
            ["", "(derrière le dépôt)", "", "", ""],
            ["Croix", "Berge", 6, 1, "05/10/2026"],
        ],
        ("commune", "name", "people"),
        [["Lille", "Talus nord/sud", "?30"], ["Lille", "Talus nord/sud", "?12"], ["Loos", "Fort", "9"],
         ["Croix", "Berge", "6"]],
        {"merges": [(1, 0, 2, 0), (1, 1, 2, 1)]},
    ),
    "colours that a legend explains, on the words or before them": (
        [
            ["Situation au 31/10/2026"],
            ["Commune", "Site", "Pers.", "Mén."],
            ["Lille", "Moulin", 40, 9],
            ["Lille", "Talus", 12, 3],
            ["Lille", "Quai", 8, 2],
            [],
            ["Légende"],
            ["site évacué"],
            ["", "chiffre non vérifié"],
            ["nouveau site"],
        ],
        ("name", "people"),
        [["Moulin", "40"], ["Talus", "?12"], ["Quai", "?8"]],
        {
            "fills": {
                **{(3, c): "FF0000" for c in range(4)}, **{(4, c): "FFFF00" for c in range(4)},
                **{(2, c): "92D050" for c in range(4)}, (7, 0): "FF0000", (8, 0): "FFFF00", (9, 0): "92D050",
            }
        },
    ),
    "last month beside this one, and the day of the visit": (
        [
            ["Observatoire octobre 2026"],
            ["Commune", "Site", "Pers. sept.", "Pers. oct.", "Écart", "Vu le"],
            ["Lille", "Moulin", 38, 40, 2, "05/10/2026"],
            ["Lille", "Talus", 12, 12, 0, "06/10/2026"],
        ],
        ("name", "observed_on", "people"),
        [["Moulin", "2026-10-05", "40"], ["Talus", "2026-10-06", "12"]],
        {},
    ),
    "the beginning and the end of a month; arrivals are no dates": (
        [
            ["Observatoire octobre 2026"],
            ["Commune", "Site / adresse", "Pers. début de mois", "Arrivées", "Départs", "Pers. fin de mois"],
            ["Lille", "Moulin", 38, 4, 2, 40],
            ["Lille", "Talus", 12, 0, 0, 12],
        ],
        ("name", "people", "installed_on"),
        [["Moulin", "40", ""], ["Talus", "12", ""]],
        {},
    ),
    "units in the headings; the total first": (
        [
            ["Commune", "Site", "Surface (m²)", "Distance point d'eau (m)", "Âge moyen (ans)", "Pers. (nb)",
             "Durée d'occupation (mois)", "Enfants (%)", "Coût mensuel (€)", "Vu le"],
            ["TOTAL", "", 1500, "", "", 52, "", "", 350, ""],
            ["Lille", "Moulin", 1200, 150, 27, 40, 18, 0.4, 350, "05/10/2026"],
            ["Lille", "Talus", 300, 20, 31, 12, 3, 0.3, "", "05/10/2026"],
        ],
        ("name", "people", "minors", "water"),
        [["Moulin", "40", "", ""], ["Talus", "12", "", ""]],
        {"percents": {(2, 7), (3, 7)}},
    ),
    "months in figures; a heading with its date in brackets": (
        [
            ["Nombre de personnes par site"],
            ["Commune", "Site", "08/26", "09/26", "Effectifs (au 31/10/2026)"],
            ["Lille", "Moulin", 38, 40, 22],
        ],
        ("name", "observed_on", "people"),
        [["Moulin", "2026-08-31", "38"], ["Moulin", "2026-09-30", "40"], ["Moulin", "2026-10-31", "22"]],
        {},
    ),
    "money: amounts in every hand, their kind and year in the title": (
        [
            ["Budget 2025 – prévisionnel (montants en € TTC)"],
            ["Dispositif", "Financeur", "Montant"],
            ["MOUS", "État", "12,5 K euros"],
            ["MOUS", "MEL", "1 250,00 € TTC"],
            ["MOUS", "CD", "≈ 12 000"],
            ["MOUS", "Ville", "12 000 € (50 %)"],
            ["MOUS", "FSE+", "12 000 € HT"],
            ["MOUS", "ARS", "12000€/an"],
        ],
        ("funder", "planned 2025"),
        [["État", "12500"], ["MEL", "1250"], ["CD", "?≈ 12 000"], ["Ville", "?12 000 € (50 %)"],
         ["FSE+", "?12 000 € HT"], ["ARS", "?12000€/an"]],
        {},
    ),
    "money: a part of a line, taxes, several payers in one cell": (
        [
            ["FINANCEMENT DES ACTIONS 2024/2025 (en €)"],
            ["Action", "Financeur", "2024", "", "2025", "", "Obs"],
            ["", "", "Prév.", "Réal.", "Prév.", "Réal. (prov.)", ""],
            ["MOUS", "BOP 177 / DIHAL / CD", 120000, 118000, 120000, 60000, ""],
            ["", "dont avenant n° 1", 20000, 20000, "", "", ""],
            ["", "Ville de Lens", "12 k€ HT", "12 k€", "12 k€", "", "titre en cours"],
            ["TOTAL MOUS", "", 132000, 130000, 132000, 60000, ""],
            ["Bus santé", "ARS (50 %)", 30000, "29 999,50", 30000, "15 k€", ""],
            ["TOTAL GÉNÉRAL", "", 162000, 159999.5, 162000, 75000, ""],
        ],
        ("action", "funder", "planned 2024", "executed 2024", "planned 2025", "executed 2025"),
        [
            ["MOUS", "BOP 177 / DIHAL / CD", "120000", "118000", "120000", "60000"],
            ["MOUS", "Ville de Lens", "?12 k€ HT", "12000", "12000", ""],
            ["Bus santé", "ARS (50 %)", "30000", "29999.5", "30000", "15000"],
        ],
        {"merges": [(1, 2, 1, 3), (1, 4, 1, 5), (3, 0, 5, 0)]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_it_is_read_as_it_says(name: str) -> None:
    rows, keys, expected, looks = TABLES[name]
    _, _, records = read(rows, **looks)
    assert [said(record, *keys) for record in records] == expected
    if "fills" in looks:
        assert [said(record, *keys) for record in read(rows, kind="ods", **looks)[2]] == expected


def test_every_row_that_is_left_is_named() -> None:
    rows, _, _, looks = TABLES["last month, a change and a part of a row stand among the rows"]
    table, _, _ = read(rows, **looks)
    assert [words for words in table.context.warnings if "8, 10, 14 et 15" in words]
    assert table.gaps == []
    # « dont femmes » is a row of a table of indicators.
    _, _, records = read([["Indicateur", "sept. 2026"], ["Personnes", 30], ["dont femmes", 12]])
    assert len(records) == 2


def test_years_of_a_stock_are_not_dated() -> None:
    """1 January or 31 December? A person says which year, and its day."""
    _, recognised, _ = read(
        [["Nombre de personnes"], ["Commune", "Site", "2024", "2025"], ["Lens", "Fosse", 12, 14]]
    )
    assert [(guess.field, "quel jour" in guess.why) for guess in recognised.columns[2:]] == [
        ("", True),
        ("", True),
    ]


def test_a_second_line_of_headings_under_living_conditions() -> None:
    """« O/N » and « type » under « Eau »; the type of the water is not that of the site."""
    rows: list[list[Any]] = [
        ["Diagnostic des lieux de vie – octobre 2026"],
        ["Ville", "Nom du lieu de vie", "Eau", "", "Électricité", "", "WC", "Ordures ménagères", "Rats"],
        ["", "", "O/N", "type", "O/N", "type", "O/N", "collecte O/N", "O/N"],
        ["Lille", "Quai", "O", "borne", "N", "", "N", "O", "?"],
    ]
    _, recognised, records = read(rows, merges=[(1, 2, 1, 3), (1, 4, 1, 5)])
    assert [guess.field for guess in recognised.columns] == [
        "commune", "name", "water", "", "electricity", "", "toilets", "waste", "pests",
    ]  # fmt: skip
    assert len(records) == 1


def test_a_column_of_an_indicator_says_what_it_covers() -> None:
    rows = [["MOUS – tableau de bord 2026"], ["Indicateur", "T1", "S1 2026", "sept.", "30 septembre 2026"]]
    _, recognised, _ = read([*rows, ["Ménages suivis", 1, 2, 3, 4]])
    reasons = [guess.why.replace("\u00a0", " ") for guess in recognised.columns[1:]]
    assert reasons[:2] == [
        "1er trimestre 2026, jusqu’au 31/03/2026",
        "1er semestre 2026, jusqu’au 30/06/2026",
    ]
    assert "septembre 2026, jusqu’au 30/09/2026" in reasons
    assert not any("jusqu" in reason for reason in reasons[3:])


def test_what_says_that_a_site_is_closed() -> None:
    """A column, a heading above its rows, the name of the sheet; none of them is a count of an open site."""
    rows: list[list[Any]] = [
        ["Situation au 31/10/2026"],
        ["Commune", "Site", "Statut", "Pers."],
        ["Lille", "Moulin", "ouvert", 40],
        ["Lille", "Talus", "évacué le 12/10/2026", 12],
        ["Lille", "Quai", "Fermé", 8],
        ["Lille", "Pré", "évacuation prévue", 8],
        ["Sites évacués depuis le 1er janvier"],
        ["Loos", "Fort", "", 18],
    ]
    _, _, records = read(rows)
    assert [bool(record.closing_words) for record in records] == [False, True, True, False, True]
    _, _, records = read([rows[0], rows[1], rows[2]], "Sites fermés")
    assert records[0].closing_words == "Sites fermés"


PERIODS = {
    "T1 2025": "2025-01-01 2025-03-31", "T1-25": "2025-01-01 2025-03-31", "1T25": "2025-01-01 2025-03-31",
    "1er trimestre 2025": "2025-01-01 2025-03-31", "3ème trim. 2026": "2026-07-01 2026-09-30",
    "2025-T4": "2025-10-01 2025-12-31", "Premier trimestre de 2026": "2026-01-01 2026-03-31",
    "S1 2025": "2025-01-01 2025-06-30", "2nd semestre 2025": "2025-07-01 2025-12-31",
    "janv.-mars 2026": "2026-01-01 2026-03-31", "juillet à août 2026": "2026-07-01 2026-08-31",
    "oct-26": "2026-10-01 2026-10-31", "02/2024": "2024-02-01 2024-02-29", "T3": "2026-07-01 2026-09-30",
    "T5 2025": None, "S3": None, "S40": None, "2025": None, "Total": None, "3": None, "": None,
}  # fmt: skip


def test_a_period_has_a_first_and_a_last_day() -> None:
    for words, expected in PERIODS.items():
        period = period_in(words, 2026)
        assert (period and f"{period.first} {period.last}") == expected, words
    assert [str(period_in(words, 2026)) for words in ("T1", "S2", "mars", "avril-mai")] == [
        "1er trimestre 2026", "2e semestre 2026", "mars 2026", "avril à mai 2026",
    ]  # fmt: skip


def test_a_half_year_beside_higher_numbers_is_a_week() -> None:
    assert [may_be_week(words) for words in ("S1 2025", "2e sem.", "2e semestre", "T1")] == [
        True,
        True,
        False,
        False,
    ]
    assert are_weeks(["S1", "S2", "S3"])
    assert not are_weeks(["S1 2025", "S2 2025", "Site 3"])
    rows = [["Effectifs 2026"], ["Commune", "Site", "S1", "S2", "S3"], ["Lille", "Moulin", 3, 4, 5]]
    assert not [guess for guess in read(rows)[1].columns if guess.field == "people"]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_months_that_the_spreadsheet_holds_as_first_days(kind: str) -> None:
    """« oct-26 » is shown, 1 October is stored: a month. With its day shown, it is that day."""
    rows: list[list[Any]] = [
        ["Effectifs"],
        ["Commune", "Site", D(2026, 9, 1), D(2026, 10, 1)],
        ["Lens", "Fosse", 12, 14],
    ]
    for months, days in (
        ({(1, 2), (1, 3)}, ["2026-09-30", "2026-10-31"]),
        (set(), ["2026-09-01", "2026-10-01"]),
    ):
        _, _, records = read(rows, kind=kind, months=months)
        assert [said(record, "observed_on", "people") for record in records] == [
            [days[0], "12"],
            [days[1], "14"],
        ]


def plain(table: SheetTable) -> str:
    """What the page of the columns warns of, with ordinary spaces."""
    return " ".join(table.context.warnings).replace("\u00a0", " ")


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_is_pinned_to_cells_is_said(kind: str) -> None:
    """With its cell, asked when it makes its number doubtful; elsewhere, on the page of the columns."""
    rows: list[list[Any]] = [
        ["Situation au 31/10/2026"],
        ["Commune", "Site", "Pers.", "Mén."],
        ["Lille", "Moulin", 40, 9],
        ["Lille", "Talus", 12, ""],
        ["TOTAL", "", 52, 9],
    ]
    comments = {
        (2, 2): "vu avec Marie le 12/10/2026", (3, 2): "à vérifier avec la mairie", (3, 3): "pas demandé",
        (1, 2): "hors hôtel 115", (4, 2): "39 en septembre",
    }  # fmt: skip
    table, _, records = read(rows, kind=kind, comments=comments)
    assert [said(record, "people", "households") for record in records] == [["40", "9"], ["?12", ""]]
    assert "vu avec Marie" in records[0].cells["people"].cell.note
    assert records[1].cells["people"].cell.suggest == 12
    assert "pas demandé" in records[1].cells["households"].cell.note
    sentences = plain(table)
    assert "C2 « hors hôtel 115 »" in sentences
    assert "C5 « 39 en septembre »" in sentences
    assert "3 commentaires" in sentences
    # Of a column of months, of crosses under « oui » and « non », too.
    rows = [
        ["Commune", "Site", "Mois", "Pers.", "Eau", ""],
        ["", "", "", "", "oui", "non"],
        ["Douai", "Gare", "sept. 2026", 20, "x", ""],
    ]
    looks = {
        "merges": [(0, 4, 0, 5)],
        "comments": {(2, 2): "vu le 29", (2, 4): "borne", (2, 5): "coupée l’été"},
    }
    cells = read(rows, kind=kind, **looks)[2][0].cells
    assert "vu le 29" in cells["observed_on"].cell.note
    assert all(words in cells["water"].cell.note for words in ("borne", "coupée l’été"))
    # Set upright, none is lost.
    rows = [["Effectifs"], ["Commune", "Site", "30/09/2026", "31/10/2026"], ["Lens", "Fosse", 12, 14]]
    table, _, records = read(rows, kind=kind, comments={(1, 2): "fait par la ville", (2, 3): "estimation"})
    assert "C2 « fait par la ville »" in plain(table)
    assert [said(record, "people") for record in records] == [["12"], ["?14"]]
    rows[1:] = [
        ["Commune", "Site", *(f"30/{n:02}/2026" for n in range(6, 10))],
        ["Lens", "Fosse", 12, 14, 13, 15],
    ]
    many = {(1, column): "vu" for column in range(6)}
    assert "E2 « vu » et d’autres encore." in plain(read(rows, kind=kind, comments=many)[0])
    # Turned, then set date by date: by their places in the file.
    rows = [
        ["Site", "Moulin", "Talus"],
        ["Commune", "Lille", "Loos"],
        ["30/09/2026", 8, 3],
        ["31/10/2026", 9, 4],
    ]
    comments = {(0, 1): "vu", (2, 0): "mardi", (3, 0): "jeudi"}
    sentences = plain(read(rows, kind=kind, comments=comments)[0])
    assert "Commentaires d’autres cases : A3 « mardi » et A4 « jeudi »." in sentences


@pytest.mark.parametrize("is_beside", [True, False])
def test_each_of_two_tables_says_its_own_comments(is_beside: bool) -> None:
    first, second = (
        [HEAD, ["Lille", "Moulin", 30, 3]],
        [["Commune", "Site", "Eau", "WC"], ["Lens", "Puits", "oui", "non"]],
    )
    rows = [
        ["Situation au 31/10/2026"],
        *(
            [[*left, "", *right] for left, right in zip(first, second, strict=True)]
            if is_beside
            else [*first, [], *second]
        ),
    ]
    comments = {(0, 0): "relu", (2, 2): "à vérifier", (1, 7) if is_beside else (4, 2): "borne"}
    drawn = DrawnSheet("Feuille", rows, comments=comments)
    tables = choices.tables_of(read_content(write_xlsx([drawn]), "xlsx"), "xlsx", TODAY)
    one, other = map(plain, tables)
    assert "A1 « relu »." in one
    assert "Un commentaire est attaché à une ligne" in one
    assert "« borne »." in other
    assert "attaché à une ligne" not in other


HEAD = ["Commune", "Site", "Pers.", "Mineurs"]
SHEETS = {
    "the last month first": (["Oct. 2026", "Sept. 2026", "Août 2026"], "Oct. 2026"),
    "closed sites last": (["Sites ouverts", "Sites fermés 2026"], "Sites ouverts"),
    "a model and a copy last": (["Observatoire", "Modèle", "Observatoire (copie)"], "Observatoire"),
    "years": (["2024", "2025", "2026"], "2026"),
    "nothing but closed sites": (["Fermés"], "Fermés"),
}  # fmt: skip


def test_which_sheet_is_taken() -> None:
    for titles, expected in SHEETS.values():
        drawn = [
            DrawnSheet(title, [HEAD, ["Lille", "Moulin", 30, 3], ["Roubaix", "Canal", 8, 2]])
            for title in titles
        ]
        tables = choices.tables_of(read_content(write_xlsx(drawn), "xlsx"), "xlsx", TODAY)
        taken = choices.best_sheet([recognise(table) for table in tables], tables)
        assert tables[taken].title == expected

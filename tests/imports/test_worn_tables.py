"""Observatories and money as worn hands keep them, drawn from the interviews and the guide before looking at the code.

Each cell stands as a careful reader reads it; « ? » is before what must be asked.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.imports.test_sideways import read, said
from tests.imports.writing import Formula

POPULATION = [
    ["Association Passerelles – maraudes", "", "", "", "", "", "", "", "", "", "", ""],
    ["Observatoire de la métropole – octobre 2026"],
    [
        "Dépt",
        "Commune",
        "Lieu de vie",
        "Population",
        "",
        "",
        "",
        "",
        "Fam.",
        "% mineurs",
        "Dernier passage",
        "Obs.",
    ],
    ["", "", "", "H", "F", "Enf.", "Total", "dt scol.", "", "", "", ""],
    ["59", "Lille", "Quai de l’Est", 10, 12, 20, 42, 11, 9, 0.476, dt.date(2026, 10, 6), None],
    ["", "", "Talus", 3, 4, 5, 12, "2", 3, 0.417, "8/10", "idem sept."],
    ["", "ss-total Lille", "", 13, 16, 25, 54, 13, 12, "", "", ""],
    ["", "Marcq en Baroeul", "Pré du moulin", "2", "2", "/", "4", "/", 2, 0, "09/10/26", "que des adultes"],
    ["62", "Lens", "Fosse 9", "5", "nd", "6", "env 15", "", "4", "", "fin oct.", ""],
    ["", "", "", 20, 18, 31, Formula(58), 13, 18, "", "", ""],
    ["* hors hôtel (115)"],
]


def test_men_women_children_and_their_total() -> None:
    """The total of a group of counts of people is the people; a share, and the men, are no field of ours."""
    merges = [(2, 3, 2, 7), (4, 0, 7, 0), (4, 1, 5, 1)]
    _, found, records = read(POPULATION, merges=merges, percents={(4, 9), (5, 9), (7, 9)})
    assert [guess.field for guess in found.columns] == [
        "", "commune", "name", "", "women", "minors", "people", "minors_at_school", "households", "",
        "observed_on", "note",
    ]  # fmt: skip
    keys = ("commune", "name", "people", "women", "minors", "minors_at_school", "households", "observed_on")
    assert [said(record, *keys) for record in records] == [
        ["Lille", "Quai de l’Est", "42", "12", "20", "11", "9", "2026-10-06"],
        ["Lille", "Talus", "12", "4", "5", "2", "3", "2026-10-08"],
        ["Marcq en Baroeul", "Pré du moulin", "4", "2", "", "", "2", "2026-10-09"],
        ["Lens", "Fosse 9", "?env 15", "", "6", "", "4", "?fin oct."],
    ]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_months_side_by_side_each_with_its_columns(kind: str) -> None:
    """Sub-totals in the middle, a column of change, a month whose cells are merged."""
    _, found, records = read(
        [
            ["Observatoire 2026 – 3e trimestre"],
            ["Commune", "Site", "Juillet", "", "", "Août", "", "", "Septembre", "", "", "Évol. juil./sept."],
            ["", "", "Pers.", "dt min.", "Mén."] + ["Pers.", "dt min.", "Mén."] * 2 + [""],
            ["Roubaix", "Canal", 30, 12, 7, 32, 13, 7, "32 ?", 13, 7, Formula(2)],
            ["", "Usine", 8, 2, 2, "idem", "idem", "idem", "ND", "ND", "-", ""],
            ["S/T Roubaix", "", 38, 14, 9, 40, 15, 9, 32, 13, 7, ""],
            ["Croix", "Berge", "", "", "", "", "", "", 5, 0, 2, "nouveau"],
            ["TOTAL", "", 38, 14, 9, 40, 15, 9, 37, 13, 9, ""],
        ],
        kind=kind,
        merges=[(1, 2, 1, 4), (1, 5, 1, 7), (1, 8, 1, 10), (3, 0, 4, 0)],
    )
    assert found.target is not None
    assert found.target.kind == "sites"
    keys = ("commune", "name", "observed_on", "people", "minors", "households")
    assert [said(record, *keys) for record in records] == [
        ["Roubaix", "Canal", "2026-07-31", "30", "12", "7"],
        ["Roubaix", "Canal", "2026-08-31", "32", "13", "7"],
        ["Roubaix", "Canal", "2026-09-30", "?32 ?", "13", "7"],
        ["Roubaix", "Usine", "2026-07-31", "8", "2", "2"],
        ["Roubaix", "Usine", "2026-08-31", "?idem", "?idem", "?idem"],
        ["Roubaix", "Usine", "2026-09-30", "", "", "?"],
        ["Croix", "Berge", "2026-09-30", "5", "", "2"],
    ]
    assert records[2].cells["people"].reference == "I4"


def test_two_counts_whose_heading_says_the_date() -> None:
    _, _, records = read(
        [
            ["Suivi des campements – arrondissement de Valenciennes (année 2026)"],
            ["Ville", "Nom", "Effectif au 30/09", "Effectif au 31/10", "Évolution", "Nb caravanes"],
            ["Denain", "Rivage", 22, 25, "+3", 6],
            ["Anzin", "Terril", 9, "départ", "-9", ""],
        ]
    )
    assert [said(record, "commune", "name", "observed_on", "people") for record in records] == [
        ["Denain", "Rivage", "2026-09-30", "22"],
        ["Denain", "Rivage", "2026-10-31", "25"],
        ["Anzin", "Terril", "2026-09-30", "9"],
        ["Anzin", "Terril", "2026-10-31", "?départ"],
    ]


def test_weeks_whose_dates_are_true_dates() -> None:
    _, _, records = read(
        [
            ["Nombre de personnes présentes"],
            ["", "", "S40", "S41", "S42"],
            ["Commune", "Squat", dt.date(2026, 9, 30), dt.date(2026, 10, 7), dt.date(2026, 10, 14)],
            ["Calais", "Hangar", 15, "15-20", 18],
            ["Calais", "Dunes", "/", 6, 7],
            ["Total", "", 15, 6, 25],
        ]
    )
    assert [said(record, "commune", "name", "observed_on", "people") for record in records] == [
        ["Calais", "Hangar", "2026-09-30", "15"],
        ["Calais", "Hangar", "2026-10-07", "?15-20"],
        ["Calais", "Hangar", "2026-10-14", "18"],
        ["Calais", "Dunes", "2026-09-30", ""],
        ["Calais", "Dunes", "2026-10-07", "6"],
        ["Calais", "Dunes", "2026-10-14", "7"],
    ]


def test_answers_to_a_form() -> None:
    """Its questions are headings; the day of the answer is not the day of the visit."""
    _, found, records = read(
        [
            ["Horodateur", "Dans quelle commune ?", "Nom ou adresse du lieu de vie", "Combien de personnes au total ?",
             "Dont combien d’enfants (moins de 18 ans) ?", "Combien de familles ?", "Y a-t-il un accès à l’eau ?",
             "Y a-t-il des toilettes ?", "Date de la visite", "Autres remarques"],
            ["12/10/2026 18:04:11", "lille", "Quai des brumes", "38", "14", "8", "Oui", "Non", "12/10/2026", ""],
            ["14/10/2026 09:12:40", "Ronchin ", "derrière le stade", "une vingtaine", "ne sait pas", "4 ou 5", "Non",
             "Non", "13/10/2026", "chiens"],
        ],
        kind="csv",
    )  # fmt: skip
    assert found.is_taken
    keys = ("commune", "name", "people", "minors", "households", "observed_on")
    assert [said(record, *keys) for record in records] == [
        ["lille", "Quai des brumes", "38", "14", "8", "2026-10-12"],
        ["Ronchin", "derrière le stade", "?une vingtaine", "?ne sait pas", "?4 ou 5", "2026-10-13"],
    ]
    assert {"water", "toilets"} <= {guess.field for guess in found.columns}


COUNTS = {
    "9 p.": "9", "9p": "9", "11 hab": "11", "42 personnes": "42", " 17 ": "17", "1 204": "1204", "0": "",
    "idem": "?", "id.": "?", "inchangé": "?", "stable (45)": "?", "45 → 38": "?", "+3": "?", "38 (45 en sept.)": "?",
    "45 dont 12 enf.": "?", "≥ 20": "?", "plus de 20": "?", "moins de 10": "?", "vide": "?", "évacué": "?",
    "2 fam (9 p.)": "?", "1 couple": "?", "x": "?", "30/35": "?", "30 / 35": "?", "8 ad. 4 enf.": "?",
    "12 adultes": "?",
    "12+?": "?", "NSP": "?", "nc": "?", "#REF!": "?", "-5": "?", "12,5": "?", "3,000": "?", "oui": "?", "5 à 6": "?",
    "10aine": "?", "60e": "?", "12*": "?", "1er": "?", "12 (estim.)": "?", "entre 5 et 6": "?", "n.d.": "", "N/D": "",
    "nd": "", "/": "", "//": "?", "s.o.": "", "sans objet": "", "…": "?", "..": "?", "environ trente": "?",
    "trente": "?",
}  # fmt: skip


def test_a_count_is_sure_or_asked() -> None:
    rows: list[list[Any]] = [["Commune", "Site", "Nb pers.", "Vu le"]]
    rows += [["Lille", f"Site n° {n}", words, "12/10/2026"] for n, words in enumerate(COUNTS)]
    _, _, records = read(rows)
    wrong = []
    for (words, wanted), record in zip(COUNTS.items(), records, strict=True):
        [value] = said(record, "people")
        if (value[:1] == "?") != (wanted == "?") or (wanted not in ("", "?") and value != wanted):
            wrong.append((words, wanted, value))
    assert wrong == []


AMOUNTS = {
    "1 250 000": 1250000, "1.250.000,00": 1250000, "1\u202f250,5 k€": 1250500, "0,5 M€": 500000, "12 500 €": 12500,
    "12500,00": 12500, "-3 500": -3500, "−3 500,00 €": -3500, "12 500 euros": 12500, "12 500 EUR": 12500, "0": 0,
    "12 500 € HT": "?", "12 500 € TTC": 12500, "3 500 -": "?", "(3 500,00 €)": "?", "10 000 ou 12 000": "?",
    "idem 2024": "?", "idem": "?", "gratuit": "?", "50 %": "?", "reconduit": "?", "15 000 (notifié)": "?",
    "12 500 + 2 500 (avenant)": "?", "en nature": "?", "max 20 000": "?", "20K€": 20000, "env. 8 000": "?",
    "8.5": "?", "8,5": "?", "à déterminer": "?", "non notifié": "?", "15 000 ?": "?", "12.500": "?", "12 mois": "?",
    "3 x 5 000": "?", "5 000/an": "?", "5 000 € / mois": "?", "ND": None, "/": None, "-": "?", "néant": "?",
    "30 000 (dont 5 000 report)": "?", "20 000 – 25 000": "?", "1,250,000": "?", "12 500 $": "?",
}  # fmt: skip


def test_an_amount_is_sure_or_asked() -> None:
    rows: list[list[Any]] = [["Dispositif", "Financeur", "Prévu 2025"]]
    rows += [[f"Dispositif n° {n}", "CAF", words] for n, words in enumerate(AMOUNTS)]
    _, _, records = read(rows)
    wrong = []
    for (words, wanted), record in zip(AMOUNTS.items(), records, strict=True):
        cell = record.cells["planned 2025"].cell
        number = Decimal(cell.number) if cell.number is not None else None
        if cell.ask != (wanted == "?") or (wanted != "?" and number != wanted):
            wrong.append((words, wanted, cell))
    assert wrong == []


BANDS_OF_YEARS = [
    ["Crédits mobilisés pour la résorption (en euros)"],
    ["Dispositif", "Financeur", "Voté", "Engagé", "Mandaté", "Reste à mandater", "Obs."],
    ["Exercice 2024"],
    ["MOUS", "État", 100000, 100000, 98500.5, Formula(1499.5), ""],
    ["", "Ville", "20 k€", "20 k€", "ND", "", "titre non reçu"],
    ["Total 2024", "", 120000, 120000, 98500.5, "", ""],
    ["Exercice 2025"],
    ["MOUS", "État", 110000, -2500, 90000, "", "annulation partielle"],
    ["Médiation", "ARS", 45000, "45 000", "45 000,00", 0, ""],
    ["Total 2025", "", 155000, 42500, 135000, "", ""],
    ["TOTAL", "", 275000, 162500, 233500.5, "", ""],
]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_years_as_bands(kind: str) -> None:
    _, found, records = read(BANDS_OF_YEARS, kind=kind)
    assert found.target is not None
    assert found.target.kind == "funding"
    assert [
        said(record, "action", "funder", "year", "planned", "committed", "executed") for record in records
    ] == [
        ["MOUS", "État", "2024", "100000", "100000", "98500.5"],
        ["?", "Ville", "2024", "20000", "20000", ""],
        ["MOUS", "État", "2025", "110000", "-2500", "90000"],
        ["Médiation", "ARS", "2025", "45000", "45000", "45000"],
    ]


def test_what_is_planned_and_paid_down_the_years_across() -> None:
    """One line for what is planned, one for what is paid, under one funder: the same money line."""
    _, found, records = read(
        [
            ["Plan de financement 2024-2026"],
            ["Action", "Financeur", "", "2024", "2025", "2026"],
            ["MOUS", "État", "Prévu", 100000, 110000, 110000],
            ["", "", "Payé", 98500, "ND", ""],
            ["", "MEL", "Prévu", "60 k€", 60000, "/"],
            ["", "", "Payé", 60000, 60000, ""],
            ["Total", "", "Prévu", 160000, 170000, 110000],
            ["", "", "Payé", 158500, 60000, ""],
        ],
        merges=[(2, 0, 5, 0), (2, 1, 3, 1), (4, 1, 5, 1)],
    )
    assert found.target is not None
    assert found.target.kind == "funding"
    keys = ("action", "funder", "planned 2024", "planned 2025", "executed 2024", "executed 2025")
    lines = [said(record, *keys) for record in records]
    assert lines == [
        ["MOUS", "État", "100000", "110000", "98500", ""],
        ["MOUS", "MEL", "60000", "60000", "60000", "60000"],
    ]


def test_a_programme_of_several_years() -> None:
    """« Programmation » is what is planned; the whole of the convention and what is paid of it are of no one year."""
    _, found, records = read(
        [
            ["Programmation pluriannuelle 2024-2026 – montants en k€"],
            [
                "Dispositif",
                "Financeur",
                "Montant conv.",
                "2024",
                "2025",
                "2026",
                "Versé au 30/06/2026",
                "Solde",
                "%",
            ],
            ["MOUS", "État", 300, 100, 100, 100, 180, 120, 0.6],
            ["MOUS", "Région", "45,5", "15,5", 15, 15, 30.5, 15, 0.67],
            ["Total", "", 345.5, 115.5, 115, 115, 210.5, 135, ""],
        ],
        percents={(2, 8), (3, 8)},
    )
    assert found.target is not None
    assert found.target.kind == "funding"
    assert [guess.key for guess in found.columns if guess.field] == [
        "action", "funder", "planned 2024", "planned 2025", "planned 2026",
    ]  # fmt: skip
    assert [said(record, "planned 2024", "planned 2026") for record in records] == [
        ["100000", "100000"], ["15500", "15000"],
    ]  # fmt: skip


def test_years_without_a_word_are_not_guessed() -> None:
    _, found, records = read(
        [
            ["Tableau financier"],
            ["Dispositif", "Financeur", "2024", "2025"],
            ["MOUS", "État", 100000, 100000],
            ["MOUS", "Région", 15500, 15000],
        ]
    )
    assert not {"planned 2024", "executed 2024", "committed 2024"} & {
        key for record in records for key, cell in record.cells.items() if not cell.cell.ask
    }
    assert not any(guess.field and guess.heading.letter in "CD" for guess in found.columns)


def test_with_and_without_tax_is_asked() -> None:
    """Two columns for one amount: neither is taken for the other."""
    _, found, _ = read(
        [
            ["Dispositif", "Financeur", "Prévu 2025 HT", "Prévu 2025 TTC", "Payé 2025 TTC"],
            ["MOUS", "État", 100000, 120000, 118000],
            ["MOUS", "Région", 10000, 12000, 12000],
        ]
    )
    taken = {guess.heading.letter: guess.key for guess in found.columns if guess.field}
    assert taken.get("C") is None
    assert taken.get("E") == "executed 2025"


def test_funders_across_years_and_kinds_down() -> None:
    """« 2025 prévu » on the left, a funder above each column, the dispositif in the title only."""
    _, found, records = read(
        [
            ["Financement de la MOUS de la métropole"],
            ["Année", "État (BOP 177)", "MEL", "Ville", "TOTAL"],
            ["2024 prévu", 100000, 60000, 12000, 172000],
            ["2024 réalisé", 98500, 60000, "ND", 158500],
            ["2025 prévu", "110 k€", 60000, "/", 170000],
        ]
    )
    assert found.target is None or [
        said(record, "funder", "year", "planned", "executed") for record in records
    ] == [
        ["État (BOP 177)", "2024", "100000", "98500"],
        ["État (BOP 177)", "2025", "110000", ""],
        ["MEL", "2024", "60000", "60000"],
        ["MEL", "2025", "60000", ""],
        ["Ville", "2024", "12000", ""],
        ["Ville", "2025", "", ""],
    ]


def test_one_year_said_by_the_title_and_a_row_of_units() -> None:
    _, found, records = read(
        [
            ["Suivi budgétaire – exercice 2026"],
            ["Intitulé de l’action", "Financeur", "Prévisionnel", "Engagé", "Payé", "Reste à payer", "Taux"],
            ["", "", "€", "€", "k€", "€", "%"],
            ["MOUS", "DDETS 59", 100000, 100000, 92.5, 7500, 0.92],
            ["", "Conseil départemental", "20 000", "-", "0", "", ""],
            ["MOUS – total", "", 120000, 100000, 92.5, "", ""],
            ["Bus santé", "ARS HdF", 30000, 30000, 30, 0, 1],
        ],
        percents={(3, 6), (6, 6)},
    )
    assert found.is_taken
    assert [
        said(record, "action", "funder", "planned 2026", "committed 2026", "executed 2026")
        for record in records
    ] == [
        ["MOUS", "DDETS 59", "100000", "100000", "92500"],
        ["?", "Conseil départemental", "20000", "?", ""],
        ["Bus santé", "ARS HdF", "30000", "30000", "30000"],
    ]


def test_a_total_that_does_not_tie_is_said() -> None:
    rows = [
        ["Situation au 31/10/2026"],
        ["Commune", "Site", "Pers.", "Mén."],
        ["Lille", "Quai", 30, 7],
        ["Lille", "Talus", 12, 3],
        ["Roubaix", "Canal", 8, 2],
        ["TOTAL", "", 53, 12],
    ]
    table, _, records = read(rows)
    assert len(records) == 3
    assert ["53" in words and "50" in words for words in table.gaps] == [True]
    rows[-1] = ["TOTAL", "", 50, 12]
    table, _, _ = read(rows)
    assert table.gaps == []


def test_a_grey_line_of_the_month_before() -> None:
    """Only its legend says what a colour means; without one, a colour says nothing."""
    rows = [
        ["Situation au 31/10/2026"],
        ["Commune", "Site", "Pers.", "Vu le"],
        ["Lille", "Quai", 30, "05/10/2026"],
        ["Lille", "Talus", 12, "06/10/2026"],
        ["En gris : chiffres de septembre, non actualisés"],
    ]
    fills = {(3, column): "BFBFBF" for column in range(4)}
    assert [said(record, "people") for record in read(rows, fills=fills)[2]] == [["30"], ["?12"]]
    assert [said(record, "people") for record in read(rows[:-1], fills=fills)[2]] == [["30"], ["12"]]


def fields_of(rows: list[list[Any]], title: str = "Feuille", **looks: Any) -> list[str]:
    return [guess.key if guess.field else "" for guess in read(rows, title, **looks)[1].columns]


def test_what_only_looks_like_a_count_is_left_to_a_person() -> None:
    """Girls are not women; a share, a change, last month, an age are not the count that they name."""
    rows = [
        ["Commune", "Lieu", "Enfants", "", "Adultes", "", "Scolarisés", "", "% scol."],
        ["", "", "G", "F", "H", "F", "mat.", "Total", ""],
        ["Lille", "Talus", 3, 4, 5, 6, 1, 3, 0.5],
        ["Lille", "Quai", 1, 0, 2, 2, 0, 1, 0.25],
    ]
    assert fields_of(rows, merges=[(0, 2, 0, 3), (0, 4, 0, 5), (0, 6, 0, 7)], percents={(2, 8), (3, 8)}) == [
        "commune", "address", "", "girls", "", "women", "", "minors_at_school", "",
    ]  # fmt: skip
    rows = [
        [
            "Commune",
            "Site",
            "Nb pers. (mois préc.)",
            "Nb pers. (ce mois)",
            "Évolution pers.",
            "Enfants scolarisables",
        ],
        ["Lille", "Talus", 30, 32, 2, 9],
    ]
    assert fields_of(rows) == ["commune", "name", "", "people", "", ""]
    rows = [
        ["Commune", "Site", "Effectif", "Population"],
        ["Lille", "Talus", 30, 32],
        ["Lille", "Quai", 9, 9],
    ]
    assert fields_of(rows) == ["commune", "name", "", ""]


def test_of_two_amounts_that_may_be_one_a_person_chooses() -> None:
    rows = [
        ["Action", "Financeur", "Demandé 2026", "Accordé 2026", "Versé 2026"],
        ["MOUS", "État", 120000, 100000, 50000],
    ]
    assert fields_of(rows) == ["action", "funder", "", "", "executed 2026"]
    rows = [
        ["Action", "Financeur", "N-1 (2024) réalisé", "BP 2025", "CA 2025"],
        ["MOUS", "État", 120, 100, 50],
    ]
    assert fields_of(rows) == ["action", "funder", "executed 2024", "planned 2025", "executed 2025"]
    rows = [["Dispositif", "Financeur", "Prévu", "Réalisé"], ["MOUS", "État", 100000, 90000]]
    assert fields_of(rows, "2025") == ["action", "funder", "planned 2025", "executed 2025"]
    rows = [["Tableau au 13/11/2026"], *rows]
    assert fields_of(rows) == [
        "action",
        "funder",
        "planned",
        "executed",
    ]  # the year of a date is no budget year


def test_who_pays_stands_above_or_across() -> None:
    _, _, records = read(
        [
            ["Action", "Prévu 2025", "Payé 2025"],
            ["ÉTAT – BOP 177"],
            ["MOUS", 100000, ""],
            ["Métropole (MEL)"],
            ["MOUS", 60000, 60000],
            ["Total", 160000, 60000],
        ]
    )
    assert [said(record, "action", "funder", "planned 2025") for record in records] == [
        ["MOUS", "ÉTAT – BOP 177", "100000"],
        ["MOUS", "Métropole (MEL)", "60000"],
    ]
    _, _, records = read(
        [
            ["Financements 2026"],
            ["Dispositif", "État", "", "MEL 2026", "", "Total", ""],
            ["", "Prévu", "Réalisé", "Prévu", "Réalisé", "Prévu", "Réalisé"],
            ["MOUS", 100000, 50000, 60000, "60 k€", 160000, 110000],
        ],
        merges=[(1, 1, 1, 2), (1, 3, 1, 4), (1, 5, 1, 6)],
    )
    assert [said(record, "action", "funder", "year", "planned", "executed") for record in records] == [
        ["MOUS", "État", "2026", "100000", "50000"],
        ["MOUS", "MEL", "2026", "60000", "60000"],
    ]


def test_numbers_alone_at_the_foot_add_up_what_stands_above() -> None:
    """Also when one of them is to be asked."""
    rows = [
        ["Pers.", "Mén.", "Nom du site", "Commune"],
        [30, 7, "Talus", "Lille"],
        ["12 ?", 2, "Quai", "Lille"],
        [42, 9, "", ""],
    ]
    assert [said(record, "name", "people") for record in read(rows)[2]] == [
        ["Talus", "30"],
        ["Quai", "?12 ?"],
    ]


def test_rows_set_upright_say_where_they_stand_in_the_file() -> None:
    table, _, records = read(
        [
            ["Effectifs 2026"],
            ["Commune", "Site", "31/07/2026", "31/08/2026"],
            ["Lille", "Moulin", 30, 32],
            ["Roubaix", "Canal", 8, 9],
        ]
    )
    assert [table.places[record.row] for record in records] == [
        "ligne 3, colonne C", "ligne 3, colonne D", "ligne 4, colonne C", "ligne 4, colonne D",
    ]  # fmt: skip
    table, _, records = read(
        [
            ["Site", "Moulin", "Canal"],
            ["Commune", "Lille", "Roubaix"],
            ["Personnes", 30, 8],
            ["Ménages", 7, 2],
        ]
    )
    assert [table.places[record.row] for record in records] == ["colonne B", "colonne C"]
    assert read([["Commune", "Site", "Pers."], ["Lille", "Moulin", 30]])[0].places == {}


def test_a_row_of_counted_sites_is_a_total_and_a_name_that_looks_like_one_is_not() -> None:
    rows = [
        ["Ville", "Lieu de vie", "Pop. totale", "Nb pers. scol.", "Eau O/N"],
        ["Lille", "Station Total", 12, 4, "O"],
        ["Lille", "Ensemble immobilier Somme", 10, 4, "N"],
        ["Lille : 2 sites / 22 pers.", "", "", "", ""],
        ["Croix", "Berge", 8, 2, "N"],
        ["Croix : 1 site", "", 8, 2, ""],
        ["TOTAL : 3 sites", "", 30, 10, ""],
    ]
    assert fields_of(rows) == ["commune", "name", "people", "", "water"]
    table, _, records = read(rows)
    assert [said(record, "name", "people") for record in records] == [
        ["Station Total", "12"], ["Ensemble immobilier Somme", "10"], ["Berge", "8"],
    ]  # fmt: skip
    assert table.gaps == []


def test_a_first_of_the_month_is_not_its_last() -> None:
    _, _, records = read(
        [
            [
                "Ville",
                "Campement",
                "Nb personnes au 1er janvier 2026",
                "Nb personnes au 1er juillet 2026",
                "Sorties",
            ],
            ["Lille", "A", 30, 24, 8],
        ]
    )
    assert [said(record, "observed_on", "people") for record in records] == [
        ["2026-01-01", "30"],
        ["2026-07-01", "24"],
    ]


def test_funders_across_and_years_down() -> None:
    """A side of a budget is no dispositif."""
    table, _, records = read(
        [
            ["Financements exécutés"],
            ["Actions", "Année", "DIHAL", "DDETS", "Total"],
            ["MOUS", 2024, 100000, 20000, 120000],
            ["", 2025, 100000, "20 k€", 120000],
            ["Bus", 2024, 0, 35000, 35000],
            ["Total 2024", "", 100000, 55000, 155000],
        ],
        merges=[(2, 0, 3, 0)],
    )
    assert [said(record, "action", "funder", "year", "executed") for record in records][2:4] == [
        ["MOUS", "DIHAL", "2025", "100000"], ["MOUS", "DDETS", "2025", "20000"],
    ]  # fmt: skip
    assert table.gaps == []
    rows = [
        ["Poste", "Prévu 2024", "Réalisé 2024"],
        ["RECETTES"],
        ["État BOP 177", 100000, 100000],
        ["DÉPENSES"],
        ["Salaires", 120000, 118000],
    ]
    assert not read(rows)[1].is_taken

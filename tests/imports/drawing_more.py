"""More tables, drawn after the reading code by someone who looks for what it misreads.

`python -m tests.imports.drawing_more` writes them in `layouts/`, each with what a careful reader says is in it.
"""

import datetime as dt
from itertools import zip_longest
from typing import Any

from tests.imports.drawing import (
    BLANK,
    HYPHEN,
    NA,
    ND,
    Cell,
    Line,
    Other,
    Sheet,
    day,
    doubt,
    known,
    new,
    no,
    number,
    write_layouts,
    yes,
)
from tests.imports.writing import Formula, write_csv, write_ods, write_text, write_xlsx

THIN = "\u202f"

# An association's observatory: three lines of headers, a subtotal a commune, months for dates, a hidden row ---------

THREE_LINES = Sheet(
    "Obs. sept-26",
    ["commune", "name", "people", "minors", "women", "households", "water", "toilets", "observed_on", "note"],
    [
        Other("title", ["Observatoire des lieux de vie – sept. 2026"]),
        BLANK,
        Other("header", ["Territoire", "", "Population", "", "", "", "Équipement", "", "Suivi", ""]),
        Other("header", ["Commune", "Lieu de vie", "Nb pers.", "dont", "", "Ménages", "Eau", "WC", "Passage", "Rq"]),
        Other("header", ["", "", "", "mineurs", "femmes", "", "", "", "", ""]),
        Line(
            ["Lille", "Talus nord", number(f"1{THIN}204", 1204), doubt("env. 40", "approximation", suggest=40), 12,
             number("9 fam.", 9), yes("oui"), no("non"), doubt("sept-26", "a month without its day", suggest="2026-09"),
             None],
            new(),
        ),
        Line(
            ["Lille", "Talus sud", doubt("?", "a question mark"), ND, HYPHEN, NA,
             doubt("oui ?", "a question mark"), yes("O"), day("12/09/26", "2026-09-12"), "accès par la voie ferrée"],
            new(),
        ),
        Other("total", ["Sous-total Lille", "", 1204, 40, 12, 9, "", "", "", ""]),
        Line(
            ["Roubaix", "Cour des tanneurs", 31, 14, 8, 7, no("aucun"),
             no("pas de WC"), day(dt.date(2026, 9, 15), "2026-09-15"), None],
            new(),
            hidden=True,
        ),
        Line(
            ["Roubaix", "Halle aux laines", doubt("20/25", "a range", low=20, high=25), 9, None, None, yes("x"),
             doubt("2 WC", "a number in a column of yes and no"),
             doubt("mi-septembre", "a month without its day", suggest="2026-09"), None],
            new(),
        ),
        Other("total", ["Sous-total Roubaix", "", 31, 23, 8, 7, "", "", "", ""]),
        Other("total", ["TOTAL GÉNÉRAL", "", 1235, 63, 20, 16, "", "", "", ""]),
        BLANK,
        Other("note", ["NB : les personnes à l’hôtel ne sont pas comptées"]),
    ],
    merges=[(0, 0, 0, 9), (2, 0, 2, 1), (2, 2, 2, 5), (2, 6, 2, 7), (2, 8, 2, 9), (3, 3, 3, 4)],
)  # fmt: skip

# Money in thousands said by the heading of each column, a total in the middle, thin spaces -----------

THOUSANDS = Sheet(
    "Budget",
    ["action", "funder", "planned 2025", "executed 2025", "planned 2026", "note"],
    [
        Other("title", ["Plan de financement des dispositifs"]),
        Other(
            "header",
            ["Dispositif", "Financeur", "Prévu 2025 (k€)", "Réalisé 2025 (en €)", "Prévu 2026 (k€)", "Observations"],
        ),
        Line(["MOUS", "État – BOP 135", number(45.5, 45500), number(f"45{THIN}120,50", 45120.5), number("48", 48000),
              None], known("MOUS")),
        Line(["MOUS", "Métropole", number(f"1{THIN}204", 1204000), number(1200000, 1200000),
              number("1 250 k€", 1250000), "avenant"], known("MOUS")),
        Other("total", ["Total MOUS", "", 1249.5, 1245120.5, 1298, ""]),
        Line(["Médiation", "CAF", doubt("12 à 15", "a range", low=12000, high=15000), HYPHEN,
              doubt("env. 15", "approximation", suggest=15000), None], known("Médiation")),
        Line(["Médiation", "ARS", number("8,0", 8000), number("8 000 €", 8000), doubt("?", "a question mark"), None],
             known("Médiation")),
        Other("total", ["TOTAL", "", 1269.5, 1253120.5, 1313, ""]),
        Other("note", ["* la part de la CAF n’est pas notifiée"]),
    ],
)  # fmt: skip

# One row a year: the year is a column ----------------------------------------------------------------

LONG = Sheet(
    "export",
    ["year", "action", "kind", "funder", "planned", "committed", "executed"],
    [
        Other("header", ["Exercice", "Action", "Type", "Financeur", "BP", "AE engagées", "CP consommés"]),
        Line([2024, "MOUS", "BOP 135", "État", number("30 000,00 €", 30000), number("30 000,00 €", 30000),
              number("29 450,10 €", 29450.1)], known("MOUS")),
        Line([2025, "MOUS", "BOP 177", "État", number("1 000 000,00 €", 1000000), number("0,00 €", 0), None],
             known("MOUS")),
        Line([2026, "Village", "FSE+", "Région", doubt("(2 500,00)", "in brackets", suggest=-2500), ND, NA],
             known("Village")),
    ],
)  # fmt: skip

# A follow-up whose months are written short, with a share, a question mark, notes --------------------

SHORT_MONTHS = Sheet(
    "MOUS",
    ["indicator", "2026-09", "2026-10", "2026-11", ""],
    [
        Other("title", ["Tableau de bord du dispositif"]),
        BLANK,
        Other("header", ["Indicateurs", "sept-26", "oct-26", "nov-26", "Cumul"]),
        Line(["Familles accompagnées", 12, 13, number("13 fam.", 13), None], known("Ménages")),
        Line(["- dont mineurs", 20, 21, doubt("21 ou 22", "a range", low=21, high=22), None], known("dont mineurs")),
        Line(["Enfants scolarisés", number("15", 15), doubt("15 + 2", "a sum", suggest=17), ND, None],
             known("Enfants scolarisés")),
        Line(["Taux de scolarisation", number("75 %", 75), number(0.8, 80), HYPHEN, None], new()),
        Line(["Contrats signés", 1, doubt("?", "a question mark"), doubt("1 (CDI)", "a remark"), Formula(2.0)],
             known("Contrats signés")),
        BLANK,
        Other("note", ["Source : réunions mensuelles avec l’opérateur"]),
        Other("note", ["* les familles hébergées à l’hôtel sont comptées"]),
    ],
    percents={(6, 2)},
)  # fmt: skip

# Living conditions: what stands there is counted, said in words, or left to a note -------------------

WORDS = Sheet(
    "Diagnostic",
    ["name", "commune", "water", "toilets", "electricity", "waste", "pests", "observed_on"],
    [
        Other("title", ["Diagnostic eau, hygiène, déchets"]),
        Other("subtitle", ["Visites du 2 au 6 novembre 2026"]),
        Other("header", ["Site", "Ville", "Eau (O/N)", "Toilettes", "Électricité", "Ramassage", "Nuisibles", "Date"]),
        Line(["Camp du stade", "Lille", yes("O"), no("N"), doubt("branchement", "neither yes nor no"),
              doubt("1x/sem", "neither yes nor no"), ND, day("02/11/2026", "2026-11-02")], new()),
        Line(["Camp du port", "Lille", doubt("1 borne", "neither yes nor no"), no("non"),
              yes("oui"), no("aucun"), doubt("beaucoup", "neither yes nor no"),
              doubt("nov-26", "a month without its day", suggest="2026-11")], new()),
        Line(["Camp de la gare", "Lille", yes(" OUI "), doubt("oui/non", "both"), doubt("N/A ?", "a question mark"),
              HYPHEN, NA, None], new()),
        Other("note", ["O = oui, N = non"]),
    ],
)  # fmt: skip

# Two tables side by side -----------------------------------------------------------------------------

TITLES = [
    Other("title", ["Secteur nord", "", "", "", "", "Secteur sud", "", "", ""]),
    Other("header", ["Commune", "Site", "Pers.", "Vu le", "", "Commune", "Site", "Pers.", "Vu le"]),
]
NORTH = [["Lille", "Butte", 12, day("02/11/2026", "2026-11-02")],
         ["Lille", "Ravin", 30, day("03/11/2026", "2026-11-03")]]  # fmt: skip
SOUTH = [["Seclin", "Silo", 7, day("04/11/2026", "2026-11-04")], ["Seclin", "Four", ND, None],
         ["Templemars", "Gare", doubt("~20", "approximation", suggest=20), None]]  # fmt: skip
NOTHING: list[Any] = [None] * 4
BOTH = Sheet(
    "Secteurs",
    [""] * 9,
    [
        *TITLES,
        *(
            Line([*north, None, *south], new())
            for north, south in zip_longest(NORTH, SOUTH, fillvalue=NOTHING)
        ),
    ],
)
LEFT = Sheet(
    "Secteurs (à gauche)",
    ["commune", "name", "people", "observed_on", "", "", "", "", ""],
    [*TITLES, *(Line([*cells, None, *NOTHING], new()) for cells in NORTH)],
)
RIGHT = Sheet(
    "Secteurs (à droite)",
    ["", "", "", "", "", "commune", "name", "people", "observed_on"],
    [*TITLES, *(Line([*NOTHING, None, *cells], new()) for cells in SOUTH)],
)

# What is pasted from a message: two figures in one cell, units everywhere ----------------------------

MESSAGE = Sheet(
    "message",
    ["name", "people", "minors", "observed_on", "note"],
    [
        Other("header", ["Campement", "Effectif", "dt enfants", "Visite", "Infos"]),
        Line(["Rue du Lac", number("25 personnes", 25), number("11 enfants", 11),
              day("le 12 novembre 2026", "2026-11-12"), None], new()),
        Line(["Pré aux chiens", doubt("25 pers dont 11 enf", "a number and its detail", suggest=25), None,
              doubt("semaine 46", "not a date"), "à confirmer"], new()),
        Line(["Vieux moulin", doubt("+/- 30", "approximation", suggest=30), doubt("< 10", "approximation", suggest=10),
              doubt("12/11", "a date without its year"), None], new()),
        Line(["Quai ouest", doubt("une dizaine", "approximation in words", suggest=10), ND,
              day("12-11-2026", "2026-11-12"), None], new()),
        Line(["Porte de Gand", doubt("3 familles", "families in a column of people"), doubt("0?", "a question mark",
              suggest=0), day("2026-11-12", "2026-11-12"), None], new()),
        Line(["Fort", number("12", 12),
              doubt("15", "more minors than people"), doubt("31/02/2026", "no such day"), None], new()),
    ],
)  # fmt: skip

# A month's observatory whose headings repeat on each printed page, and whose communes are sections ------------------

SECTIONS = Sheet(
    "Novembre",
    ["name", "people", "households", "minors", "caravans", "observed_on"],
    [
        Other("title", ["Recensement mensuel", "", "", "", "", ""]),
        Other("title", ["Situation au 10/11/2026"]),
        Other("header", ["Nom du site", "Effectifs", "Familles", "Dt mineurs", "Carav.", "Date de passage"]),
        Other("section", ["LILLE"]),
        Line(["Berges", 44, 10, 21, 14, day("10/11", "2026-11-10")], new()),
        Line(["Écluse", doubt("40-45", "a range", low=40, high=45), 9, None, number("12 car.", 12),
              day("9 nov", "2026-11-09")], new()),
        Other("repeated header", ["Nom du site", "Effectifs", "Familles", "Dt mineurs", "Carav.", "Date de passage"]),
        Other("section", ["ROUBAIX"]),
        Line(["Filature", 18, 4, 8, 0, day("6/11", "2026-11-06")], new()),
        Other("total", ["Ensemble", 62, 23, 29, 26, ""]),
        Other("note", ["Effectifs donnés par l’équipe mobile"]),
    ],
)  # fmt: skip

# Structures, with an address of mail in two columns and numbers that a spreadsheet shortened ---------

BODIES = Sheet(
    "Partenaires",
    ["name", "kind", "siret", "commune", "phone", "email"],
    [
        Other("title", ["Annuaire des partenaires – màj sept-26"]),
        Other("header", ["Organisme", "Statut", "Siret", "Siège", "Tél.", "Courriel"]),
        Line(["Passerelles", "association loi 1901", "77567227200112", "Lille", "03.20.00.00.00",
              "contact@exemple.org"], new()),
        Line(["CCAS", "collectivité", Cell(77567227200120, "text", {"value": "77567227200120"}), "Roubaix", None, NA],
             new()),
    ],
)  # fmt: skip


def tables() -> dict[str, tuple[str, list[Sheet], bytes]]:
    return {
        "08_observatoire_trois_lignes.xlsx": ("sites", [THREE_LINES], write_xlsx([THREE_LINES.drawn()])),
        "09_deux_tableaux.xlsx": ("sites", [LEFT, RIGHT], write_xlsx([BOTH.drawn()])),
        "10_financements_en_milliers.ods": ("funding", [THOUSANDS], write_ods([THOUSANDS.drawn()])),
        "11_financements_par_exercice.csv": ("funding", [LONG], write_csv(LONG.drawn())),
        "12_suivi_mois_courts.xlsx": ("indicators", [SHORT_MONTHS], write_xlsx([SHORT_MONTHS.drawn()])),
        "14_conditions_en_mots.ods": ("conditions", [WORDS], write_ods([WORDS.drawn()])),
        "15_message.txt": ("sites", [MESSAGE], write_text(MESSAGE.drawn(), "\t").encode()),
        "16_sections.xlsx": ("sites", [SECTIONS], write_xlsx([SECTIONS.drawn()])),
        "17_partenaires.xlsx": ("organisations", [BODIES], write_xlsx([BODIES.drawn()])),
    }


if __name__ == "__main__":
    write_layouts(tables())

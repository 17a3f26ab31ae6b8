"""Ten more tables of tired people, drawn from the interviews and the guide alone.

`python -m tests.imports.drawing_tired` writes them in `layouts/`, each with what a careful reader says is in it.
Those that lie on their side are in `drawing_sideways`.
"""

import datetime as dt
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
    number,
    write_layouts,
    yes,
)
from tests.imports.writing import Formula, write_csv, write_ods, write_xlsx

EMPTY = Cell(None, "empty")


def again(words: str) -> Cell:
    """Written once for several rows: by a merge, or by « idem »."""
    return Cell(None, "text", {"value": words})


def ditto(mark: str, words: str) -> Cell:
    return Cell(mark, "text", {"value": words})


# A DDETS follow-up: two lines of headers, numbered rows, « idem », a sub-total by arrondissement ------

LILLE, DOUAI = "Lille (59350)", "Douai (59178)"
DDETS = Sheet(
    "Suivi DDETS",
    ["", "commune", "address", "people", "women", "minors", "", "minors_at_school", "", "observed_on",
          "source", "note"],
    [
        Other("title", ["DDETS du Nord – Pôle inclusion – Suivi des campements illicites et squats"]),
        Other("title", ["Actualisé le 6 novembre 2026 (réunion du comité technique)"]),
        BLANK,
        Other("header", ["N°", "Commune", "Localisation", "Population", "", "", "Scolarisation", "",
              "Concours force publique",
                         "Dernière visite", "Source", "Observations"]),
        Other("header", ["", "", "", "Total", "dont femmes", "dont < 18 ans", "6-16 ans", "dont scolarisés", "", "",
                         "", ""]),
        Line([1, LILLE, "Rue Jean Monnet", 45, 12, 20, 9, 6, "non", day(dt.date(2026, 10, 20),
              "2026-10-20"), "DDETS", None], new()),
        Line([2, ditto("idem", LILLE), "Talus de la rocade", doubt("±45", "approximation", suggest=45), ND, ND,
              None, None, "oui",
              day("20/10", "2026-10-20"), ditto("idem", "DDETS"), "tension avec riverains"], new()),
        Line([3,
              ditto('"', LILLE), "Friche SNCF – parcelle AB 12", doubt("entre 20 et 30", "a range", low=20, high=30),
              None, doubt("la moitié", "words"), None, None, None,
              day(dt.date(2026, 10, 22), "2026-10-22"), "gendarmerie", None], new()),
        Other("sub-total", ["", "Sous-total arrondissement de Lille (3 sites)", "", 45, 12, 20, 9, 6, "", "",
              "", ""]),
        Line([4, DOUAI, "Terrain du fort", 18, HYPHEN, 7, 4, 4, None,
              doubt("S42", "a week"), "mairie", None], new()),
        Line([5, ditto("//", DOUAI), "Ancien abattoir", doubt("NC", "two readings"), doubt("n.c.",
              "two readings"), doubt("NC", "two readings"), None, None, None,
              doubt("oct. 2026", "a month without its day", suggest="2026-10"), "mairie", "accès refusé"], new()),
        Other("sub-total", ["", "Sous-total arrondissement de Douai (2 sites)", "", 18, 0, 7, 4, 4, "", "", "", ""]),
        Other("total", ["", "Total département : 5 sites", "", 63, 12, 27, 13, 10, "", "", "", ""]),
        Other("note", ["Rédaction : pôle inclusion, diffusion restreinte"]),
    ],
    merges=[(0, 0, 0, 11), (3, 3, 3, 5), (3, 6, 3, 7)],
)  # fmt: skip

# Money over three years: the dispositif is a band, three columns a year, rates, totals by label and by sum ----

BANDS = Sheet(
    "Financements",
    ["funder", "planned 2024", "committed 2024", "executed 2024", "planned 2025", "committed 2025", "executed 2025",
     "", "planned 2026", "note"],
    [
        Other("title", ["Suivi financier des dispositifs 2024-2026 (montants en k€)"]),
        Other("header", ["Financeur", "2024", "", "", "2025", "", "", "", "2026", "Remarques"]),
        Other("header", ["", "Prévu", "Engagé", "Payé", "Prévu", "Engagé", "Payé", "Taux d’exéc.", "Prévu", ""]),
        Other("section", ["MOUS de la métropole"]),
        Line(["État BOP 177", number(120, 120000), number(120, 120000), number("118,4", 118400), number(130, 130000),
              number(130, 130000), number("97,25", 97250), 0.75, number(130, 130000), None], known("MOUS")),
        Line(["MEL", number(60, 60000), number(60, 60000), number(60, 60000), number(60, 60000), HYPHEN, ND, None,
              doubt("60 ?", "a question mark", suggest=60000), "délibération en avril"], known("MOUS")),
        Other("total", ["Total MOUS de la métropole", 180, 180, 178.4, 190, 130, 97.25, 0.51, 190,
              "dont 2,1 reportés"]),
        Other("section", ["Médiation santé"]),
        Line(["ARS", NA, NA, NA, number("45", 45000), number("45", 45000), number("45 000 €", 45000), 1,
              number(45, 45000), "convention triennale"], known("Médiation santé")),
        Line(["Fondation abritée", None, None, None, number("7,5 k€", 7500), None, None, None,
              doubt("à voir", "words"), None], known("Médiation santé")),
        Other("total", ["Total Médiation santé", "", "", "", 52.5, 45, 45, "", 45, ""]),
        Other("total", ["Total général", 180, 180, 178.4, 242.5, 175, 142.25, "", 235, ""]),
        Other("note", ["Le FSE+ est compté dans la part de l’État."]),
    ],
    merges=[(1, 1, 1, 3), (1, 4, 1, 7), (3, 0, 3, 9), (7, 0, 7, 9)],
    percents={(4, 7), (6, 7), (8, 7)},
)  # fmt: skip


# A sheet a month, whose headings move, with a summary and a list of choices -------------------------


def month(name: str, head: list[str], columns: list[str], lines: list[Line]) -> Sheet:
    return Sheet(
        name,
        columns,
        [Other("title", [f"Campements – {name} 2026"]), Other("header", head), *lines],
    )


MONTHS = [
    month("Août", ["Ville", "Campement", "Pers.", "Enf."], ["commune", "name", "people", "minors"], [
        Line(["Lens", "Fosse 12", 33, 12], new()), Line(["Avion", "Stade", number("8", 8), NA], new())]),
    month("Septembre", ["Ville", "Campement", "Familles", "Pers.", "dont enf."],
          ["commune", "name", "households", "people", "minors"], [
        Line(["Lens", "Fosse 12", 8, 35, 13], new()),
        Line(["Avion", "Stade", 2, doubt("8 à 9", "a range", low=8, high=9), None], new())]),
]  # fmt: skip
SUMMARY = Sheet(
    "Récap",
    [""] * 3,
    [Other("header", ["", "Août", "Septembre"]), Other("total", ["Total personnes", 41, 35]),
     Other("total", ["Nombre de sites", 2, 2])],
)  # fmt: skip
CHOICES = Sheet("Listes", [""] * 2, [Other("title", [words, other]) for words, other in
                                     (("Oui", "Terrain"), ("Non", "Squat"), ("Ne sait pas", "Bâti"))])  # fmt: skip

# Living conditions: a cross under « oui » or « non » ---------------------------------------------------

CROSSES = Sheet(
    "Conditions de vie",
    ["commune", "name", "water", "", "toilets", "", "electricity", "", "observed_on"],
    [
        Other("title", ["Diagnostic des conditions de vie – automne 2026"]),
        Other("header", ["Commune", "Site", "Accès à l’eau", "", "Toilettes", "", "Électricité", "",
              "Date du passage"]),
        Other("header", ["", "", "Oui", "Non", "Oui", "Non", "Oui", "Non", ""]),
        Line(["Lille", "Quai de l’Ouest", yes("X"), None, Cell(None, "no"), "X", yes("x"), None,
              day(dt.date(2026, 10, 5), "2026-10-05")], new()),
        Line(["Lille", "Rue du Pont", Cell(None, "no"), "x", Cell(None, "no"), "X", Cell(None, "empty"), None,
              day("5 oct. 2026", "2026-10-05")], new()),
        Line(["Loos", "Ancienne usine", doubt("X", "both"), "X", yes("✓"), None, Cell(None, "no"), "✓",
              day("lundi 5 octobre 2026", "2026-10-05")], new()),
    ],
    merges=[(1, 2, 1, 3), (1, 4, 1, 5), (1, 6, 1, 7)],
)  # fmt: skip

# Two tables one above the other: open sites, then those closed since January -------------------------

STACKED_TITLE = Other("title", ["Point de situation de novembre 2026"])
OPEN_HEAD = ["Commune", "Site", "Nb de personnes", "Nb de ménages", "Date de comptage"]
CLOSED_HEAD = ["Commune", "Site", "Date de fermeture", "Motif", "Personnes concernées"]
OPENED: list[list[Any]] = [
    ["Lille", "Butte aux lilas", 25, 6, day("04/11/2026", "2026-11-04")],
    ["Seclin", "Silo", 7, 2, day("4/11/26", "2026-11-04")],
]
SHUT: list[list[Any]] = [
    ["Lille", "Petit bois", day("15/03/2026", "2026-03-15"), "décision de justice", 30],
    ["Ronchin", "Parking", day("02/06/2026", "2026-06-02"), "départ volontaire", number("12", 12)],
]

# Colours and dates as people write them ---------------------------------------------------------------

COLOURS = Sheet(
    "Obs 10-2026",
    ["commune", "address", "people", "households", "", "caravans", "observed_on", "note"],
    [
        Other("title", ["Observatoire – octobre 2026 – chiffres au 31/10/2026"]),
        Other("title", ["en rouge : site évacué dans le mois ; en vert : nouveau site"]),
        Other("header", ["Commune", "Lieu-dit", "Nb hab. (pers.)", "Ménages (fam.)", "Surface (m²)",
              "Caravanes (nb)", "Vu le",
                         "Commentaires"]),
        Line(["Marseille 15e", "Traverse du moulin", 52, 11, 1200, number("14 car.", 14),
              day("12.10.26", "2026-10-12"), None], new()),
        Line(["Marseille 15e", "Chemin des Bourrely", doubt(20, "red: cleared", suggest=20),
              doubt(5, "red: cleared", suggest=5), 400, doubt(6, "red: cleared", suggest=6),
              day("12-oct-26", "2026-10-12"),
              Cell("évacué le 20/10", "text", {"value": "évacué le 20/10", "ask": True})],
             new(closed_on="2026-10-20")),
        Line(["Marseille 3e", "Bd de Plombières", 16, 4, "env. 300", NA,
              day("mardi 13 octobre", "2026-10-13"), "nouveau"], new()),
        Line(["Marseille 3e", "Rue Félix Pyat", doubt("10 (8 adultes + 2 enfants)", "a remark", suggest=10),
              doubt("2/3", "a range", low=2, high=3),
              None, number("0", 0), doubt("courant octobre", "a month without its day", suggest="2026-10"),
                    None], new()),
        Other("total", ["TOTAL", "4 sites", Formula(88), Formula(20), "", Formula(6), "", ""]),
    ],
)  # fmt: skip

# A follow-up by quarter with two columns each, families of indicators as bands ------------------------

QUARTERS = Sheet(
    "Suivi trimestriel",
    ["indicator", "unit", "2026-03", "2026-06", "2026-09", "", "comment"],
    [
        Other("title", ["Village d’insertion – tableau de bord 2026"]),
        Other("header", ["Indicateurs", "Unité", "au 31/03/2026", "au 30/06/2026", "au 30/09/2026", "Objectif annuel",
                         "Commentaires"]),
        Other("section", ["PUBLIC"]),
        Line(["Nombre de familles accompagnées", "ménages", 18, 19, 19, 20, None], known("Ménages")),
        Line(["Nombre de personnes accompagnées", "pers.", 71, 74, 75, 80, None],
             known("Personnes")),
        Other("section", ["EMPLOI"]),
        Line(["Contrats de travail signés", "contrats", 2, doubt("2+1", "a sum", suggest=3), ND, 8, None],
             known("Contrats signés")),
        Line(["Inscriptions France Travail", "pers.", number("6", 6), 9, HYPHEN, None, "rdv reportés"],
             known("Inscriptions France Travail")),
        Other("section", ["LOGEMENT"]),
        Line(["Ménages relogés", "ménages", 0, 1, doubt("1 (en attente bail)", "a remark"), 4, None],
             known("Entrées en logement")),
        Other("note", ["Source : équipe du village, réunion du 12 octobre"]),
    ],
)  # fmt: skip

# Structures by family, the sigle in brackets ----------------------------------------------------------

FAMILIES = Sheet(
    "Annuaire",
    ["name", "acronym", "siret", "commune", "phone", "email", ""],
    [
        Other("title", ["Annuaire du comité technique (mis à jour en octobre 2026)"]),
        Other("header", ["Nom de la structure", "Sigle", "N° SIRET", "Ville", "Téléphone", "Mail",
              "Référent technique"]),
        Line(["Association des gens du fleuve", "AGF", Cell("775 672 272 00112", "text",
              {"value": "775 672 272 00112"}),
              "Lille", "03 20 00 00 00", "agf@exemple.org", "équipe mobile"], new()),
        Line(["Ville de Lens", NA, None, "Lens", "0321000000", "contact@exemple.fr", "CCAS"], new()),
        Line(["Relais du bassin minier", None, Cell("en cours", "text", {"value": "en cours"}), "Lens", None,
              None, None], new()),
    ],
)  # fmt: skip

# A csv from another tool: communes of merged towns, numbers with a trailing unit, text dates ----------

FORMER = Sheet(
    "export",
    ["insee", "commune", "name", "people", "minors", "caravans", "observed_on", "note"],
    [
        Other("header", ["INSEE", "Commune", "Campement", "Effectif total", "Dont mineurs", "Nb caravanes",
              "Date relevé", "Remarque"]),
        Line(["59355", "Lomme (commune associée)", "Bois blancs", number("1 personne", 1), number("0", 0),
              number("1", 1),
              day("2026-10-05 00:00:00", "2026-10-05"), None], new()),
        Line(["59298", "Hellemmes-Lille", "Rue Roger Salengro", number("22,0", 22), number("9", 9), number("5", 5),
              day("05/10/2026 14:30", "2026-10-05"), "2 personnes malades"], new()),
        Line(["59183", "Dunkerque (Saint-Pol)", "Jetée", doubt("22,5", "half a person", suggest=22),
              doubt("NR", "words"), doubt("5-6", "a range", low=5, high=6),
              doubt("05/13/2026", "no such month"), None], new()),
        Line(["59183", "Dunkerque", "Quai", doubt("≈12", "approximation", suggest=12), number("3 min", 3),
              None, doubt("5/10", "a date without its year"), None], new()),
        Other("total", ["", "", "Total", "45,5", "9", "6", "", ""]),
    ],
)  # fmt: skip


def stacked() -> list[Sheet]:
    head = [STACKED_TITLE, BLANK, Other("title", ["1. Sites ouverts"]), Other("header", OPEN_HEAD)]
    between = [BLANK, Other("title", ["2. Sites fermés depuis janvier"]), Other("header", CLOSED_HEAD)]
    whole = Sheet("Situation", [""] * 5, [*head, *(Line(row, new()) for row in OPENED), *between,
                                          *(Line(row, new()) for row in SHUT)])  # fmt: skip
    upper = Sheet("Situation (en haut)", ["commune", "name", "people", "households", "observed_on"],
                  [*head, *(Line(row, new()) for row in OPENED)])  # fmt: skip
    nothing = [head[0], BLANK, head[2], *[BLANK] * (1 + len(OPENED))]
    lower = Sheet("Situation (en bas)", ["commune", "name", "closed_on", "closing_reason", "people"],
                  [*nothing, *between, *(Line(row,
                        new(closed_on=row[2].told["value"])) for row in SHUT)])  # fmt: skip
    return [whole, upper, lower]


def tables() -> dict[str, tuple[str, list[Sheet], bytes]]:
    whole, upper, lower = stacked()
    coloured = COLOURS.drawn()
    coloured.fills |= {(4, column): "FF0000" for column in range(8)} | {
        (5, column): "92D050" for column in range(8)
    }
    return {
        "18_suivi_ddets.xlsx": ("sites", [DDETS], write_xlsx([DDETS.drawn()])),
        "19_financements_par_bandes.xlsx": ("funding", [BANDS], write_xlsx([BANDS.drawn()])),
        "20_un_onglet_par_mois.ods": (
            "sites",
            [*MONTHS, SUMMARY, CHOICES],
            write_ods([sheet.drawn() for sheet in (*MONTHS, SUMMARY, CHOICES)]),
        ),
        "21_croix_oui_non.xlsx": ("conditions", [CROSSES], write_xlsx([CROSSES.drawn()])),
        "22_deux_tableaux_empiles.xlsx": ("sites", [upper, lower], write_xlsx([whole.drawn()])),
        "23_couleurs.xlsx": ("sites", [COLOURS], write_xlsx([coloured])),
        "24_suivi_trimestriel.xlsx": ("indicators", [QUARTERS], write_xlsx([QUARTERS.drawn()])),
        "25_annuaire.ods": ("organisations", [FAMILIES], write_ods([FAMILIES.drawn()])),
        "26_communes_associees.csv": ("sites", [FORMER], write_csv(FORMER.drawn())),
    }


if __name__ == "__main__":
    write_layouts(tables())

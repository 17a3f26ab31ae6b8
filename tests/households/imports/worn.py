"""Tables of families as tired associations keep them, drawn before the code that reads them. Everybody is invented.

Each stands with what a careful reader says is in it: its families, and what must be asked or refused.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from tests.imports.writing import DrawnSheet

NIR = "2 85 05 59 350 123 89"  # a good checksum, nobody's
DAY = dt.date


@dataclass(frozen=True)
class WornFamilies:
    """`families`: for each family, its people in order: (given name, family name, year of birth).

    `asked`: the texts that a person must explain; `refused`: the headings that are not read.
    """

    sheets: list[DrawnSheet]
    families: list[list[tuple[str, str, int | None]]]
    asked: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


# One row a person. The family is a merged cell; colours; « X » for yes; dates as texts; a column of NIR --------------

MERGED = WornFamilies(
    [
        DrawnSheet(
            "Suivi 2026",
            [
                ["ASSOCIATION LES AMIS DU TERRAIN – suivi des familles (maj 12/11/26)", *[""] * 12],
                ["N° famille", "NOM", "Prénom", "Né(e) le", "Sexe", "Lien", "Nationalité", "N° sécu", "Scolarisé",
                 "Classe", "AME / PUMA", "Domiciliation", "Obs."],
                [1, "EXEMPLESCU", "Ana", "12/03/1988", "F", "mère", "roumaine", NIR, "", "", "AME", "CCAS", ""],
                ["", "EXEMPLESCU", "Ionut", "1985", "H", "père", "roumaine", "", "", "", "AME", "CCAS",
                 "cherche du travail"],
                ["", "EXEMPLESCU", "Rebeca", "03/09/2016", "F", "fille", "roumaine", "", "X", "CE2", "", "", ""],
                ["", "EXEMPLESCU", "Noé", DAY(2020, 5, 4), "M", "fils", "roumaine", "", "X", "mat.", "", "", ""],
                [2, "TESTOV", "Мария", "vers 1990", "F", "", "bulgare", "", "", "", "en cours", "non", ""],
                ["", "TESTOV", "Petru", "2012", "G", "enfant", "bulgare", "", "non", "", "", "", "a revoir"],
                ["TOTAL", "", "6 pers", "", "", "", "", "", 2, "", "", "", ""],
            ],
            merges=[(2, 0, 5, 0), (6, 0, 7, 0)],
            fills={(6, 1): "FFC000", (7, 1): "FFC000"},
        )
    ],
    [
        [("Ana", "EXEMPLESCU", 1988), ("Ionut", "EXEMPLESCU", 1985), ("Rebeca", "EXEMPLESCU", 2016),
         ("Noé", "EXEMPLESCU", 2020)],
        [("Мария", "TESTOV", None), ("Petru", "TESTOV", 2012)],
    ],
    asked={"vers 1990", "en cours"},
    refused={"N° sécu"},
)  # fmt: skip

# One tab a site, the title of the tab is the site; numbers begin again; a tab of lists -------------------------------

TABS = WornFamilies(
    [
        DrawnSheet(
            "Rue du Port",
            [
                ["Famille", "Nom prénom", "Année naiss.", "M/F", "Arrivée", "Entrée dispositif", "Emploi"],
                ["1", "MODELESCU Radu", 1979, "M", "03/2021", "01/02/2024", "CDI"],
                ["1", "MODELESCU Elena", 1983, "F", "03/2021", "01/02/2024", "-"],
                ["2", "PILDARU Sonia", 2001, "F", "été 2023", "15/06/2024", "intérim"],
            ],
        ),
        DrawnSheet(
            "Friche Sernam",
            [
                ["Famille", "Nom prénom", "Année naiss.", "M/F", "Arrivée", "Entrée dispositif", "Emploi"],
                ["1", "NIMENI Vasile", 1990, "M", "", "", "ferraille"],
                ["1", "NIMENI Violeta", 1992, "F", "", "", ""],
            ],
        ),
        DrawnSheet("Listes", [["Lien"], ["père"], ["mère"]]),
    ],
    [
        [("Radu", "MODELESCU", 1979), ("Elena", "MODELESCU", 1983)],
        [("Sonia", "PILDARU", 2001)],
        [("Vasile", "NIMENI", 1990), ("Violeta", "NIMENI", 1992)],
    ],
    asked={"été 2023", "ferraille"},
)  # fmt: skip

# One row a family: « 2 ad + 3 enf », columns of children, a column of origins ----------------------------------------

ROWS = WornFamilies(
    [
        DrawnSheet(
            "familles",
            [
                ["Réf", "Nom de famille", "Composition", "Site", "Origine", "Demande logement", "Prochain RDV",
                 "Sortie le", "Motif de sortie", "Téléphone"],
                ["F-01", "INVENTAT", "2 ad + 3 enf", "rue du port", "rom", "SIAO", "14/01/2027", "", "",
                 "06 00 00 00 01"],
                ["F-02", "POVESTEA", "1 adulte, 1 enfant", "Terrain du canal", "", "logement social", "", "", "",
                 "06 00 00 00 02"],
                ["F-03", "FICTIU", "famille nombreuse", "Friche Sernam", "", "", "", "30/09/2026", "relogés",
                 "06 00 00 00 03"],
            ],
        )
    ],
    [
        [("", "INVENTAT", None), ("", "", None), ("", "", None), ("", "", None), ("", "", None)],
        [("", "POVESTEA", None), ("", "", None)],
        [("", "FICTIU", None)],
    ],
    asked={"Terrain du canal", "famille nombreuse"},
    refused={"Origine"},
)  # fmt: skip

# Members in columns: spouse and children beside the head of the family ------------------------------------------------

ACROSS = WornFamilies(
    [
        DrawnSheet(
            "Feuil1",
            [
                ["Nom", "Prénom", "Date de naissance", "Conjoint", "Enfant 1", "Naissance enfant 1", "Enfant 2",
                 "Naissance enfant 2", "CAF"],
                ["OARECARE", "Costel", "02/02/1980", "Mirela", "Ștefan", "2015", "Inès", "7/8/2018", "oui"],
                ["IMAGINAR", "Nadia", "1995", "", "Emil", "2019", "", "", "non"],
            ],
        )
    ],
    [
        [("Costel", "OARECARE", 1980), ("Mirela", "", None), ("Ștefan", "", 2015), ("Inès", "", 2018)],
        [("Nadia", "IMAGINAR", 1995), ("Emil", "", 2019)],
    ],
)  # fmt: skip

# A family is a heading above its people; blank rows between; a foreigner's number under an innocent heading -----------

HEADED = WornFamilies(
    [
        DrawnSheet(
            "familles squat",
            [
                ["Prénom", "Nom", "Âge", "Sexe", "Dossier préf.", "Lieu de vie"],
                ["Famille POPESTI", "", "", "", "", ""],
                ["Lavinia", "POPESTI", "1991", "F", "9912345678", "Rue du Port"],
                ["Marius", "POPESTI", "1989", "H", "9912345679", "Rue du Port"],
                ["", "", "", "", "", ""],
                ["Famille DUMESTI", "", "", "", "", ""],
                ["Denisa", "DUMESTI", "25 ans", "F", "9912345680", "Rue du Port"],
                ["Adrian", "DUMESTI", "bébé", "H", "", "Rue du Port"],
            ],
        )
    ],
    [
        [("Lavinia", "POPESTI", 1991), ("Marius", "POPESTI", 1989)],
        [("Denisa", "DUMESTI", 2001), ("Adrian", "DUMESTI", None)],
    ],
    asked={"bébé"},
    refused={"Dossier préf."},
)  # fmt: skip

WORN: dict[str, WornFamilies] = {
    "merged": MERGED,
    "tabs": TABS,
    "rows": ROWS,
    "across": ACROSS,
    "headed": HEADED,
}
Rows = list[list[Any]]

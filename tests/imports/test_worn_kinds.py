"""Six more kinds of tables as tired people keep them, drawn before looking: groups of people down, points in one cell,
counted equipment, contacts, goals beside results, payments in parts, a sheet filled in like a form.

What is sure is read; « ? » is before what is asked. Where Jalons asks what a careful reader would know, it is said.
"""

import datetime as dt
from typing import Any

import pytest

from jalons.imports.reading.typed import Meaning
from jalons.imports.targets.records import TableRecord
from tests.imports.test_sideways import read, said

Drawn = tuple[str, list[list[Any]], tuple[str, ...], list[list[str]], dict[str, Any]]
TABLES: dict[str, Drawn] = {
    "a row for each group of people": (
        "sites",
        [
            ["Asso Relais – comptage du 14/10/2026"],
            ["Commune", "Lieu de vie", "Public", "Nb"],
            ["Tourcoing", "Ancienne filature", "Hommes", 14],
            ["", "", "Femmes", 11],
            ["", "", "Enfants", 19],
            ["", "", "Total", 44],
            ["Wattrelos", "Talus RD700", "Hommes", 3],
            ["", "", "Femmes", 2],
            ["", "", "Enfants", "4 ?"],
            ["", "", "Total", 9],
        ],
        ("commune", "name", "people", "women", "minors"),
        # 44, 11 and 19 for a careful reader. Nothing says « people » above « Nb »: nothing is taken.
        [["Tourcoing", "Ancienne filature", "", "", ""]] * 3 + [["Wattrelos", "Talus RD700", "", "", ""]] * 3,
        {"merges": [(2, 0, 5, 0), (2, 1, 5, 1), (6, 0, 9, 0), (6, 1, 9, 1)]},
    ),
    "a point in one cell": (
        "sites",
        [
            ["Ville", "Campement", "Coordonnées GPS", "Effectif", "Dont -18 ans", "Date de comptage"],
            ["Faches-Thumesnil", "Friche Lidl", "50.5987, 3.0712", "23", "9", "12.10.2026"],
            ["Seclin", "Aire A1", "50°32'58\"N 3°01'45\"E", "8 adultes + 5 enf.", "5", "12.10.26"],
            ["Loos", "Chemin vert", "en attente", 17, "env. 6", "S.42"],
            ["Haubourdin", "Port", "50,6091 ; 2,9876", 6, 0, dt.date(2026, 10, 13)],
        ],
        # The column of points is listed among those that are not taken.
        ("commune", "name", "latitude", "longitude", "people", "minors", "observed_on"),
        [
            ["Faches-Thumesnil", "Friche Lidl", "", "", "23", "9", "2026-10-12"],
            ["Seclin", "Aire A1", "", "", "?8 adultes + 5 enf.", "5", "2026-10-12"],
            ["Loos", "Chemin vert", "", "", "17", "?env. 6", "?S.42"],
            ["Haubourdin", "Port", "", "", "6", "", "2026-10-13"],
        ],
        {},
    ),
    "equipment that is counted": (
        "conditions",
        [
            ["Conditions de vie – relevé du 20 octobre 2026"],
            ["Ville", "Site", "Bornes-fontaines", "WC secs", "Élec.", "Bennes", "Rats", "Besoins"],
            ["Lille", "Gare St-Sauveur", 2, 4, "groupe électrogène", "1 (ramassée le lundi)", "oui", "eau chaude"],
            ["Lille", "Talus", 0, "0", "non", "dépôt sauvage", "RAS", ""],
            ["Ronchin", "Voie ferrée", "1 HS", "", "oui, illégal", "-", "?", "NSP"],
        ],
        ("commune", "name", "water", "toilets", "electricity", "waste", "pests"),
        [
            ["Lille", "Gare St-Sauveur", "?2", "?4", "?groupe électrogène", "?1 (ramassée le lundi)", "yes"],
            ["Lille", "Talus", "?0", "?0", "no", "?dépôt sauvage", "?RAS"],
            ["Ronchin", "Voie ferrée", "?1 HS", "", "?oui, illégal", "?", "??"],
        ],
        {},
    ),
    "several contacts of one structure": (
        "organisations",
        [
            ["Annuaire partenaires – maj sept. 2026"],
            ["Structure", "Type", "Contact", "Fonction", "Tél.", "Mail", "Ville"],
            ["CCAS de Croix", "CCAS", "Mme Exemple", "dir.", "03 20 00 00 00", "ccas@exemple.fr", "Croix"],
            ["", "", "M. Modèle", "AS", "", "as@exemple.fr", ""],
            ["Le Toit (asso)", "Asso.", "", "", "", "contact@exemple.fr", "Lille"],
            ["DDETS 59", "État", "", "", "", "", "Lille"],
        ],
        ("name", "kind", "commune"),
        [
            ["CCAS de Croix", "CCAS", "Croix"],
            ["", "", "?"],  # no name, no structure: the row is asked, never written
            ["Le Toit (asso)", "Asso.", "Lille"],
            ["DDETS 59", "État", "Lille"],
        ],
        {},
    ),
    "goals beside results": (
        "indicators",
        [
            ["MOUS Roubaix – indicateurs 2026"],
            ["Indicateur", "Objectif 2026", "Réalisé au 30/06/2026", "Réalisé au 31/10/2026", "Taux", "Commentaire"],
            ["Ménages accompagnés", 30, 18, 24, 0.8, ""],
            ["Enfants scolarisés", 40, "22/35", "30/38", "79 %", "refus cantine"],
            ["Relogements", "10", "3", "5 (dont 2 PLAI)", "", ""],
            ["Sorties vers l’emploi", "", "ND", "2", "", ""],
        ],
        ("indicator", "value 2026-06-30", "value 2026-10-31", "comment"),
        [
            ["Ménages accompagnés", "18", "24", ""],
            ["Enfants scolarisés", "?22/35", "?30/38", "refus cantine"],
            ["Relogements", "3", "?5 (dont 2 PLAI)", ""],
            ["Sorties vers l’emploi", "nd", "2", ""],
        ],
        {"percents": {(2, 4)}},
    ),
    "money: paid in parts": (
        "funding",
        [
            ["Convention 2026 – suivi des versements"],
            ["Dispositif", "Financeur", "Montant conventionné", "Acompte 1", "Date", "Acompte 2", "Date",
             "Reste à verser", "Total versé"],
            ["MOUS Lille", "État BOP 135", 80000, 40000, "15/03/2026", 24000, "02/09/2026", 16000, 64000],
            ["MOUS Lille", "Région", "12 000 €", "6 000 €", "avril", "", "", "6 000 €", "6 000 €"],
            ["", "TOTAL", 92000, 46000, "", 24000, "", 22000, 70000],
        ],
        ("action", "funder", "planned 2026", "committed 2026", "executed 2026"),
        [
            ["MOUS Lille", "État BOP 135", "", "80000", "64000"],
            ["MOUS Lille", "Région", "", "12000", "6000"],
        ],
        {},
    ),
    "a sheet filled in like a form": (
        "sites",
        [
            ["FICHE SITE – équipe mobile"],
            ["Commune", "Mons-en-Barœul"],
            ["Nom du site", "Parking du fort"],
            ["Date de visite", "21/10/2026"],
            ["Nombre de personnes", 16],
            ["dont mineurs", 7],
            ["Nombre de ménages", "4"],
            ["Remarques", "arrivés en septembre"],
        ],
        ("commune", "name", "observed_on", "people", "minors", "households", "note"),
        [["Mons-en-Barœul", "Parking du fort", "2026-10-21", "16", "7", "4", "arrivés en septembre"]],
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_it_is_read_as_it_says(name: str) -> None:
    target, rows, keys, expected, looks = TABLES[name]
    _, found, records = read(rows, **looks)
    assert found.target is not None
    assert found.target.kind == target
    assert [meant(record, *keys) for record in records] == expected


def meant(record: TableRecord, *keys: str) -> list[str]:
    """As `said`, and « yes », « no », « nd » in words."""
    told = zip(keys, said(record, *keys), strict=True)
    return [words or state_of(record, key) for key, words in told]


def state_of(record: TableRecord, key: str) -> str:
    meaning = record.cells[key].cell.meaning if key in record.cells else Meaning.EMPTY
    return meaning.value if meaning in (Meaning.YES, Meaning.NO, Meaning.ND) else ""

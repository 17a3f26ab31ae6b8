"""The exports of sites and of actions of the national platform, drawn after its public format: titles, sections,
columns in its order, « NC » where nothing is known, sums without a stored result at the foot. No row of it is real.
"""

import datetime as dt
from typing import Any

from tests.imports.writing import DrawnSheet, Formula

NOTHING = "NC"
LOCALISATION = [
    "Département",
    "Commune",
    "Code INSEE",
    "EPCI",
    "Adresse",
    "Appellation du site",
    "Latitude",
    "Longitude",
]
SITE = [
    "Type de site",
    "Date d'installation",
    "Date de signalement",
    "S'agit-il d'une réinstallation ?",
    "Précisions sur la réinstallation",
    "Le site fait-il l’objet d’une action ?",
    "Site avec objectif de résorption ?",
]
CLOSED = ["Date de fermeture", "Résorbé", "Cause de la fermeture", "Contexte de la fermeture"]
OWNER = ["Type de propriétaire", "Identité du propriétaire"]
PEOPLE = [
    "Nombre de personnes",
    "Nombre de ménages",
    "Nombre de mineurs",
    "0 à 3 ans",
    "3 à 6 ans",
    "6 à 12 ans",
    "12 à 16 ans",
    "16 à 18 ans",
    "Enfants inscrits dans un établissement scolaire",
    "Nombre de caravanes",
    "Nombre de cabanes",
    "Nombre de tentes",
    "Nombre de voitures dortoir",
    "Nombre de matelas",
    "Origines",
]
CONDITIONS = [
    "Alerte Canicule",
    "Statut de l'accès à l'électricité",
    "Y a-t-il présence d’une installation électrique ?",
    "Quelle est la source de l'accès à l'électricité ?",
    "Des inégalités d’accès à l'électricité ont-elles été constatées ?",
    "Statut de l'accès à l'eau",
    "Comment les habitants ont-ils accès à l'eau ?",
    "Précisions concernant les modalités d'accès à l'eau",
    "Est-ce un point d'eau sur la voie publique ?",
    "L'accès à l'eau est-il continu ?",
    "Précisions concernant la discontinuité de l'accès à l'eau",
    "Accès à l'eau sur site ?",
    "Distance point d’eau / habitation la plus éloignée ?",
    "Des inégalités d'accès à l'eau ont-elles été constatées ?",
    "Précisions concernant les inégalités d'accès à l'eau",
    "Existe-t-il des eaux stagnantes autour du point de distribution ?",
    "Informations complémentaires sur l'accès à l'eau",
    "Statut de l'accès aux sanitaires",
    "Constate-t-on des marques de défécation à l’air libre ?",
    "Présence de toilettes fonctionnelles ?",
    "Quels sont les types de toilettes installées ?",
    "Les toilettes sont-elles à l’intérieur du site ?",
    "Ces toilettes sont-elles éclairées et verrouillables de l’intérieur ?",
    "Y a-t-il un point de lavage des mains à proximité des toilettes ?",
    "Statut de l'évacuation des déchets",
    "Constate-t-on une accumulation de déchets type ordures ménagères sur le site ou aux abords ?",
    "Y a-t-il des dispositifs de ramassage des ordures ménagères à proximité immédiate ?",
    "Les dispositifs de ramassages des ordures sont-ils en bon état ?",
    "La collecte des poubelles est-elle réalisée de manière régulière ?",
    "Constate-t-on une accumulation de déchets type encombrants ?",
    "Statut de la présence de nuisibles",
    "Y a-t-il des nuisibles à proximité ?",
    "Précision concernant les nuisibles",
    "Statut du diagnostic prévention incendie",
    "Est-ce qu’un diagnostic prévention incendie par le SDIS a été réalisé ?",
]
DIAGNOSIS = ["Statut du diagnostic social", "Date du diagnostic", "Service en charge du diagnostic"]
ACTORS = ["Intervenants (à la date de l'export)", "Intervenant de ma structure"]
COMMENTS = ["Commentaires", "Date du dernier message"]
LAST = ["Site mis à jour le"]
SUMMED = {*PEOPLE[:-1], "Intervenant de ma structure"}
HEAD = 7  # the row of the columns, from 1


def national_sites(
    rows: list[dict[str, Any]], *, closed: bool = False, exported: str = "30/11/2026"
) -> DrawnSheet:
    """`rows`: by column; what is left out is « NC », as the platform writes it."""
    sections = {
        "Localisation": LOCALISATION,
        "Site": [*SITE, *(CLOSED if closed else []), *OWNER],
        "Habitants": PEOPLE,
        "Conditions de vie": CONDITIONS,
        "Diagnostic": DIAGNOSIS,
        "Intervenants": ACTORS,
        "Commentaires": COMMENTS,
        "": LAST,
    }
    kind = "fermés" if closed else "existants"
    columns = [name for names in sections.values() for name in names]
    titles: list[list[Any]] = [
        [f"SITUATION DES BIDONVILLES {kind.upper()}"],
        ["Nord (59)"],
        ["Extraction de la plateforme Résorption bidonvilles"],
        [f"à la date du {exported}"],
        [f"{len(rows)} sites sur {len(rows)} mis à jour dans les 6 derniers mois (100%)"],
    ]
    heads, merges, at = [], [], 0
    for title, names in sections.items():
        heads += [title.upper(), *[""] * (len(names) - 1)]
        if len(names) > 1:
            merges.append((HEAD - 2, at, HEAD - 2, at + len(names) - 1))
        at += len(names)
    lines = [[row.get(name, NOTHING) for name in columns] for row in rows]
    sums = [Formula(0, f"=SUM(A{HEAD + 1})") if name in SUMMED else "" for name in columns]
    return DrawnSheet(f"Sites {kind}", [*titles, heads, columns, *lines, sums], merges=merges)


def site(name: str, people: int | None, **more: Any) -> dict[str, Any]:
    found = {
        "Département": "59 - Nord",
        "Commune": "Lille",
        "Code INSEE": "59350",
        "EPCI": "Métropole européenne de Lille",
        "Adresse": f"{name}, Lille",
        "Appellation du site": name,
        "Latitude": "50.6292",
        "Longitude": "3.0573",
        "Type de site": "Terrain",
        "Date d'installation": dt.date(2021, 3, 4),
        "Le site fait-il l’objet d’une action ?": "non",
        "Type de propriétaire": "Public",
        "Intervenant de ma structure": "Non",
        "Site mis à jour le": dt.date(2026, 11, 12),
        **more,
    }
    return found if people is None else {**found, "Nombre de personnes": people}

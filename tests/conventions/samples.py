"""Invented conventions in the exchange format: a small one, and one of two Départements. Never a real person."""

import copy
from typing import Any

from jalons.conventions.exchange.reading import read
from jalons.conventions.importing.storing import store_file, transcriber
from jalons.conventions.models import Convention
from jalons.history.services import Actor

Json = dict[str, Any]


def money(amount: float | None, raw: str = "") -> Json:
    words = f"{amount:,} €".replace(",", " ") if amount is not None else "-"
    return {"raw": raw or words, "amount": amount}


def number(figure: float, raw: str = "", **more: Any) -> Json:
    return {"raw": raw or str(figure), "kind": "number", "number": figure, "unit": None, **more}


def missing(kind: str, raw: str) -> Json:
    return {"raw": raw, "kind": kind, "number": None, "unit": None}


ND, NA, DASH, EMPTY = (
    missing("nd", "ND"),
    missing("not_applicable", "/"),
    missing("dash", "-"),
    missing("empty", ""),
)


def column(measure: str, year: int, **more: Any) -> Json:
    words = {"bilan": "BILAN", "objectif": "OBJECTIF", "realise": "REALISE"}[measure]
    told = {"key": f"{measure}_{year}", "header": f"{words} {year}", "subheader": None}
    return {**told, "year": year, "measure": measure, **more}


def sheet(
    slug: str, numbers: list[int], title: str, total: int, state: int, year: int = 2022, **more: Any
) -> Json:
    """A sheet with a budget shared with the Département, two indicators, a detail and all that may be empty."""
    key = f"{slug}-f{'-'.join(f'{each:02}' for each in numbers)}"
    label = f"FICHE {' ET '.join(map(str, numbers))}"
    columns = [column("bilan", year - 1), column("objectif", year)]
    before, aim = columns[0]["key"], columns[1]["key"]
    told = {
        "id": key,
        "convention": slug,
        "numbers": numbers,
        "sheet_label": label,
        "famille": "socle",
        "famille_label": "MESURES DU SOCLE",
        "axe_theme": "ALLER VERS",
        "title": title,
        "axe_annexe": "1. Enfants et jeunes",
        "headings_raw": [
            f"RESUME DU PROJET ({label})",
            f"OBJECTIF {year}",
            "VUE D'ENSEMBLE DU BUDGET",
            "INDICATEURS",
        ],
        "objectif_heading": f"OBJECTIF {year}",
        "resume_headers": [
            "DESCRIPTION DE L'ACTION",
            "DATE DE MISE EN PLACE DE L'ACTION",
            "DUREE DE L'ACTION",
        ],
        "resume": [
            {
                "description": {
                    "raw": "Aller vers les familles",
                    "items": [{"text": "Aller vers les familles", "level": 0}],
                },
                "date_mise_en_place": f"1er janvier {year}",
                "duree": "Un an",
            }
        ],
        "start_date": f"{year}-01-01",
        "start_raw": f"1er janvier {year}",
        "duration_raw": "Un an",
        "duration_months": 12,
        "end_date_computed": f"{year}-12-31",
        "sub_action_headers": ["ACTIONS MISES EN PLACE", "ETAT D'AVANCEMENT", "CALENDRIER", "PARTENAIRES"],
        "sub_actions": [
            {
                "id": f"{key}-a01",
                "action": "Maraudes",
                "etat_avancement": {
                    "raw": "> Deux équipes • Nouveau : une troisième",
                    "items": [
                        {"text": "Deux équipes", "level": 0, "bullet": ">"},
                        {"text": "Nouveau : une troisième", "level": 1, "bullet": "•"},
                    ],
                },
                "calendrier": {
                    "raw": f"Opérationnel Juin {year}",
                    "items": [{"text": "Opérationnel", "level": 0}, {"text": f"Juin {year}", "level": 0}],
                },
                "partenaires": {"raw": "CAF", "items": [{"text": "CAF", "level": 0}]},
                "nouveau": True,
            }
        ],
        "budget_headers": ["BUDGET", "TOTAL", "PART ETAT", "PART CD 59", "NOTES"],
        "budget": [
            {
                "label": f"Montant prévisionnel {year}",
                "fiche_number": numbers[0],
                "total": money(total),
                "part_etat": money(state),
                "part_departement": money(total - state),
                "notes": "",
                "year": year,
                "nature": "prévisionnel",
            }
        ],
        "sub_budgets": [],
        "indicator_table": {
            "row_header": "",
            "columns": columns,
            "groups": [{"key": "suivi", "label": "SUIVI", "cells": {}}],
            "indicators": [
                {
                    "id": f"{key}-i01",
                    "label": "Nombre de familles suivies",
                    "group": "suivi",
                    "values": {before: number(40, "40 familles", qualifier="familles"), aim: number(50)},
                    "children": [
                        {
                            "id": f"{key}-i01.1",
                            "label": "DTML",
                            "breakdown": {"dimension": "territoire", "value": "DTML"},
                            "values": {before: number(25), aim: EMPTY},
                        },
                        {
                            "id": f"{key}-i01.2",
                            "label": "DTV",
                            "breakdown": {"dimension": "territoire", "value": "DTV"},
                            "values": {before: ND, aim: {"cell_raw": "50"}},
                        },
                    ],
                    "children_relation": "Dont",
                },
                {
                    "id": f"{key}-i02",
                    "label": "Délai moyen du premier rendez-vous",
                    "values": {
                        before: {"raw": "17,4 jours", "kind": "duration", "number": 17.4, "unit": "jours"},
                        aim: {"raw": "15 jours", "kind": "duration", "number": 15, "unit": "jours"},
                    },
                },
                {
                    "id": f"{key}-i03",
                    "label": "Nombre de jeunes accompagnés",
                    "values": {
                        before: {
                            "raw": "30 dont 12 filles",
                            "kind": "composite",
                            "number": 30,
                            "unit": None,
                            "main": "explicit",
                            "parts": [
                                {
                                    "label": "filles",
                                    "number": 12,
                                    "raw": "dont 12 filles",
                                    "relation": "dont",
                                    "kind": "number",
                                }
                            ],
                        },
                        aim: NA,
                    },
                },
                {"id": f"{key}-i04", "label": "Nombre d’ateliers", "values": {before: DASH, aim: number(0)}},
            ],
        },
        "cross_refs": {"article4_action": numbers[0], "annexe3": f"Fiche {numbers[0]} - {title}"},
        **more,
    }
    # The empty cells above are shared: what a test writes in one must not reach the next.
    return copy.deepcopy(told)


def line(kind: str, label: str, state: int | None, council: int | None, **more: Any) -> Json:
    told = (None, None, None) if state is None or council is None else (state, council, state + council)
    names = ("part_etat", "part_cd59", "total")
    return {
        "kind": kind,
        "label": label,
        **{n: None if t is None else money(t) for n, t in zip(names, told, strict=True)},
        **more,
    }


def sample(slug: str = "exemple-2022", year: int = 2022) -> Json:
    """A convention of the Nord whose every sum is right: 150 000 € of the State and as much of the Département."""
    first = sheet(slug, [1], "MARAUDES", 200_000, 100_000, year)
    second = sheet(
        slug,
        [2, 3],
        "PREVENIR LES SORTIES SECHES",
        100_000,
        50_000,
        year,
        famille="initiative départementale",
    )
    second["budget"] = [
        {
            **second["budget"][0],
            "fiche_number": n,
            "total": money(50_000),
            "part_etat": money(25_000),
            "part_departement": money(25_000),
        }
        for n in (2, 3)
    ]
    second["sub_budgets"] = [
        {
            "sub_action": f"{second['id']}-a01",
            "raw": "Budget de 60 000 €",
            "amount": 60_000,
            "label": "Logement",
        },
        {
            "sub_action": None,
            "raw": "40 000 €",
            "amount": 40_000,
            "label": "Insertion",
            "dont": [{"raw": "dont 10 000 €", "amount": 10_000, "label": "mobilité"}],
        },
    ]
    theme = {
        **sheet(slug, [2, 3], "1- Se loger", 100_000, 50_000, year, famille="initiative départementale"),
        "id": f"{second['id']}-t1",
        "parent": second["id"],
        "theme_number": 1,
        "tracking_tables": [
            {
                "id": f"{slug}-tt1",
                "title": "Suivi des ateliers",
                "columns": [
                    {"key": "lieu", "header": "Lieu", "kind": "text"},
                    {"key": "prevues", "header": "Heures prévues", "kind": "number"},
                    {"key": "faites", "header": "Heures réalisées", "kind": "number"},
                ],
                "rows": [
                    {"id": "r1", "cells": {"lieu": "Centre social", "prevues": 120, "faites": 46.5}},
                    {"id": "r2", "cells": {"lieu": "Mairie", "prevues": 60, "faites": 60}},
                ],
                "checks": [{"rule": "done_le_planned", "planned": "prevues", "done": "faites"}],
            }
        ],
    }
    for row in theme["indicator_table"]["indicators"]:
        rename(row, second["id"], theme["id"])
    return {
        "meta": {"schema": "jalons-conventions/1", "language": "fr"},
        "conventions": [
            {
                "id": slug,
                "short_title": f"Exemple {year}",
                "title": f"CONVENTION D’EXEMPLE {year}",
                "year": year,
                "nature": "convention annuelle",
                "heading_amount": money(150_000),
                "parties": [
                    {
                        "role": "État",
                        "organisation": "L’État",
                        "signature_role": "Préfet du Nord",
                        "side": "d’une part",
                    },
                    {
                        "role": "Département",
                        "organisation": "Le Département du Nord",
                        "signature_role": "Président",
                        "side": "d’autre part",
                    },
                ],
                "legal_references": [
                    {
                        "raw": "Vu la loi n° 2021-1900 du 30 décembre 2021",
                        "type": "loi",
                        "reference": "2021-1900",
                        "dates": ["2021-12-30"],
                    }
                ],
                "preamble": [{"text": "Préambule.", "bullet": False}],
                "amounts": {
                    "year": year,
                    "global": money(300_000),
                    "part_etat": money(150_000),
                    "part_departement": money(150_000),
                },
                "clauses": {
                    "termination": {
                        "text": "Dénonciation avant le 31 décembre.",
                        "deadline": "12-31",
                        "article": "6",
                    },
                    "reporting": {"document": "rapport d’exécution", "deadline": "03-31", "article": "2.3"},
                    "parity": {"text": "à minima une égalité des parties", "article": "2"},
                },
                "payment": {
                    "schedule": "Un versement annuel.",
                    "instalments": 1,
                    "beneficiary": "Département du Nord",
                    "programme": {"code": "304", "label": "Inclusion sociale"},
                    "actions": [
                        {
                            "action_number": n,
                            "label": label,
                            "amount": money(amount),
                            "year": year,
                            "domaine_fonctionnel": {"code": "0304-19-01"},
                            "code_activite": {"code": "030450191905"},
                            "groupe_de_marchandises": "10.02.01",
                            "fiche_number_annexe3": n,
                            "fiche_id": key,
                        }
                        for n, label, amount, key in (
                            (1, "Maraudes", 100_000, first["id"]),
                            (2, "Sorties sèches", 25_000, second["id"]),
                            (3, "Logement", 25_000, second["id"]),
                        )
                    ],
                },
                "signature": {"place": "Lille", "date": None, "raw": "Fait à Lille, le"},
                "articles": [
                    {
                        "number": "1",
                        "title": "OBJET",
                        "paragraphs": [{"text": "La convention porte sur un objet."}],
                    },
                    {
                        "number": "4",
                        "title": "VERSEMENT",
                        "paragraphs": [{"text": "Le versement suit l’article 1."}],
                    },
                ],
            }
        ],
        "fiches": [first, second, theme],
        "annexes_financieres": [
            {
                "id": "annexe-3",
                "convention": slug,
                "label": "ANNEXE 3",
                "title": "Annexe financière",
                "year": year,
                "tables": [
                    {
                        "id": "recapitulatif",
                        "title": None,
                        "headers": ["", "Part Etat", "Part CD 59", "TOTAL"],
                        "rows": [
                            line("total_famille", "Total engagements du Socle", 100_000, 100_000),
                            line(
                                "total_famille",
                                "Total engagements à l’initiative du Département",
                                50_000,
                                50_000,
                            ),
                            line("total_general", "Total", 150_000, 150_000),
                        ],
                    },
                    {
                        "id": "socle",
                        "title": "Tableau des engagements du Socle",
                        "headers": ["", "Part Etat", "Part CD 59", "TOTAL"],
                        "rows": [
                            line("section", "1. Enfants et jeunes", None, None),
                            line("fiche", "Fiche 1 - Maraudes", 100_000, 100_000, fiche_number=1),
                            line("sous-total", "sous-total", 100_000, 100_000),
                            line("total", "Total", 100_000, 100_000),
                        ],
                    },
                    {
                        "id": "initiatives",
                        "title": "Tableau des engagements à l’initiative du Département",
                        "headers": ["", "Part Etat", "Part CD 59", "TOTAL"],
                        "rows": [
                            line("fiche", "Fiche 2 - Sorties sèches", 25_000, 25_000, fiche_number=2),
                            line("fiche", "Fiche 3 - Logement", 25_000, 25_000, fiche_number=3),
                            line("total", "Total", 50_000, 50_000),
                        ],
                    },
                ],
            }
        ],
        "deliberation": {
            "number": f"DEL/{year}/1",
            "assembly": "Conseil départemental du Nord",
            "date": f"{year}-06-27",
            "convocation_date": f"{year}-06-10",
            "authorised_amounts": [
                {"convention": slug, **money(150_000), "meaning": "participation de l’État"}
            ],
            "membership": {
                "in_office": 82,
                "listed_present": 52,
                "listed_represented": 9,
                "listed_excused": 4,
                "listed_absent": 17,
            },
            "quorum": {"present": 51, "proxies": 9},
            "vote": {
                "present": 49,
                "proxies": 10,
                "absent_without_proxy": 23,
                "did_not_vote": 0,
                "voted": 59,
                "abstention": 0,
                "expressed": 59,
                "majority": 30,
                "for": 59,
                "against": 0,
            },
            "accounting": {
                "system": "GRAND LIVRE",
                "columns": ["OPERATION", "ENVELOPPE", "PROPOSES"],
                "lines": [
                    {"operation": "OP011", "enveloppe": "E07", "proposes": money(100_000)},
                    {"operation": "OP018", "enveloppe": "E17", "proposes": money(50_000)},
                ],
            },
        },
    }


def rename(row: Json, old: str, new: str) -> None:
    row["id"] = row["id"].replace(old, new)
    for child in row.get("children", []):
        rename(child, old, new)


def two_departements(slug: str = "partage-2022", year: int = 2022) -> Json:
    """One text, two Départements (Nord and Pas-de-Calais), each with its own numbering, list, vote and payment."""
    told = sample(slug, year)
    [convention] = told["conventions"]
    convention["parties"].append(
        {
            "role": "Département",
            "organisation": "Le Département du Pas-de-Calais",
            "signature_role": "Président",
            "side": "d’autre part",
        }
    )
    convention["axes"] = [{"number": 1, "label": "Insertion"}]
    convention["joint_priorities"] = [{"letter": "a", "text": "Mobilité"}]
    convention["amounts"] = {
        "year": year,
        "global": {"rule": "au moins le double de la part de l’État"},
        "part_etat": money(150_000),
        "split_part_etat": [
            {"party": "Département du Nord", **money(100_000)},
            {"party": "Département du Pas-de-Calais", **money(50_000)},
        ],
    }
    convention["payment"].pop("beneficiary")
    convention["payment"]["beneficiaries"] = [
        {
            "beneficiary": f"Département du {name}",
            "authorising_officer": f"Préfet du {name}",
            "accountant": "DDFiP",
        }
        for name in ("Nord", "Pas-de-Calais")
    ]
    first, second, theme = told["fiches"]
    convention["actions"] = [
        {"departement": "Nord", "number": 1, "axe": 1, "label": "Maraudes", "fiche_id": first["id"]},
        {
            "departement": "Pas-de-Calais",
            "number": 1,
            "axe": 1,
            "label": "Sorties sèches",
            "fiche_id": second["id"],
        },
        {"departement": "Pas-de-Calais", "number": 2, "axe": 1, "label": "Sans fiche ici", "fiche_id": None},
    ]
    theme["departement"] = "Pas-de-Calais"
    north = told["deliberation"]
    south = {
        **copy.deepcopy(north),
        "number": f"DEL62/{year}/9",
        "assembly": "Conseil départemental du Pas-de-Calais",
    }
    told["deliberation"] = [north, south]
    return told


def make_convention(told: Json | None = None, by: Actor | None = None) -> Convention:
    """Stores an exchange file (the small one by default) and answers its first convention."""
    reading = read(told or sample())
    assert reading.is_sound, [str(problem) for problem in reading.log.problems]
    stored = store_file(file=reading.file, by=by or transcriber(), name="exemple.json")
    return stored.conventions[0]

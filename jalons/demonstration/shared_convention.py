"""An invented convention of this year, signed by two Départements: what a CALPAE of 2022 cannot show any more.

Nothing in it is real. It has what a living convention has: figures still to fill, a remainder, a euro of rounding.
"""

from typing import Any

Json = dict[str, Any]
SLUG = "aller-vers"


def text_of(year: int) -> Json:
    """The whole convention in the exchange format, for `year`."""
    slug = f"{SLUG}-{year}"
    north, south = "Département du Nord", "Département du Pas-de-Calais"
    return {
        "meta": {"schema": "jalons-conventions/1", "language": "fr", "source": {"file": "démonstration"}},
        "conventions": [
            {
                "id": slug,
                "short_title": f"Aller vers les familles {year}",
                "title": f"CONVENTION INTERDÉPARTEMENTALE D’APPUI AUX FAMILLES EN HABITAT PRÉCAIRE – ANNÉE {year}",
                "year": year,
                "nature": "convention annuelle",
                "heading_amount": euros(310_000),
                "parties": [
                    party(
                        "État", "L’État", "Préfet de la région Hauts-de-France, préfet du Nord", "d’une part"
                    ),
                    party("État", "L’État", "Préfet du Pas-de-Calais", "d’une part"),
                    party("Département", f"Le {north}", "Président du Conseil départemental", "d’autre part"),
                    party("Département", f"Le {south}", "Président du Conseil départemental", "d’autre part"),
                ],
                "legal_references": [
                    {
                        "raw": f"Vu la loi de finances pour {year}",
                        "type": "loi",
                        "placeholder": "n° xxxx-xxxx",
                    },
                    {
                        "raw": "Vu la circulaire du 25 janvier 2018 relative à la résorption des campements "
                        "illicites et des bidonvilles",
                        "type": "circulaire",
                        "dates": ["2018-01-25"],
                    },
                ],
                "preamble": [
                    {
                        "text": "Les parties unissent leurs moyens pour que chaque famille vivant en habitat "
                        "précaire accède à l’école, aux soins et à un logement.",
                        "bullet": False,
                    }
                ],
                "axes": [{"number": 1, "label": "Aller vers"}, {"number": 2, "label": "Se loger"}],
                "joint_priorities": [{"letter": "a", "text": "La scolarisation de tous les enfants"}],
                "amounts": {
                    "year": year,
                    "global": {"rule": "au moins le double de la part de l’État"},
                    "part_etat": euros(310_000),
                    "split_part_etat": [
                        {"party": north, **euros(190_000)},
                        {"party": south, **euros(120_000)},
                    ],
                },
                "clauses": {
                    "duration": {
                        "text": "La convention est conclue pour un an.",
                        "months": 12,
                        "article": "5",
                    },
                    "parity": {
                        "text": "Les Départements apportent des moyens au moins équivalents.",
                        "article": "2",
                    },
                    "reporting": {
                        "document": "rapport d’exécution",
                        "deadline": "03-31",
                        "article": "4",
                        "text": "Chaque Département transmet son rapport au plus tard le 31 mars de l’année suivante.",
                    },
                    "termination": {
                        "text": "Dénonciation avant le 31 décembre.",
                        "deadline": "12-31",
                        "article": "6",
                    },
                },
                "payment": {
                    "schedule": "Un versement annuel à chaque Département.",
                    "instalments": 1,
                    "beneficiaries": [
                        {
                            "beneficiary": north,
                            "authorising_officer": "Préfet du Nord",
                            "accountant": "DRFiP",
                        },
                        {
                            "beneficiary": south,
                            "authorising_officer": "Préfet du Pas-de-Calais",
                            "accountant": "DDFiP",
                        },
                    ],
                    "programme": {
                        "code": "135",
                        "label": "Urbanisme, territoires et amélioration de l’habitat",
                    },
                    "actions": [
                        paid(slug, 1, "Médiation en santé", 120_000),
                        paid(slug, 2, "École et cantine", 70_000),
                        paid(slug, 3, "Sortir vers le logement", 120_000),
                    ],
                },
                "actions": [
                    listed(slug, "Nord", 1, "Médiation en santé", "f01"),
                    listed(slug, "Nord", 2, "École et cantine", "f02"),
                    listed(slug, "Pas-de-Calais", 1, "Sortir vers le logement", "f03"),
                    listed(slug, "Pas-de-Calais", 2, "Domiciliation", None),
                ],
                "articles": [
                    article(
                        "1",
                        "OBJET",
                        f"La convention fixe les engagements réciproques des parties pour {year}.",
                    ),
                    article(
                        "2", "ENGAGEMENTS", "Les Départements apportent des moyens au moins équivalents."
                    ),
                    article("3", "VERSEMENT", "Le soutien de l’État est versé selon le tableau ci-après."),
                    article("4", "SUIVI", "Chaque Département rend compte au plus tard le 31 mars."),
                    article("5", "DURÉE", "La convention est conclue pour un an."),
                    article("6", "DÉNONCIATION", "Elle peut être dénoncée avant le 31 décembre."),
                ],
                "signature": {"place": "Lille", "date": None},
            }
        ],
        "fiches": [
            sheet(slug, year, 1, "Nord", "MÉDIATION EN SANTÉ", 120_000, axis="1. Aller vers", counted=HEALTH),
            {
                **sheet(
                    slug, year, 2, "Nord", "ÉCOLE ET CANTINE", 70_000, axis="1. Aller vers", counted=SCHOOL
                ),
                "tracking_tables": [workshops(slug)],
            },
            {
                **sheet(
                    slug,
                    year,
                    3,
                    "Pas-de-Calais",
                    "SORTIR VERS LE LOGEMENT",
                    120_000,
                    axis="2. Se loger",
                    counted=HOUSING,
                ),
                "sub_budgets": [
                    {
                        "raw": "Budget de 150 000 €",
                        "amount": 150_000,
                        "label": "Accompagnement dans le logement",
                    },
                    {"raw": "Budget de 60 000 €", "amount": 60_000, "label": "Aides à l’installation"},
                ],
            },
        ],
        "annexes_financieres": [annex(slug, year)],
    }


# What is counted: label, account of the year before, objective, done so far, detail by territory.
HEALTH = (
    ("Nombre de personnes rencontrées", 640, 700, 512, ("DTML", "DTV")),
    ("Nombre de personnes ayant ouvert un droit à l’assurance maladie", 212, 260, None, ()),
    ("Délai moyen du premier rendez-vous", None, 10, None, ()),
)
SCHOOL = (
    ("Nombre d’enfants scolarisables", 188, 190, 175, ()),
    ("Nombre d’enfants scolarisés", 131, 160, 138, ("DTML", "DTV")),
    ("Nombre d’enfants inscrits à la cantine", 64, None, None, ()),
)
HOUSING = (
    ("Nombre de ménages accompagnés vers le logement", 52, 60, 41, ()),
    ("Nombre de ménages entrés dans un logement", 23, 30, None, ()),
)


def euros(amount: int) -> Json:
    return {"raw": f"{amount:,} €".replace(",", " "), "amount": amount}


def party(role: str, name: str, signatory: str, side: str) -> Json:
    return {"role": role, "organisation": name, "signature_role": signatory, "side": side}


def article(number: str, title: str, text: str) -> Json:
    return {"number": number, "title": title, "paragraphs": [{"text": text}]}


def paid(slug: str, number: int, label: str, amount: int) -> Json:
    return {
        "action_number": number,
        "label": label,
        "amount": euros(amount),
        "domaine_fonctionnel": {"code": "0135-07-03"},
        "groupe_de_marchandises": "10.02.01",
        "code_activite": {"code": f"01350107{number:02}01"},
        "fiche_number_annexe3": number,
        "fiche_id": f"{slug}-f{number:02}",
    }


def listed(slug: str, departement: str, number: int, label: str, key: str | None) -> Json:
    return {
        "departement": departement,
        "number": number,
        "axe": 2 if "logement" in label else 1,
        "label": label,
        "fiche_id": f"{slug}-{key}" if key else None,
    }


def cell(figure: int | None) -> Json:
    if figure is None:
        return {"raw": "", "kind": "empty", "number": None, "unit": None}
    return {"raw": str(figure), "kind": "number", "number": figure, "unit": None}


def sheet(
    slug: str, year: int, number: int, departement: str, title: str, state: int, *, axis: str, counted: Any
) -> Json:
    key = f"{slug}-f{number:02}"
    columns = [
        {"key": "bilan", "header": f"BILAN {year - 1}", "year": year - 1, "measure": "bilan"},
        {
            "key": "objectif",
            "header": str(year),
            "subheader": "OBJECTIF",
            "year": year,
            "measure": "objectif",
        },
        {
            "key": "realise",
            "header": str(year),
            "subheader": f"RÉALISÉ JUIN {year}",
            "year": year,
            "measure": "realise",
            "as_of": f"{year}-06",
            "partial": True,
        },
    ]
    code = "59" if departement == "Nord" else "62"
    return {
        "id": key,
        "convention": slug,
        "departement": departement,
        "numbers": [number],
        "sheet_label": f"FICHE {number}",
        "famille": "socle",
        "axe_theme": axis[3:].upper(),
        "axe_annexe": axis,
        "title": title,
        "headings_raw": [f"RÉSUMÉ DU PROJET (FICHE {number})", f"OBJECTIF {year}", "BUDGET", "INDICATEURS"],
        "objectif_heading": f"OBJECTIF {year}",
        "resume_headers": ["DESCRIPTION DE L’ACTION", "DATE DE MISE EN PLACE", "DURÉE"],
        "resume": [
            {
                "description": bulleted(
                    "Une équipe va vers les familles, sur les lieux de vie, avec un interprète."
                ),
                "date_mise_en_place": f"1er janvier {year - 2}",
                "duree": "Trois ans",
            }
        ],
        "start_date": f"{year - 2}-01-01",
        "start_raw": f"1er janvier {year - 2}",
        "duration_raw": "Trois ans",
        "duration_months": 36,
        "end_date_computed": f"{year}-12-31",
        "sub_action_headers": ["ACTIONS MISES EN PLACE", "ÉTAT D’AVANCEMENT", "CALENDRIER", "PARTENAIRES"],
        "sub_actions": [
            {
                "id": f"{key}-a01",
                "action": "Permanences sur les sites",
                "etat_avancement": bulleted(
                    "Deux équipes en place", "Nouveau : une troisième équipe à l’automne"
                ),
                "calendrier": bulleted("Toute l’année", f"Octobre {year}"),
                "partenaires": bulleted("CPAM, associations, communes"),
                "nouveau": True,
            }
        ],
        "budget_headers": ["BUDGET", "TOTAL", "PART ÉTAT", f"PART CD {code}", "NOTES"],
        "budget": [
            {
                "label": f"Montant prévisionnel {year}",
                "fiche_number": number,
                "total": euros(2 * state),
                "part_etat": euros(state),
                f"part_cd{code}": euros(state),
                "notes": "",
                "year": year,
                "nature": "prévisionnel",
            }
        ],
        "indicator_table": {
            "columns": columns,
            "indicators": [row(f"{key}-i{n:02}", *cells) for n, cells in enumerate(counted, 1)],
        },
    }


def bulleted(*items: str) -> Json:
    return {
        "raw": " ".join(items),
        "items": [{"text": item, "level": int(n > 0)} for n, item in enumerate(items)],
    }


def row(
    key: str, label: str, before: int | None, aim: int | None, done: int | None, territories: tuple[str, ...]
) -> Json:
    line: Json = {
        "id": key,
        "label": label,
        "values": {"bilan": cell(before), "objectif": cell(aim), "realise": cell(done)},
    }
    if territories:
        line["children_relation"] = "Dont"
        line["children"] = [
            {
                "id": f"{key}.{n}",
                "label": code,
                "breakdown": {"dimension": "territoire", "value": code},
                "values": {"bilan": cell(None), "objectif": cell(None), "realise": cell(None)},
            }
            for n, code in enumerate(territories, 1)
        ]
    return line


def workshops(slug: str) -> Json:
    planned = (
        ("Centre social des Moulins", 120, 46.5),
        ("École Victor-Hugo", 60, 64),
        ("Médiathèque", 40, None),
    )
    return {
        "id": f"{slug}-ateliers",
        "title": "Suivi des ateliers",
        "columns": [
            {"key": "lieu", "header": "Lieu", "kind": "text"},
            {"key": "prevues", "header": "Heures prévues", "kind": "number"},
            {"key": "faites", "header": "Heures réalisées", "kind": "number"},
        ],
        "rows": [
            {"id": f"{slug}-at{n}", "cells": {"lieu": place, "prevues": hours, "faites": done}}
            for n, (place, hours, done) in enumerate(planned, 1)
        ],
        "checks": [{"rule": "done_le_planned", "planned": "prevues", "done": "faites"}],
    }


def annex(slug: str, year: int) -> Json:
    """With a euro of rounding in its total."""

    def line(kind: str, label: str, state: int, north: int, south: int, whole: int, **more: Any) -> Json:
        shares = {"part_etat": state, "part_cd59": north, "part_cd62": south, "total": whole}
        return {
            "kind": kind,
            "label": label,
            **{name: euros(share) for name, share in shares.items()},
            **more,
        }

    return {
        "id": "annexe-financiere",
        "convention": slug,
        "label": "ANNEXE 3",
        "title": "Annexe financière",
        "year": year,
        "tables": [
            {
                "id": "engagements",
                "title": "Tableau des engagements",
                "headers": ["", "Part État", "Part CD 59", "Part CD 62", "TOTAL"],
                "rows": [
                    line(
                        "fiche", "Fiche 1 - Médiation en santé", 120_000, 120_000, 0, 240_000, fiche_number=1
                    ),
                    line("fiche", "Fiche 2 - École et cantine", 70_000, 70_000, 0, 140_000, fiche_number=2),
                    line("fiche", "Fiche 3 - Vers le logement", 120_000, 0, 120_000, 240_000, fiche_number=3),
                    line("total", "Total", 310_000, 190_000, 120_000, 620_001),
                ],
            }
        ],
    }

"""A tiny edition of the published files, in the shape of the real ones."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from jalons.territories.reference import FILES
from jalons.territories.services import load_reference


def commune(code: str, name: str, *, departement: str = "59", **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "nom": name,
        "type": "commune-actuelle",
        "departement": departement,
        "region": "32",
        **more,
    }


def square(x: float, y: float, side: float = 1.0) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def feature(name: str, *ring: list[float]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [list(ring)]},
    }


EDITION: dict[str, Any] = {
    "regions": [{"code": "32", "nom": "Hauts-de-France"}, {"code": "975", "nom": "Saint-Pierre-et-Miquelon"}],
    "departements": [
        {"code": "59", "nom": "Nord", "region": "32"},
        {"code": "62", "nom": "Pas-de-Calais", "region": "32"},
        {"code": "975", "nom": "Saint-Pierre-et-Miquelon", "region": "975"},
    ],
    "epcis": [
        {
            "code": "200093201",
            "nom": "Métropole Européenne de Lille",
            "type": "METRO",
            "populationMunicipale": 1190000,
            "membres": [{"code": "59350"}, {"code": "59009"}],
        },
        {
            "code": "200069029",
            "nom": 'CA "Pays d\'Arras"',
            "type": "CA",
            "populationMunicipale": 108000,
            "membres": [{"code": "62041"}],
        },
    ],
    "communes": [
        commune(
            "59350",
            "Lille",
            population=238246,
            codesPostaux=["59000", "59800"],
            anciensCodes=["59298", "59998"],
        ),
        commune("59009", "Villeneuve-d'Ascq", population=61000, codesPostaux=["59491"], typeLiaison=0),
        commune("62041", "Arras", departement="62", population=42000, codesPostaux=["62000"], typeLiaison=1),
        commune(
            "62400", "Le Touquet", departement="62", population=4000, codesPostaux=["62520"], typeLiaison=2
        ),
        commune("62001", "Lillers-le-Petit", departement="62", population=90, codesPostaux=["62001"]),
        commune("97502", "Saint-Pierre", departement="975", codesPostaux=["97500"]),
        {"code": "59355", "nom": "Lomme", "type": "commune-associee", "chefLieu": "59350"},
        {"code": "62999", "nom": "Étaples-Plage", "type": "commune-deleguee", "chefLieu": "62400"},
        {"code": "62041", "nom": "Arras", "type": "commune-deleguee", "chefLieu": "62041"},
        {
            "code": "59201",
            "nom": "Lille 1er Arrondissement",
            "type": "arrondissement-municipal",
            "commune": "59350",
            "population": 9000,
        },
    ],
    "outlines": {
        "type": "FeatureCollection",
        "features": [feature("Nord", *square(3, 50)), feature("Pas-de-Calais", *square(2, 50))],
    },
}


@pytest.fixture
def edition() -> dict[str, Any]:
    """A copy that a test may change before `write_edition`."""
    return json.loads(json.dumps(EDITION))


def write_edition(folder: Path, edition: dict[str, Any]) -> Path:
    for name, path in FILES.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(edition[name]), encoding="utf-8")
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_edition(tmp_path, EDITION)


@pytest.fixture
def loaded(db: None, source: Path) -> Path:
    """The tiny edition, in the database."""
    load_reference(node_modules=source)
    return source


@pytest.fixture
def signed_in(client, db):
    user = get_user_model().objects.create_user("agent@exemple.test", "Agent d’essai", "une longue phrase")
    client.force_login(user, "jalons.accounts.backends.SessionBackend")
    return client

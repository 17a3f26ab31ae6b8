"""The screens and exports that are timed, and what a person would send to each."""

import datetime as dt
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

NATIONAL, CORRESPONDENT = "national@demo.example", "correspondant59@demo.example"
BOTH = (NATIONAL, CORRESPONDENT)
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')
NEW = "/sites/nouveau/"


@dataclass(frozen=True, slots=True)
class Screen:
    """`path` may name `{year_ago}` and `{site}`. `users`: who looks at it. `fill`: what to post, from the page."""

    name: str
    path: str
    users: tuple[str, ...] = BOTH
    fill: Callable[[str], Mapping[str, Any]] | None = None
    heavy: bool = False  # an export: few runs, in a process of its own


def declaration(page: str) -> dict[str, str]:
    """A new site as a hurried person declares it, with the hidden fields of the page."""
    hidden = {}
    for tag in HIDDEN.findall(page):
        attributes = dict(ATTRIBUTE.findall(tag))
        hidden[attributes.get("name", "")] = attributes.get("value", "")
    return {
        **hidden,
        "commune": "Lille",
        "insee": "59350",
        # Another street each time: a known one would first ask « Est-ce l’un de ceux-ci ? ».
        "address": f"rue {secrets.token_hex(6)}",
        "observed_on": (dt.date.today() - dt.timedelta(days=1)).strftime("%d/%m/%Y"),
        "source_kind": "operator",
        "people": "45",
        "minors": "18",
    }


# What people take most: identification and inhabitants, 37 columns with those of the site.
FORTY = "colonnes=Identification&colonnes=Habitants"
SCREENS = (
    Screen("Accueil", "/"),
    Screen("Liste", "/sites/?departement=tous"),
    Screen("Liste, recherche et filtres", "/sites/?q=lille&taille=medium&type=land&conditions=water"),
    Screen("Liste il y a un an", "/sites/?departement=tous&au={year_ago}"),
    Screen("Liste connue il y a un an", "/sites/?departement=tous&au={year_ago}&connu-le={year_ago}"),
    Screen("Sites de la carte", "/carte/sites.geojson?departement=tous"),
    Screen("Fiche", "/sites/{site}/"),
    Screen("Communes proposées", "/territoires/communes.json?q=saint-d"),
    Screen("Déclaration", NEW, users=(CORRESPONDENT,), fill=declaration),
    Screen("Export xlsx", f"/sites/export?format=xlsx&departement=tous&{FORTY}", heavy=True),
    Screen(
        "Export xlsx, 67 colonnes",
        "/sites/export?format=xlsx&departement=tous",
        users=(NATIONAL,),
        heavy=True,
    ),
    Screen("Export csv", "/sites/export?format=csv&departement=tous", users=(NATIONAL,), heavy=True),
    Screen("Export ods", "/sites/export?format=ods&departement=tous", users=(NATIONAL,), heavy=True),
)

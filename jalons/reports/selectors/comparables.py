"""Which territories a person may want to compare with one: of the same volume, or next to it. Only those read whole."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations
from typing import Any

from django.db.models import Exists, OuterRef, Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.core.values import Number
from jalons.figures.areas import NATION
from jalons.figures.enums import AreaLevel
from jalons.figures.readings import FigureReading
from jalons.figures.registry import FigureQuestion
from jalons.sites.figures.places import BY_COMMUNE, BY_DEPARTEMENT, BY_EPCI, readings_by_place
from jalons.sites.models import Site
from jalons.territories.models import Commune, Departement, Epci, Outline, Region
from jalons.territories.selectors import outlines_version

MOST = 6
WITHIN = 30  # percent of the people of the first territory, more or less
PLACE_KEYS = {
    AreaLevel.REGION: BY_DEPARTEMENT,
    AreaLevel.DEPARTEMENT: BY_DEPARTEMENT,
    AreaLevel.EPCI: BY_EPCI,
    AreaLevel.COMMUNE: BY_COMMUNE,
}
Corner = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Comparable:
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Comparables:
    """`same_volume`: by how near their number of people is; `neighbours`: in alphabetical order."""

    same_volume: Sequence[Comparable] = ()
    neighbours: Sequence[Comparable] = ()


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """A place of the level of the first territory, and the département or région by which it has neighbours."""

    code: str
    label: str
    beside: frozenset[str]


def comparables(asked: FigureQuestion, chosen: Collection[str]) -> Comparables:
    """For the first territory; `chosen`: those already on the page. Nothing for the nation. At most six queries."""
    area = asked.area
    if area.level not in PLACE_KEYS:
        return Comparables()
    places = read_places(territory_of(asked.user, Right.READ_SITES), area.level)
    people = people_by_place(asked, area.level)
    here = {place.code: place for place in places}.get(area.code)
    others = [place for place in places if f"{area.level}-{place.code}" not in chosen]
    return Comparables(
        same_volume=[comparable(area.level, place) for place in of_volume(people, area.code, others)][:MOST],
        neighbours=[comparable(area.level, place) for place in next_to(here, others, people, area.level)][
            :MOST
        ],
    )


def comparable(level: AreaLevel, place: ReadPlace) -> Comparable:
    return Comparable(f"{level}-{place.code}", place.label)


def people_by_place(asked: FigureQuestion, level: AreaLevel) -> Mapping[str, Number]:
    """Of the places where somebody was counted; a région is the sum of its départements."""
    readings = readings_by_place(replace(asked, area=NATION), PLACE_KEYS[level])
    people = {key: counted(figures["personnes"]) for key, figures in readings.items() if key is not None}
    if level == AreaLevel.REGION:
        regions = dict(Departement.objects.order_by().values_list("pk", "region"))
        sums: dict[str, Number] = {}
        for code, number in people.items():
            sums[regions[code]] = sums.get(regions[code], 0) + number
        people = sums
    return {key: number for key, number in people.items() if number}


def counted(reading: FigureReading) -> Number:
    return reading.number or 0


def of_volume(people: Mapping[str, Number], code: str, others: Iterable[ReadPlace]) -> list[ReadPlace]:
    """Those of which the people are within 30 % of those here, both bounds included; the nearest first."""
    here = people.get(code)
    if not here:
        return []
    near = [
        place
        for place in others
        if place.code in people and 100 * abs(float(people[place.code]) - float(here)) <= WITHIN * float(here)
    ]
    return sorted(near, key=lambda place: (abs(float(people[place.code]) - float(here)), place.code))


def next_to(
    here: ReadPlace | None, others: Iterable[ReadPlace], people: Mapping[str, Number], level: AreaLevel
) -> list[ReadPlace]:
    """Départements that touch, régions that touch; for the rest, those of the same département with people."""
    if here is None:
        return []
    if level in (AreaLevel.EPCI, AreaLevel.COMMUNE):
        return [place for place in others if place.beside & here.beside and place.code in people]
    touching = touching_departements(here.beside)
    return [place for place in others if place.beside & touching]


def touching_departements(codes: Collection[str]) -> frozenset[str]:
    """Those that share a border with some: one query, another when the outlines were loaded since."""
    version = outlines_version()
    borders = borders_of(version) if version else read_borders()
    return frozenset(touching for code in codes for touching in borders.get(code, ())) - frozenset(codes)


@lru_cache(maxsize=2)
def borders_of(version: str) -> Mapping[str, frozenset[str]]:
    """Kept in memory for one load of the outlines."""
    return read_borders()


def read_borders() -> Mapping[str, frozenset[str]]:
    """The départements that touch each other: their outlines have at least two corners in common."""
    corners = {row.pk: corners_of(row.geometry) for row in Outline.objects.order_by("pk")}
    owners: dict[Corner, list[str]] = defaultdict(list)
    for code, points in corners.items():
        for point in points:
            owners[point].append(code)
    shared = Counter(pair for codes in owners.values() for pair in permutations(codes, 2))
    borders: dict[str, set[str]] = defaultdict(set)
    for (code, other), corners_in_common in shared.items():
        if corners_in_common >= 2:
            borders[code].add(other)
    return {code: frozenset(others) for code, others in borders.items()}


def corners_of(geometry: Mapping[str, Any]) -> set[Corner]:
    return {(point[0], point[1]) for polygon in geometry["coordinates"] for ring in polygon for point in ring}


def read_places(seen: Territory, level: AreaLevel) -> list[ReadPlace]:
    """The places of a level that a person reads whole, by name."""
    rows = list(Departement.objects.order_by("name", "code").values_list("code", "name", "region"))
    read = [row for row in rows if seen.everywhere or row[0] in seen.departements]
    codes = {code for code, _, _ in read}
    if level == AreaLevel.DEPARTEMENT:
        return [ReadPlace(code, f"{name} ({code})", frozenset([code])) for code, name, _ in read]
    if level == AreaLevel.REGION:
        inside: dict[str, set[str]] = {}
        for code, _, region in rows:
            inside.setdefault(region, set()).add(code)
        regions = Region.objects.order_by("name", "code").values_list("code", "name")
        return [
            ReadPlace(code, name, frozenset(inside[code]))
            for code, name in regions
            if inside.get(code) and inside[code] <= codes
        ]
    return read_communes(seen, codes) if level == AreaLevel.COMMUNE else read_epcis(seen, codes)


def read_communes(seen: Territory, codes: Collection[str]) -> list[ReadPlace]:
    """Those with a site: nobody compares with a commune that never had one."""
    where = Q(departement__in=codes) | Q(epci__in=seen.epcis) | Q(pk__in=seen.communes)
    communes = Commune.objects.filter(where, Exists(Site.objects.filter(commune=OuterRef("pk"))))
    return [
        ReadPlace(code, f"{name} ({departement})", frozenset([departement]))
        for code, name, departement in communes.order_by("name", "pk").values_list(
            "pk", "name", "departement"
        )
    ]


def read_epcis(seen: Territory, codes: AbstractSet[str]) -> list[ReadPlace]:
    """Those that stand in the départements read, and those read by themselves."""
    rows = Commune.objects.filter(epci__isnull=False).order_by().values_list("epci", "departement")
    within: dict[str, set[str]] = {}
    for epci, departement in rows.distinct():
        within.setdefault(epci, set()).add(departement)
    read = [epci for epci, inside in within.items() if epci in seen.epcis or inside <= codes]
    epcis = Epci.objects.order_by("name", "pk").in_bulk(read)
    return [ReadPlace(epci.pk, epci.name, frozenset(within[epci.pk])) for epci in epcis.values()]

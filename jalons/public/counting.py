"""What each site counts for in the open measures, and who wrote it: the same rows as the figures on the screens.

Only the worker reads this, when an edition is prepared.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from jalons.figures.disclosure import WholeCountry
from jalons.figures.enums import AreaLevel
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import AsOf
from jalons.public.disclosure.cells import AreaTree, Contribution, TableShape
from jalons.public.half_years import HalfYear
from jalons.public.measures import MEASURES
from jalons.sites.enums import ClosingReason, OrientationKind
from jalons.sites.figures.flows import LODGED
from jalons.sites.figures.rows import EVACUATED, closed, known_sites, open_sites, resettlements
from jalons.sites.figures.stocks import SCHOOLED, SUMMED
from jalons.sites.models import Orientation
from jalons.territories.models import Departement

PLACE = "commune__departement_id"
WRITERS = ("occupation__organisation", "figure__organisation", "figure__source")
COUNTED = {**SUMMED, SCHOOLED: "minors_at_school"}

Counts = dict[str, int | None]


def country() -> TableShape:
    """The twelve measures by nation, région and département."""
    regions: defaultdict[str, list[str]] = defaultdict(list)
    rows = Departement.objects.order_by("region__name", "code").values_list("region", "code")
    for region, code in rows:
        regions[f"{AreaLevel.REGION}-{region}"].append(area_of_departement(code))
    return TableShape(MEASURES, AreaTree(str(AreaLevel.NATION), {AreaLevel.NATION: list(regions), **regions}))


def area_of_departement(code: str) -> str:
    return f"{AreaLevel.DEPARTEMENT}-{code}"


def contributions_of(half_year: HalfYear, known_on: dt.date) -> list[Contribution]:
    """Four queries: the open sites, the closings, where people went, those who settled elsewhere."""
    asked = FigureQuestion(WholeCountry(), AsOf(half_year.last_day, known_on), since=half_year.first_day)
    return [*stocks(asked), *closings(asked), *moves(asked)]


def stocks(asked: FigureQuestion) -> Iterable[Contribution]:
    sites = open_sites(asked).with_figure(asked.at).order_by("pk")
    columns = [f"figure__{name}" for name in COUNTED.values()]
    for place, *values in sites.values_list(PLACE, *columns, *WRITERS):
        counts: Counts = {
            "sites-ouverts": 1,
            **dict(zip(COUNTED, values[: len(COUNTED)], strict=True)),
        }
        yield contribution(place, counts, values[len(COUNTED) :])


def closings(asked: FigureQuestion) -> Iterable[Contribution]:
    """Of a site that was closed twice, both closings are one contribution: three of them are three sites."""
    sites = known_sites(asked, closed(asked)).with_figure(asked.at).order_by("pk")
    columns = ("pk", PLACE, "occupation", "occupation__closing_reason", *WRITERS)
    rows = list(sites.values_list(*columns))
    ways = ways_of([occupation for _, _, occupation, *_ in rows])
    by_site: dict[int, tuple[Any, Counts, list[Any]]] = {}
    for site, place, occupation, reason, *writers in rows:
        counts: Counts = {**closing_counts(reason), **oriented_counts(ways[occupation])}
        _, together, everybody = by_site.setdefault(site, (place, {}, []))
        for key, count in counts.items():
            together[key] = add_known(together.get(key), count)
        everybody += writers
    for place, counts, writers in by_site.values():
        yield contribution(place, counts, writers)


def closing_counts(reason: str) -> Counts:
    if reason in ("", ClosingReason.UNKNOWN):
        return {"resorptions": None, "evacuations": None}
    return {"resorptions": int(reason == ClosingReason.RESORBED), "evacuations": int(reason in EVACUATED)}


def ways_of(occupations: list[int]) -> Mapping[int, list[tuple[str, int | None]]]:
    ways: defaultdict[int, list[tuple[str, int | None]]] = defaultdict(list)
    rows = Orientation.objects.filter(occupation__in=occupations).order_by("pk")
    for occupation, kind, people in rows.values_list("occupation_id", "kind", "people"):
        ways[occupation].append((kind, people))
    return ways


def oriented_counts(ways: list[tuple[str, int | None]]) -> Counts:
    """A closing that says where some went and is silent on a way says that nobody went that way."""
    return {key: people_oriented(ways, kinds) for key, kinds in LODGED.items()}


def people_oriented(ways: list[tuple[str, int | None]], kinds: tuple[OrientationKind, ...]) -> int | None:
    here = [people for kind, people in ways if kind in kinds]
    whole = sum(people or 0 for people in here)
    return whole if whole or (ways and None not in here) else None


def moves(asked: FigureQuestion) -> Iterable[Contribution]:
    by_site: dict[int, tuple[Any, int | None, list[Any]]] = {}
    columns = ("origin", "origin__commune__departement", "people", "organisation")
    for site, place, people, organisation in resettlements(asked).order_by("pk").values_list(*columns):
        _, before, writers = by_site.get(site, (place, None, []))
        by_site[site] = (place, add_known(before, people), [*writers, organisation])
    for place, people, writers in by_site.values():
        yield contribution(place, {"personnes-reinstallees": people}, writers)


def add_known(first: int | None, second: int | None) -> int | None:
    return first if second is None else (first or 0) + second


def contribution(place: str, counts: Counts, writers: Iterable[int | None]) -> Contribution:
    wrote = frozenset(writer for writer in writers if writer is not None)
    return Contribution(area_of_departement(place), counts, wrote)

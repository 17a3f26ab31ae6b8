"""Who stands behind the figures of a territory: the organisations that wrote what is known of its sites."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from jalons.figures.areas import NATION, FigureArea
from jalons.figures.registry import FigureQuestion
from jalons.figures.together import shared_out
from jalons.sites.enums import ClosingReason, Condition
from jalons.sites.figures.rows import closed, known_sites, open_sites, opened, places_of

# The organisation that wrote each fact in use, and the source of the count.
WRITERS = (
    "occupation__organisation",
    "figure__organisation",
    "figure__source",
    "state__organisation",
)
# What has to be known of a site for it to stand behind a figure of the day; nothing for the others.
KNOWN_BY = {
    "personnes": "figure__people",
    "menages": "figure__households",
    "mineurs": "figure__minors",
    "scolarisation": "figure__minors_at_school",
    "conditions-water": "state__water",
    "conditions-sanitation": "state__sanitation",
    "conditions-fire": "state__fire",
}
FLOWS = ("ouvertures", "fermetures", "resorptions", "evacuations")
MOVED_BY = ("occupation__valid_on", "occupation__ended_on", "occupation__closing_reason")


@dataclass(frozen=True, slots=True)
class Behind:
    """Keys of organisations, for the figures of a day and for those of a period."""

    stocks: frozenset[int]
    flows: frozenset[int]


def behind(asked: FigureQuestion, areas: Sequence[FigureArea]) -> list[Behind]:
    """Of each of these places: two queries for all of them."""
    nation, places = replace(asked, area=NATION), places_of(areas)
    stocks = writers_of(open_sites(nation), nation, places)
    flows = writers_of(moved_sites(nation), nation, places)
    return [Behind(*both) for both in zip(stocks, flows, strict=True)]


def moved_sites(asked: FigureQuestion) -> Any:
    return known_sites(asked, opened(asked) | closed(asked))


def described(sites: Any, asked: FigureQuestion) -> Any:
    return sites.with_figure(asked.at).with_state(asked.at).order_by()


def writers_of(sites: Any, asked: FigureQuestion, places: Sequence[Q]) -> list[frozenset[int]]:
    writers: list[set[int]] = [set() for _ in places]
    for ranks, row in shared_out(described(sites, asked), places, *WRITERS):
        for rank in ranks:
            writers[rank].update(keys_in([row]))
    return [frozenset(keys) for keys in writers]


def keys_in(rows: Iterable[Iterable[int | None]]) -> frozenset[int]:
    return frozenset(key for row in rows for key in row if key is not None)


@dataclass(frozen=True, slots=True)
class SiteBehind:
    """A site that stands behind a figure, and who wrote of it."""

    site: int
    organisations: frozenset[int]


Standing = dict[str, list[SiteBehind]]


def stocks_behind(asked: FigureQuestion, wheres: Sequence[Q]) -> list[Standing]:
    """The open sites of each of `wheres` that stand behind each figure of a day, « » for those that need nothing
    known: one query for all.
    """
    names = tuple(dict.fromkeys(KNOWN_BY.values()))
    behind_each: list[Standing] = [{name: [] for name in ("", *names)} for _ in wheres]
    sites = described(open_sites(asked), asked)
    for ranks, (pk, *values) in shared_out(sites, wheres, "pk", *names, *WRITERS):
        site = SiteBehind(pk, keys_in([values[len(names) :]]))
        known = ["", *(name for name, value in zip(names, values, strict=False) if is_known(name, value))]
        for rank in ranks:
            for name in known:
                behind_each[rank][name].append(site)
    return behind_each


def is_known(name: str, value: Any) -> bool:
    return value is not None and not (name.startswith("state__") and value == Condition.UNKNOWN)


def flows_behind(asked: FigureQuestion, wheres: Sequence[Q]) -> list[Standing]:
    """The sites of each of `wheres` that stand behind each figure of the period: one query for all."""
    first, last = asked.days
    behind_each: list[Standing] = [{key: [] for key in FLOWS} for _ in wheres]
    sites = described(moved_sites(asked), asked)
    for ranks, (pk, since, ended, reason, *writers) in shared_out(sites, wheres, "pk", *MOVED_BY, *WRITERS):
        site = SiteBehind(pk, keys_in([writers]))
        keys = ["ouvertures"] if first <= since <= last else []
        if ended is not None and first <= ended <= last:
            keys += FLOWS[1:] if reason != ClosingReason.UNKNOWN else ["fermetures"]
        for rank in ranks:
            for key in keys:
                behind_each[rank][key].append(site)
    return behind_each

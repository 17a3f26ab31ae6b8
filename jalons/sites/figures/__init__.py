"""The figures of sites: one definition each. The list, its sums, the home page and dashboards read them here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.core.values import Ratio, Sum
from jalons.figures.readings import FigureReading
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import NOW, AsOf
from jalons.sites.figures.flows import FLOWS
from jalons.sites.figures.stocks import STOCKS, SUMMED, read_list, read_page
from jalons.sites.querysets import SiteQuerySet

FAMILIES = (*STOCKS, *FLOWS)


@dataclass(frozen=True, slots=True)
class ListSums:
    """What the filtered list adds up to, each figure with what it covers."""

    sites: int
    people: Sum
    households: Sum
    women: Sum
    minors: Sum
    schooling: Ratio
    stale: int
    readings: Mapping[str, FigureReading]


def list_sums(sites: SiteQuerySet, at: AsOf = NOW) -> ListSums:
    """One query, whoever asks: `sites` are those that the reader may see. `stale`: without a count for six months."""
    return summed(read_list(FigureQuestion(user=None, at=at, chosen=sites)))


def list_page(ordered: SiteQuerySet, at: AsOf, page: slice) -> tuple[ListSums, Sequence[int]]:
    """The same of an ordered list, with the keys of one of its pages, in one query; no key beyond its end."""
    readings, keys = read_page(FigureQuestion(user=None, at=at, chosen=ordered), page)
    return summed(readings), keys


def summed(readings: Mapping[str, Any]) -> ListSums:
    sums = {name: readings[key].worth for key, name in SUMMED.items()}
    return ListSums(
        sites=readings["sites-ouverts"].worth.count,
        schooling=readings["scolarisation"].worth,
        stale=readings["sans-recensement"].worth.count,
        readings=readings,
        **sums,
    )

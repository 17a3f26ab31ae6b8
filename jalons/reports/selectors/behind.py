"""Who stands behind the figures of a territory: the organisations that wrote what is known of its sites."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jalons.figures.registry import FigureQuestion
from jalons.sites.enums import ClosingReason, Condition
from jalons.sites.figures.rows import closed, known_sites, open_sites, opened

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
MOVED_BY = ("occupation__valid_on", "occupation__ended_on", "occupation__closing_reason")


@dataclass(frozen=True, slots=True)
class Behind:
    """Keys of organisations, for the figures of a day and for those of a period."""

    stocks: frozenset[int]
    flows: frozenset[int]


def behind(asked: FigureQuestion) -> Behind:
    """Two queries."""
    return Behind(writers_of(open_sites(asked), asked), writers_of(moved_sites(asked), asked))


def moved_sites(asked: FigureQuestion) -> Any:
    return known_sites(asked, opened(asked) | closed(asked))


def described(sites: Any, asked: FigureQuestion) -> Any:
    return sites.with_figure(asked.at).with_state(asked.at).order_by()


def writers_of(sites: Any, asked: FigureQuestion) -> frozenset[int]:
    return keys_in(described(sites, asked).values_list(*WRITERS).distinct())


def keys_in(rows: Iterable[Iterable[int | None]]) -> frozenset[int]:
    return frozenset(key for row in rows for key in row if key is not None)


@dataclass(frozen=True, slots=True)
class SiteBehind:
    """A site that stands behind a figure, and who wrote of it."""

    site: int
    organisations: frozenset[int]


def stocks_behind(asked: FigureQuestion, where: Q) -> Mapping[str, list[SiteBehind]]:
    """The open sites of `where` that stand behind each figure of a day, « » for those that need nothing known."""
    names = tuple(dict.fromkeys(KNOWN_BY.values()))
    by_name: dict[str, list[SiteBehind]] = {name: [] for name in ("", *names)}
    sites = described(open_sites(asked).filter(where), asked)
    for pk, *values in sites.values_list("pk", *names, *WRITERS):
        site = SiteBehind(pk, keys_in([values[len(names) :]]))
        by_name[""].append(site)
        for name, value in zip(names, values[: len(names)], strict=True):
            if value is not None and not (name.startswith("state__") and value == Condition.UNKNOWN):
                by_name[name].append(site)
    return by_name


def flows_behind(asked: FigureQuestion, where: Q) -> Mapping[str, list[SiteBehind]]:
    """The sites of `where` that stand behind each figure of the period."""
    first, last = asked.days
    by_key: dict[str, list[SiteBehind]] = {
        key: [] for key in ("ouvertures", "fermetures", "resorptions", "evacuations")
    }
    sites = described(moved_sites(asked).filter(where), asked)
    for pk, since, ended, reason, *writers in sites.values_list("pk", *MOVED_BY, *WRITERS):
        site = SiteBehind(pk, keys_in([writers]))
        if first <= since <= last:
            by_key["ouvertures"].append(site)
        if ended is not None and first <= ended <= last:
            by_key["fermetures"].append(site)
            if reason != ClosingReason.UNKNOWN:
                by_key["resorptions"].append(site)
                by_key["evacuations"].append(site)
    return by_key

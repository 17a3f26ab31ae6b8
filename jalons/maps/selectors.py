"""Sites and insertion sites as points: what the map draws, and what it cannot draw."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Q

from jalons.accounts.models import Organisation
from jalons.actions.models import Action, InsertionSite
from jalons.core.values import fold
from jalons.history.querysets import NOW, AsOf
from jalons.sites.checks import freshness
from jalons.sites.models import Site
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.selectors import SiteFilter, home_of, source_words, territory_named
from jalons.thresholds.selectors import limits_in_force

DECIMALS = 5  # about a metre
UNPLACED_SHOWN = 10
COLUMNS = (
    "public_id",
    "name",
    "latitude",
    "longitude",
    "commune__name",
    "commune__departement_id",
    "figure__people",
    "figure__minors",
    "figure__valid_on",
    "figure__source_id",
    "figure__source_kind",
    "figure__reliability",
    "figure__unchanged",
    "occupation__ended_on",
)
ON = COLUMNS.index("figure__valid_on")
SAID = slice(COLUMNS.index("figure__source_id"), COLUMNS.index("occupation__ended_on"))


def sites_collection(
    chosen: SiteQuerySet, asked: SiteFilter, at: AsOf, grounds: Sequence[InsertionSite] = ()
) -> dict[str, Any]:
    """GeoJSON of the sites that have a point: one MultiPoint Feature for each freshness. Two queries.

    One more, of kind « insertion », for the insertion sites given. A Feature for each site would weigh half as much
    again and take twice the time: `properties` holds columns instead, in the order of the coordinates. `source` is
    a rank in `sources`; `people` null: never counted.
    """
    rows = list(chosen.filter(latitude__isnull=False).order_by("pk").values_list(*COLUMNS))
    closed = asked.status == "closed"
    # Sites by the thousand, days by the hundred.
    limits = limits_in_force()
    states = {day: "" if closed else freshness(day, at.day, limits) for day in {row[ON] for row in rows}}
    ranks: dict[tuple[Any, ...], int] = {}
    groups: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        groups[states[row[ON]]].append(row)
        if row[ON]:
            ranks.setdefault(row[SAID], len(ranks))
    return {
        "type": "FeatureCollection",
        "sources": sources(list(ranks)),
        "features": [
            {
                "type": "Feature",
                "geometry": {
                    "type": "MultiPoint",
                    "coordinates": [[round(row[3], DECIMALS), round(row[2], DECIMALS)] for row in group],
                },
                "properties": {
                    "kind": "site",
                    "status": asked.status,
                    "freshness": state or None,
                    **columns_of(group, ranks, closed=closed),
                },
            }
            for state, group in sorted(groups.items())
        ]
        + insertion_features(placed(grounds)),
    }


def columns_of(
    rows: list[tuple[Any, ...]], ranks: dict[tuple[Any, ...], int], *, closed: bool
) -> dict[str, list[Any]]:
    """The properties of several sites, one list for each."""
    ids, names, _, _, communes, departements, people, minors, days, *_, ended = zip(*rows, strict=True)
    columns: dict[str, list[Any]] = {
        "id": list(ids),
        "name": list(names),
        "commune": [f"{name} ({code})" for name, code in zip(communes, departements, strict=True)],
        "people": list(people),
        "minors": list(minors),
        "on": [day and day.isoformat() for day in days],
        "source": [ranks[row[SAID]] if row[ON] else None for row in rows],
    }
    return {**columns, "ended": [day.isoformat() for day in ended]} if closed else columns


def sources(origins: list[tuple[Any, ...]]) -> list[str]:
    """In words, for each (structure, kind of source, reliability, unchanged)."""
    structures = Organisation.objects.in_bulk({source for source, *_ in origins if source})
    return [
        source_words(structures.get(source), kind, reliability=reliability, unchanged=unchanged)
        for source, kind, reliability, unchanged in origins
    ]


def insertion_features(grounds: Sequence[InsertionSite]) -> list[dict[str, Any]]:
    """One Feature of columns, or none; `action` is the name of the dispositif, `action_id` leads to its sheet."""
    if not grounds:
        return []
    columns = {
        "id": [ground.public_id for ground in grounds],
        "name": [str(ground) for ground in grounds],
        "commune": [where(ground) for ground in grounds],
        "action": [ground.action.name for ground in grounds],
        "action_id": [ground.action.public_id for ground in grounds],
    }
    points = [
        [round(ground.longitude or 0, DECIMALS), round(ground.latitude or 0, DECIMALS)] for ground in grounds
    ]
    geometry = {"type": "MultiPoint", "coordinates": points}
    return [{"type": "Feature", "geometry": geometry, "properties": {"kind": "insertion", **columns}}]


def where(ground: InsertionSite) -> str:
    return f"{ground.commune.name} ({ground.commune.departement_id})"


def placed(grounds: Iterable[InsertionSite]) -> list[InsertionSite]:
    """Those that have a point."""
    return [ground for ground in grounds if ground.latitude is not None]


def insertion_sites(
    user: Any,
    at: AsOf = NOW,
    asked: SiteFilter = SiteFilter(),  # noqa: B008  # frozen
) -> list[InsertionSite]:
    """The insertion sites of the dispositifs in progress on a date that `user` may see, with or without a point.

    In the territory that is asked for; what `asked` says of sites themselves does not hold for them. With the
    dispositif and the commune; they are described as today. One query.
    """
    running = Action.objects.visible_to(user).in_progress(at)
    grounds = InsertionSite.objects.filter(
        Q(opened_on__isnull=True) | Q(opened_on__lte=at.day),
        Q(closed_on__isnull=True) | Q(closed_on__gt=at.day),
        action__in=running.values("pk"),
    )
    if asked.at_home:
        grounds = grounds.filter(home_of(user).q())
    if asked.departement:
        grounds = grounds.filter(commune__departement=asked.departement)
    ordered = grounds.select_related("action", "commune__departement").order_by("commune__name", "name", "pk")
    if not asked.q:
        return list(ordered)
    named = territory_named(asked.q)
    return [ground for ground in ordered if named.holds(ground.commune) or bears(ground, asked.q)]


def bears(ground: Any, text: str) -> bool:
    """Does it bear every word? They are few: their names are folded here."""
    words = fold(f"{ground.name} {ground.address} {ground.commune.name} {ground.action.name}")
    return all(word in words for word in fold(text).split())


@dataclass(frozen=True, slots=True)
class Unplaced:
    """The sites without a point: how many, and the first ones."""

    count: int
    sites: list[Site]

    @property
    def others(self) -> int:
        return self.count - len(self.sites)


def unplaced_sites(chosen: SiteQuerySet) -> Unplaced:
    """Two queries."""
    missing = chosen.filter(latitude__isnull=True)
    first = missing.select_related("commune").order_by("search_text", "pk")[:UNPLACED_SHOWN]
    return Unplaced(missing.count(), list(first))


class Point(NamedTuple):
    longitude: float
    latitude: float
    shape: str


def drawn_points(chosen: SiteQuerySet, asked: SiteFilter, at: AsOf, most: int) -> list[Point]:
    """The points of the sites, at most `most` + 1 of them: enough to know that there are too many."""
    closed = asked.status == "closed"
    rows = chosen.filter(latitude__isnull=False).order_by("pk")
    day, limits = at.day, limits_in_force()
    return [
        Point(longitude, latitude, "closed" if closed else freshness(valid_on, day, limits))
        for longitude, latitude, valid_on in rows.values_list("longitude", "latitude", "figure__valid_on")[
            : most + 1
        ]
    ]


def drawn_grounds(grounds: Iterable[InsertionSite]) -> dict[str, list[Point]]:
    """The points of insertion sites, by code of département."""
    drawn_grounds: dict[str, list[Point]] = defaultdict(list)
    for ground in placed(grounds):
        point = Point(ground.longitude or 0, ground.latitude or 0, "insertion")
        drawn_grounds[ground.commune.departement_id].append(point)
    return drawn_grounds


def counts_by_departement(chosen: SiteQuerySet) -> dict[str, int]:
    """Code → how many sites, with or without a point."""
    rows = chosen.order_by().values("commune__departement").annotate(sites=Count("pk"))
    return dict(rows.values_list("commune__departement", "sites"))

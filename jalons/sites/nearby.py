"""What stands near a place or bears its name: to recognise a site, and to say where people went."""

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from jalons.core.values import fold
from jalons.history.querysets import NOW
from jalons.sites.models import Site
from jalons.sites.selectors import search

NEARBY_METRES = 500
EARTH_RADIUS_METRES = 6_371_000


def sites_to_choose(user: Any, site: Site, text: str, chosen: Iterable[str] = ()) -> list[Site]:
    """Other sites where its people may have gone or come from: those that answer to `text`, else the nearest ones.

    Those in `chosen` (public ids) come first and always. Three queries.
    """
    others = Site.objects.visible_to(user).on(NOW).exclude(pk=site.pk).select_related("commune")
    wanted = [public_id for public_id in chosen if public_id.isalnum() and len(public_id) <= 40][:20]
    chosen_sites = list(others.filter(public_id__in=wanted).order_by("search_text", "pk"))
    rest = others.exclude(pk__in=[chosen_site.pk for chosen_site in chosen_sites])
    if fold(text):
        home = Q(commune__departement=site.commune.departement_id)
        proposed = list(search(rest.annotate(away=~home), text).order_by("away", "search_text", "pk")[:12])
    else:
        near = rest.filter(commune__departement=site.commune.departement_id)
        proposed = sorted(near.order_by("pk")[:500], key=lambda item: how_far(site, item))[:8]
    return [*chosen_sites, *proposed]


def how_far(site: Site, other: Site) -> tuple[bool, int, bool, str]:
    """Orders by distance, then by commune, then by name."""
    metres = distance(site.latitude, site.longitude, other.latitude, other.longitude)
    return metres is None, metres or 0, other.commune_id != site.commune_id, other.name


@dataclass(frozen=True, slots=True)
class Nearby:
    """A site that may be the one being declared. `metres` None: found by its name alone."""

    site: Site
    closed_on: dt.date | None
    metres: int | None
    alias: str = ""


def nearby_sites(
    user: Any,
    *,
    commune: str = "",
    names: Iterable[str] = (),
    latitude: float | None = None,
    longitude: float | None = None,
    excluding: int | None = None,
) -> list[Nearby]:
    """Open and closed sites within 500 m of a point, or of the commune under a similar name. Nearest first."""
    wanted = [words for words in (telling_words(name) for name in names) if words]
    where = Q()
    if latitude is not None and longitude is not None:
        where |= around(latitude, longitude)
    if commune and wanted:
        where |= Q(commune=commune)
    if not where:
        return []
    sites = Site.objects.visible_to(user).on(NOW).filter(where)
    if excluding is not None:
        sites = sites.exclude(pk=excluding)
    sites = sites.annotate(closed_on=F("occupation__ended_on")).select_related("commune")
    close = []
    for site in sites.prefetch_related("aliases").order_by("pk")[:1000]:
        metres = distance(latitude, longitude, site.latitude, site.longitude)
        alias = similar_name(site, wanted)
        if (metres is not None and metres <= NEARBY_METRES) or alias is not None:
            close.append(Nearby(site, site.closed_on, metres, alias or ""))
    return sorted(close, key=lambda item: (item.metres is None, item.metres or 0, item.site.pk))[:10]


# Words that do not tell one place from another.
COMMON_WORDS = frozenset(
    re.findall(
        r"\w+",
        "rue avenue av boulevard bd chemin ch impasse place pl allee quai route rte site terrain camp bidonville "
        "squat de du des la le les l d a au aux et en sur sous pres ancien ancienne",
    )
)


def telling_words(name: str) -> frozenset[str]:
    return frozenset(
        word for word in fold(name).split(" ") if word and word not in COMMON_WORDS and not word.isdigit()
    )


def similar_name(site: Site, wanted: Sequence[frozenset[str]]) -> str | None:
    """The name or alias of `site` that has all the telling words of one of `wanted`, or the reverse; None else."""
    for name in (site.name, *(alias.name for alias in site.aliases.all())):
        words = telling_words(name)
        if words and any(words <= asked or asked <= words for asked in wanted):
            return name
    return None


def around(latitude: float, longitude: float, metres: int = NEARBY_METRES) -> Q:
    """A box that holds the circle: the database keeps what is near, `distance` decides."""
    high = math.degrees(metres / EARTH_RADIUS_METRES)
    wide = high / max(0.01, math.cos(math.radians(latitude)))
    return Q(
        latitude__range=(latitude - high, latitude + high),
        longitude__range=(longitude - wide, longitude + wide),
    )


def distance(
    latitude: float | None,
    longitude: float | None,
    other_latitude: float | None,
    other_longitude: float | None,
) -> int | None:
    """Metres between two points on the sphere (haversine), None when one is unknown."""
    if latitude is None or longitude is None or other_latitude is None or other_longitude is None:
        return None
    phi, other_phi = math.radians(latitude), math.radians(other_latitude)
    half = (
        math.sin((other_phi - phi) / 2) ** 2
        + math.cos(phi) * math.cos(other_phi) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_METRES * math.asin(min(1.0, math.sqrt(half))))

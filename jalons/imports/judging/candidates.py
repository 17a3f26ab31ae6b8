"""The sites between which a row hesitates, as its page shows them: where each stands, and how far."""

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any

from jalons.core.values import format_date, format_number, french_spaces
from jalons.sites.models import Site
from jalons.sites.nearby import distance

Point = tuple[float, float]  # latitude, longitude
KILOMETRE = 1000


def site_candidates(sites: Sequence[Site], row_point: Point | None) -> list[dict[str, str]]:
    """In the order given. `sign` is the letter of a candidate that has a point, in the list and on the map.

    `away`: how far from the point that the row writes; without one, from the first candidate that has a point.
    """
    placed = [site for site in sites if site.latitude is not None]
    signs = {site.pk: sign for site, sign in zip(placed, ascii_uppercase, strict=False)}
    return [
        {
            **site_words(site),
            **point_words(site),
            "sign": signs.get(site.pk, ""),
            "away": away_words(site, row_point, placed),
        }
        for site in sites
    ]


def site_words(site: Site) -> dict[str, str]:
    closed: Any = site
    sentence = f"fermé le {format_date(closed.ended_on)}" if closed.ended_on else ""
    where = ", ".join(part for part in (site.address, site.commune.name) if part)
    return {"key": site.public_id, "name": site.name, "where": where, "closed": sentence}


def point_words(site: Site) -> dict[str, str]:
    """Degrees as an attribute of HTML takes them."""
    if site.latitude is None or site.longitude is None:
        return {"latitude": "", "longitude": ""}
    return {"latitude": f"{site.latitude:.5f}", "longitude": f"{site.longitude:.5f}"}


def away_words(site: Site, row_point: Point | None, placed: Sequence[Site]) -> str:
    """« à 120 m du point de la ligne », « à 1,2 km de A », or nothing."""
    if site.latitude is None:
        return "sans point sur la carte" if placed else ""
    if row_point is not None:
        metres = distance(*row_point, site.latitude, site.longitude)
        return french_spaces(f"à {metres_words(metres)} du point de la ligne")
    first = placed[0]
    if site.pk == first.pk:
        return ""
    metres = distance(first.latitude, first.longitude, site.latitude, site.longitude)
    return french_spaces(f"à {metres_words(metres)} de {ascii_uppercase[0]}")


def metres_words(metres: int | None) -> str:
    """« 120 m », « 1,2 km »: nobody places a camp to the metre."""
    if metres is None:
        return ""
    if metres < KILOMETRE:
        return f"{format_number(metres)}\u00a0m"
    return f"{format_number(round(metres / KILOMETRE, 1), 1)}\u00a0km"

"""The sites of a report one by one, named as they were described at the instant of the edition."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jalons.core.values import fold, format_date, format_number, plural
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import described
from jalons.maps.drawing import MOST_MARKS, draw_map
from jalons.maps.selectors import Point
from jalons.sites.checks import freshness
from jalons.sites.figures.rows import closed, known_sites, open_sites, opened
from jalons.sites.models import Site
from jalons.sites.selectors.rows import sites_on
from jalons.territories.models import Commune
from jalons.territories.selectors import outlines
from jalons.thresholds.selectors import limits_in_force

LATE = "late"


@dataclass(frozen=True, slots=True)
class SiteLine:
    """`key`: the public id, which never changes. `words`: what happened, for a site that moved.

    `row`: the site with its `occupation`, `figure` and `state` of that date.
    """

    key: str
    name: str
    place: str
    departement: str
    since: dt.date
    people: int | None = None
    minors: int | None = None
    counted_on: dt.date | None = None
    freshness: str = ""
    words: str = ""
    ended_on: dt.date | None = None
    longitude: float | None = None
    latitude: float | None = None
    pk: int = 0
    commune: Commune | None = None
    row: Any = None

    @property
    def town(self) -> str:
        """« Lille (59) »."""
        return f"{self.place} ({self.departement})"

    @property
    def is_stale(self) -> bool:
        return self.freshness == LATE


def site_lines(asked: FigureQuestion) -> list[SiteLine]:
    """The open sites, by commune then name. Four queries."""
    rows = list(
        sites_on(list(open_sites(asked).order_by("pk").values_list("pk", flat=True)), asked.at).values()
    )
    limits, named = limits_in_force(), names_of(rows, asked)
    lines = []
    for row in rows:
        site, commune = named[row.pk]
        count = row.figure
        lines.append(
            SiteLine(
                key=row.public_id,
                name=site.name,
                place=commune.name,
                departement=commune.departement_id,
                since=row.occupation.valid_on,
                people=count.people if count else None,
                minors=count.minors if count else None,
                counted_on=count.valid_on if count else None,
                freshness=freshness(count.valid_on if count else None, asked.at.day, limits),
                longitude=site.longitude,
                latitude=site.latitude,
                pk=row.pk,
                commune=commune,
                row=row,
            )
        )
    return in_reading_order(lines)


def sites_that_moved(asked: FigureQuestion) -> list[SiteLine]:
    """Those that opened or closed within the period. Three queries."""
    moved = known_sites(asked, Q(opened(asked) | closed(asked))).select_related("occupation").order_by("pk")
    rows = list(moved)
    named = names_of(rows, asked)
    return in_reading_order(
        SiteLine(
            key=row.public_id,
            name=named[row.pk][0].name,
            place=named[row.pk][1].name,
            departement=named[row.pk][1].departement_id,
            since=row.occupation.valid_on,
            words=moved_words(row.occupation, asked),
        )
        for row in rows
    )


def closed_lines(asked: FigureQuestion, reasons: Iterable[str]) -> list[SiteLine]:
    """The sites closed within the period for these reasons, with their last count. Four queries."""
    where = Q(closed(asked), occupation__closing_reason__in=list(reasons))
    pks = list(known_sites(asked, where).order_by("pk").values_list("pk", flat=True))
    rows = sites_on(pks, asked.at)
    named = names_of(rows.values(), asked)
    return in_reading_order(
        SiteLine(
            key=row.public_id,
            name=named[pk][0].name,
            place=named[pk][1].name,
            departement=named[pk][1].departement_id,
            since=row.occupation.valid_on,
            people=row.figure.people if row.figure else None,
            counted_on=row.figure.valid_on if row.figure else None,
            ended_on=row.occupation.ended_on,
            words=row.occupation.get_closing_reason_display(),
        )
        for pk, row in rows.items()
    )


def moved_words(occupation: Any, asked: FigureQuestion) -> str:
    """« installé le 03/10/2026 », « fermé le 12/10/2026 : résorption progressive du site »."""
    first, last = asked.days
    words = []
    if first <= occupation.valid_on <= last:
        how = "installé" if occupation.start_is_known else "connu depuis"
        words.append(f"{how} le {format_date(occupation.valid_on)}")
    if occupation.ended_on and first <= occupation.ended_on <= last:
        reason = occupation.get_closing_reason_display()
        words.append(
            f"fermé le {format_date(occupation.ended_on)}" + (f"\u00a0: {reason.lower()}" if reason else "")
        )
    return ", ".join(words)


def names_of(rows: Iterable[Any], asked: FigureQuestion) -> dict[int, tuple[Any, Commune]]:
    """Each site as it was described then, and its commune; as today for what has no history by then. Two queries."""
    rows = list(rows)
    by_key = {row.pk: row for row in rows}
    then = {site.pk: site for site in described(Site, asked.at, id__in=sorted(by_key))}
    sites = {pk: then.get(pk, row) for pk, row in by_key.items()}
    communes = Commune.objects.in_bulk({site.commune_id for site in sites.values()})
    return {pk: (site, communes[site.commune_id]) for pk, site in sites.items()}


def in_reading_order(lines: Iterable[SiteLine]) -> list[SiteLine]:
    """The same on any database, whose orders of letters differ."""
    return sorted(lines, key=lambda line: (fold(line.place), fold(line.name), line.key))


@dataclass(frozen=True, slots=True)
class DrawnMap:
    svg: str
    alt: str


def drawn_sites(asked: FigureQuestion) -> DrawnMap:
    """The open sites on the outlines of their départements."""
    lines = site_lines(asked)
    counts = Counter(line.departement for line in lines)
    for code in asked.area.within:
        counts.setdefault(code, 0)
    points = [
        Point(line.longitude, line.latitude, line.freshness)
        for line in lines
        if line.longitude is not None and line.latitude is not None
    ]
    known = f"{format_number(len(points))} {plural(len(points), 'site placé', 'sites placés')}"
    title = f"{asked.area.label}\u00a0: {known} sur {format_number(len(lines))}"
    places = Counter(line.place for line in lines)
    words = ", ".join(f"{place} ({format_number(count)})" for place, count in places.most_common(12))
    svg = draw_map(title, outlines()["features"], counts, points[: MOST_MARKS + 1], limits=limits_in_force())
    return DrawnMap(svg, f"{title}. {words}." if words else f"{title}.")

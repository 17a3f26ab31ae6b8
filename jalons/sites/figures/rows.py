"""Which sites each figure is about, among those that the person may read."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q

from jalons.figures.areas import FigureArea
from jalons.figures.registry import FigureQuestion
from jalons.sites.enums import ClosingReason
from jalons.sites.models import Resettlement, Site
from jalons.sites.querysets import SiteQuerySet

EVACUATED = (ClosingReason.COURT, ClosingReason.PREFECTURE, ClosingReason.COMMUNE)


def open_sites(asked: FigureQuestion) -> SiteQuerySet:
    """The open sites of the area, or those that a list chose (which may be closed). Unordered."""
    if asked.chosen is not None:
        chosen: SiteQuerySet = asked.chosen
        return chosen
    sites = Site.objects.visible_to(asked.user).of_area(asked.area, user=asked.user, at=asked.at)
    return sites.open_on(asked.at)


def known_sites(asked: FigureQuestion, where: Q = Q()) -> SiteQuerySet:  # noqa: B008  # an empty Q is never changed
    """The sites of the area that were ever lived in by then; `where` is asked of their `occupation`."""
    sites = Site.objects.visible_to(asked.user).of_area(asked.area, user=asked.user, at=asked.at, ever=True)
    return sites.occupied(asked.at, Q(occupation__isnull=False) & where)


def places_of(areas: Sequence[FigureArea]) -> list[Q]:
    """What is asked of the sites of each of these places."""
    return [area.territory.q() for area in areas]


def opened(asked: FigureQuestion) -> Q:
    return Q(occupation__valid_on__range=asked.days)


def closed(asked: FigureQuestion) -> Q:
    return Q(occupation__ended_on__range=asked.days)


def for_reasons(*reasons: ClosingReason) -> Callable[[FigureQuestion], Q]:
    return lambda asked: closed(asked) & Q(occupation__closing_reason__in=reasons)


def rows_where(where: Callable[[FigureQuestion], Q]) -> Callable[[FigureQuestion], SiteQuerySet]:
    return lambda asked: known_sites(asked, where(asked))


def resettlements(asked: FigureQuestion) -> Any:
    """The departures of the period from sites of the area."""
    left = known_sites(asked).order_by().values("pk")
    return Resettlement.objects.as_of(asked.at).filter(valid_on__gte=asked.days[0], origin__in=left)


def sites_left(asked: FigureQuestion) -> SiteQuerySet:
    return known_sites(asked).filter(pk__in=resettlements(asked).order_by().values("origin"))

"""What an address asks of a dashboard or of a comparison: which territories, over which period, as known when."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.core.queries import pairs_of
from jalons.core.values import format_date
from jalons.figures.areas import AREA_PARAMETER
from jalons.figures.registry import SINCE_PARAMETER, FigureQuestion, six_months_before
from jalons.history.querysets import AsOf, asked_day
from jalons.reports.forms import PLACE_PARAMETER
from jalons.reports.selectors.aggregates import AggregateArea, aggregate_areas
from jalons.reports.selectors.areas import area_named, first_area, seen_area
from jalons.reports.selectors.comparing import MOST, ComparedArea

SIX_MONTHS = "La page montre les six derniers mois."
COMPARED = "La page compare les six derniers mois."


@dataclass(frozen=True, slots=True)
class AskedDashboard:
    """`complaints`: what was left aside, in sentences."""

    question: FigureQuestion
    complaints: list[str]


def read_dashboard(user: Any, params: Mapping[str, Any]) -> AskedDashboard | None:
    """None for an area that does not exist, or that the person does not read whole."""
    at, complaints = AsOf.read(params)
    text = str(params.get(AREA_PARAMETER) or "")
    area = seen_area(user, text) if text else first_area(user)
    if area is None:
        return None
    since = first_day(params, at, SIX_MONTHS, complaints)
    return AskedDashboard(FigureQuestion(user, at, area, since), complaints)


def first_day(params: Mapping[str, Any], at: AsOf, instead: str, complaints: list[str]) -> dt.date:
    """The first day of the period; the last six months when none is given, or after the last (`instead` says so)."""
    since = asked_day(params, SINCE_PARAMETER, instead, complaints)
    if since is not None and since > at.day:
        complaints.append(
            f"La période finit ({format_date(at.day)}) avant de commencer ({format_date(since)}). {instead}"
        )
        since = None
    return since or six_months_before(at.day)


@dataclass(frozen=True, slots=True)
class AskedComparison:
    """`question` is that of the first territory. `aggregates`: those that the person reads only rounded."""

    question: FigureQuestion
    areas: Sequence[ComparedArea]
    aggregates: Mapping[str, AggregateArea]
    complaints: Sequence[str]


def read_comparison(user: Any, params: Mapping[str, Any]) -> AskedComparison | None:
    """None for a territory that does not exist, or that the person may not compare with."""
    at, complaints = AsOf.read(params)
    since = first_day(params, at, COMPARED, complaints)
    aggregates = aggregate_areas(user)
    texts = [value for name, value in pairs_of(params) if name == AREA_PARAMETER and value]
    areas = [compared_area(user, text, aggregates) for text in dict.fromkeys(texts)]
    if not texts:
        home = first_area(user)
        areas = [ComparedArea(home) if home else None]
    named = add_named(user, str(params.get(PLACE_PARAMETER) or "").strip(), complaints)
    known = [area for area in [*areas, *named] if area is not None]
    if None in areas or not known:
        return None
    unique = list({area.area.text: area for area in known}.values())
    if len(unique) > MOST:
        complaints.append(
            f"On compare au plus {MOST} territoires : les premiers sont gardés. Retirez-en un d’abord."
        )
    question = FigureQuestion(user, at, unique[0].area, since)
    return AskedComparison(question, unique[:MOST], aggregates, complaints)


def compared_area(user: Any, text: str, aggregates: Mapping[str, AggregateArea]) -> ComparedArea | None:
    if text in aggregates:
        return ComparedArea(aggregates[text].area, aggregates[text])
    area = seen_area(user, text)
    return ComparedArea(area) if area is not None and area.is_place else None


def add_named(user: Any, name: str, complaints: list[str]) -> list[ComparedArea]:
    if not name:
        return []
    place = area_named(user, name)
    if place is None:
        complaints.append(
            f"Aucun territoire que vous pouvez lire ne s’appelle « {name[:80]} ». Essayez un nom de commune, "
            "d’intercommunalité ou un code INSEE."
        )
        return []
    return [ComparedArea(place)]

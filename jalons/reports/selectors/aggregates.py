"""The nation and the région of a person who reads neither whole: rounded figures, once a half-year, and only where what
they do not read rests on at least three sites and three organisations. See the decision 0032.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.core.values import Number, Ratio, format_number, format_percent
from jalons.core.values.text import NBSP
from jalons.figures.areas import NATION, FigureArea, find_region, holds_area
from jalons.figures.disclosure import CONFIDENTIAL, WholeCountry, closed_half_year, may_be_said
from jalons.figures.readings import FigureReading
from jalons.figures.registry import FigureQuestion, figures, read_places
from jalons.reports.selectors.behind import KNOWN_BY, SiteBehind, flows_behind, stocks_behind
from jalons.territories.models import Commune, Departement

FAMILIES_READ = ("sites", "composition", "conditions", "mouvements", "couverture")
STEP = 10


@dataclass(frozen=True, slots=True)
class AggregateArea:
    """`beyond`: the sites of the area that the person reads nowhere else, alone or by difference."""

    area: FigureArea
    beyond: Q


@dataclass(frozen=True, slots=True)
class AggregateCell:
    text: str
    coverage: str = ""
    missing: str = "ND"
    number: Number | None = None


def aggregate_areas(user: Any) -> dict[str, AggregateArea]:
    """By the text of their address: the nation and the régions of the person; nothing for who reads everything.

    The nation leaves aside these régions too, or it would tell them by difference. At most six queries.
    """
    seen = territory_of(user, Right.READ_SITES)
    if seen.everywhere or not seen:
        return {}
    inside = Commune.objects.filter(Q(pk__in=seen.communes) | Q(epci__in=seen.epcis)).order_by()
    codes = {*seen.departements, *inside.values_list("departement", flat=True)}
    regions = Departement.objects.filter(pk__in=codes).order_by("region").values_list("region", flat=True)
    areas = [area for code in regions.distinct() if (area := find_region(code)) is not None]
    partly = [area for area in areas if not holds_area(seen, area)]
    unread = ~seen.q()
    beyond = unread & ~Q(commune__departement__region__in=[area.code for area in areas])
    return {
        **{area.text: AggregateArea(area, unread & area.territory.q()) for area in partly},
        NATION.text: AggregateArea(NATION, beyond),
    }


def snapped(asked: FigureQuestion) -> FigureQuestion:
    """The same question over the last whole half-year, whatever period is asked."""
    since, at = closed_half_year(asked.at)
    return replace(asked, user=WholeCountry(), at=at, since=since)


def aggregate_cells(
    asked: FigureQuestion, aggregates: Sequence[AggregateArea], plan: Sequence[tuple[str, Sequence[str]]]
) -> list[Mapping[str, AggregateCell]]:
    """Four queries for all of them, none without any."""
    if not aggregates:
        return []
    question = snapped(asked)
    own = {membership.organisation_id for membership in asked.user.active_memberships}
    beyond, areas = [place.beyond for place in aggregates], [place.area for place in aggregates]
    nation = replace(question, area=NATION)
    stocks, flows = stocks_behind(nation, beyond), flows_behind(nation, beyond)
    families = read_places(FAMILIES_READ, question, areas)
    return [
        {
            key: rounded(readings[key], covers=figures()[key].covers is not None)
            if stands(flow[key] if key in flow else stock[KNOWN_BY.get(key, "")], own)
            else AggregateCell(CONFIDENTIAL, "moins de trois sites ou de trois structures")
            for _, keys in plan
            for key in keys
        }
        for stock, flow, readings in zip(stocks, flows, families, strict=True)
    ]


def stands(sites: Iterable[SiteBehind], own: set[int]) -> bool:
    sites = list(sites)
    organisations = {key for site in sites for key in site.organisations} - own
    return may_be_said([site.site for site in sites], organisations)


def rounded(reading: FigureReading, *, covers: bool) -> AggregateCell:
    """« environ 1 240 », « moins de 10 », « 62 % »: never an exact count of what one does not read."""
    worth, number = reading.worth, reading.number
    known = ""
    if covers and worth.expected:
        tenths = round(10 * worth.known / worth.expected)
        known = f"environ {format_percent(10 * tenths, 0)} de réponses"
    if number is None:
        return AggregateCell("", known)
    if isinstance(worth, Ratio):
        whole = round(float(number))
        return AggregateCell(format_percent(whole, 0), known, number=whole)
    if number < STEP:
        return AggregateCell(f"moins de {STEP}", known, number=None)
    tens = STEP * round(float(number) / STEP)
    return AggregateCell(f"environ{NBSP}{format_number(tens)}", known, number=tens)

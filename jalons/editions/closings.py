"""Which half-years are closed, of which territory, and with which edition."""

from collections.abc import Sequence
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.editions.enums import EditionStage, ReportRhythm
from jalons.editions.models import PeriodClosing, ReportEdition
from jalons.editions.periods import ReportPeriod
from jalons.editions.registry import report_kinds
from jalons.figures.areas import NATION, FigureArea, find_area, holds_area
from jalons.figures.enums import AreaLevel

ACCOUNT = "bilan"  # the report that closes a half-year
WHOLE = (AreaLevel.NATION, AreaLevel.REGION, AreaLevel.DEPARTEMENT)


def closings_of(area: FigureArea, period: ReportPeriod) -> Sequence[PeriodClosing]:
    """Each closing and opening of a half-year of a territory, the newest first. One query."""
    rows = PeriodClosing.objects.filter(area=area.text, first_day=period.first)
    return list(rows.select_related("closed_by", "reopened_by", "edition").order_by("-closed_at", "-pk"))


def standing_closing(area: str, first_day: Any) -> PeriodClosing | None:
    rows = PeriodClosing.objects.filter(area=area, first_day=first_day, reopened_at__isnull=True)
    return rows.select_related("closed_by", "edition").first()


def closed_areas(period: ReportPeriod) -> list[FigureArea]:
    """The territories whose half-year is closed, by whole départements: the rest of those that an intercommunalité
    touches is still asked.
    """
    rows = PeriodClosing.objects.filter(first_day=period.first, reopened_at__isnull=True)
    areas = [find_area(text) for text in rows.order_by("area").values_list("area", flat=True)]
    return [area for area in areas if area is not None and area.level in WHOLE]


def may_close(user: Any, area: FigureArea | None) -> bool:
    """Whoever holds the right over the whole of the territory."""
    return area is not None and area.is_place and holds_area(territory_of(user, Right.CLOSE_PERIODS), area)


def first_closable(user: Any) -> FigureArea | None:
    """The whole of what a person keeps the reports of, or the first territory of it."""
    territory = territory_of(user, Right.CLOSE_PERIODS)
    if territory.everywhere:
        return NATION
    codes = {
        AreaLevel.DEPARTEMENT: territory.departements,
        AreaLevel.EPCI: territory.epcis,
        AreaLevel.COMMUNE: territory.communes,
    }
    first = next((f"{level}-{min(inside)}" for level, inside in codes.items() if inside), "")
    return find_area(first) if first else None


def closes_a_half_year(edition: ReportEdition) -> bool:
    """Published, of a half-year that is over, and the report that accounts for one."""
    kind = report_kinds().get(edition.kind)
    return (
        kind is not None
        and kind.key == ACCOUNT
        and kind.rhythm == ReportRhythm.HALF_YEAR
        and edition.stage == EditionStage.PUBLISHED
        and not edition.is_provisional
    )

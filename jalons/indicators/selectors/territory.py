"""The figures of a territory: its dispositifs, what they cover, what was told of the last days, with coverage."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jalons.accounts.permissions import Territory
from jalons.actions.querysets import ActionQuerySet
from jalons.core.values import Ratio
from jalons.figures.areas import area_of
from jalons.figures.readings import FigureReading
from jalons.figures.registry import FigureQuestion, read_family
from jalons.history.querysets import NOW, AsOf
from jalons.indicators.figures import HIRED, HOUSED

# How long the last figures reach back, both days included.
WINDOW_DAYS = 30


@dataclass(frozen=True, slots=True)
class TerritoryFigures:
    """`running`: dispositifs in progress; `sites`: the share of open sites that they cover."""

    since: dt.date
    until: dt.date
    running: int
    sites: Ratio
    housed: FigureReading
    hired: FigureReading

    @property
    def reaches_back(self) -> dt.date | None:
        """The first day of a period that counts here and began before the window, if there is one."""
        days = [flow.earliest for flow in (self.housed, self.hired) if flow.earliest]
        return first if days and (first := min(days)) < self.since else None


def territory_figures(
    user: Any, territory: Territory, at: AsOf = NOW, chosen: ActionQuerySet | None = None
) -> TerritoryFigures:
    """The figures that `user` may see of a territory, on a date. Four queries, one more in the past.

    `chosen`: the dispositifs that a search found, when the figures are those of a search.
    """
    since = at.day - dt.timedelta(days=WINDOW_DAYS - 1)
    asked = FigureQuestion(user, at, area_of(territory), since, chosen)
    readings: Mapping[str, Any] = {
        key: reading
        for name in ("dispositifs", "couverture", "suivi")
        for key, reading in read_family(name, asked).items()
    }
    sites = readings.get("sites-couverts")
    return TerritoryFigures(
        since=since,
        until=at.day,
        running=readings["dispositifs"].worth.count,
        sites=sites.worth if sites else Ratio(),
        housed=readings[HOUSED],
        hired=readings[HIRED],
    )

"""The curves of a territory: its sites and its people, day after day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from jalons.core.charts import LineChart, Point, Series
from jalons.figures.registry import FigureQuestion, read_family

POINTS = 8
CURVES = (
    ("Sites ouverts", "sites", (("sites-ouverts", "Sites"),)),
    ("Habitants des sites ouverts", "personnes", (("personnes", "Personnes"), ("mineurs", "dont mineurs"))),
)


def curve_days(last: dt.date) -> list[dt.date]:
    """The day asked for, and before it the ends of the last seven quarters."""
    days, first = [last], dt.date(last.year, 3 * ((last.month - 1) // 3) + 1, 1)
    while len(days) < POINTS:
        days.append(first - dt.timedelta(days=1))
        first = dt.date(days[-1].year, days[-1].month - 2, 1)
    return days[::-1]


def trend_charts(asked: FigureQuestion) -> Sequence[LineChart]:
    """As known on the day asked for, whatever the day looked at: one query a point."""
    days = curve_days(asked.at.day)
    readings = [
        read_family(
            "sites",
            replace(asked, at=replace(asked.at, valid=day if day != asked.at.day else asked.at.valid)),
        )
        for day in days
    ]
    charts = []
    for title, unit, keys in CURVES:
        series = [
            Series(
                label,
                [
                    Point(day, here[key].number, at_least=here[key].is_partial and bool(here[key].number))
                    for day, here in zip(days, readings, strict=True)
                ],
            )
            for key, label in keys
        ]
        charts.append(LineChart(title, series, unit=unit))
    return charts

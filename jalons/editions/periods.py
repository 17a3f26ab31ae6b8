"""The month, the half-year or the year that a report tells, and those before it."""

import datetime as dt
from dataclasses import dataclass

from jalons.core.values import format_month
from jalons.editions.enums import ReportRhythm

MONTHS = {ReportRhythm.MONTH: 1, ReportRhythm.HALF_YEAR: 6, ReportRhythm.YEAR: 12}
OFFERED = {ReportRhythm.MONTH: 24, ReportRhythm.HALF_YEAR: 8, ReportRhythm.YEAR: 5}


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """Both days are inside."""

    rhythm: ReportRhythm
    first: dt.date
    last: dt.date

    @property
    def before(self) -> "ReportPeriod":
        return period_of(self.rhythm, self.first - dt.timedelta(days=1))

    @property
    def title(self) -> str:
        """« octobre 2026 », « 1er semestre 2026 », « année 2026 »."""
        if self.rhythm == ReportRhythm.MONTH:
            return format_month(self.first)
        if self.rhythm == ReportRhythm.HALF_YEAR:
            return f"{'1er' if self.first.month == 1 else '2e'} semestre {self.first.year}"
        return f"année {self.first.year}"

    @property
    def head(self) -> str:
        """For the head of a column: « 1er sem. 2026 »."""
        return self.title.replace("semestre", "sem.")


def period_of(rhythm: ReportRhythm, day: dt.date) -> ReportPeriod:
    """The one that holds `day`."""
    length = MONTHS[rhythm]
    first = dt.date(day.year, day.month - (day.month - 1) % length, 1)
    years, month = divmod(first.month - 1 + length, 12)
    following = dt.date(first.year + years, month + 1, 1)
    return ReportPeriod(rhythm, first, following - dt.timedelta(days=1))


def offered_periods(rhythm: ReportRhythm, today: dt.date) -> list[ReportPeriod]:
    """The one that goes on, then those before it."""
    periods = [period_of(rhythm, today)]
    while len(periods) < OFFERED[rhythm]:
        periods.append(periods[-1].before)
    return periods

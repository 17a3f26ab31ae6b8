"""What is still to be told before the end of a half-year: how far a territory is, and what is missing of whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.actions.figures import running
from jalons.editions.enums import ReportRhythm
from jalons.editions.making.contributions import SilentAction, silent_actions
from jalons.editions.making.places import SiteLine, site_lines
from jalons.editions.periods import ReportPeriod, period_of
from jalons.figures.registry import FigureQuestion


@dataclass(frozen=True, slots=True)
class HalfYearReadiness:
    """`sites` without a count since its first day, `actions` without a report; of how many."""

    period: ReportPeriod
    sites: Sequence[SiteLine]
    actions: Sequence[SilentAction]
    sites_expected: int
    actions_expected: int

    @property
    def expected(self) -> int:
        return self.sites_expected + self.actions_expected

    @property
    def told(self) -> int:
        return self.expected - len(self.sites) - len(self.actions)

    @property
    def percent(self) -> int | None:
        """Never 100 while something is missing; None when nothing is expected."""
        return 100 * self.told // self.expected if self.expected else None


def readiness(asked: FigureQuestion) -> HalfYearReadiness:
    """Of the half-year that goes on at the date asked for. Ten queries."""
    period = period_of(ReportRhythm.HALF_YEAR, asked.at.day)
    question = FigureQuestion(asked.user, asked.at, asked.area, period.first)
    lines = site_lines(question)
    actions = has(asked.user, Right.READ_ACTIONS)
    return HalfYearReadiness(
        period=period,
        sites=[line for line in lines if line.counted_on is None or line.counted_on < period.first],
        actions=silent_actions(question) if actions else [],
        sites_expected=len(lines),
        actions_expected=running(question).order_by().count() if actions else 0,
    )

"""What a rule of alert is. Each is declared in a file of `rules`, which finds it by itself."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from jalons.accounts.enums import Right
from jalons.core.values import format_number, plural
from jalons.thresholds.enums import Bounds, ThresholdCode
from jalons.urgency.enums import LimitUnit, RuleWeight

if TYPE_CHECKING:
    from jalons.urgency.ground import SitesInView


class Rise(NamedTuple):
    """A rule that holds on a site: the day of the fact, and what `AlertRule.words` needs to say it."""

    site: int
    day: dt.date | None
    detail: Any = None


@dataclass(frozen=True, slots=True)
class RuleLimit:
    """From when a rule holds; a territory may set another within `bounds`.

    `national`: the delay of the national administration that holds when the territory set none, in place of the
    default of `bounds`.
    """

    bounds: Bounds
    unit: LimitUnit = LimitUnit.DAYS
    national: ThresholdCode | None = None

    def words(self, amount: int) -> str:
        """« 60 jours », « 30 % », « 1 »."""
        if self.unit == LimitUnit.DAYS:
            return f"{format_number(amount)}\u00a0{plural(amount, 'jour', 'jours')}"
        return f"{format_number(amount)}\u00a0%" if self.unit == LimitUnit.PERCENT else format_number(amount)


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One rule, its identifier for ever (mutes and scales bear it), one function.

    `sentence`: what it is called. `meaning`: when it holds, `{}` being its limit in words. `right`: what one must be
    allowed to read on a site for the rule to count there. `find` gives, in a number of queries that does not depend
    on the sites, those where it holds; a rule that holds once a site may say so several times. `words`: a `detail`
    in a sentence. `anchor`: where on the sheet of the site the fact stands.
    """

    code: str
    sentence: str
    meaning: str
    right: Right
    weight: RuleWeight
    find: "Callable[[SitesInView], Iterable[Rise]]"
    words: Callable[[Any], str]
    limit: RuleLimit | None = None
    anchor: str = ""

    def meaning_with(self, amount: int | None) -> str:
        return (
            self.meaning.format(self.limit.words(amount))
            if self.limit and amount is not None
            else self.meaning
        )

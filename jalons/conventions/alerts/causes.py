"""The alerts that nobody answered for, by cause: one line for eleven sheets that all stop on the same day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jalons.conventions.alerts.rules import rules
from jalons.conventions.alerts.selectors import (
    RANKS,
    AlertRow,
    capitalised,
    gap_words,
    may_answer_each,
    of_money,
)
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import Alert, Convention
from jalons.core.values import plural

# Beyond, the list by sheet says the rest.
MOST_PLACES = 40
TITLES = {
    AlertLevel.ERROR: "À corriger ou à acquitter avant de transmettre",
    AlertLevel.WARNING: "À vérifier",
    AlertLevel.INFO: "Pour information",
}


@dataclass
class Cause:
    """What one rule found, at one level. `rows`: each place where it did, the largest sums first."""

    rule: str
    level: str
    label: str
    rows: list[AlertRow] = field(default_factory=list)

    @property
    def alone(self) -> AlertRow | None:
        return self.rows[0] if len(self.rows) == 1 else None

    @property
    def same_message(self) -> bool:
        return len({row.alert.message for row in self.rows}) == 1

    @property
    def title(self) -> str:
        """What the alerts all say, else what the rule wants."""
        return self.rows[0].alert.message if self.same_message else self.label

    @property
    def places(self) -> Sequence[AlertRow]:
        return self.rows[:MOST_PLACES]

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - MOST_PLACES)

    @property
    def count_words(self) -> str:
        """« 11 endroits »."""
        return f"{len(self.rows)} {plural(len(self.rows), 'endroit', 'endroits')}"

    @property
    def answerable(self) -> int:
        return sum(1 for row in self.rows if row.may_answer)

    @property
    def is_blocking(self) -> bool:
        return self.level == AlertLevel.ERROR

    @property
    def money(self) -> Decimal:
        return max((euros_of(row.alert) for row in self.rows), default=Decimal(0))

    @property
    def sheets_words(self) -> str:
        """« Fiche 3, Fiche 4 et 2 autres »: where to look, before the list is opened."""
        names = list(dict.fromkeys(row.alert.where.split(",")[0] for row in self.rows))
        first_names = ", ".join(names[:6])
        left = len(names) - 6
        return f"{first_names} et {left} {plural(left, 'autre', 'autres')}" if left > 0 else first_names


@dataclass
class Weight:
    """The causes of one level. `folded`: they need no answer, and are read by who opens them."""

    level: str
    title: str
    folded: bool
    causes: list[Cause] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(cause.rows) for cause in self.causes)


def euros_of(alert: Alert) -> Decimal:
    """How much money does it speak of? Its gap, in absolute value; 0 when it speaks of something else."""
    return abs(alert.gap) if alert.gap is not None and of_money(alert) else Decimal(0)


def causes_of(user: Any, convention: Convention, alerts: Iterable[Alert]) -> list[Cause]:
    """Grouped, in the order in which they matter: what stops a transmission, then money, then the rest."""
    cause_by_mark: dict[tuple[str, str], Cause] = {}
    labels = {rule.identifier: rule.label for rule in rules()}
    for alert, may_answer in may_answer_each(user, convention, list(alerts)):
        mark = (alert.rule, alert.level)
        cause = cause_by_mark.setdefault(mark, Cause(*mark, labels.get(alert.rule, alert.message)))
        row = AlertRow(alert, capitalised(alert.where), gap_words(alert), None, may_answer)
        cause.rows.append(row)
    for cause in cause_by_mark.values():
        cause.rows.sort(key=lambda row: -euros_of(row.alert))
    return sorted(cause_by_mark.values(), key=importance)


def importance(cause: Cause) -> tuple[int, Decimal, int]:
    first = cause.rows[0].alert
    return RANKS[AlertLevel(cause.level)], -cause.money, list(AlertScope).index(AlertScope(first.scope))


def weights(causes: Sequence[Cause], *, open_infos: bool) -> Iterator[Weight]:
    """By level. Information is folded unless it is what was asked for."""
    for level, title in TITLES.items():
        mine = [cause for cause in causes if cause.level == level]
        if mine:
            yield Weight(level, title, level == AlertLevel.INFO and not open_infos, mine)

"""How much each reason weighs where, and from which limit it holds: the territory, then the country, then the rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jalons.thresholds.selectors import limits_in_force
from jalons.urgency.models import COUNTRY, PriorityScale
from jalons.urgency.rule import AlertRule


@dataclass(frozen=True, slots=True)
class TerritoryScale:
    """What was set, by code of rule; what was not is not there."""

    weights: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)

    def over(self, other: "TerritoryScale") -> "TerritoryScale":
        return TerritoryScale({**other.weights, **self.weights}, {**other.limits, **self.limits})

    def weight(self, rule: AlertRule) -> int:
        return self.weights.get(rule.code, rule.weight)

    def limit(self, rule: AlertRule) -> int:
        """In the unit of the rule. What was set and is out of the bounds of today holds at their edge."""
        if rule.limit is None:
            return 0
        bounds = rule.limit.bounds
        amount = self.limits.get(rule.code, default_limit(rule))
        return min(max(amount, bounds.least), bounds.most)


def default_limit(rule: AlertRule) -> int:
    """What holds when neither a territory nor the country set another."""
    if rule.limit is None:
        return 0
    if rule.limit.national is not None:
        return int(getattr(limits_in_force(), rule.limit.national.value).days)
    return rule.limit.bounds.default


@dataclass(frozen=True, slots=True)
class Scales:
    """Of every territory: one query."""

    country: TerritoryScale
    departements: Mapping[str, TerritoryScale]

    def of(self, departement: str) -> TerritoryScale:
        return self.departements.get(departement, self.country)

    def limits(self, rule: AlertRule) -> list[int]:
        """Every limit that holds somewhere."""
        return [scale.limit(rule) for scale in (self.country, *self.departements.values())]


def read_scales() -> Scales:
    rows = PriorityScale.objects.order_by("pk").values_list("code", "weights", "limits")
    scales = {code: TerritoryScale(weights, limits) for code, weights, limits in rows}
    country = scales.pop(COUNTRY, TerritoryScale())
    return Scales(country, {code: scale.over(country) for code, scale in scales.items()})

"""Which indicators a dispositif follows, in the order in which they are filled in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from jalons.actions.enums import Block
from jalons.actions.models import Action
from jalons.indicators.enums import ValueType
from jalons.indicators.models import Indicator, Series


@dataclass(frozen=True, slots=True)
class AskedBlock:
    """A block of the follow-up and its indicators: each parent is followed by its details."""

    block: Block
    indicators: tuple[Indicator, ...]

    @property
    def entered(self) -> tuple[Indicator, ...]:
        """Those that are typed: the rest is computed."""
        return tuple(indicator for indicator in self.indicators if not indicator.is_computed)


def asked_indicators(action: Action) -> list[AskedBlock]:
    """The socle of the themes of a dispositif, and the indicators that it added. Two queries."""
    added = Series.objects.asked_of(action).values("indicator")
    national = Indicator.objects.national().filter(block__in=action.theme_blocks)
    by_pk = {indicator.pk: indicator for indicator in national}
    by_pk |= {
        indicator.pk: indicator
        for indicator in Indicator.objects.filter(pk__in=added, retired_on__isnull=True)
    }
    return in_blocks(by_pk.values())


def in_blocks(indicators: Iterable[Indicator]) -> list[AskedBlock]:
    """Grouped by block and put in order: those of one block by position, details after their parent."""
    by_block: dict[str, list[Indicator]] = {}
    for indicator in indicators:
        by_block.setdefault(indicator.block, []).append(indicator)
    return [AskedBlock(block, tuple(nested(by_block[block]))) for block in Block if block in by_block]


def nested(indicators: Sequence[Indicator]) -> list[Indicator]:
    pks = {indicator.pk for indicator in indicators}
    children: dict[int | None, list[Indicator]] = {}
    for indicator in sorted(indicators, key=lambda indicator: (indicator.position, indicator.pk)):
        children.setdefault(indicator.parent_id if indicator.parent_id in pks else None, []).append(indicator)
    ordered: list[Indicator] = []

    def put(key: int | None) -> None:
        for indicator in children.get(key, ()):
            ordered.append(indicator)
            put(indicator.pk)

    put(None)
    return ordered


def depth(indicator: Indicator, among: dict[int, Indicator]) -> int:
    """How far below the top an indicator stands: 0, 1 for « dont », 2 for the detail of a part."""
    steps, current = 0, indicator
    while current.parent_id in among:
        current, steps = among[current.parent_id], steps + 1
    return steps


def proposals(action: Action) -> list[Indicator]:
    """Local indicators of the same département that this dispositif could follow too."""
    offered = Indicator.objects.offered_to(action).filter(~Q(value_type__in=[ValueType.SUM, ValueType.RATE]))
    return list(offered.select_related("action").order_by("label", "pk")[:100])

"""The series and the measures that a follow-up writes."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jalons.accounts.models import Organisation
from jalons.actions.enums import Block
from jalons.actions.models import Action
from jalons.core.values import Value
from jalons.indicators.enums import Measure, Provenance
from jalons.indicators.models import Indicator, Measurement, Series, columns_of


@dataclass(frozen=True, slots=True)
class FollowUpContent:
    """What one reporter tells at a date: a value for each indicator that has one, and words beside.

    `values` by primary key of indicator; an empty value is not told. `unchanged`: the indicators said again as
    they were. `since`: first day of the period of the flows; without it, the day after the last follow-up. `source`:
    where the figures come from, when nobody typed them. `from_register`: those that a register of the reporter gives.
    """

    on: dt.date
    values: Mapping[int, Value]
    unchanged: frozenset[int] = frozenset()
    unchanged_blocks: tuple[str, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)
    difficulties: tuple[str, ...] = ()
    difficulty_note: str = ""
    since: dt.date | None = None
    measure: Measure = Measure.ACTUAL
    source: str = ""
    from_register: frozenset[int] = frozenset()

    def answered(self) -> dict[int, Value]:
        return {pk: value for pk, value in self.values.items() if value != Value.empty()}


def columns(
    follow_up_content: FollowUpContent, indicators: Mapping[int, Indicator], since: dt.date
) -> dict[str, Any]:
    """The columns of the follow-up: the blocks told are those with a value, a comment or « inchangé »."""
    blocks = {indicators[pk].block for pk in follow_up_content.answered()} | set(
        follow_up_content.unchanged_blocks
    )
    comments = {code: text.strip() for code, text in follow_up_content.comments.items() if text.strip()}
    return {
        "valid_on": follow_up_content.on,
        "since": since,
        "blocks": tuple(block for block in Block if block in blocks | set(comments)),
        "unchanged": tuple(follow_up_content.unchanged_blocks),
        "comments": comments,
        "difficulties": follow_up_content.difficulties,
        "difficulty_note": follow_up_content.difficulty_note,
    }


def series_for(action: Action, reporter: Organisation, pks: Iterable[int]) -> dict[int, Series]:
    """The series of this reporter by indicator, those that are missing made."""
    wanted = set(pks)
    rows = Series.objects.filter(action=action, reporter=reporter)
    known = set(rows.values_list("indicator_id", flat=True))
    Series.objects.bulk_create(
        [Series(action=action, reporter=reporter, indicator_id=pk) for pk in sorted(wanted - known)],
        ignore_conflicts=True,  # two first follow-ups at once
    )
    return {series.indicator_id: series for series in rows.filter(indicator__in=wanted)}


def measurement(
    series: Series, indicator: Indicator, value: Value, follow_up_content: FollowUpContent, since: dt.date
) -> Measurement:
    return Measurement(
        series=series,
        valid_on=follow_up_content.on,
        since=since if indicator.is_flow else None,
        measure=follow_up_content.measure,
        unchanged=indicator.pk in follow_up_content.unchanged,
        source=follow_up_content.source,
        provenance=Provenance.REGISTER
        if indicator.pk in follow_up_content.from_register
        else Provenance.TYPED,
        **columns_of(value),
    )

"""What the form of a follow-up stands on: what is asked, what was told the last time, by whom, for when."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jalons.accounts.models import Organisation
from jalons.actions.deadlines import Due, gap_after
from jalons.actions.enums import Block
from jalons.actions.models import Action, FollowUp, StaffLine
from jalons.actions.selectors.dues import (
    Reporter,
    asked_blocks,
    dues_of,
    filling_parts,
    local_followed,
    reporters_of,
)
from jalons.actions.services import Worker, intervention_of
from jalons.core import clock
from jalons.core.values import Value
from jalons.indicators.models import Indicator, Measurement
from jalons.indicators.selectors.asked import AskedBlock, asked_indicators, in_blocks
from jalons.thresholds.selectors import limits_in_force


@dataclass(frozen=True, slots=True)
class Last:
    """A value told before, and the date that it was told for."""

    value: Value
    on: dt.date


@dataclass(frozen=True, slots=True)
class Filling:
    """All that the form of one reporter needs. `last` by primary key of indicator; `team` on its last date."""

    action: Action
    reporter: Organisation
    blocks: Sequence[AskedBlock]
    last: dict[int, Last] = field(default_factory=dict)
    previous: FollowUp | None = None
    team: Sequence[Worker] = ()
    starts_on: dt.date | None = None

    @property
    def indicators(self) -> dict[int, Indicator]:
        """Those that may be typed, by primary key."""
        return {indicator.pk: indicator for block in self.blocks for indicator in block.entered}

    def told_before(self, block: AskedBlock) -> bool:
        """Something was told of this block: it can be said again."""
        return any(indicator.pk in self.last for indicator in block.entered)

    def since(self, on: dt.date) -> dt.date | None:
        """The first day of the period of the flows of a follow-up on `on`, when nothing was told after it."""
        if self.previous is None:
            return self.starts_on
        return self.previous.valid_on + dt.timedelta(days=1) if self.previous.valid_on < on else None

    @property
    def gap_after(self) -> dt.date | None:
        """A report later than this day follows one that is older than the rhythm; None for a first report."""
        if self.previous is None:
            return None
        return gap_after(self.action.rhythm, self.previous.valid_on, limits_in_force())

    def after_a_gap(self, on: dt.date) -> bool:
        """Nothing was told for longer than the rhythm: that nobody moved meanwhile does not go without saying."""
        return self.gap_after is not None and on > self.gap_after


def reporters_on(action: Action) -> list[Reporter]:
    """Who fills in a dispositif, the main operator first. At most three queries."""
    blocks = asked_blocks(action, local=action.pk in local_followed([action.pk]))
    return reporters_of(action, filling_parts(action), blocks)


def filling(action: Action, reporter: Reporter) -> Filling:
    """What a new follow-up of this reporter starts from. A constant number of queries."""
    who = reporter.organisation
    return Filling(
        action=action,
        reporter=who,
        blocks=[block for block in asked_indicators(action) if block.block in reporter.blocks],
        last=last_figures(action, who),
        previous=last_follow_up(action, who),
        team=last_team(action, who),
        starts_on=intervention_of(action).valid_on,
    )


def past_filling(follow_up: FollowUp, values: dict[int, Value]) -> Filling:
    """What the correction of a follow-up starts from: what is asked today, and whatever was told then.

    `last` is what was told before it.
    """
    action, who = follow_up.action, follow_up.reporter
    parts = {reporter.organisation.pk: reporter for reporter in reporters_on(action)}
    blocks = asked_indicators(action)
    mine = parts[who.pk].blocks if who.pk in parts else tuple(block.block for block in blocks)
    by_pk = {
        indicator.pk: indicator for block in blocks if block.block in mine for indicator in block.indicators
    }
    missing = [pk for pk in values if pk not in by_pk]
    by_pk |= {indicator.pk: indicator for indicator in Indicator.objects.filter(pk__in=missing)}
    eve = follow_up.valid_on - dt.timedelta(days=1)
    return Filling(
        action=action,
        reporter=who,
        blocks=in_blocks(by_pk.values()),
        last=last_figures(action, who, eve),
        previous=last_follow_up(action, who, eve),
        starts_on=intervention_of(action).valid_on,
    )


def last_figures(action: Action, reporter: Organisation, on: dt.date | None = None) -> dict[int, Last]:
    """What this reporter told last of each indicator, up to a date (today). One query."""
    day = on or clock.today()
    figures = Measurement.objects.contenders().filter(
        series__action=action, series__reporter=reporter, valid_on__lte=day, holds_until__gt=day
    )
    return {
        measurement.series.indicator_id: Last(value_of(measurement), measurement.valid_on)
        for measurement in figures.select_related("series__indicator")
    }


def value_of(measurement: Measurement) -> Value:
    """The typed value of a measurement read with its indicator."""
    return measurement.value


def last_follow_up(action: Action, reporter: Organisation, on: dt.date | None = None) -> FollowUp | None:
    """The newest report of this reporter, up to a date when there is one."""
    reports = FollowUp.objects.known().filter(action=action, reporter=reporter)
    if on is not None:
        reports = reports.filter(valid_on__lte=on)
    return reports.select_related("author", "organisation").order_by("-valid_on").first()


def follow_up_on(action: Action, reporter: Organisation, on: dt.date) -> FollowUp | None:
    """The report that already stands at a date."""
    return FollowUp.objects.known().filter(action=action, reporter=reporter, valid_on=on).first()


def last_team(action: Action, reporter: Organisation) -> tuple[Worker, ...]:
    lines = StaffLine.objects.known().filter(action=action, reporter=reporter)
    staff = list(lines.order_by("-valid_on", "pk"))
    return tuple(
        Worker(line.job, None if line.fte is None else Decimal(line.fte), line.job_note)
        for line in staff
        if line.valid_on == staff[0].valid_on
    )


def due_of(action: Action, reporter: Organisation) -> Due | None:
    """Where this reporter stands before its deadline; None when nothing is asked. Five queries."""
    dues = dues_of([action]).get(action.pk, ())
    return next(
        (reporter_due.due for reporter_due in dues if reporter_due.reporter.organisation.pk == reporter.pk),
        None,
    )


def told_with(follow_up: FollowUp) -> dict[int, Measurement]:
    """The measurements of a version of a report, by indicator, as they stood while that version did."""
    measurements = Measurement.objects.contenders().filter(
        series__action=follow_up.action_id,
        series__reporter=follow_up.reporter_id,
        valid_on=follow_up.valid_on,
        withdrawn=False,
    )
    until: Any = follow_up.superseded_at
    if until is None:
        measurements = measurements.filter(superseded_at__isnull=True)
    else:
        still = measurements.filter(superseded_at__isnull=True) | measurements.filter(
            superseded_at__gte=until
        )
        measurements = still.filter(recorded_at__lt=until)
    return {
        measurement.series.indicator_id: measurement
        for measurement in measurements.select_related("series__indicator")
    }


def blocks_in_words(blocks: Sequence[str]) -> list[str]:
    return [str(Block(block).label) for block in blocks]

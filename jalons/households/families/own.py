"""What a team says of its year: figures over any period that the socle does not ask."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

from jalons.households.families.content import FollowedFamily
from jalons.households.families.enums import Attendance, ExitReason, FactKind, GoalState, VisitKind
from jalons.households.families.spans import EARLIEST, LATEST, covering, household_spans, spans_by_person

MOST_POINTS = 36  # of a curve


class OwnFigures(NamedTuple):
    """Counts over a period, its first and last days included. `stay_months`: of the families gone, None without any."""

    exits: dict[str, int]
    goals: dict[str, int]
    attendance: dict[str, int]
    visits: dict[str, int]
    families_met: int
    families_gone: int
    stay_months: int | None


def own_figures(
    families: Iterable[FollowedFamily], action_id: str | None, first: dt.date, last: dt.date
) -> OwnFigures:
    """Of families as known; attendance is that of the last day, the rest happened within the period."""
    exits: Counter[str] = Counter()
    goals: Counter[str] = Counter()
    attendance: Counter[str] = Counter()
    visits: Counter[str] = Counter()
    met, stays = 0, []
    for family in families:
        household = household_spans(family, action_id)
        if not any(s.since <= last and s.until >= first for s in household):
            continue
        spans = spans_by_person(family, household, action_id)
        for own in spans.values():
            exits.update(s.outcome for s in own if s.until != LATEST and first <= s.until <= last)
        for span in household:
            if first <= span.until <= last and span.since != EARLIEST:
                stays.append((span.until - span.since).days)
        goals.update(goal_states(family, first, last))
        present = {p.id for p in family.people if covering(spans[p.id], last)}
        attendance.update(
            f.detail
            for f in family.by_kind.get(FactKind.SCHOOL, ())
            if f.covers(last) and f.person in present
        )
        kinds = [
            f.value for f in family.by_kind.get(FactKind.VISIT, ()) if f.since and first <= f.since <= last
        ]
        visits.update(kinds)
        met += any(kind != VisitKind.NOTE for kind in kinds)
    return OwnFigures(
        exits={code: exits[code] for code in [*ExitReason.values, ""]},
        goals={code: goals[code] for code in ["decided", *GoalState.values]},
        attendance={code: attendance[code] for code in [*Attendance.values, ""]},
        visits={code: visits[code] for code in VisitKind.values},
        families_met=met,
        families_gone=len(stays),
        stay_months=round(median(stays) / 30.4) if stays else None,
    )


def people_over_time(
    families: Iterable[FollowedFamily], action_id: str | None, first: dt.date, last: dt.date
) -> list[tuple[dt.date, int]]:
    """How many people are accompanied on the first day, at the end of each month (of each quarter over a long period)
    and on the last day: the very « personnes » of the follow-up at these dates.
    """
    days = drawn_days(first, last)
    people = [0] * len(days)
    for family in families:
        household = household_spans(family, action_id)
        if not household or household[0].since > last or household[-1].until <= first:
            continue
        own = spans_by_person(family, household, action_id).values()
        apart = [spans for spans in own if spans is not household]
        for place, day in enumerate(days):
            if covering(household, day):
                people[place] += len(own) - len(apart) + sum(covering(spans, day) for spans in apart)
    return list(zip(days, people, strict=True))


def drawn_days(first: dt.date, last: dt.date) -> list[dt.date]:
    """In order, each once. Of a period longer than years can be drawn, its first and last days."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((step for step in (1, 3, 12) if months // step < MOST_POINTS), None)
    days = {first, last}
    for number in range(months if step else 0):
        year, month = divmod(first.year * 12 + first.month + number, 12)
        if step and (month or 12) % step == 0:
            days.add(dt.date(year, month + 1, 1) - dt.timedelta(days=1))
    return sorted(days)


def goal_states(family: FollowedFamily, first: dt.date, last: dt.date) -> list[str]:
    """« decided » in the period; done and dropped in it, by their end; going on at its last day."""
    states = []
    for goal in family.by_kind.get(FactKind.GOAL, ()):
        if goal.since and first <= goal.since <= last:
            states.append("decided")
        if goal.value == GoalState.GOING_ON:
            states += [goal.value] if goal.since is None or goal.since <= last else []
        elif goal.until and first <= goal.until <= last:
            states.append(goal.value)
    return states

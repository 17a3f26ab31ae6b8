"""Who has something to fill in, and by when."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jalons.accounts.models import Organisation
from jalons.actions.deadlines import Due, month_ends, schedule, standing
from jalons.actions.enums import Block, ParticipationRole
from jalons.actions.models import Action, Deadline, FollowUp, Intervention, Participation
from jalons.history.querysets import NOW, AsOf
from jalons.territories.zones import territory_day
from jalons.thresholds.enums import Limits
from jalons.thresholds.selectors import limits_in_force

# Who may have something to fill in.
FILLING = (ParticipationRole.OPERATOR, ParticipationRole.PILOT)
# Further back than two deadlines of the slowest rhythm, nothing changes where one stands.
FAR = dt.timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Reporter:
    """One who fills in a part of a dispositif: an operator, or the pilot when there is none."""

    organisation: Organisation
    blocks: tuple[Block, ...]  # what is asked of them
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class ReporterDue:
    """Where one reporter of one dispositif stands on `day`, that of its territory.

    `deadlines`: those asked of them around that day, in order.
    """

    action: Action
    reporter: Reporter
    due: Due
    day: dt.date
    deadlines: tuple[dt.date, ...] = ()

    @property
    def missing_words(self) -> str:
        """« scolarisation, logement », or « tout le suivi » when nothing of it was told."""
        if set(self.due.missing) == set(self.reporter.blocks):
            return "tout le suivi"
        labels = [str(block.label) for block in self.due.missing]
        return ", ".join(label[:1].lower() + label[1:] for label in labels)


def local_followed(pks: Iterable[int]) -> set[int]:
    """The dispositifs that follow indicators of their own."""
    asked = Action.objects.filter(
        pk__in=list(pks),
        series__reporter__isnull=True,
        series__asked=True,
        series__indicator__block=Block.LOCAL,
    )
    return set(asked.order_by().values_list("pk", flat=True))


def asked_blocks(action: Action, *, local: bool) -> tuple[Block, ...]:
    """What is asked of a dispositif as a whole."""
    return (*action.theme_blocks, Block.LOCAL) if local else action.theme_blocks


def reporters_of(action: Action, parts: Iterable[Participation], blocks: tuple[Block, ...]) -> list[Reporter]:
    """Who fills in, the main operator first. `parts`: the participations going on, with `participant`."""
    found = list(parts)
    fill = [part for part in found if part.role == ParticipationRole.OPERATOR]
    fill = fill or [part for part in found if part.role == ParticipationRole.PILOT]
    return [
        Reporter(
            part.participant,
            tuple(block for block in blocks if not part.blocks or block in part.blocks),
            part.is_main,
        )
        for part in sorted(fill, key=lambda part: (not part.is_main, part.pk))
    ]


def parts_of(pks: Iterable[int], at: AsOf = NOW, **where: Any) -> dict[int, list[Participation]]:
    """The participations going on, by dispositif: one query."""
    found: dict[int, list[Participation]] = defaultdict(list)
    parts = Participation.objects.going_on(at).filter(action__in=list(pks), **where)
    for part in parts.select_related("participant").order_by("pk"):
        found[part.action_id].append(part)
    return found


def filling_parts(action: Action) -> list[Participation]:
    """Who fills in a dispositif: those who take part in it today; when there are none, those who are to begin."""
    parts = Participation.objects.filter(action=action, role__in=FILLING)
    parts = parts.select_related("participant").order_by("pk")
    return list(parts.going_on()) or list(parts.not_over())


def dues_of(
    actions: Iterable[Action], today: dt.date | None = None, moment: dt.datetime | None = None
) -> dict[int, list[ReporterDue]]:
    """Where every reporter of some dispositifs stands, by primary key of the dispositif. Five queries a day.

    The day of a deadline is that of the territory of the dispositif, now or at `moment`; `today` takes its place.
    Those that are closed, or not begun yet, owe nothing.
    """
    by_day: dict[dt.date, list[Action]] = defaultdict(list)
    for action in actions:
        by_day[today or territory_day(action.departement_id, moment)].append(action)
    dues: dict[int, list[ReporterDue]] = defaultdict(list)
    for day, same_day in by_day.items():
        dues.update(dues_on(same_day, day))
    return dues


def dues_on(actions: Iterable[Action], day: dt.date) -> dict[int, list[ReporterDue]]:
    """The same for dispositifs where it is the same day."""
    at, by_pk, limits = AsOf(day), {action.pk: action for action in actions}, limits_in_force()
    runs = {run.action_id: run for run in Intervention.objects.going_on(at).filter(action__in=list(by_pk))}
    parts, local = parts_of(runs, at, role__in=FILLING), local_followed(runs)
    reports, more = reports_since(runs, day - FAR), chosen_dates(runs)
    dues: dict[int, list[ReporterDue]] = defaultdict(list)
    for pk, run in runs.items():
        action = by_pk[pk]
        deadlines = tuple(deadlines_of(action, run, more, day, limits))
        chosen = frozenset(deadlines).difference(month_ends(action.rhythm, run.valid_on, day + FAR))
        blocks = asked_blocks(action, local=pk in local)
        for reporter in reporters_of(action, parts.get(pk, ()), blocks):
            due = standing(
                deadlines=deadlines,
                reports=reports.get((pk, reporter.organisation.pk), ()),
                expected=reporter.blocks,
                today=day,
                limits=limits,
                chosen=chosen,
            )
            dues[pk].append(ReporterDue(action, reporter, due, day, deadlines))
    return dues


def deadlines_of(
    action: Action,
    run: Intervention,
    more: Mapping[int | None, list[dt.date]],
    today: dt.date,
    limits: Limits,
) -> list[dt.date]:
    """The deadlines that matter today: from the start, or a while ago, to the next ones of the slowest rhythm."""
    until = today + FAR if run.ended_on is None else run.ended_on
    chosen = [*more[None], *more.get(action.pk, ())]
    return schedule(
        action.rhythm, start=run.valid_on, until=until, limits=limits, more=chosen, since=today - FAR
    )


def chosen_dates(pks: Iterable[int]) -> dict[int | None, list[dt.date]]:
    """Deadlines set by hand, by dispositif; None: everybody's."""
    found: dict[int | None, list[dt.date]] = defaultdict(list)
    rows = Deadline.objects.filter(action__isnull=True) | Deadline.objects.filter(action__in=list(pks))
    for action, day in rows.order_by("due_on").values_list("action_id", "due_on"):
        found[action].append(day)
    found[None] = found.get(None, [])
    return found


def reports_since(
    pks: Iterable[int], since: dt.date
) -> dict[tuple[int, int], list[tuple[dt.date, tuple[str, ...]]]]:
    """(date, blocks told) of every follow-up since a date, by dispositif and reporter."""
    found: dict[tuple[int, int], list[tuple[dt.date, tuple[str, ...]]]] = defaultdict(list)
    rows = FollowUp.objects.known().filter(action__in=list(pks), valid_on__gte=since).order_by("valid_on")
    told: Any = rows.values_list("action_id", "reporter_id", "valid_on", "blocks")
    for action, reporter, day, blocks in told:
        found[action, reporter].append((day, blocks))
    return found

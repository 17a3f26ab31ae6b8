"""Who has something to fill in, and by when."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from jalons.accounts.models import Organisation
from jalons.actions.deadlines import FAR, Due, decisive_since, month_ends, schedule, standing
from jalons.actions.enums import Block, ParticipationRole, Rhythm
from jalons.actions.models import Action, Deadline, FollowUp, Intervention, Participation
from jalons.actions.querysets import ActionQuerySet
from jalons.history.querysets import NOW, AsOf
from jalons.territories.zones import territory_day
from jalons.thresholds.enums import Limits
from jalons.thresholds.selectors import limits_in_force

# Who may have something to fill in.
FILLING = (ParticipationRole.OPERATOR, ParticipationRole.PILOT)
# What is read of a part, and of its structure, when there are many.
NAMED = ("action", "role", "is_main", "blocks", "participant__name", "participant__acronym")


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


def following_local() -> ActionQuerySet:
    """The dispositifs that follow indicators of their own."""
    followed: ActionQuerySet = Action.objects.filter(
        series__reporter__isnull=True, series__asked=True, series__indicator__block=Block.LOCAL
    )
    return followed.order_by()


def local_followed(pks: Iterable[int]) -> set[int]:
    """Those of `pks` that follow indicators of their own."""
    return set(following_local().filter(pk__in=list(pks)).values_list("pk", flat=True))


def asked_blocks(action: Action, *, local: bool) -> tuple[Block, ...]:
    """What is asked of a dispositif as a whole."""
    return (*action.theme_blocks, Block.LOCAL) if local else action.theme_blocks


def reporters_of(action: Action, parts: Iterable[Participation], blocks: tuple[Block, ...]) -> list[Reporter]:
    """Who fills in, the main operator first. `parts`: the participations going on, with `participant`."""
    going_on = list(parts)
    fill = [part for part in going_on if part.role == ParticipationRole.OPERATOR]
    fill = fill or [part for part in going_on if part.role == ParticipationRole.PILOT]
    return [
        Reporter(
            part.participant,
            tuple(block for block in blocks if not part.blocks or block in part.blocks),
            part.is_main,
        )
        for part in sorted(fill, key=lambda part: (not part.is_main, part.pk))
    ]


def parts_of(
    pks: Iterable[int], at: AsOf = NOW, *, brief: bool = False, **where: Any
) -> dict[int, list[Participation]]:
    """The participations going on, by dispositif: one query. `brief`: as for `dues_of`."""
    parts_by_action: dict[int, list[Participation]] = defaultdict(list)
    parts = Participation.objects.going_on(at).filter(action__in=list(pks), **where)
    parts = parts.select_related("participant")
    for part in (parts.only(*NAMED) if brief else parts).order_by("pk"):
        parts_by_action[part.action_id].append(part)
    return parts_by_action


def filling_parts(action: Action) -> list[Participation]:
    """Who fills in a dispositif: those who take part in it today; when there are none, those who are to begin."""
    parts = Participation.objects.filter(action=action, role__in=FILLING)
    parts = parts.select_related("participant").order_by("pk")
    return list(parts.going_on()) or list(parts.not_over())


def dues_of(
    actions: Iterable[Action],
    today: dt.date | None = None,
    moment: dt.datetime | None = None,
    *,
    brief: bool = False,
) -> dict[int, list[ReporterDue]]:
    """Where every reporter of some dispositifs stands, by primary key of the dispositif. Four queries a day.

    The day of a deadline is that of the territory of the dispositif, now or at `moment`; `today` takes its place.
    Those that are closed, or not begun yet, owe nothing. `brief`, for many dispositifs at once: only the reports that
    decide are read, one in five at a monthly rhythm, so that `due.last` is not to be shown, and of the structures what
    names them.
    """
    by_day: dict[dt.date, list[Action]] = defaultdict(list)
    for action in actions:
        by_day[today or territory_day(action.departement_id, moment)].append(action)
    dues: dict[int, list[ReporterDue]] = defaultdict(list)
    for day, same_day in by_day.items():
        dues.update(dues_on(same_day, day, brief=brief))
    return dues


def dues_on(actions: Iterable[Action], day: dt.date, *, brief: bool = False) -> dict[int, list[ReporterDue]]:
    """The same for dispositifs where it is the same day."""
    at, by_pk, limits = AsOf(day), {action.pk: action for action in actions}, limits_in_force()
    running = Intervention.objects.going_on(at).filter(action__in=list(by_pk))
    running = running.annotate(local=Exists(following_local().filter(pk=OuterRef("action"))))
    runs = {run.action_id: run for run in running.only("action", "valid_on", "ended_on")}
    parts = parts_of(runs, at, brief=brief, role__in=FILLING)
    far = {rhythm: decisive_since(rhythm, day, limits) if brief else day - FAR for rhythm in Rhythm}
    reports, more = (
        reports_since(runs, {pk: far[Rhythm(by_pk[pk].rhythm)] for pk in runs}),
        chosen_dates(runs),
    )
    dues: dict[int, list[ReporterDue]] = defaultdict(list)
    for pk, run in runs.items():
        action = by_pk[pk]
        deadlines = tuple(deadlines_of(action, run, more, day, limits))
        # The same ends of months for every dispositif of a rhythm: no deadline is asked earlier.
        chosen = frozenset(deadlines).difference(month_ends(action.rhythm, day - FAR, day + FAR))
        blocks = asked_blocks(action, local=run.local)
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
    days_by_action: dict[int | None, list[dt.date]] = defaultdict(list)
    rows = Deadline.objects.filter(action__isnull=True) | Deadline.objects.filter(action__in=list(pks))
    for action, day in rows.order_by("due_on").values_list("action_id", "due_on"):
        days_by_action[action].append(day)
    days_by_action[None] = days_by_action.get(None, [])
    return days_by_action


def reports_since(
    pks: Iterable[int], since: Mapping[int, dt.date]
) -> dict[tuple[int, int], list[tuple[dt.date, tuple[str, ...]]]]:
    """(date, blocks told) of every follow-up since a date of its dispositif, by dispositif and reporter."""
    by_day: dict[dt.date, list[int]] = defaultdict(list)
    for pk in pks:
        by_day[since[pk]].append(pk)
    where = Q(pk__in=[])
    for day, same in by_day.items():
        where |= Q(action__in=same, valid_on__gte=day)
    reports_by_reporter: dict[tuple[int, int], list[tuple[dt.date, tuple[str, ...]]]] = defaultdict(list)
    rows: Any = FollowUp.objects.known().filter(where).order_by("valid_on")
    for action, reporter, day, blocks in rows.values_list("action_id", "reporter_id", "valid_on", "blocks"):
        reports_by_reporter[action, reporter].append((day, blocks))
    return reports_by_reporter

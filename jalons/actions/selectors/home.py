"""What the home page says of dispositifs: what one owes, what is late around, how many there are."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q

from jalons.accounts.enums import Right, Role
from jalons.accounts.permissions import Territory, has, territory_of
from jalons.actions.enums import DueState, ParticipationRole
from jalons.actions.figures import running
from jalons.actions.models import Action, Nudge, Participation
from jalons.actions.querysets import ActionQuerySet
from jalons.actions.selectors.dues import ReporterDue, dues_of
from jalons.actions.selectors.listing import home_of
from jalons.core import clock
from jalons.core.values import join_and
from jalons.figures.areas import area_of
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import AsOf

SHOWN_TO_FILL, SHOWN_LATE = 8, 5


@dataclass(frozen=True, slots=True)
class Owed:
    """One follow-up to fill in, or that somebody has not filled in, before `on`."""

    owed: ReporterDue

    @property
    def action(self) -> Action:
        return self.owed.action

    @property
    def reporter(self) -> Any:
        return self.owed.reporter.organisation

    @property
    def on(self) -> dt.date | None:
        return self.owed.due.on

    @property
    def state(self) -> DueState:
        return self.owed.due.state

    @property
    def missing(self) -> str:
        """« Il manque : scolarisation, logement »."""
        return f"Il manque\u00a0: {self.owed.missing_words}"

    @property
    def order(self) -> tuple[dt.date, str, int]:
        return self.on or dt.date.max, self.action.name, self.action.pk


@dataclass(frozen=True, slots=True)
class LateReporter:
    """A structure that is late, and who asked for it already."""

    organisation: Any
    on: dt.date | None
    nudge: Nudge | None = None


@dataclass(frozen=True, slots=True)
class LateAction:
    """A dispositif of which some reporters are late, since the oldest of their deadlines."""

    action: Action
    on: dt.date | None
    reporters: Sequence["LateReporter"]

    @property
    def who(self) -> str:
        return join_and([str(late.organisation) for late in self.reporters])


@dataclass(frozen=True, slots=True)
class HomeFilling:
    """What the structures of a person have to fill in.

    `to_fill`: the most late first; `fills`: they fill in somewhere, the next time before `next_on`; `operates`:
    filling in is the part of the person. `late`: what others are late with on the dispositifs of the person; None
    when it was not read: something is to fill in, or the page says it below, of a whole territory.
    """

    to_fill: Sequence[Owed]
    fills: bool
    next_on: dt.date | None
    operates: bool
    late: Sequence[LateAction] | None
    late_query: str

    @property
    def is_up_to_date(self) -> bool:
        """Whether the page may say « À jour »: never above something late."""
        return self.late is not None and not self.late

    @property
    def is_told(self) -> bool:
        return bool(self.to_fill) or self.fills or self.operates

    @property
    def first_to_fill(self) -> Sequence[Owed]:
        return self.to_fill[:SHOWN_TO_FILL]

    @property
    def more_to_fill(self) -> int:
        return len(self.to_fill) - len(self.first_to_fill)


@dataclass(frozen=True, slots=True)
class HomeLate:
    """What is late where the person may change the dispositif, their own part left out.

    `query`: what the list is asked to show them all; `is_own`: they may change their own dispositifs only, so that
    others of the territory may be late.
    """

    actions: Sequence[LateAction]
    query: str
    is_own: bool

    @property
    def first(self) -> Sequence[LateAction]:
        """One query."""
        return with_nudges(self.actions[:SHOWN_LATE])


def home_filling(user: Any, today: dt.date | None = None) -> HomeFilling:
    """At most five queries; one for who fills in nowhere, and as many again when nothing is to fill in."""
    dues = own_dues(user, today)
    edits = territory_of(user, Right.EDIT_ACTION)
    to_fill = sorted((Owed(due) for due in dues if due.due.missing), key=lambda owed: owed.order)
    return HomeFilling(
        to_fill=to_fill,
        fills=bool(dues),
        next_on=min((due.due.on for due in dues if due.due.on), default=None),
        operates=any(membership.role == Role.OPERATOR for membership in user.active_memberships),
        late=late_around(user, today) or () if dues and not to_fill and edits == edits.own else None,
        late_query=late_query(edits),
    )


def home_late(user: Any, today: dt.date | None = None) -> HomeLate | None:
    """At most six queries; none for who follows no dispositif one by one, for whom it is None."""
    edits = territory_of(user, Right.EDIT_ACTION)
    late = late_around(user, today)
    return None if late is None else HomeLate(late, late_query(edits), edits == edits.own)


def running_around(user: Any) -> int:
    """How many dispositifs are in progress where the person works: one query."""
    return running(FigureQuestion(user, area=area_of(working_area(user)))).count()


def late_query(edits: Territory) -> str:
    return "suivi=retard&miens=on" if edits == edits.own else "suivi=retard"


def own_dues(user: Any, today: dt.date | None) -> list[ReporterDue]:
    """Where the structures of a person stand, wherever they are asked to fill in."""
    if not has(user, Right.FOLLOW_ACTION):
        return []
    dues = all_dues(filled_by(user, user.organisation_ids), today)
    return [due for due in dues if due.reporter.organisation.pk in user.organisation_ids]


def late_around(user: Any, today: dt.date | None) -> list[LateAction] | None:
    """What others are late with where a person may change the dispositif; None for who follows none one by one."""
    edits = territory_of(user, Right.EDIT_ACTION)
    if not edits or edits.everywhere:
        return None
    dues = all_dues(Action.objects.in_territory(edits), today)
    if not dues and edits == edits.own:
        return None  # who follows none of their own would be told that nothing is late, above what is
    late = [due for due in dues if due.due.state == DueState.LATE]
    own = user.organisation_ids if has(user, Right.FOLLOW_ACTION) else set()
    theirs = {due.action.pk for due in late if due.reporter.organisation.pk in own}
    filled = set(filled_by(user, own).filter(pk__in=theirs).values_list("pk", flat=True)) if theirs else set()
    return late_actions(
        due for due in late if not (due.action.pk in filled and due.reporter.organisation.pk in own)
    )


def all_dues(actions: ActionQuerySet, today: dt.date | None) -> list[ReporterDue]:
    """Where everybody stands on those of `actions` that are in progress."""
    named = actions.in_progress().only("public_id", "name", "rhythm", "themes", "departement").order_by("pk")
    return [due for dues in dues_of(named, today, brief=True).values() for due in dues]


def filled_by(user: Any, organisations: set[int]) -> ActionQuerySet:
    """Those where the structures of a person may be asked to fill in, and that the person may follow up.

    A pilot is asked where no operator is: a département pilots hundreds, and fills in a few.
    """
    operated = operated_around(clock.today()).filter(action=OuterRef("action"))
    parts = Participation.objects.going_on().filter(
        Q(role=ParticipationRole.OPERATOR) | Q(role=ParticipationRole.PILOT) & ~Exists(operated),
        participant__in=organisations,
    )
    return Action.objects.writable_by(user, Right.FOLLOW_ACTION).filter(pk__in=parts.values("action"))


def operated_around(day: dt.date) -> Any:
    """The parts of operators that go on from the eve to the day after, so that one does on `day` in every territory."""
    parts = Participation.objects.filter(role=ParticipationRole.OPERATOR)
    eve, after = day - dt.timedelta(days=1), day + dt.timedelta(days=1)
    return parts.going_on(AsOf(eve)).exclude(ended_on__lte=after).order_by()


def late_actions(dues: Iterable[ReporterDue]) -> list[LateAction]:
    """One line for each dispositif that is late, the most late first."""
    by_action: dict[int, list[Owed]] = {}
    for due in dues:
        by_action.setdefault(due.action.pk, []).append(Owed(due))
    ordered = sorted(by_action.values(), key=lambda late: min(owed.order for owed in late))
    return [
        LateAction(
            late[0].action,
            min(owed.order for owed in late)[0],
            [LateReporter(owed.reporter, owed.on) for owed in late],
        )
        for late in ordered
    ]


def with_nudges(late: Sequence[LateAction]) -> list[LateAction]:
    """The same, each structure with the nudge that it received for its deadline: one query."""
    nudges: dict[tuple[int, int, dt.date | None], Nudge] = {
        (nudge.action_id, nudge.reporter_id, nudge.due_on): nudge
        for nudge in Nudge.objects.filter(action__in=[line.action.pk for line in late])
        .select_related("author", "organisation")
        .order_by("pk")
    }
    return [
        replace(
            line,
            reporters=[
                replace(owing, nudge=nudges.get((line.action.pk, owing.organisation.pk, owing.on)))
                for owing in line.reporters
            ],
        )
        for line in late
    ]


def working_area(user: Any) -> Territory:
    """The territory where a person works, else all that they see."""
    return home_of(user) or territory_of(user, Right.READ_ACTIONS)

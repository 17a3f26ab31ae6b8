"""What the home page says of dispositifs: what one owes, what is late around, how many there are."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right, Role
from jalons.accounts.permissions import Territory, has, territory_of
from jalons.actions.enums import DueState, ParticipationRole
from jalons.actions.figures import running
from jalons.actions.models import Action, Participation
from jalons.actions.querysets import ActionQuerySet
from jalons.actions.selectors.dues import ReporterDue, dues_of
from jalons.actions.selectors.listing import home_of
from jalons.core.values import join_and
from jalons.figures.areas import area_of
from jalons.figures.registry import FigureQuestion

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
class LateAction:
    """A dispositif of which some reporters are late, since the oldest of their deadlines."""

    action: Action
    on: dt.date | None
    who: str


@dataclass(frozen=True, slots=True)
class HomeActions:
    """`running`: how many dispositifs are in progress on the territory of the person.

    `to_fill`: what their structures have to fill in, the most late first; `fills`: they fill in somewhere, the next
    time before `next_on`; `operates`: filling in is the part of the person.
    `late`: what is late where the person may change the dispositif, their own part left out; None for who follows
    no dispositif one by one. `late_query`: what the list is asked to show them all; `late_is_own`: they may change
    their own dispositifs only, so that others of the territory may be late.
    """

    running: int
    to_fill: Sequence[Owed]
    fills: bool
    next_on: dt.date | None
    operates: bool
    late: Sequence[LateAction] | None
    late_query: str
    late_is_own: bool

    @property
    def tells_filling(self) -> bool:
        return bool(self.to_fill) or self.fills or self.operates

    @property
    def nothing_late(self) -> bool:
        """Whether the page may say « À jour »: never above something late."""
        return not self.late and not any(one.state == DueState.LATE for one in self.to_fill)

    @property
    def first_to_fill(self) -> Sequence[Owed]:
        return self.to_fill[:SHOWN_TO_FILL]

    @property
    def more_to_fill(self) -> int:
        return len(self.to_fill) - len(self.first_to_fill)

    @property
    def first_late(self) -> Sequence[LateAction]:
        return (self.late or ())[:SHOWN_LATE]


def home_actions(user: Any, today: dt.date | None = None) -> HomeActions:
    """At most nine queries; one for who reads everywhere and follows nothing."""
    organisations = user.organisation_ids
    edits = territory_of(user, Right.EDIT_ACTION)
    follows = bool(edits) and not edits.everywhere
    filled = keys(filled_by(user, organisations)) if has(user, Right.FOLLOW_ACTION) else set()
    followed = keys(Action.objects.in_territory(edits)) if follows else set()
    dues = all_dues(filled | followed, today)
    mine = [one for one in dues if one.action.pk in filled and one.reporter.organisation.pk in organisations]
    own = {id(one) for one in mine}
    others = [one for one in dues if id(one) not in own and one.action.pk in followed]
    calm = [one.due.on for one in mine if one.due.on and not one.due.missing]
    return HomeActions(
        running=running(FigureQuestion(user, area=area_of(working_area(user)))).count(),
        to_fill=sorted((Owed(one) for one in mine if one.due.missing), key=lambda one: one.order),
        fills=bool(mine),
        next_on=min(calm, default=None),
        operates=any(membership.role == Role.OPERATOR for membership in user.active_memberships),
        # Who follows none of their own would be told that nothing is late, above what is.
        late=late_actions(others) if followed or (follows and edits != edits.own) else None,
        late_query="suivi=retard&miens=on" if edits == edits.own else "suivi=retard",
        late_is_own=edits == edits.own,
    )


def keys(actions: ActionQuerySet) -> set[int]:
    return set(actions.in_progress().order_by().values_list("pk", flat=True))


def all_dues(pks: Iterable[int], today: dt.date | None) -> list[ReporterDue]:
    named = Action.objects.filter(pk__in=pks).only("public_id", "name", "rhythm", "themes", "departement")
    actions = list(named.order_by("pk")) if pks else []
    return [one for dues in dues_of(actions, today, brief=True).values() for one in dues] if actions else []


def filled_by(user: Any, organisations: set[int]) -> ActionQuerySet:
    """Those where the structures of a person may be asked to fill in, and that the person may follow up."""
    parts = Participation.objects.going_on().filter(
        participant__in=organisations, role__in=[ParticipationRole.OPERATOR, ParticipationRole.PILOT]
    )
    return Action.objects.writable_by(user, Right.FOLLOW_ACTION).filter(pk__in=parts.values("action"))


def late_actions(dues: Iterable[ReporterDue]) -> list[LateAction]:
    """One line for each dispositif, the most late first."""
    by_action: dict[int, list[Owed]] = {}
    for one in dues:
        if one.due.state == DueState.LATE:
            by_action.setdefault(one.action.pk, []).append(Owed(one))
    ordered = sorted(by_action.values(), key=lambda found: min(one.order for one in found))
    return [
        LateAction(
            found[0].action,
            min(one.order for one in found)[0],
            join_and([str(one.reporter) for one in found]),
        )
        for found in ordered
    ]


def working_area(user: Any) -> Territory:
    """The territory where a person works, else all that they see."""
    return home_of(user) or territory_of(user, Right.READ_ACTIONS)

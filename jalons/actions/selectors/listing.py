"""The filtered list of dispositifs and the lines of one page of it. The export reads it alike."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Value, When

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import NOWHERE, Territory, has, territory_of
from jalons.actions.enums import ActionPlace, DueState, ParticipationRole
from jalons.actions.models import Action, ActionSite, InsertionSite, Participation
from jalons.actions.querysets import ActionQuerySet
from jalons.actions.selectors.dues import ReporterDue, dues_of
from jalons.actions.selectors.listing_search import present, search
from jalons.discussions.models import Favourite
from jalons.figures.areas import NATION, FigureArea
from jalons.figures.registry import FigureQuestion, rows_of
from jalons.history.querysets import NOW, AsOf

# What `?lieu=` may ask, beside the codes of `ActionPlace`.
ON_SITES, ON_GROUND = "sites", "terrain"
PLACES = {
    ON_SITES: "Sur un ou plusieurs sites",
    ON_GROUND: "Terrain d’insertion",
    **dict(ActionPlace.choices),
}
# What `?suivi=` may ask → the state of a dispositif, the worst of those who fill it in.
DUES = {"retard": DueState.LATE, "a-remplir": DueState.DUE, "a-jour": DueState.GOOD}
SEVERITY = (DueState.LATE, DueState.DUE, DueState.GOOD)
# What `?tri=` may ask, with « - » for descending; the primary key always comes last.
SORTS = ("priorite", "nom", "debut", "fin", "echeance")


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """What a person asks of the list; the counts and the export use the very same. Empty fields ask nothing.

    `status`: running, ended, coming, or any. `operator`: primary key of an organisation. `dues`: a `DueState`,
    understood only today. `figure`: the key of one, of which the rows are asked, over the days from `since`.
    """

    q: str = ""
    departement: str = ""
    at_home: bool = False
    mine: bool = False
    status: str = "running"
    theme: str = ""
    operator: int | None = None
    dues: str = ""
    place: str = ""
    favourites: bool = False
    area: FigureArea | None = None
    figure: str = ""
    since: dt.date | None = None
    sort: str = ""

    @property
    def is_bare(self) -> bool:
        """Nothing was asked beyond the tab and the order."""
        return replace(self, status="running", sort="", at_home=False, area=None) == ActionFilter()

    @property
    def is_narrowed(self) -> bool:
        """Something was asked beyond a territory, a tab and an order."""
        return bool(self.area) or not replace(self, departement="").is_bare

    def with_status(self, status: str) -> "ActionFilter":
        return replace(self, status=status)


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """How many dispositifs answer the filters in each tab."""

    running: int
    ended: int
    coming: int

    @property
    def any(self) -> int:
        return self.running + self.ended + self.coming


def home_of(user: Any) -> Territory:
    """Where a person works, when they may see more than that; nowhere when the list is already their territory."""
    own, seen = territory_of(user, Right.EDIT_ACTION), territory_of(user, Right.READ_ACTIONS)
    return own if own and seen.everywhere and not own.everywhere else NOWHERE


def shown_territory(
    user: Any, departement: str, *, at_home: bool, area: FigureArea | None = None
) -> Territory:
    """The area or the département asked for, else where one works, else all that one sees."""
    if area is not None and area.is_place:
        return area.territory
    if departement:
        return Territory(departements=frozenset({departement}))
    return home_of(user) if at_home else territory_of(user, Right.READ_ACTIONS)


def operators_seen(user: Any) -> list[tuple[int, str]]:
    """The operators of the dispositifs that one sees: (primary key, name), in the order of names."""
    parts = Participation.objects.known().filter(role=ParticipationRole.OPERATOR)
    seen = territory_of(user, Right.READ_ACTIONS)
    if not seen.everywhere:
        parts = parts.filter(action__in=Action.objects.visible_to(user).values("pk"))
    organisations = Organisation.objects.filter(pk__in=parts.values("participant")).order_by("name", "pk")
    return [(pk, acronym or name) for pk, name, acronym in organisations.values_list("pk", "name", "acronym")]


def filtered_actions(user: Any, asked: ActionFilter, at: AsOf = NOW) -> ActionQuerySet:
    """The dispositifs that `user` may see and asks for, as of a date, with `intervention`. Unordered."""
    actions = Action.objects.visible_to(user)
    if asked.area:
        actions = actions.of_area(asked.area, at=at, ever=asked.status != "running")
    actions = search(of_status(actions, asked.status, at), asked.q, at)
    if asked.figure:
        question = FigureQuestion(user, at, asked.area or NATION, asked.since)
        rows = rows_of(asked.figure, question, "actions:list")
        if rows is not None:
            actions = actions.filter(pk__in=rows.order_by().values("pk"))
    if asked.at_home:
        actions = actions.in_territory(home_of(user))
    if asked.departement:
        actions = actions.filter(departement=asked.departement)
    if asked.theme:
        actions = actions.filter(themes__contains=f"|{asked.theme}|")
    if asked.mine:
        mine = present(Participation, at).filter(participant__in=user.organisation_ids)
        actions = actions.filter(pk__in=mine.values("action"))
    if asked.favourites:
        actions = actions.filter(pk__in=Favourite.objects.keys_of(user, "dispositif"))
    if asked.operator:
        parts = present(Participation, at).filter(role=ParticipationRole.OPERATOR)
        actions = actions.filter(pk__in=parts.filter(participant=asked.operator).values("action"))
    if asked.place:
        actions = actions.filter(place_condition(asked.place, at))
    if asked.dues and not at.is_past:
        actions = actions.filter(pk__in=in_state(actions, DueState(asked.dues)))
    return actions


def of_status(actions: ActionQuerySet, status: str, at: AsOf) -> ActionQuerySet:
    return {
        "running": actions.in_progress,
        "ended": actions.ended,
        "coming": actions.coming,
        "any": actions.declared,
    }[status](at)


def place_condition(place: str, at: AsOf) -> Q:
    if place == ON_SITES:
        return Q(pk__in=present(ActionSite, at).values("action"))
    if place == ON_GROUND:
        return Q(pk__in=InsertionSite.objects.values("action"))
    return Q(place_kinds__contains=f"|{place}|")


def status_counts(user: Any, asked: ActionFilter, at: AsOf, chosen: ActionQuerySet) -> StatusCounts:
    """How many are in progress, over and to come among what is asked: one query.

    `chosen`: what `filtered_actions` answers, of which the deadlines are not computed twice.
    """
    if asked.dues and asked.status == "running" and not at.is_past:
        return StatusCounts(running=chosen.count(), ended=0, coming=0)  # which owe nothing
    begun, over = Q(intervention__valid_on__lte=at.day), Q(intervention__ended_on__lte=at.day)
    still = Q(intervention__ended_on__isnull=True) | Q(intervention__ended_on__gt=at.day)
    counts = (
        filtered_actions(user, asked.with_status("any"), at)
        .order_by()
        .aggregate(
            running=Count("pk", filter=begun & still),
            ended=Count("pk", filter=begun & over),
            coming=Count("pk", filter=Q(intervention__valid_on__gt=at.day)),
        )
    )
    return StatusCounts(**counts)


def worst(dues: Iterable[ReporterDue]) -> tuple[DueState, dt.date] | None:
    """The state of a dispositif: that of the one who is the most behind, and the deadline that they watch."""
    states = [(SEVERITY.index(due.due.state), due.due.on or dt.date.max) for due in dues]
    if not states:
        return None
    place, on = min(states)
    return SEVERITY[place], on


def states_of(
    actions: ActionQuerySet, reporters: set[int] | None = None
) -> dict[int, tuple[DueState, dt.date]]:
    """Where each of some dispositifs stands today, for some `reporters` only if they are given.

    Those that owe nothing to anybody are left out.
    """
    light = actions.only("rhythm", "themes", "departement").order_by()
    states: dict[int, tuple[DueState, dt.date]] = {}
    for pk, dues in dues_of(light, brief=True).items():
        watched = [due for due in dues if reporters is None or due.reporter.organisation.pk in reporters]
        if (state := worst(watched)) is not None:
            states[pk] = state
    return states


def in_state(actions: ActionQuerySet, state: DueState) -> list[int]:
    return [pk for pk, (due_state, _) in states_of(actions).items() if due_state == state]


def to_fill(user: Any, actions: ActionQuerySet) -> ActionQuerySet:
    """Those of `actions` that the structures of a person fill in: as operator, or as pilot when there is none."""
    parts = Participation.objects.going_on()
    operators = parts.filter(role=ParticipationRole.OPERATOR)
    mine = user.organisation_ids
    alone = parts.filter(role=ParticipationRole.PILOT, participant__in=mine).exclude(
        action__in=operators.values("action")
    )
    return actions.filter(
        Q(pk__in=operators.filter(participant__in=mine).values("action")) | Q(pk__in=alone.values("action"))
    )


def default_sort(status: str, *, fills: bool) -> str:
    """Today, what one has to fill in comes first; the rest, and the past, is by name."""
    if status != "running":
        return "-fin" if status == "ended" else "debut"
    return "priorite" if fills else "nom"


def fills(user: Any) -> bool:
    """Whether a person has anything to fill in: an order that starts with it means nothing to the others."""
    return has(user, Right.FOLLOW_ACTION) and to_fill(user, Action.objects.in_progress()).exists()


def ordered_actions(user: Any, actions: ActionQuerySet, sort: str, at: AsOf = NOW) -> ActionQuerySet:
    """`sort` is one of SORTS, with « - » for descending; unknown dates sort last either way."""
    key = sort.removeprefix("-")
    if key == "priorite":
        return by_due(actions, states_of(to_fill(user, actions), user.organisation_ids))
    if key == "echeance":
        return by_due(actions, states_of(actions), late_last=sort.startswith("-"))
    columns: dict[str, Any] = {
        "nom": F("search_text"),
        "debut": F("intervention__valid_on"),
        # What is over ended on a day; what is not should end on one.
        "fin": Case(
            When(intervention__ended_on__lte=at.day, then=F("intervention__ended_on")),
            default=F("intervention__planned_end"),
        ),
    }
    column = columns[key]
    order = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return actions.order_by(order, "search_text", "pk")


def by_due(
    actions: ActionQuerySet, states: Mapping[int, tuple[DueState, dt.date]], *, late_last: bool = False
) -> ActionQuerySet:
    """Late first, then due, by deadline, then by name. Those without a state come last either way."""
    groups: dict[tuple[int, dt.date], list[int]] = {}
    for pk, (state, on) in states.items():
        groups.setdefault((SEVERITY.index(state), on), []).append(pk)
    ordered = sorted(groups, reverse=late_last)
    if not ordered:
        return actions.order_by("search_text", "pk")
    ranks = [When(pk__in=groups[key], then=Value(place)) for place, key in enumerate(ordered)]
    rank = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    return actions.annotate(rank=rank).order_by("rank", "search_text", "pk")

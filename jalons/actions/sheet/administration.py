"""The tab « Administration »: when the follow-up is asked, who stands where, who may do what."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership, Organisation
from jalons.accounts.permissions import membership_territory
from jalons.accounts.selectors import who_can
from jalons.actions.deadlines import schedule
from jalons.actions.enums import DueState, ParticipationRole
from jalons.actions.models import Action, Deadline, FollowUp, Intervention, Participation
from jalons.actions.selectors.dues import ReporterDue
from jalons.actions.selectors.sheet import as_described, planned_day
from jalons.actions.sheet.content import role_words
from jalons.core.values import format_date, format_long_date, format_number, join_and, plural
from jalons.history.querysets import AsOf
from jalons.thresholds.selectors import limits_in_force

AHEAD = dt.timedelta(days=400)
SHOWN = 6  # deadlines to come
ABOUT = (
    Right.READ_ACTIONS,
    Right.EDIT_ACTION,
    Right.FOLLOW_ACTION,
    Right.READ_FUNDING,
    Right.WRITE_FUNDING,
    Right.COMMENT,
    Right.ATTACH,
    Right.EXPORT,
)


@dataclass(frozen=True, slots=True)
class Coming:
    """A deadline to come. `chosen`: set by hand, for this dispositif (`removable`) or for all."""

    on: dt.date
    label: str
    chosen: Deadline | None = None
    removable: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one reporter stands: a state and its words."""

    organisation: Organisation
    fills: str
    state: str
    words: str
    last: str


@dataclass(frozen=True, slots=True)
class Part:
    """One organisation: since when, under which title, and what its members may do here."""

    organisation: Organisation
    words: str
    since: str
    members: str
    all_may: str
    some_may: str


def administration_of(
    action: Action, at: AsOf, run: Intervention, dues: Sequence[ReporterDue]
) -> dict[str, Any]:
    described = as_described(action, at)
    return {
        "rhythm": described.get_rhythm_display(),
        "coming": [] if run.ended_on and run.ended_on <= at.day else coming(described, run, at),
        "standings": standings(action, dues),
        "parts": parts(action, run, at),
        "matrix": [(right.label, who_can(right)) for right in ABOUT],
    }


def coming(action: Action, run: Intervention, at: AsOf) -> list[Coming]:
    """The next deadlines: those of the rhythm and those chosen, the national campaigns among them. One query."""
    rows = Deadline.objects.filter(action__isnull=True) | Deadline.objects.filter(action=action.pk)
    ahead = rows.filter(due_on__gte=at.day).order_by("due_on", "action")
    chosen = {
        deadline.due_on: deadline for deadline in ahead
    }  # one's own before everybody's: null stands first or last
    for deadline in ahead:
        if deadline.action_id:
            chosen[deadline.due_on] = deadline
    until = run.ended_on or at.day + AHEAD
    days = schedule(action.rhythm, start=run.valid_on, until=until, limits=limits_in_force(), more=chosen)
    lines: list[Coming] = []
    for day in [day for day in days if day >= at.day]:
        own = chosen.get(day)
        if own or len(lines) < SHOWN:
            lines.append(Coming(day, label_of(day, own), own, removable=bool(own and own.action_id)))
    return lines


def label_of(day: dt.date, chosen: Deadline | None) -> str:
    if chosen is None:
        return "campagne nationale de la Dihal" if day.month in (6, 12) else "rythme du suivi"
    if chosen.label:
        return chosen.label
    return "date choisie pour ce dispositif" if chosen.action_id else "demandée à tous les dispositifs"


# --- who stands where ------------------------------------------------------------------------------------------


def standings(action: Action, dues: Sequence[ReporterDue]) -> list[Standing]:
    """Every reporter, with the last report that Jalons holds of it. One query."""
    last: dict[int, FollowUp] = {}
    for follow_up in FollowUp.objects.known().filter(action=action).order_by("valid_on"):
        last[follow_up.reporter_id] = follow_up
    return [standing(reporter_due, last.get(reporter_due.reporter.organisation.pk)) for reporter_due in dues]


def standing(reporter_due: ReporterDue, last: FollowUp | None) -> Standing:
    due = reporter_due.due
    missing = reporter_due.missing_words if due.missing else ""
    words = str(due.state.label)
    if due.state == DueState.LATE and due.on:
        words = f"En retard depuis le {format_date(due.on)}"
    elif due.missing and due.on:
        words = f"À remplir avant le {format_date(due.on)}"
    return Standing(
        organisation=reporter_due.reporter.organisation,
        fills=f"manque\u00a0: {missing}" if missing else "",
        state=due.state.value,
        words=words,
        last=f"dernier point le {format_long_date(last.valid_on)}" if last else "aucun point de suivi",
    )


# --- who may do what -------------------------------------------------------------------------------------------


def parts(action: Action, run: Intervention, at: AsOf) -> list[Part]:
    """Those who take part, and the rights that the accounts of today have here. Seven queries at most."""
    rows = Participation.objects.going_on(planned_day(run, at)).filter(action=action)
    order = list(ParticipationRole)
    going_on = sorted(
        rows.select_related("participant").order_by("-is_main", "valid_on", "pk"),
        key=lambda part: order.index(ParticipationRole(part.role)),
    )
    held: dict[int, list[frozenset[Right]]] = {}
    members = Membership.objects.active().filter(
        organisation__in={part.participant_id for part in going_on}, user__is_active=True
    )
    for membership in members.with_access():
        held.setdefault(membership.organisation_id, []).append(rights_of(membership, action))
    return [part_words(part, held.get(part.participant_id, [])) for part in going_on]


def rights_of(membership: Membership, action: Action) -> frozenset[Right]:
    return frozenset(right for right in ABOUT if membership_territory(membership, right).holds(action))


def part_words(part: Participation, held: Sequence[frozenset[Right]]) -> Part:
    whole = frozenset.intersection(*held) if held else frozenset()
    some = frozenset.union(*held) - whole if held else frozenset()
    count = len(held)
    members = f"{format_number(count)}\u00a0{plural(count, 'compte', 'comptes')}"
    return Part(
        organisation=part.participant,
        words=role_words(part),
        since=f"depuis le {format_date(part.valid_on)}",
        members=members if count else "aucun compte dans Jalons",
        all_may=rights_in_words(whole),
        some_may=rights_in_words(some),
    )


def rights_in_words(rights: Iterable[Right]) -> str:
    """« voir les dispositifs, lire les financements et commenter »."""
    held = set(rights)
    return join_and([right.label[0].lower() + right.label[1:] for right in ABOUT if right in held])

"""Who is reminded of what on a day. A constant number of queries, whatever the number of dispositifs and people."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import Membership, User
from jalons.accounts.permissions import Territory, membership_territory
from jalons.actions.deadlines import AFTER, BEFORE, SAME_DAY, SPENDING_DAYS, deadlines_told, spending_asked
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, ActionSite, InsertionSite, Participation, ReminderRound
from jalons.actions.selectors.dues import ReporterDue, dues_of
from jalons.actions.selectors.spending import without_executed
from jalons.core.values.dates import PARIS
from jalons.history.querysets import AsOf
from jalons.territories.models import Commune

# O’clock in Paris: nothing is written at night, nor about a day that has not begun there.
OPENS = 7


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a person is told of one reporter of one dispositif. `on`: the deadline that the e-mail is about."""

    owed: ReporterDue
    on: dt.date

    @property
    def today(self) -> dt.date:
        """The day in the territory of the dispositif."""
        return self.owed.day

    @property
    def key(self) -> tuple[int, int]:
        return self.owed.action.pk, self.owed.reporter.organisation.pk


@dataclass(frozen=True, slots=True)
class Spending:
    """The dispositifs of which a person is asked the spending of a year."""

    year: int
    actions: Sequence[Action]


@dataclass(frozen=True, slots=True)
class ReporterAnswers:
    """What to write to whom, in order. Nobody is there with nothing to be told."""

    to_fill: Mapping[User, Sequence[Reminder]] = field(default_factory=dict)
    late: Mapping[User, Sequence[Reminder]] = field(default_factory=dict)
    spending: Mapping[User, Spending] = field(default_factory=dict)


def last_round() -> dt.date | None:
    """The day of the last reminders written."""
    return ReminderRound.objects.order_by("-day").values_list("day", flat=True).first()


def told_on(today: dt.date, days: Sequence[dt.date]) -> ReporterAnswers:
    """What is told today for `days`: today, and those before on which nothing could be written.

    Those are days of Paris. A deadline is one of the territory, where it may be the eve when the e-mails are written:
    its days are counted from there, so that each of them is still told once.
    """
    people = People(today)
    actions = list(Action.objects.in_progress(AsOf(today)).order_by("pk"))
    moment = dt.datetime.combine(today, dt.time(OPENS), PARIS)
    owed = [due for dues in dues_of(actions, moment=moment).values() for due in dues if due.due.missing]
    ago = [today - day for day in days]
    to_fill = list(reminders(owed, ago, BEFORE, SAME_DAY, AFTER))
    late = list(reminders(owed, ago, AFTER))
    locate([reminder.owed.action for reminder in to_fill])
    mine = told_to_reporters(people, to_fill)
    return ReporterAnswers(mine, told_to_pilots(people, late, mine), told_of_spending(people, today, days))


def reminders(
    owed: Iterable[ReporterDue], ago: Sequence[dt.timedelta], *steps: dt.timedelta
) -> Iterator[Reminder]:
    """Those of whom a deadline told at some of `steps` asks something that is missing, for it or for one before.

    `ago`: how long ago were the days told for. The most late first. Whoever has filled in for that deadline stands
    before a later one, and is not disturbed.
    """
    for due in sorted(owed, key=lambda item: (item.due.on or item.day, item.action.name, item.action.pk)):
        since, today = due.due.on, due.day
        deadlines = deadlines_told((today - time for time in ago), *steps)
        due_days = [day for day in due.deadlines if day in deadlines and since and since <= day]
        if due_days and since:
            yield Reminder(due, next((day for day in due_days if day >= today), since))


# --- people ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReminderHolder:
    """A membership that carries some rights, and where it carries each: what another membership gives is apart."""

    membership: Membership
    territories: tuple[Territory, ...]

    def may(self, action: Action) -> bool:
        """On a dispositif that went through `locate`: no query."""
        return all(territory.holds(action) for territory in self.territories)


class People:
    """Everybody who may be written to on a day, read once."""

    def __init__(self, today: dt.date) -> None:
        active = Membership.objects.active(today).filter(user__is_active=True)
        self.memberships = list(active.with_access().select_related("user"))

    def holders(self, *rights: Right) -> list[ReminderHolder]:
        """Those that carry all the rights, somewhere."""
        candidates = (
            ReminderHolder(membership, tuple(membership_territory(membership, right) for right in rights))
            for membership in self.memberships
        )
        return [holder for holder in candidates if all(holder.territories)]


def by_organisation(holders: Iterable[ReminderHolder]) -> Mapping[int, Sequence[ReminderHolder]]:
    holders_by_organisation: dict[int, list[ReminderHolder]] = defaultdict(list)
    for holder in holders:
        holders_by_organisation[holder.membership.organisation_id].append(holder)
    return holders_by_organisation


def locate(actions: Iterable[Action]) -> None:
    """Reads for several dispositifs at once what `Action.within` looks at, and would read for each: four queries."""
    located = {action.pk: action for action in actions}
    parts: dict[int, set[tuple[int, str]]] = defaultdict(set)
    known = Participation.objects.known().filter(Participation.going_on(), action__in=list(located))
    for pk, organisation, role in known.values_list("action_id", "participant_id", "role"):
        parts[pk].add((organisation, role))
    places: dict[int, set[str]] = defaultdict(set)
    links = ActionSite.objects.known().filter(ActionSite.going_on(), action__in=list(located))
    grounds = InsertionSite.objects.filter(action__in=list(located))
    for pk, code in [
        *links.values_list("action_id", "site__commune_id"),
        *grounds.values_list("action_id", "commune_id"),
    ]:
        places[pk].add(code)
    communes = Commune.objects.in_bulk({code for codes in places.values() for code in codes})
    for pk, action in located.items():
        around = tuple(communes[code] for code in sorted(places[pk]))
        action.__dict__.update(parts=frozenset(parts[pk]), communes=around)


# --- who is told -----------------------------------------------------------------------------------------------


def told_to_reporters(people: People, lines: Iterable[Reminder]) -> dict[User, list[Reminder]]:
    """Each line to the people who may fill in for its reporter."""
    holders = by_organisation(people.holders(Right.FOLLOW_ACTION))
    lines_by_user: dict[User, dict[tuple[int, int], Reminder]] = defaultdict(dict)
    for line in lines:
        for holder in holders.get(line.owed.reporter.organisation.pk, ()):
            if holder.may(line.owed.action):
                lines_by_user[holder.membership.user][line.key] = line
    return {user: list(by_key.values()) for user, by_key in lines_by_user.items()}


def told_to_pilots(
    people: People, lines: Sequence[Reminder], mine: Mapping[User, Iterable[Reminder]]
) -> dict[User, list[Reminder]]:
    """Each line to whoever may change the dispositif, except what they are asked to fill in themselves."""
    keyed = {line.key: line for line in lines}
    # Colleagues have the same territory: what is late there is looked for once.
    inside: dict[tuple[Territory, ...], set[tuple[int, int]]] = {}
    seen: dict[User, set[tuple[int, int]]] = defaultdict(set)
    for holder in people.holders(Right.EDIT_ACTION):
        if holder.territories not in inside:
            here = {key for key, line in keyed.items() if holder.may(line.owed.action)}
            inside[holder.territories] = here
        seen[holder.membership.user] |= inside[holder.territories]
    left = {user: keys - {line.key for line in mine.get(user, ())} for user, keys in seen.items()}
    return {user: [line for key, line in keyed.items() if key in keys] for user, keys in left.items() if keys}


def people_to_ask(owed: ReporterDue) -> list[User]:
    """Who may fill in for the reporter."""
    locate([owed.action])
    holders = by_organisation(People(owed.day).holders(Right.FOLLOW_ACTION))
    here = holders.get(owed.reporter.organisation.pk, ())
    return list(dict.fromkeys(holder.membership.user for holder in here if holder.may(owed.action)))


# --- spending --------------------------------------------------------------------------------------------------


def told_of_spending(people: People, today: dt.date, days: Iterable[dt.date]) -> dict[User, Spending]:
    """On some days of January and February: the people of the pilots who write the funding.

    The correspondents of the territory when no pilot has such an account.
    """
    year = spending_asked(today)
    if year is None or not any((day.month, day.day) in SPENDING_DAYS for day in days):
        return {}
    # Closed ones too: their last year is asked after they end.
    actions = list(Action.objects.declared().filter(pk__in=without_executed(year)).order_by("name", "pk"))
    locate(actions)
    holders = people.holders(Right.WRITE_FUNDING, Right.READ_FUNDING)
    at_pilots = by_organisation(holders)
    correspondents = [holder for holder in holders if holder.membership.role == Role.CORRESPONDENT]
    actions_by_user: dict[User, list[Action]] = defaultdict(list)
    for action in actions:
        pilots = [holder for pilot in pilots_of(action) for holder in at_pilots.get(pilot, ())]
        informed = [pilot for pilot in pilots if pilot.may(action)] or [
            correspondent for correspondent in correspondents if correspondent.may(action)
        ]
        for user in {holder.membership.user for holder in informed}:
            actions_by_user[user].append(action)
    return {user: Spending(year, asked) for user, asked in actions_by_user.items()}


def pilots_of(action: Action) -> list[int]:
    return sorted(organisation for organisation, role in action.parts if role == ParticipationRole.PILOT)

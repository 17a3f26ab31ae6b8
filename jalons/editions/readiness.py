"""What is still to be told before the end of a half-year: how far a territory is, and who is asked for what."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import Organisation, User
from jalons.accounts.permissions import has
from jalons.actions.enums import ParticipationRole
from jalons.actions.figures import running
from jalons.actions.models import ActionSite
from jalons.actions.selectors.dues import FILLING, parts_of
from jalons.actions.selectors.reminders import People, ReminderHolder, by_organisation
from jalons.core.values import fold
from jalons.editions.enums import ReportRhythm
from jalons.editions.making.contributions import SilentAction, silent_actions
from jalons.editions.making.places import SiteLine, site_lines
from jalons.editions.models import ContributionNudge
from jalons.editions.periods import ReportPeriod, period_of
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import AsOf


@dataclass(frozen=True, slots=True)
class HalfYearReadiness:
    """`sites` without a count since its first day, `actions` without a report; of how many."""

    period: ReportPeriod
    at: AsOf
    sites: Sequence[SiteLine]
    actions: Sequence[SilentAction]
    sites_expected: int
    actions_expected: int

    @property
    def expected(self) -> int:
        return self.sites_expected + self.actions_expected

    @property
    def filled(self) -> int:
        return self.expected - len(self.sites) - len(self.actions)

    @property
    def percent(self) -> int | None:
        """Never 100 while something is missing; None when nothing is expected."""
        return 100 * self.filled // self.expected if self.expected else None


def offered_half_years(today: dt.date) -> list[ReportPeriod]:
    """The one that goes on, and the one before it, of which what is late may still be told."""
    current = period_of(ReportRhythm.HALF_YEAR, today)
    return [current, current.before]


def readiness(asked: FigureQuestion, period: ReportPeriod | None = None) -> HalfYearReadiness:
    """Of a half-year, by its last day; of the one that goes on at the date asked for. Ten queries."""
    period = period or period_of(ReportRhythm.HALF_YEAR, asked.at.day)
    at = replace(asked.at, valid=min(asked.at.day, period.last))
    question = FigureQuestion(asked.user, at, asked.area, period.first)
    lines = site_lines(question)
    actions = has(asked.user, Right.READ_ACTIONS)
    return HalfYearReadiness(
        period=period,
        at=at,
        sites=[line for line in lines if line.counted_on is None or line.counted_on < period.first],
        actions=silent_actions(question) if actions else [],
        sites_expected=len(lines),
        actions_expected=running(question).order_by().count() if actions else 0,
    )


# Who is asked for what -----------------------------------------------------------------------------------


@dataclass
class Contributor:
    """A structure and what it owes. `people`: who may write it, in its accounts. `nudged_on`: the last nudge."""

    organisation: Organisation
    sites: list[SiteLine] = field(default_factory=list)
    actions: list[SilentAction] = field(default_factory=list)
    people: set[User] = field(default_factory=set)
    nudged_on: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Contributors:
    """`nobody`: the sites that no account may count."""

    asked: Sequence[Contributor]
    nobody: Sequence[SiteLine]


def contributors(state: HalfYearReadiness, people: People) -> Contributors:
    """A dispositif is asked of its operators, else of its pilots; a site of the operators who cover it and may count
    there, else of the correspondents of its département. Five queries beside the people.
    """
    by_pk: dict[int, Contributor] = {}
    parts = parts_of([action.pk for action in state.actions], state.at, role__in=FILLING)
    followers = by_organisation(people.holders(Right.FOLLOW_ACTION))
    for action in state.actions:
        filling = parts.get(action.pk, [])
        operators = [part for part in filling if part.role == ParticipationRole.OPERATOR] or filling
        for organisation in dict.fromkeys(part.participant for part in operators):
            owed = by_pk.setdefault(organisation.pk, Contributor(organisation))
            owed.actions.append(action)
            owed.people |= {holder.membership.user for holder in followers.get(organisation.pk, ())}
    counting, nobody = people.holders(Right.UPDATE_SITE), []
    operators_there = operators_by_site(state)
    for site in state.sites:
        here = [holder for holder in counting if holder.territories[0].covers(site.commune)]
        there = operators_there.get(site.pk, frozenset())
        asked = [holder for holder in here if holder.membership.organisation_id in there] or [
            holder for holder in here if holder.membership.role == Role.CORRESPONDENT
        ]
        for organisation, holders in holders_by_organisation(asked).items():
            owed = by_pk.setdefault(organisation.pk, Contributor(organisation))
            owed.sites.append(site)
            owed.people |= {holder.membership.user for holder in holders}
        if not asked:
            nobody.append(site)
    nudges = ContributionNudge.objects.filter(organisation__in=list(by_pk), first_day=state.period.first)
    for nudge in nudges.order_by("sent_at"):
        by_pk[nudge.organisation_id].nudged_on = nudge.sent_at
    ordered = sorted(by_pk.values(), key=lambda owed: (fold(str(owed.organisation)), owed.organisation.pk))
    return Contributors(ordered, nobody)


def holders_by_organisation(
    holders: Iterable[ReminderHolder],
) -> Mapping[Organisation, Sequence[ReminderHolder]]:
    grouped: dict[Organisation, list[ReminderHolder]] = defaultdict(list)
    for holder in holders:
        grouped[holder.membership.organisation].append(holder)
    return grouped


def operators_by_site(state: HalfYearReadiness) -> Mapping[int, frozenset[int]]:
    """The operators of the dispositifs that cover each site: two queries."""
    links = ActionSite.objects.going_on(state.at).filter(site__in=[site.pk for site in state.sites])
    pairs = list(links.order_by().values_list("site_id", "action_id"))
    parts = parts_of({action for _, action in pairs}, state.at, role=ParticipationRole.OPERATOR)
    operators: dict[int, set[int]] = defaultdict(set)
    for site, action in pairs:
        operators[site] |= {part.participant_id for part in parts.get(action, ())}
    return {site: frozenset(pks) for site, pks in operators.items()}

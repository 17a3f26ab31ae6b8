"""« Relancer »: a structure is asked for what it owes to a half-year, once a week at most, by somebody or by the clock.

What lies in a territory whose half-year is closed is not asked any more.
"""

import datetime as dt

from django.db import transaction

from jalons.accounts.enums import Right
from jalons.accounts.permissions import EVERYWHERE
from jalons.actions.selectors.reminders import OPENS, People
from jalons.core.clock import paris_now
from jalons.core.values import format_number, plural
from jalons.editions.closings import closed_areas
from jalons.editions.making.readers import ReaderOfThen, frozen
from jalons.editions.models import ContributionNudge, ContributionRound
from jalons.editions.notifications import ask_contribution
from jalons.editions.periods import ReportPeriod
from jalons.editions.readiness import Contributor, contributors, readiness
from jalons.figures.areas import NATION
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import AsOf
from jalons.history.services import Actor

REMINDING = (6, 12)  # the months that end a half-year
READS = (Right.READ_SITES, Right.READ_ACTIONS)


def week_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


@transaction.atomic
def nudge(
    *, contributor: Contributor, period: ReportPeriod, today: dt.date, by: Actor | None = None
) -> tuple[ContributionNudge, int | None]:
    """The nudge of the week, and how many e-mails were written: None when it was done already."""
    noted, is_new = ContributionNudge.objects.get_or_create(
        organisation=contributor.organisation,
        first_day=period.first,
        week=week_of(today),
        defaults={"author": by.user if by else None},
    )
    if not is_new:
        return noted, None
    people = sorted(contributor.people, key=lambda user: user.pk)
    mails = [
        ask_contribution(contributor, user=user, period=period, week=week_of(today), by=by) for user in people
    ]
    return noted, sum(mail is not None for mail in mails)


def remind_now() -> str:
    """The periodic job: from the first Monday of June and of December, each week until the half-year is over."""
    now = paris_now()
    if now.month not in REMINDING or now.hour < OPENS:
        return "Rien à rappeler du semestre à cette heure."
    sent = remind(now.date())
    if sent is None:
        return "Déjà fait cette semaine."
    return f"{format_number(sent)} {plural(sent, 'rappel', 'rappels')} du semestre."


@transaction.atomic
def remind(today: dt.date) -> int | None:
    """How many e-mails; None when this week is done."""
    if not ContributionRound.objects.get_or_create(week=week_of(today))[1]:
        return None
    everything = ReaderOfThen({right.value: frozen(EVERYWHERE) for right in READS})
    state = readiness(FigureQuestion(everything, AsOf(today), NATION))
    closed = closed_areas(state.period)
    if any(area.level == NATION.level for area in closed):
        return 0
    codes = frozenset(code for area in closed for code in area.within)
    sent = 0
    for contributor in contributors(state, People(today)).asked:
        contributor.sites = [site for site in contributor.sites if site.departement not in codes]
        contributor.actions = [action for action in contributor.actions if action.departement not in codes]
        if contributor.sites or contributor.actions:
            sent += nudge(contributor=contributor, period=state.period, today=today)[1] or 0
    return sent

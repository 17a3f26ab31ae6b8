"""What a dispositif costs year after year, and who works in its team."""

import datetime as dt
from decimal import Decimal
from typing import Any

from jalons.actions.enums import ActionTheme, FundingType, Job
from jalons.actions.models import FundingLine, StaffLine
from jalons.demonstration.action_stories import ActionTeller
from jalons.demonstration.chance import data

# Whose money it is, by the key of who gives it.
KINDS = {
    "ddets": FundingType.DEDICATED,
    "cd": FundingType.DEPARTEMENT,
    "mel": FundingType.LOCAL,
    "ars": FundingType.STATE,
    "foundation": FundingType.PRIVATE,
}
JOBS = {
    ActionTheme.HEALTH: Job.MEDIATOR,
    ActionTheme.SCHOOL: Job.MEDIATOR,
    ActionTheme.WORK: Job.WORK_ADVISER,
    ActionTheme.SAFETY: Job.UPKEEP,
}
YEARS = 3


def fund(tell: ActionTeller) -> None:
    """Planned in January, committed in spring, executed in the winter after: each one corrects the line before."""
    plan, today = tell.plan, tell.calendar.today
    start = tell.day(plan.started)
    last = min(today.year, tell.end.year) if tell.end else max(today.year, start.year)
    givers = [f"ddets_{plan.departement}", *plan.funders]
    if plan.varied and tell.chance.happens(0.15):
        givers.append("")  # European funds, which no structure of the demonstration gives
    usual = {
        key: 500 * plan.families * tell.chance.uniform(3, 9) / (place + 1) for place, key in enumerate(givers)
    }
    for year in range(max(start.year, last - YEARS + 1), last + 1):
        # What the State did not spend is not told on the most of last year's lines.
        with_executed = year < today.year - 1 or tell.chance.happens(0.4)
        for key in givers:
            kind = KINDS[key.partition("_")[0]] if key else FundingType.EUROPEAN
            amount = 500 * max(1, round(usual[key] * tell.chance.uniform(0.9, 1.1) / 500))
            spend(tell, year, key, kind, amount, with_executed=with_executed)


def spend(tell: ActionTeller, year: int, key: str, kind: str, amount: int, *, with_executed: bool) -> None:
    chance, today = tell.chance, tell.calendar.today
    start = max(dt.date(year, 1, 15), tell.day(tell.plan.started))
    line: Any = FundingLine(
        action=tell.story.action,
        valid_on=start,
        year=year,
        kind=kind,
        funder=tell.cast.organisations[key] if key else None,
        note=chance.choice(data("action_words")["funding_notes"]),
        planned=amount,
    )
    tell.say(line, tell.pilot, tell.moment(start, chance.randint(0, 9)))
    if (spring := max(dt.date(year, 5, 10), start + dt.timedelta(days=30))) < today:
        committed = round(amount * chance.choice((1, 1, 1, 0.9, 0.8)))
        line = tell.say_again(line, tell.pilot, tell.moment(spring), "", committed=committed)
        if with_executed and (winter := dt.date(year + 1, 2, 3)) < today:
            missing = chance.happens(0.06)
            spent = {
                "executed": None if missing else round(committed * chance.uniform(0.82, 1)),
                "blanks": {"executed": "nd"} if missing else {},
            }
            tell.say_again(line, tell.pilot, tell.moment(winter, evening=True), "", **spent)


def staff(tell: ActionTeller) -> None:
    """The team of each operator at its start, and another one nine months later."""
    plan = tell.plan
    for filler in plan.operators:
        by = tell.cast.actors[filler.key]
        start = plan.started if filler.since is None else filler.since
        for ago in (start, start - 270):
            if ago > max(1, filler.until or 0, plan.closed_for_good or 0):
                for job, fte in team(tell):
                    line = StaffLine(
                        action=tell.story.action,
                        reporter=by.organisation,
                        valid_on=tell.day(ago),
                        job=job,
                        fte=fte,
                        occasional=fte is None,
                    )
                    tell.say(line, by, tell.moment(tell.day(ago), 3))


def team(tell: ActionTeller) -> list[tuple[str, Decimal | None]]:
    """Jobs and full-time equivalents; an interpreter comes now and then."""
    chance, plan = tell.chance, tell.plan
    jobs: dict[str, Decimal | None] = {Job.SOCIAL_WORKER: Decimal(max(1, plan.families // 10))}
    jobs[Job.HEAD] = Decimal(chance.choice(("0.25", "0.5", "1")))
    jobs |= {JOBS[ActionTheme(theme)]: Decimal("0.5") for theme in plan.themes if theme in JOBS}
    if chance.happens(0.5):
        jobs[Job.INTERPRETER] = None
    if chance.happens(0.3):
        jobs[Job.CIVIC_SERVICE] = Decimal(2)
    return list(jobs.items())

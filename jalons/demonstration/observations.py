"""What is observed on a site over time: counts, living conditions, events, procedures, owner."""

import datetime as dt
from typing import Any

from jalons.demonstration.figures import answers_for, first_states, moved_states, said_by
from jalons.demonstration.plans import Plan
from jalons.demonstration.sites import Teller
from jalons.history.services import Actor
from jalons.sites.enums import (
    ClosingReason,
    Condition,
    DiagnosisStatus,
    EventKind,
    OwnerKind,
    ProcedureKind,
    ProcedureStatus,
    Reliability,
    SourceKind,
    Theme,
)
from jalons.sites.models import LivingConditions, Ownership, Procedure, SiteEvent, SocialDiagnosis, Survey
from jalons.sites.services import condition_columns

# Of ten counts, how many come from whom.
SOURCES = {
    SourceKind.OPERATOR: 0.62,
    SourceKind.POLICE: 0.19,
    SourceKind.MUNICIPALITY: 0.13,
    SourceKind.ESTIMATE: 0.06,
}
# (event, what is said of it, mean number a year)
EVENTS = (
    (EventKind.VISIT, "visits", 1.1),
    (EventKind.REPORT, "reports", 0.3),
    (EventKind.FIRE, "fires", 0.12),
    (EventKind.INCIDENT, "incidents", 0.2),
    (EventKind.WORKS, "works", 0.15),
)
# Steps of justice: (step, where it stands, days after the complaint). A planned evacuation closes some paths.
PATH = (
    ("complaint", ProcedureKind.COMPLAINT, ProcedureStatus.REQUESTED, 0),
    ("judicial", ProcedureKind.JUDICIAL, ProcedureStatus.REQUESTED, 32),
    ("decision", ProcedureKind.DECISION, ProcedureStatus.GRANTED, 80),
    ("bailiff", ProcedureKind.BAILIFF, ProcedureStatus.REQUESTED, 104),
    ("cfp_requested", ProcedureKind.CFP, ProcedureStatus.REQUESTED, 125),
)
LENGTHS = {"": 0, "insalubrity": 0, "complaint": 1, "judicial": 2, "decision": 3, "cfp_requested": 5}


def surveys(tell: Teller) -> None:
    """Every source counts at its own pace, from the declaration to the last visit."""
    plan = tell.plan
    if plan.freshness == "never":
        survey = Survey(
            site=tell.story.site,
            valid_on=tell.day(plan.known),
            source_kind=SourceKind.STATE,
            source=tell.state.organisation,
            reliability=Reliability.ESTIMATED,
            blanks={"people": "nd"},
            note="Signalé, pas encore visité.",
        )
        tell.say(survey, tell.state)
        return
    for source, share in SOURCES.items():
        number = max(1 if source == SourceKind.OPERATOR else 0, round(plan.surveys * share))
        by, organisation = who_says(tell, source)
        days = spread(tell, number)
        if source == SourceKind.OPERATOR:
            days[0] = plan.known  # a site is declared with a first count
        before: Survey | None = None
        for ago in days:
            before = survey_of(tell, source, tell.day(ago), by, organisation, before)


def who_says(tell: Teller, source: SourceKind) -> tuple[Actor, Any]:
    """Who enters what a source says, and the structure that said it."""
    commune = tell.plan.commune
    if source == SourceKind.OPERATOR:
        return tell.operator, tell.operator.organisation
    if source == SourceKind.POLICE:
        return tell.state, tell.cast.gendarmerie(commune)
    if source == SourceKind.MUNICIPALITY:
        town = tell.cast.town(commune)
        return (town, town.organisation) if town else (tell.state, None)
    return tell.state, None


def spread(tell: Teller, number: int) -> list[int]:
    """Days before today of `number` visits, about evenly spaced, oldest first, never twice the same."""
    plan = tell.plan
    step = plan.followed / max(number, 1)
    days = (plan.silent + step * (rank + tell.chance.uniform(0, 0.4)) for rank in range(number))
    return sorted({min(plan.known, round(ago)) for ago in days}, reverse=True)


def survey_of(
    tell: Teller, source: SourceKind, day: dt.date, by: Actor, organisation: Any, before: Survey | None
) -> Survey:
    chance = tell.chance
    place: dict[str, Any] = {
        "site": tell.story.site,
        "valid_on": day,
        "source_kind": source,
        "source": organisation,
    }
    if before is not None and source == SourceKind.OPERATOR and chance.happens(0.08):
        # « Rien n’a changé »: the counts are said again, but nobody counted.
        counts = {name: getattr(before, name) for name in Survey.COUNTS}
        columns = {**counts, "blanks": before.blanks, "reliability": Reliability.DECLARED, "unchanged": True}
        visit = SiteEvent(
            site=tell.story.site, valid_on=day, kind=EventKind.VISIT, description="Rien n’a changé."
        )
        tell.say(visit, by, 0)
    else:
        columns = said_by(source, chance, tell.crowd, tell.plan.kind, day)
        if source == SourceKind.OPERATOR and chance.happens(0.2):
            columns["note"] = chance.choice(tell.words["survey_notes"])
    survey = Survey(**place, **columns)
    tell.say(survey, by)
    return survey


def conditions(tell: Teller) -> None:
    """An assessment every six months or so; a theme or two move each time."""
    plan, chance = tell.plan, tell.chance
    if plan.freshness == "never":
        return
    states = first_states(chance)
    for ago in spread(tell, 1 + plan.followed // 200):
        if "water_bad" in plan.special:
            states[Theme.WATER] = Condition.BAD
        note = chance.choice(tell.words["condition_notes"])
        columns = condition_columns(answers_for(chance, states))
        fact = LivingConditions(site=tell.story.site, valid_on=tell.day(ago), note=note, **columns)
        tell.say(fact, tell.operator)
        states = moved_states(chance, states)


def events(tell: Teller) -> None:
    plan, chance, words = tell.plan, tell.chance, tell.words
    installation = SiteEvent(kind=EventKind.INSTALLATION, description=chance.choice(words["reports"]))
    happened = [(plan.known, installation)]
    for kind, key, yearly in EVENTS:
        number = int(chance.expovariate(1 / (yearly * plan.followed / 365 + 0.01)) + 0.5)
        happened += [
            (ago, SiteEvent(kind=kind, description=chance.choice(words[key])))
            for ago in spread(tell, min(number, 5))
        ]
    if plan.closed and plan.reason in (ClosingReason.COURT, ClosingReason.PREFECTURE, ClosingReason.COMMUNE):
        evacuation = SiteEvent(kind=EventKind.EVACUATION, description=chance.choice(words["evacuations"]))
        happened.append((plan.closed, evacuation))
    for ago, event in happened:
        event.site, event.valid_on = tell.story.site, tell.day(ago)
        tell.say(event, tell.operator if event.kind != EventKind.REPORT else tell.state)


def diagnosis(tell: Teller) -> None:
    """Planned, then sometimes done."""
    plan, chance = tell.plan, tell.chance
    if "no_diagnosis" in plan.special or plan.freshness == "never" or not chance.happens(0.65):
        return
    site, led_by = tell.story.site, str(tell.operator.organisation)
    first = tell.day(chance.randint(plan.silent + plan.followed // 3, plan.known))
    status = chance.weighted(
        {DiagnosisStatus.SCHEDULED: 7, DiagnosisStatus.NONE: 3, DiagnosisStatus.UNKNOWN: 1}
    )
    tell.say(SocialDiagnosis(site=site, valid_on=first, status=status, led_by=""), tell.state)
    if status == DiagnosisStatus.SCHEDULED and chance.happens(0.7):
        done = tell.day(
            chance.randint(plan.silent, max(plan.silent, (tell.calendar.today - first).days - 15))
        )
        fact = SocialDiagnosis(site=site, valid_on=done, status=DiagnosisStatus.DONE, led_by=led_by)
        tell.say(fact, tell.operator)


def ownership(tell: Teller) -> None:
    chance, plan = tell.chance, tell.plan
    if not chance.happens(0.8):
        return
    kind = chance.weighted(
        {OwnerKind.PUBLIC: 5, OwnerKind.PRIVATE: 4, OwnerKind.MIXED: 1, OwnerKind.UNKNOWN: 1}
    )
    name = chance.choice(tell.words["owners"][kind.value])
    day = tell.day(plan.known)
    tell.say(
        Ownership(site=tell.story.site, valid_on=day, kind=kind, name=name), tell.state, chance.randint(2, 60)
    )


def procedures(tell: Teller) -> None:
    """As many steps as the plan says, the last one recent enough to be still going on."""
    plan = tell.plan
    length = LENGTHS.get(plan.procedure, len(PATH))
    steps = [step for step in PATH[:length] if step[3] < plan.known - 10]
    start = (
        plan.known
        if plan.closed
        else min(plan.known, (steps[-1][3] if steps else 0) + tell.chance.randint(15, 90))
    )
    for _, kind, status, after in steps:
        if start - after > (plan.closed or 1):
            say_step(tell, start - after, kind, status)
    if plan.procedure == "insalubrity":
        say_step(tell, min(plan.known, 150), ProcedureKind.INSALUBRITY, ProcedureStatus.GRANTED)
    decided(tell, plan)


def decided(tell: Teller, plan: Plan) -> None:
    """How the path ends: help of the police refused or granted, an evacuation with its date."""
    cfp, evacuation = ProcedureKind.CFP, ProcedureKind.EVACUATION
    granted, requested = ProcedureStatus.GRANTED, ProcedureStatus.REQUESTED
    ago = min(14, plan.known)
    if plan.procedure == "cfp_refused":
        say_step(tell, ago, cfp, ProcedureStatus.REFUSED)
    elif plan.procedure == "cfp_granted":
        say_step(tell, ago, cfp, granted, evacuation_on=tell.day(-tell.chance.randint(25, 150)))
    elif plan.procedure == "evacuation_soon":
        say_step(tell, ago, cfp, granted)
        say_step(tell, ago - 5, evacuation, requested, evacuation_on=tell.day(-21))
    elif plan.procedure == "evacuated" and plan.closed is not None:
        order = ProcedureKind.ORDER if plan.reason == ClosingReason.PREFECTURE else evacuation
        say_step(tell, plan.closed + 30, order, granted, evacuation_on=tell.day(plan.closed))


def say_step(tell: Teller, ago: int, kind: ProcedureKind, status: ProcedureStatus, **details: Any) -> None:
    departement = tell.plan.commune["departement"]
    judges = (ProcedureKind.JUDICIAL, ProcedureKind.DECISION)
    body = tell.words["courts"][departement] if kind in judges else ""
    if kind in (ProcedureKind.CFP, ProcedureKind.ORDER, ProcedureKind.INSALUBRITY):
        body = tell.cast.organisations[f"prefecture_{departement}"].name
    fact = Procedure(
        site=tell.story.site, valid_on=tell.day(ago), kind=kind, status=status, body=body, **details
    )
    tell.say(fact, tell.state)

"""What makes a site worth showing: jumps, disagreements, corrections, mistakes, duplicates, resettlements."""

import datetime as dt
from collections.abc import Callable, Sequence

from jalons.core.values import fold
from jalons.demonstration.plans import Plan
from jalons.demonstration.sites import Teller
from jalons.demonstration.writing import Story, first_version, signed
from jalons.sites.enums import ClosingReason, Reliability, SourceKind
from jalons.sites.models import Occupation, Resettlement, SiteAlias, Survey
from jalons.sites.services import MOVED_FACTS, search_text_of

RESETTLED_WITHIN = 45  # days
# Counts of one survey, multiplied together when the crowd is said otherwise.
MULTIPLIED = tuple(name for name in Survey.COUNTS if name != "people")


def counted_by(tell: Teller, source: SourceKind = SourceKind.OPERATOR) -> list[Survey]:
    return [survey for survey in tell.story.of(Survey) if survey.source_kind == source]


def multiply(survey: Survey, people: int) -> None:
    """Bring a survey to `people`, its parts in proportion."""
    share = people / (survey.people or people)
    survey.people = people
    for name in MULTIPLIED:
        number = getattr(survey, name)
        if number is not None:
            setattr(survey, name, int(number * share))


def jump(tell: Teller) -> None:
    """The last count is 42 % above the one before, whoever counted."""
    ranked = sorted(
        tell.story.of(Survey), key=lambda item: (item.valid_on, item.reliability, item.recorded_at)
    )
    last = ranked[-1]
    earlier = [survey for survey in ranked if survey.valid_on < last.valid_on]
    if not earlier:
        return
    before = earlier[-1]
    last.source_kind, last.source, last.reliability = (
        SourceKind.OPERATOR,
        tell.operator.organisation,
        Reliability.COUNTED,
    )
    last.unchanged = False
    multiply(before, 100)
    multiply(last, 142)


def disagreement(tell: Teller) -> None:
    """The gendarmerie sees a quarter less, five days before the last count."""
    last = counted_by(tell)[-1]
    seen = Survey(
        site=tell.story.site,
        valid_on=last.valid_on - dt.timedelta(days=5),
        source_kind=SourceKind.POLICE,
        source=tell.cast.gendarmerie(tell.plan.commune),
        reliability=Reliability.ESTIMATED,
        people=max(5, 5 * round((last.people or 0) * 0.15)),
        blanks={"minors": "nd"},
    )
    tell.say(seen, tell.state)


def set_aside(tell: Teller) -> None:
    surveys = counted_by(tell, SourceKind.POLICE)
    if not surveys:
        return
    survey = surveys[-1]
    multiply(survey, 45)
    reason = "autre périmètre : seul le côté canal a été compté"
    tell.say_again(survey, tell.state, tell.moment(survey.valid_on, 9, evening=True), reason, set_aside=True)


def withdrawn(tell: Teller) -> None:
    surveys = counted_by(tell)
    if len(surveys) < 2:
        return
    survey = surveys[-2]
    reason = "ce recensement concerne un autre site"
    tell.say_again(
        survey, tell.operator, tell.moment(survey.valid_on, 12, evening=True), reason, withdrawn=True
    )


def late_correction(tell: Teller) -> None:
    """A count is said again four to six months later: what was known then stays readable."""
    surveys = counted_by(tell)
    old = [survey for survey in surveys if (tell.calendar.today - survey.valid_on).days > 200]
    if not old:
        return
    survey = tell.chance.choice(old)
    at = tell.moment(survey.valid_on, tell.chance.randint(120, 190), evening=True)
    reason = tell.chance.choice(tell.words["correction_reasons"])
    again = tell.say_again(survey, tell.operator, at, reason, unchanged=False)
    multiply(again, round((again.people or 0) * tell.chance.uniform(1.15, 1.6)))


def mistaken_closing(tell: Teller) -> None:
    day = tell.day(60)
    closed = tell.close(day, ClosingReason.VOLUNTARY, "")
    tell.orient(closed, tell.crowd.on(day))
    at = tell.moment(day, 12, evening=True)
    reason = tell.words["late_reasons"][0]
    tell.say_again(closed, tell.state, at, reason, ended_on=None, closing_reason="", closing_note="")


TURNS: dict[str, Callable[[Teller], None]] = {
    "jump": jump,
    "disagreement": disagreement,
    "set_aside": set_aside,
    "withdrawn": withdrawn,
    "late_correction": late_correction,
    "mistaken_closing": mistaken_closing,
}


def take_turns(tell: Teller) -> None:
    """The turns that the plan asks for; elsewhere, a late correction now and then."""
    for name in sorted(tell.plan.special & TURNS.keys()):
        TURNS[name](tell)
    if not tell.plan.special and tell.chance.happens(0.1):
        late_correction(tell)


def merge(tell: Teller, story: Story, duplicate: Story) -> None:
    """Merge a duplicate a month ago, as `sites.services.merge_sites` would have."""
    by, at = tell.state, tell.moment(tell.day(30), 0, evening=True)
    reason = "même terrain, déclaré par deux équipes"
    why = f"fusion avec « {duplicate.site.name} » : {reason}"
    (leaving,) = duplicate.of(Occupation)
    tell.story = duplicate
    for fact in [
        fact for fact in duplicate.facts if type(fact) in MOVED_FACTS and fact.superseded_at is None
    ]:
        tell.say_again(fact, by, at, why, site=story.site)
    merged = f"fusionné dans « {story.site.name} » : {reason}"
    tell.say_again(leaving, by, at, merged, withdrawn=True)
    known = {alias.name_folded for alias in story.aliases} | {fold(story.site.name)}
    for name in (duplicate.site.name, *(alias.name for alias in duplicate.aliases)):
        if fold(name) not in known:
            known.add(fold(name))
            alias = SiteAlias(site=story.site, name=name, name_folded=fold(name))
            story.aliases.append(signed(alias, by, at))
    site = duplicate.site
    duplicate.before = duplicate.before or first_version(site)
    site.merged_into, site.search_text = story.site, search_text_of(site)
    signed(site, by, at, version=2, reason=merged)


def resettle(tell: Teller, stories: Sequence[tuple[Plan, Story]]) -> None:
    """People of the sites that closed are found on those that opened soon after in the same département."""
    closed = [(plan, story) for plan, story in stories if plan.closed]
    for plan, story in stories:
        if plan.resettled_from is not None:
            origins = [stories[plan.resettled_from]] if plan.resettled_from < len(stories) else []
        else:
            origins = (
                [pair for pair in closed if follows(pair[0], plan)][:1] if tell.chance.happens(0.6) else []
            )
        for origin_plan, origin in origins:
            tell.plan, tell.story = plan, story
            people = max(3, round(min(origin_plan.people, plan.people) * tell.chance.uniform(0.3, 0.8)))
            known = tell.chance.happens(0.7)
            numbers = (
                {"people": people, "households": max(1, people // 4), "blanks": {}}
                if known
                else {"blanks": {"people": "nd", "households": "nd"}}
            )
            link = Resettlement(
                origin=origin.site, site=story.site, valid_on=tell.day(plan.opened), **numbers
            )
            tell.say(link, tell.state, tell.chance.randint(1, 30))


def follows(closed: Plan, opened: Plan) -> bool:
    delay = (closed.closed or 0) - opened.opened
    same = closed.commune["departement"] == opened.commune["departement"]
    return same and 0 <= delay <= RESETTLED_WITHIN and "merged_into_previous" not in opened.special

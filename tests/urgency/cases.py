"""Facts that make each rule hold, that do not, and that stand at its limit. Days are counted back from today."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jalons.actions.enums import Block, Difficulty
from jalons.actions.models import Action, FollowUp
from jalons.core import clock
from jalons.core.values import Value
from jalons.history.services import correct, enter
from jalons.sites.enums import (
    Condition,
    DiagnosisStatus,
    EventKind,
    ProcedureKind,
    ProcedureStatus,
    SourceKind,
    StepKind,
    StepState,
    TriState,
)
from jalons.sites.models import Site
from jalons.urgency.enums import WeatherKind
from jalons.urgency.models import WeatherAlert
from tests import factories


def ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def survey(days: int, people: int = 20, **values: Any) -> Callable[[Site], Any]:
    return lambda site: factories.make_survey(site, ago(days), people, **values)


def conditions(**states: Any) -> Callable[[Site], Any]:
    return lambda site: factories.make_conditions(site, ago(1), **states)


def fire_answer(answer: str, state: int) -> Callable[[Site], Any]:
    return conditions(answers={"fire": {"diagnostic": answer}}, fire=state)


def procedure(days: int, kind: str, **values: Any) -> Callable[[Site], Any]:
    return lambda site: factories.make_procedure(site, ago(days), kind, **values)


def order(days: int, **values: Any) -> Callable[[Site], Any]:
    return procedure(days, ProcedureKind.INSALUBRITY, **values)


def decision(days: int, appeal: str = TriState.NO) -> Callable[[Site], Any]:
    return procedure(days, ProcedureKind.DECISION, appeal=appeal)


def force(days: int, status: str) -> Callable[[Site], Any]:
    return procedure(days, ProcedureKind.CFP, status=status)


def evacuation(days_to_come: int) -> Callable[[Site], Any]:
    return procedure(5, ProcedureKind.EVACUATION, evacuation_on=ago(-days_to_come))


def fire(days: int) -> Callable[[Site], Any]:
    return lambda site: factories.make_event(site, ago(days), EventKind.FIRE)


def diagnosis(status: str) -> Callable[[Site], Any]:
    return lambda site: factories.make_diagnosis(site, ago(1), status)


def action(days: int = 400, **values: Any) -> Callable[[Site], Action]:
    return lambda site: factories.make_action(sites=[site], starts_on=ago(days), **values)


def report(action: Action, days: int, *difficulties: str) -> FollowUp:
    by = factories.departement_author(action.departement_id)
    told = FollowUp(
        action=action,
        reporter=by.organisation,
        valid_on=ago(days),
        since=ago(days),
        blocks=[Block.SCHOOL.value],
        difficulties=list(difficulties),
    )
    return enter(fact=told, by=by)


def reported(*reports: tuple[int, str]) -> Callable[[Site], Any]:
    """A dispositif on the site, with reports on school: so many days ago, and a difficulty or nothing."""

    def make(site: Site) -> None:
        covering = action()(site)
        for days, difficulty in reports:
            report(covering, days, *filter(None, [difficulty]))

    return make


def spent(gap: int) -> Callable[[Site], Any]:
    """A dispositif of the whole year, of which the spending is `gap` points away from the time elapsed."""

    def make(site: Site) -> None:
        today = clock.today()
        covering = factories.make_action(sites=[site], starts_on=dt.date(today.year - 1, 1, 1))
        days = (dt.date(today.year, 12, 31) - dt.date(today.year, 1, 1)).days + 1
        share = round(100 * today.timetuple().tm_yday / days)
        # Whichever of the two sides exists on the day of the test.
        percent = share - gap if share >= gap else share + gap
        line = factories.make_funding(covering, today.year, 10_000)
        correct(fact=line, by=factories.departement_author("59"), reason="", executed=percent * 100)

    return make


def refused_amount(site: Site) -> None:
    covering = action()(site)
    year = clock.today().year
    line = factories.make_funding(covering, year, 10_000)
    blanks = {"executed": Value.nd().emptiness.value if Value.nd().emptiness else "nd"}
    correct(fact=line, by=factories.departement_author("59"), reason="", executed=None, blanks=blanks)


OTHER = {"source_kind": SourceKind.POLICE}
BAD, POOR, GOOD = Condition.BAD, Condition.TO_IMPROVE, Condition.GOOD
REFUSAL = Difficulty.REFUSAL.value
REQUESTED, GRANTED = ProcedureStatus.REQUESTED, ProcedureStatus.GRANTED


@dataclass(frozen=True)
class Case:
    rule: str
    what: str
    facts: tuple[Callable[[Site], Any], ...]
    holds: bool


def case(rule: str, what: str, *facts: Callable[[Site], Any], holds: bool) -> Case:
    return Case(rule, what, facts, holds)


CASES = [
    case("no_water", "bad", conditions(water=BAD), holds=True),
    case("no_water", "to improve", conditions(water=POOR), holds=False),
    case("no_water", "unknown", holds=False),
    case("no_toilets", "bad", conditions(sanitation=BAD), holds=True),
    case("no_toilets", "to improve", conditions(sanitation=POOR), holds=False),
    case("no_toilets", "good", conditions(sanitation=GOOD), holds=False),
    case("no_fire_diagnosis", "no", fire_answer("no", POOR), holds=True),
    case("no_fire_diagnosis", "yes, no measure", fire_answer("yes", BAD), holds=False),
    case("no_fire_diagnosis", "unknown", conditions(fire=BAD), holds=False),
    case("danger_order", "issued", order(40), holds=True),
    case("danger_order", "refused since", order(40), order(2, status=ProcedureStatus.REFUSED), holds=False),
    case("danger_order", "another order", procedure(2, ProcedureKind.ORDER), holds=False),
    case("recent_fire", "a month ago", fire(30), holds=True),
    case("recent_fire", "the last day", fire(365), holds=True),
    case("recent_fire", "a day too old", fire(366), holds=False),
    case("out_of_school", "some", survey(1, minors=10, minors_at_school=4), holds=True),
    case("out_of_school", "one", survey(1, minors=10, minors_at_school=9), holds=True),
    case("out_of_school", "none", survey(1, minors=10, minors_at_school=10), holds=False),
    case("out_of_school", "unknown", survey(1, minors=10), holds=False),
    case(
        "out_of_school",
        "all of school age",
        survey(1, minors=10, minors_3_6=2, minors_6_12=3, minors_12_16=1, minors_at_school=6),
        holds=False,
    ),
    case("school_refusal", "last report", reported((10, REFUSAL)), holds=True),
    case("school_refusal", "the last day", reported((182, REFUSAL)), holds=True),
    case("school_refusal", "a day too old", reported((183, REFUSAL)), holds=False),
    case("school_refusal", "over since", reported((20, REFUSAL), (5, "")), holds=False),
    case("school_refusal", "another difficulty", reported((10, Difficulty.CANTEEN.value)), holds=False),
    case("growth", "up", survey(90, 20), survey(1, 40), holds=True),
    case("growth", "down, at the limit", survey(90, 100), survey(1, 70), holds=True),
    case("growth", "under the limit", survey(90, 100), survey(1, 129), holds=False),
    case("growth", "two sources", survey(90, 20, **OTHER), survey(1, 40), holds=False),
    case("growth", "from nobody", survey(90, 0), survey(1, 40), holds=False),
    case("growth", "long ago", survey(400, 20), survey(183, 40), holds=False),
    case("survey_due", "between the two", survey(120), holds=True),
    case("survey_due", "the last good day", survey(91), holds=False),
    case("survey_due", "the first late day", survey(92), holds=True),
    case("survey_due", "beyond the second", survey(183), holds=False),
    case("survey_stale", "old", survey(200), holds=True),
    case("survey_stale", "the last day", survey(182), holds=False),
    case("survey_stale", "never", holds=True),
    case("survey_stale", "set aside", survey(2, set_aside=True), holds=True),
    case("evacuation", "soon", evacuation(10), holds=True),
    case("evacuation", "the first day", evacuation(60), holds=True),
    case("evacuation", "later", evacuation(61), holds=False),
    case("evacuation", "past and still there", evacuation(-3), holds=True),
    case("evacuation", "with a diagnosis", evacuation(10), diagnosis(DiagnosisStatus.DONE), holds=False),
    case("evacuation", "diagnosis planned", evacuation(10), diagnosis(DiagnosisStatus.SCHEDULED), holds=True),
    case("evacuation_planned", "with a diagnosis", evacuation(10), diagnosis("done"), holds=True),
    case("evacuation_planned", "without, near: the other rule", evacuation(60), holds=False),
    case("evacuation_planned", "without, further", evacuation(61), holds=True),
    case("evacuation_planned", "the first day", evacuation(90), holds=True),
    case("evacuation_planned", "later", evacuation(91), holds=False),
    case("bad_conditions", "waste", conditions(waste=BAD), holds=True),
    case("bad_conditions", "to improve", conditions(waste=POOR, pests=POOR), holds=False),
    case("bad_conditions", "water alone", conditions(water=BAD), holds=False),
    case("appeal", "yesterday", decision(1), holds=True),
    case("appeal", "the last day", decision(30), holds=True),
    case("appeal", "too late", decision(31), holds=False),
    case("appeal", "already", decision(1, TriState.YES), holds=False),
    case("public_force", "granted", force(300, GRANTED), holds=True),
    case("public_force", "just asked", force(30, REQUESTED), holds=False),
    case("public_force", "a month left", force(31, REQUESTED), holds=True),
    case("public_force", "answered by silence", force(62, REQUESTED), holds=False),
    case("public_force", "refused", force(40, REQUESTED), force(1, ProcedureStatus.REFUSED), holds=False),
    case("no_action", "none", holds=True),
    case("no_action", "one", action(), holds=False),
    case("no_action", "ended", action(ended_on=ago(0)), holds=True),
    case("no_action", "ends tomorrow", action(planned_end=ago(-1)), holds=False),
    case("quiet_action", "never told", action(), holds=True),
    case("quiet_action", "the last day", action(182), holds=False),
    case("quiet_action", "a day more", action(183), holds=True),
    case("quiet_action", "told", reported((3, "")), holds=False),
    case("spending", "far", spent(40), holds=True),
    case("spending", "at the limit", spent(20), holds=True),
    case("spending", "near", spent(19), holds=False),
    case("spending", "ND", refused_amount, holds=False),
    case("contradiction", "two sources", survey(10, 40, **OTHER), survey(1, 20), holds=True),
    case("contradiction", "at the limit", survey(10, 22, **OTHER), survey(1, 20), holds=False),
    case("contradiction", "one source", survey(10, 40), survey(1, 20), holds=False),
    case("contradiction", "thirty days", survey(31, 40, **OTHER), survey(1, 20), holds=True),
    case("contradiction", "too far apart", survey(32, 40, **OTHER), survey(1, 20), holds=False),
    case("contradiction", "more minors than people", survey(1, 20, minors=21), holds=True),
    case("contradiction", "as many", survey(1, 20, minors=20), holds=False),
]


def weather(kind: str, first: int = 1, last: int = -1) -> Callable[[Site], Any]:
    """An episode where the site stands: from so many days ago, to so many (excluded)."""

    def make(site: Site) -> None:
        alert = WeatherAlert(
            departement=site.commune.departement, kind=kind, valid_on=ago(first), ended_on=ago(last)
        )
        enter(fact=alert, by=factories.departement_author(site.commune.departement_id))

    return make


def step(
    days: int, state: str, planned_in: int | None = None, kind: str = StepKind.SOCIAL
) -> Callable[[Site], Any]:
    """A preparatory step, so since so many days, foreseen in so many (None: nobody said when)."""
    planned_on = None if planned_in is None else ago(-planned_in)
    return lambda site: factories.make_step(site, ago(days), kind, state, planned_on=planned_on)


def target(years: int) -> Callable[[Site], Any]:
    def make(site: Site) -> None:
        Site.objects.filter(pk=site.pk).update(resorption_target=clock.today().year + years)

    return make


FORESEEN, UNDER_WAY, DONE = StepState.FORESEEN.value, StepState.UNDER_WAY.value, StepState.DONE.value
CASES += [
    case("late_step", "foreseen yesterday", step(40, FORESEEN, -1), holds=True),
    case("late_step", "foreseen today", step(40, FORESEEN, 0), holds=False),
    case("late_step", "foreseen tomorrow", step(40, FORESEEN, 1), holds=False),
    case("late_step", "under way, too long", step(40, UNDER_WAY, -9), holds=True),
    case("late_step", "done since", step(40, FORESEEN, -9), step(3, DONE), holds=False),
    case("late_step", "not needed", step(40, FORESEEN, -9), step(3, StepState.NOT_NEEDED.value), holds=False),
    case("late_step", "no date", step(40, UNDER_WAY), holds=False),
    case("no_step", "this year is over soon enough", target(0), holds=True),
    case("no_step", "an old target", target(-2), holds=True),
    case("no_step", "far", target(3), holds=False),
    case("no_step", "one step", target(0), step(3, DONE), holds=False),
    case("no_step", "no target", holds=False),
    case("stuck_step", "the last quiet day", step(181, UNDER_WAY), holds=False),
    case("stuck_step", "the first day", step(182, UNDER_WAY), holds=True),
    case("stuck_step", "with a date", step(400, UNDER_WAY, 30), holds=False),
    case("stuck_step", "done since", step(400, UNDER_WAY), step(1, DONE), holds=False),
]
HEAT, COLD = WeatherKind.HEAT.value, WeatherKind.COLD.value
CASES += [
    case("weather", "heat without water", weather(HEAT), conditions(water=BAD), holds=True),
    case(
        "weather",
        "heat without shade",
        weather(HEAT),
        conditions(answers={"water": {"shade": "no"}}),
        holds=True,
    ),
    case("weather", "heat, nothing known", weather(HEAT), holds=False),
    case("weather", "heat, the last day", weather(HEAT, 5, -1), conditions(water=BAD), holds=True),
    case("weather", "heat, over today", weather(HEAT, 5, 0), conditions(water=BAD), holds=False),
    case("weather", "heat, from tomorrow", weather(HEAT, -1, -3), conditions(water=BAD), holds=False),
    case("weather", "cold without electricity", weather(COLD), conditions(electricity=BAD), holds=True),
    case("weather", "cold in tents", weather(COLD), survey(1, tents=4), holds=True),
    case("weather", "cold, no water", weather(COLD), conditions(water=BAD), holds=False),
]

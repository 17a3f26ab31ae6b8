"""Follow-ups of two reporters, told, corrected, withdrawn: read back at any point of both axes of time."""

import copy
import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalons.actions.models import Action, FollowUp
from jalons.core.values import Value
from jalons.editing.refusals import Refused
from jalons.history.querysets import AsOf
from jalons.history.services import Actor
from jalons.indicators.aggregation import Period
from jalons.indicators.models import Measurement
from jalons.indicators.services import (
    FollowUpContent,
    correct_follow_up,
    record_follow_up,
    withdraw_follow_up,
)
from tests.factories import Cast, actor, make_action, make_socle, organisation_of
from tests.guards.draws import costly
from tests.indicators.naive import best
from tests.worlds import stored

pytestmark = pytest.mark.django_db
SOCLE = True

PARIS = ZoneInfo("Europe/Paris")
START = dt.date(2020, 1, 1)
DAYS = [START + dt.timedelta(days=number) for number in (2, 5, 9, 14)]
LOOKED_AT = [START, *DAYS, DAYS[-1] + dt.timedelta(days=3)]
STOCK, FLOW = "personnes", "entrees"

figures = st.sampled_from([None, Value.nd(), Value.of(0), Value.of(5), Value.of(12)])
told = st.fixed_dictionaries(
    {
        "on": st.sampled_from(DAYS),
        "back": st.sampled_from([None, 0, 4]),
        STOCK: figures,
        FLOW: figures,
    }
)
reporters = st.integers(0, 1)
steps = st.one_of(
    st.tuples(st.just("record"), reporters, told),
    st.tuples(st.just("record"), reporters, told),
    st.tuples(st.just("correct"), st.integers(0, 5), told),
    st.tuples(st.just("withdraw"), st.integers(0, 5), st.none()),
)


@dataclass
class Report:
    reporter: int
    on: dt.date
    since: dt.date
    values: dict[str, Value]


@dataclass
class Replay:
    """Everything known after each step: the reports that stand, by the order in which they were first told."""

    known: list[dict[int, Report]] = field(default_factory=lambda: [{}])
    told: list[tuple[int, dt.date, str, Value]] = field(default_factory=list)  # ever, one a version

    @property
    def now(self) -> dict[int, Report]:
        return self.known[-1]

    def say(self, key: int, report: Report | None) -> None:
        after = copy.deepcopy(self.now)
        if report is None:
            del after[key]
        else:
            after[key] = report
            self.told += [(report.reporter, report.on, code, value) for code, value in report.values.items()]
        self.known.append(after)

    def taken(self, reporter: int, on: dt.date, *, but: int | None = None) -> bool:
        return any(one.reporter == reporter and one.on == on and key != but for key, one in self.now.items())

    def previous(self, reporter: int, on: dt.date) -> dt.date:
        before = [one.on for one in self.now.values() if one.reporter == reporter and one.on < on]
        return max(before) + dt.timedelta(days=1) if before else START

    def standing(self, step: int, day: dt.date) -> set[tuple[int, str, dt.date, Value]]:
        """The last value told of each series up to a day, as known after a step."""
        found = {}
        for report in sorted(self.known[step].values(), key=lambda one: one.on):
            if report.on <= day:
                for code, value in report.values.items():
                    found[report.reporter, code] = (report.on, value)
        return {(reporter, code, *last) for (reporter, code), last in found.items()}

    def counted(self) -> set[tuple[int, dt.date]]:
        chosen = set()
        for reporter in (0, 1):
            flows = [one for one in self.now.values() if one.reporter == reporter and FLOW in one.values]
            periods = [Period(one.since, one.on, one.values[FLOW].number is not None) for one in flows]
            chosen |= {(reporter, period.on) for period in best(periods)}
        return chosen


@dataclass
class Scene:
    action: Action
    actors: list[Actor]
    socle: dict[str, Any]
    replay: Replay = field(default_factory=Replay)
    facts: list[FollowUp] = field(default_factory=list)

    def words(self, said: dict[str, Any], since: dt.date | None) -> FollowUpContent:
        values = {self.socle[code].pk: said[code] for code in (STOCK, FLOW) if said[code] is not None}
        return FollowUpContent(on=said["on"], values=values, since=since)

    def step(self, what: str, which: int, said: dict[str, Any] | None) -> None:
        before = {
            model: list(model.objects.values_list("pk", flat=True)) for model in (FollowUp, Measurement)
        }
        if what == "record" and said:
            self.record(which, said)
        elif self.facts and what == "correct" and said:
            self.correct(which % len(self.facts), said)
        elif self.facts and what == "withdraw":
            self.withdraw(which % len(self.facts))
        if len(self.replay.known) > len(self.instants) + 1:
            self.date(before)

    instants: list[dt.datetime] = field(default_factory=list)

    def date(self, before: dict[Any, list[int]]) -> None:
        """Each step that wrote takes place on a day of its own."""
        instant = dt.datetime(2020, 6, 1, 12, tzinfo=PARIS) + dt.timedelta(days=len(self.instants))
        self.instants.append(instant)
        for model, pks in before.items():
            model.objects.exclude(pk__in=pks).update(recorded_at=instant)
            model.objects.filter(pk__in=pks, superseded_at__gt=instant).update(superseded_at=instant)

    def record(self, which: int, said: dict[str, Any]) -> None:
        replay, by = self.replay, self.actors[which]
        since = None if said["back"] is None else max(START, said["on"] - dt.timedelta(days=said["back"]))
        given_ = {"action": self.action, "reporter": by.organisation, "content": self.words(said, since)}
        known = {one.pk: one for one in self.socle.values()}
        if replay.taken(which, said["on"]):
            with pytest.raises(Refused):
                record_follow_up(**given_, indicators=known, by=by)
            return
        fact = record_follow_up(**given_, indicators=known, by=by)
        self.facts.append(fact)
        begun = since or replay.previous(which, said["on"])
        replay.say(len(self.facts) - 1, Report(which, said["on"], begun, values_of(said)))

    def correct(self, key: int, said: dict[str, Any]) -> None:
        replay = self.replay
        report = replay.now.get(key)
        if report is None:
            return
        since = None if said["back"] is None else max(START, said["on"] - dt.timedelta(days=said["back"]))
        known = {one.pk: one for one in self.socle.values()}
        given_ = {
            "follow_up": self.facts[key],
            "content": self.words(said, since),
            "indicators": known,
            "by": self.actors[report.reporter],
            "reason": "recompté",
        }
        begun = since or report.since
        if replay.taken(report.reporter, said["on"], but=key) or begun > said["on"]:
            with pytest.raises(Refused):
                correct_follow_up(**given_)
            return
        self.facts[key] = correct_follow_up(**given_)
        replay.say(key, Report(report.reporter, said["on"], begun, values_of(said)))

    def withdraw(self, key: int) -> None:
        report = self.replay.now.get(key)
        if report:
            by = self.actors[report.reporter]
            self.facts[key] = withdraw_follow_up(follow_up=self.facts[key], by=by, reason="autre mois")
            self.replay.say(key, None)

    def read(self, at: AsOf) -> set[tuple[int, str, dt.date, Value]]:
        facts = Measurement.objects.standing_on(at).select_related("series__indicator")
        return {(self.reporter_of(one), one.series.indicator.code, one.valid_on, of(one)) for one in facts}

    def reporter_of(self, fact: Measurement) -> int:
        organisations = [one.organisation.pk for one in self.actors]
        return organisations.index(fact.series.reporter_id)


def values_of(said: dict[str, Any]) -> dict[str, Value]:
    return {code: said[code] for code in (STOCK, FLOW) if said[code] is not None}


def of(fact: Measurement) -> Value:
    return fact.series.indicator.value(fact.number, state=fact.state)


@costly
@given(story=st.lists(steps, min_size=1, max_size=8))
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
def test_any_story_of_follow_ups_is_read_back(played: Scene, story: list[Any]) -> None:
    with transaction.atomic():
        scene = copy.deepcopy(played)
        for step in story:
            scene.step(*step)
        replay = scene.replay
        for day in LOOKED_AT:
            assert scene.read(AsOf(valid=day)) == replay.standing(-1, day)
            for number, instant in enumerate(scene.instants, 1):
                at = AsOf(valid=day, known=instant.date())
                assert scene.read(at) == replay.standing(number, day), at
        flows = Measurement.objects.filter(counts=True).select_related("series")
        assert {(scene.reporter_of(one), one.valid_on) for one in flows} == replay.counted()
        nothing_lost(scene)
        transaction.set_rollback(True)


def nothing_lost(scene: Scene) -> None:
    """Every value ever told can still be read; what has no later version stands."""
    kept = Measurement.objects.filter(withdrawn=False).select_related("series__indicator")
    stored = {(scene.reporter_of(one), one.valid_on, one.series.indicator.code, of(one)) for one in kept}
    assert stored == set(scene.replay.told)
    current = {
        (report.reporter, report.on, code, value)
        for report in scene.replay.now.values()
        for code, value in report.values.items()
    }
    known = Measurement.objects.known().select_related("series__indicator")
    assert {(scene.reporter_of(one), one.valid_on, one.series.indicator.code, of(one)) for one in known} == (
        current
    )
    assert FollowUp.objects.known().count() == len(scene.replay.now)


def new_played(cast: Cast) -> Scene:
    """The scene before anything is told: each story is told in a copy of it."""
    users = [cast.operator_a, cast.operator_b]
    action = make_action(starts_on=START, operators=[organisation_of(user) for user in users])
    return Scene(action, [actor(user) for user in users], make_socle())


stored_played, played = stored(new_played)


@costly
@given(
    story=st.lists(steps, min_size=2, max_size=6), since=st.sampled_from(DAYS), until=st.sampled_from(DAYS)
)
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
def test_the_flows_of_a_window_are_those_that_end_in_it(
    played: Scene, story: list[Any], since: dt.date, until: dt.date
) -> None:
    with transaction.atomic():
        scene = copy.deepcopy(played)
        for step in story:
            scene.step(*step)
        flows = Measurement.objects.flows_between(since, until).select_related("series")
        found = {(scene.reporter_of(one), one.valid_on) for one in flows}
        assert found == {(who, on) for who, on in scene.replay.counted() if since <= on <= until}
        transaction.set_rollback(True)

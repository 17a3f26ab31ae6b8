"""Both axes of time against a replay in plain Python: what is true on D, as it was known on K."""

import contextlib
import datetime as dt
import threading
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.history import services
from jalons.history.querysets import AsOf
from jalons.history.services import Stale, correct, enter, withdraw
from jalons.sites.models import Site, SiteEvent, Survey
from tests import factories
from tests.guards.draws import costly

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
MICROSECOND = dt.timedelta(microseconds=1)
MIDNIGHT = dt.datetime(2020, 3, 5, tzinfo=PARIS)
# Around the midnight that ends a day of knowledge, twice the same instant included.
INSTANTS = [MIDNIGHT + step for step in (-dt.timedelta(days=1), -MICROSECOND, 0 * MICROSECOND, MICROSECOND)]
KNOWN = [dt.date(2020, 3, 3), dt.date(2020, 3, 4), dt.date(2020, 3, 5)]
DAYS = [dt.date(2020, 1, 1) + dt.timedelta(days=number) for number in range(4)]
LOOKED_AT = [DAYS[0] - dt.timedelta(days=1), *DAYS, DAYS[-1] + dt.timedelta(days=1)]

values = st.fixed_dictionaries(
    {
        "valid_on": st.sampled_from(DAYS),
        "people": st.sampled_from([None, 0, 12]),
        "reliability": st.sampled_from([1, 3]),
    }
)
changes = st.one_of(
    st.fixed_dictionaries({}, optional={"valid_on": st.sampled_from(DAYS), "people": st.just(40)}),
    st.just({"set_aside": True}),
    st.just({"set_aside": False}),
    st.just({"withdrawn": True}),
)
instants = st.sampled_from(INSTANTS)
steps = st.one_of(
    st.tuples(st.just("enter"), instants, values),
    st.tuples(st.integers(0, 3), instants, changes),  # a correction of one of the facts
)


@dataclass
class Version:
    recorded_at: dt.datetime
    pk: int
    said: dict[str, Any]


@dataclass
class Replay:
    """The naive way: every version of each fact, in order; the last one recorded before a bound is known."""

    facts: list[list[Version]] = field(default_factory=list)

    def known(self, day: dt.date | None) -> list[Version]:
        bound = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), PARIS) if day else None
        found = []
        for versions in self.facts:
            before = [one for one in versions if bound is None or one.recorded_at < bound]
            if before and not before[-1].said["withdrawn"]:
                found.append(before[-1])
        return found

    def as_of(self, at: AsOf) -> set[int]:
        return {one.pk for one in self.known(at.known) if one.said["valid_on"] <= at.day}

    def standing(self, at: AsOf) -> int | None:
        able = [
            one
            for one in self.known(at.known)
            if one.said["valid_on"] <= at.day and not one.said["set_aside"] and one.said["people"] is not None
        ]
        first = max(able, key=rank, default=None)
        return first.pk if first else None


def rank(one: Version) -> tuple[Any, ...]:
    return one.said["valid_on"], one.said["reliability"], one.recorded_at, one.pk


def play(site: Site, author: Any, story: list[Any]) -> Replay:
    """Does the story with the services and tells it again in Python."""
    replay, current = Replay(), []
    for what, instant, said in story:
        if what == "enter":
            fact = enter(fact=Survey(site=site, source_kind="other", recorded_at=instant, **said), by=author)
            current.append(fact)
            whole = {"set_aside": False, "withdrawn": False, **said}
            replay.facts.append([Version(instant, fact.pk, whole)])
        elif current:
            index = what % len(current)
            last = replay.facts[index][-1]
            fact = correct(fact=current[index], by=author, reason="", at=instant, **said)
            current[index] = fact
            moment = max(instant, last.recorded_at + MICROSECOND)
            replay.facts[index].append(Version(moment, fact.pk, {**last.said, **said}))
    return replay


@costly
@given(st.lists(steps, min_size=1, max_size=7))
@settings(max_examples=40)
def test_any_story_is_read_back_at_any_point_of_both_axes(story: list[Any]) -> None:
    with transaction.atomic():
        site = factories.make_site(opened=DAYS[0])
        replay = play(site, factories.an_author(site), story)
        facts = Survey.objects.filter(site=site)
        for known in (None, *KNOWN):
            for day in LOOKED_AT:
                at = AsOf(valid=day, known=known)
                assert set(facts.as_of(at).values_list("pk", flat=True)) == replay.as_of(at), at
                first = facts.as_of(at).contenders().ranked().values_list("pk", flat=True).first()
                assert first == replay.standing(at), at
                figure = Site.objects.with_figure(at).values_list("figure__pk", flat=True).get(pk=site.pk)
                assert figure == first, at
                if known is None:
                    assert list(facts.in_force(at).values_list("pk", flat=True)) == ([first] if first else [])
        for versions in replay.facts:
            never_overlap(Survey.objects.get(pk=versions[0].pk).lineage)
        transaction.set_rollback(True)


def never_overlap(lineage: Any) -> None:
    versions = list(Survey.objects.versions_of(lineage))
    ends = [one.superseded_at for one in versions]
    assert ends == [*(one.recorded_at for one in versions[1:]), None]
    assert all(one.recorded_at < end for one, end in zip(versions, ends, strict=True) if end)


def rows() -> list[Any]:
    return list(Survey.objects.order_by("pk").values())


@pytest.mark.parametrize("change", [{"people": 99}, {"withdrawn": True}])
def test_a_stale_correction_is_refused_and_changes_nothing(change: dict[str, Any]) -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    mine = factories.make_survey(site, DAYS[0], 12)
    theirs = correct(fact=Survey.objects.get(pk=mine.pk), by=author, reason="recompté", people=15)
    before = rows()
    with pytest.raises(Stale) as refused:
        correct(fact=mine, by=author, reason="", **change)
    assert refused.value.current == theirs
    assert rows() == before


def test_a_correction_of_what_was_withdrawn_has_no_current_version() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    mine = factories.make_survey(site, DAYS[0], 12)
    withdraw(fact=Survey.objects.get(pk=mine.pk), by=author, reason="autre site")
    with pytest.raises(Stale) as refused:
        correct(fact=mine, by=author, reason="", people=99)
    assert refused.value.current is None


def test_two_corrections_in_one_microsecond_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    first = factories.make_survey(site, DAYS[0], 1, recorded_at=MIDNIGHT)
    monkeypatch.setattr(services.timezone, "now", lambda: MIDNIGHT)
    second = correct(fact=first, by=author, reason="", people=2)
    third = correct(fact=second, by=author, reason="", people=3)
    versions = Survey.objects.versions_of(first.lineage)
    assert [one.people for one in versions] == [1, 2, 3]
    assert [one.recorded_at - MIDNIGHT for one in versions] == [0 * MICROSECOND, MICROSECOND, 2 * MICROSECOND]
    assert Survey.objects.known().get() == third


def test_a_fact_that_changes_subject_leaves_no_figure_behind() -> None:
    left, kept = factories.make_site(), factories.make_site()
    survey = factories.make_survey(left, DAYS[0], 12)
    older = factories.make_survey(kept, DAYS[0] - dt.timedelta(days=9), 3)
    moved = correct(fact=survey, by=factories.an_author(left), reason="fusion", site=kept)
    at = AsOf(valid=DAYS[-1])
    assert [*Survey.objects.in_force(at)] == [moved]
    assert Survey.objects.get(pk=older.pk).holds_until == moved.valid_on


def test_facts_without_rank_are_known_as_of_any_day() -> None:
    site = factories.make_site()
    event = factories.make_event(site, DAYS[0], recorded_at=INSTANTS[0])
    withdraw(fact=event, by=factories.an_author(site), reason="doublon", at=MIDNIGHT)
    at = AsOf(valid=DAYS[0], known=KNOWN[1])
    assert [*SiteEvent.objects.as_of(at)] == [event]
    assert not SiteEvent.objects.as_of(replace(at, known=KNOWN[2])).exists()
    assert not SiteEvent.objects.as_of().exists()


@pytest.mark.django_db(transaction=True)
def test_people_who_count_at_once_leave_one_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    together = threading.Barrier(4)
    settle_subjects = services.settle_subjects
    errors: list[BaseException] = []

    def once_all_have_written(model: Any, subjects: Any) -> None:
        # SQLite lets one write at a time: there, nobody comes to the meeting.
        with contextlib.suppress(threading.BrokenBarrierError):
            together.wait(0.5)
        settle_subjects(model, subjects)

    def count(people: int) -> None:
        try:
            enter(fact=Survey(site=site, valid_on=DAYS[0], source_kind="other", people=people), by=author)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(services, "settle_subjects", once_all_have_written)
    threads = [threading.Thread(target=count, args=(people,)) for people in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert Survey.objects.in_force(AsOf(valid=DAYS[0])).count() == 1

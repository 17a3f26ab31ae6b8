"""The preparatory steps of a resorption: both axes of time against a replay, boundaries, closings, filters."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jalons.core.clock import PARIS
from jalons.editing.refusals import Refused
from jalons.history.querysets import AsOf
from jalons.history.services import withdraw
from jalons.sites.enums import StepKind, StepState, StepStatus
from jalons.sites.models import PreparatoryStep, Site
from jalons.sites.resorption.progress import PENDING, preparation_of, status_of
from jalons.sites.resorption.public_text import sensitive_words
from jalons.sites.resorption.selectors import (
    STATUS_CHOICES,
    having_step,
    last_known_step,
    progress_by_site,
    site_preparation,
)
from jalons.sites.resorption.services import correct_step, set_step
from jalons.sites.services import close_site, merge_sites, reopen_site
from tests import factories
from tests.guards.draws import costly

pytestmark = pytest.mark.django_db
FIRST = dt.date(2020, 1, 1)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(4)]
LOOKED_AT = [FIRST - dt.timedelta(days=1), *DAYS, DAYS[-1] + dt.timedelta(days=1)]
KINDS = (StepKind.SOCIAL, StepKind.OPENING)
FORESEEN, UNDER_WAY, DONE = StepState.FORESEEN, StepState.UNDER_WAY, StepState.DONE

situations = st.fixed_dictionaries(
    {
        "state": st.sampled_from(list(StepState)),
        "on": st.sampled_from(DAYS),
        "planned_on": st.sampled_from([None, *DAYS]),
    }
)
acts = st.tuples(st.sampled_from(["set", "correct", "withdraw"]), st.sampled_from(KINDS), situations)


@dataclass
class Replay:
    """The naive way: after each act, what is said of each step, by day; `lines[-1]` is what is known now."""

    lines: list[dict[StepKind, list[dict[str, Any]]]] = field(default_factory=list)

    def act(self, what: str, kind: StepKind, said: dict[str, Any]) -> None:
        now = {one: list(told) for one, told in (self.lines[-1] if self.lines else {}).items()}
        told = now.setdefault(kind, [])
        if what != "set" and told:
            told.remove(newest(told))
        elif what != "set":
            told = []
        if what == "set" or (what == "correct" and self.lines and self.lines[-1].get(kind)):
            told = [one for one in told if one["on"] <= said["on"]] + [said | {"rank": len(self.lines)}]
        now[kind] = told
        self.lines.append(now)

    def status(self, kind: StepKind, day: dt.date, acts_known: int) -> StepStatus:
        told = self.lines[acts_known - 1].get(kind, []) if acts_known else []
        true = [one for one in told if one["on"] <= day]
        if not true:
            return StepStatus.UNKNOWN
        last = newest(true)
        late = last["state"] in PENDING and last["planned_on"] is not None and last["planned_on"] < day
        return StepStatus.LATE if late else StepStatus(last["state"])


def newest(told: list[dict[str, Any]]) -> dict[str, Any]:
    return max(told, key=lambda one: (one["on"], one["rank"]))


def moment(number: int) -> dt.datetime:
    """Two acts a day, on days that follow one another."""
    return dt.datetime(2020, 2, 1, 9 + number % 2, tzinfo=PARIS) + dt.timedelta(days=number // 2)


def play(site: Site, by: Any, story: list[Any]) -> Replay:
    replay = Replay()
    for number, (what, kind, said) in enumerate(story):
        last, at = last_known_step(site, kind), moment(number)
        if what == "set":
            set_step(site=site, kind=kind, by=by, at=at, **said)
        elif last is not None and what == "correct":
            correct_step(step=last, by=by, reason="mieux su", at=at, **said)
        elif last is not None:
            withdraw(fact=last, by=by, reason="jamais vrai", at=at)
        replay.act(what, kind, said)
    return replay


def situation(state: StepState, on: dt.date, planned_on: dt.date | None = None) -> dict[str, Any]:
    return {"state": state, "on": on, "planned_on": planned_on}


@costly
@given(st.lists(acts, min_size=1, max_size=6), st.integers(0, 99))
@settings(max_examples=15)
@example(
    [("set", KINDS[0], situation(FORESEEN, DAYS[2], DAYS[3])), ("set", KINDS[0], situation(DONE, DAYS[1]))], 3
)
@example(
    [
        ("set", KINDS[0], situation(UNDER_WAY, DAYS[1])),
        ("set", KINDS[0], situation(DONE, DAYS[3])),
        ("correct", KINDS[0], situation(DONE, DAYS[0])),
    ],
    9,
)
@example([("set", KINDS[0], situation(FORESEEN, DAYS[1])), ("set", KINDS[0], situation(DONE, DAYS[1]))], 2)
def test_any_story_is_read_back_at_any_point_of_both_axes(story: list[Any], listed: int) -> None:
    """`listed`: the point at which the filters of the list are asked as well."""
    with transaction.atomic():
        site = factories.make_site(opened=FIRST)
        replay = play(site, factories.an_author(site), story)
        days_known = [dt.date(2020, 1, 31) + dt.timedelta(days=number) for number in range(4)]
        points = [AsOf(valid=day, known=known) for known in (None, *days_known) for day in LOOKED_AT]
        for number, at in enumerate(points):
            known = [n for n in range(len(story)) if at.known is None or moment(n).date() <= at.known]
            wanted = {kind: replay.status(kind, at.day, len(known)) for kind in KINDS}
            lines = {line.kind: line.status for line in site_preparation(site, at).lines}
            assert {kind: lines[kind] for kind in KINDS} == wanted, at
            if number == listed % len(points):
                for status, _ in STATUS_CHOICES:
                    found_by_filter(site, at, status, wanted)
        transaction.set_rollback(True)


def found_by_filter(site: Site, at: AsOf, status: str, wanted: dict[StepKind, StepStatus]) -> None:
    """The filter of the list finds the site when the line of its sheet says so."""
    known = {kind for kind, one in wanted.items() if one != StepStatus.UNKNOWN}
    for kind in ("", *KINDS):
        asked = [wanted[StepKind(kind)]] if kind else list(wanted.values())
        if status == "begun":
            expected = any(one != StepStatus.UNKNOWN for one in asked)
        elif status == StepStatus.UNKNOWN:
            expected = bool(known) and kind != "" and asked == [StepStatus.UNKNOWN]
        else:
            expected = status in asked
        sites = Site.objects.filter(pk=site.pk)
        found = having_step(sites, kind=kind, status=status, at=at)
        assert found.exists() == expected, (at, kind, status)


# Boundaries --------------------------------------------------------------------------------------------------

TODAY = dt.date(2026, 6, 15)
ONE = dt.timedelta(days=1)


@pytest.mark.parametrize("state", PENDING)
@pytest.mark.parametrize(
    ("planned_on", "late"), [(TODAY - ONE, True), (TODAY, False), (TODAY + ONE, False), (None, False)]
)
def test_a_step_is_late_from_the_day_after(state: StepState, planned_on: dt.date | None, late: bool) -> None:
    assert status_of(state, planned_on, day=TODAY) == (StepStatus.LATE if late else StepStatus(state))


@pytest.mark.parametrize("state", [StepState.DONE, StepState.NOT_NEEDED])
def test_what_is_settled_is_never_late(state: StepState) -> None:
    assert status_of(state, TODAY - ONE, day=TODAY) == StepStatus(state)
    assert status_of(state, TODAY - ONE, day=TODAY, closed_on=TODAY - ONE) == StepStatus(state)


def test_a_closing_stops_what_was_left_to_do_from_its_day_on() -> None:
    late = {"planned_on": TODAY - 9 * ONE, "closed_on": TODAY}
    assert status_of(StepState.FORESEEN, day=TODAY - ONE, **late) == StepStatus.LATE
    assert status_of(StepState.FORESEEN, day=TODAY, **late) == StepStatus.STOPPED


def made(kind: StepKind, state: StepState, on: dt.date, planned_on: dt.date | None = None) -> PreparatoryStep:
    return PreparatoryStep(kind=kind, state=state, valid_on=on, planned_on=planned_on)


@pytest.mark.parametrize(("after", "misplaced"), [(0, ""), (1, "après l’ouverture du 15/06/2026")])
def test_what_prepares_an_opening_comes_before_it_or_on_its_day(after: int, misplaced: str) -> None:
    opening = made(StepKind.OPENING, StepState.DONE, TODAY)
    works = made(StepKind.FITTING_OUT, StepState.DONE, TODAY + after * ONE)
    lines = {line.kind: line for line in preparation_of([opening, works], day=TODAY + ONE).lines}
    assert lines[StepKind.FITTING_OUT].misplaced == misplaced
    assert lines[StepKind.OPENING].misplaced == ""


def test_the_summary_and_what_comes_next() -> None:
    steps = [
        made(StepKind.SOCIAL, StepState.DONE, TODAY - ONE),
        made(StepKind.POLITICAL, StepState.FORESEEN, TODAY - ONE, TODAY + ONE),
        made(StepKind.PROCUREMENT, StepState.UNDER_WAY, TODAY - ONE, TODAY),
        made(StepKind.TECHNICAL, StepState.NOT_NEEDED, TODAY),
    ]
    preparation = preparation_of(steps, day=TODAY)
    assert preparation.summary == "1 étape faite sur 8, 1 sans objet"
    assert preparation.next_line is not None
    assert preparation.next_line.kind == StepKind.PROCUREMENT
    later = preparation_of(steps, day=TODAY + 2 * ONE)
    assert later.summary == "1 étape faite sur 8, 2 en retard, 1 sans objet"
    assert preparation_of([], day=TODAY).summary == "Aucune étape faite sur 9"
    stopped = preparation_of(steps, day=TODAY, closed_on=TODAY)
    assert stopped.summary == "1 étape faite sur 8, 2 interrompues par la fermeture, 1 sans objet"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le propriétaire refuse.", ["proprietaire"]),
        ("REFERE du 3 mars, puis l’huissier", ["refere", "huissier"]),
        ("Procédure adaptée : marché de travaux", []),
        ("Le bureau d’études préfère attendre", []),
        ("", []),
    ],
)
def test_words_of_a_procedure_or_of_an_owner_are_seen(text: str, words: list[str]) -> None:
    assert sensitive_words(text) == words


# Closing, reopening, merging -----------------------------------------------------------------------------------


def test_a_closed_site_stops_its_steps_and_takes_only_what_was_done_by_then() -> None:
    site = factories.make_site(opened=FIRST)
    by = factories.an_author(site)
    set_step(site=site, kind=StepKind.SOCIAL, state=FORESEEN, on=DAYS[0], planned_on=DAYS[1], by=by)
    close_site(site=site, by=by, closed_on=DAYS[3], reason="resorbed")
    assert [site_preparation(site, AsOf(day), closed_on=DAYS[3]).lines[2].status for day in DAYS[2:]] == [
        StepStatus.LATE,
        StepStatus.STOPPED,
    ]
    [summary] = progress_by_site(None, [site.pk], AsOf())[site.pk]
    assert "1 interrompue par la fermeture" in summary.label
    assert summary.notes == ()
    for status, day, expected in (
        ("late", DAYS[2], True),
        ("late", DAYS[3], False),
        ("stopped", DAYS[3], True),
    ):
        assert having_step(Site.objects.all(), status=status, at=AsOf(day)).exists() == expected
    for state, on in ((FORESEEN, DAYS[0]), (UNDER_WAY, DAYS[0]), (DONE, DAYS[3] + ONE)):
        with pytest.raises(Refused):
            set_step(site=site, kind=StepKind.OPENING, state=state, on=on, by=by)
    set_step(site=site, kind=StepKind.OPENING, state=DONE, on=DAYS[3], by=by)
    reopen_site(site=site, by=by, reason="erreur")
    assert site_preparation(site, AsOf(DAYS[3])).lines[2].status == StepStatus.LATE


def test_two_sites_that_are_one_have_one_step_the_newest() -> None:
    kept, duplicate = factories.make_site(opened=FIRST), factories.make_site(opened=FIRST)
    by = factories.an_author(kept)
    factories.make_step(kept, DAYS[0], StepKind.SOCIAL, UNDER_WAY)
    factories.make_step(duplicate, DAYS[1], StepKind.SOCIAL, DONE)
    factories.make_step(duplicate, DAYS[1], StepKind.OPENING, FORESEEN, planned_on=DAYS[2])
    factories.make_suitability(duplicate, DAYS[1])
    merge_sites(survivor=kept, duplicate=duplicate, by=by, reason="le même")
    statuses = {line.kind: line.status for line in site_preparation(kept, AsOf(DAYS[2])).lines}
    assert (statuses[StepKind.SOCIAL], statuses[StepKind.OPENING]) == (StepStatus.DONE, StepStatus.FORESEEN)
    assert not site_preparation(duplicate, AsOf(DAYS[2])).begun
    assert kept.suitabilities.known().exists()

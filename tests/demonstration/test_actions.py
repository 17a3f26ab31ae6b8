"""The dispositifs of the invented world: believable, coherent, late where they should be, right on both time axes."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from jalons.accounts.models import User
from jalons.actions.enums import Block, DueState, ParticipationRole
from jalons.actions.models import (
    Action,
    ActionContact,
    ActionSite,
    Deadline,
    FollowUp,
    FundingLine,
    InsertionSite,
    Intervention,
    Participation,
    StaffLine,
)
from jalons.actions.selectors.coverage import coverage
from jalons.actions.selectors.dues import ReporterDue, dues_of
from jalons.actions.selectors.home import home_filling
from jalons.demonstration import world as worlds
from jalons.demonstration.action_plans import action_plans
from jalons.demonstration.chance import Calendar, Chance
from jalons.discussions.models import Comment
from jalons.history.services import settle_subjects
from jalons.indicators.enums import Measure, Relation, ValueType
from jalons.indicators.models import Indicator, Measurement, Series
from jalons.indicators.selectors.asked import asked_indicators
from jalons.indicators.services import period_start
from jalons.sites.models import Occupation
from jalons.thresholds.selectors import limits_in_force

KINDS = (Intervention, Participation, ActionSite, FundingLine, StaffLine, FollowUp, Measurement)


def account(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example")


def stands() -> dict[str, list[ReporterDue]]:
    found = dues_of(Action.objects.in_progress())
    return {dues[0].action.name: dues for dues in found.values() if dues}


def told(follow_up: FollowUp) -> dict[str, int]:
    """The whole numbers of a report, by code of the socle."""
    rows = Measurement.objects.known().contenders().filter(
        series__action=follow_up.action_id,
        series__reporter=follow_up.reporter_id,
        valid_on=follow_up.valid_on,
        number__isnull=False,
        series__indicator__action__isnull=True,
    )  # fmt: skip
    return {code: int(number) for code, number in rows.values_list("series__indicator__code", "number")}


@pytest.fixture(scope="module")
def reports(built: worlds.Built, django_db_blocker: Any) -> list[tuple[FollowUp, dict[str, int]]]:
    """Every report as we know it now, with its figures."""
    with django_db_blocker.unblock():
        found = FollowUp.objects.known().order_by("action", "reporter", "valid_on")
        return [(each, told(each)) for each in found]


def test_counts(world: worlds.Built) -> None:
    assert world.actions == Action.objects.count() == 40
    assert world.follow_ups == FollowUp.objects.count() >= 300
    assert world.measurements >= 9000
    assert {"MOUS Lille", "Médiation sanitaire", "Accompagnement social global"} <= set(
        Action.objects.values_list("name", flat=True)
    )
    assert Action.objects.in_progress().count() >= 22
    assert Action.objects.ended().count() >= 4
    assert Intervention.objects.known().filter(valid_on__gt=timezone.localdate()).exists()
    assert set(Action.objects.values_list("rhythm", flat=True)) == {"monthly", "quarterly", "half_yearly"}


def test_what_people_call_about(world: worlds.Built) -> None:
    several = Participation.objects.known().values_list("action", "role")
    numbers = Counter(several)
    assert max(number for (_, role), number in numbers.items() if role == ParticipationRole.PILOT) >= 2
    assert max(number for (_, role), number in numbers.items() if role == ParticipationRole.OPERATOR) >= 2
    assert Participation.objects.known().filter(ended_on__isnull=False).exists()
    assert not Action.objects.exclude(pk__in=ActionContact.objects.values("action")).exists()
    assert all(contact.email.endswith("@demo.example") for contact in ActionContact.objects.all())
    ground = InsertionSite.objects.get(commune="59286")
    assert ground.address
    assert ground.latitude is not None


def test_a_final_account_for_each_closing(world: worlds.Built) -> None:
    closed = Intervention.objects.known().filter(ended_on__isnull=False)
    assert closed.exists()
    assert not closed.filter(final_account="").exists()
    reopened = Intervention.objects.known().get(reason__contains="par erreur")
    assert reopened.ended_on is None
    assert Intervention.objects.versions_of(reopened.lineage).count() == 3


def test_who_is_late_and_who_is_not(world: worlds.Built) -> None:
    found = stands()
    states = Counter(due.due.state for dues in found.values() for due in dues)
    assert all(states[state] for state in DueState)
    today = timezone.localdate()
    for name in ("Village d’insertion à Haubourdin", "Scolarisation des enfants de Roubaix"):
        (due,) = found[name]
        # On the first of a month, the next deadline may be asked for already: nobody had a day to answer it.
        answered = due.due.state == DueState.GOOD or (today.day == 1 and due.due.state == DueState.DUE)
        assert answered, (name, due.due)
    assert {due.due.state for due in found["MOUS Lille"]} == {DueState.DUE, DueState.LATE}
    (soon, *_) = (due.due for due in found["MOUS Lille"] if due.due.state == DueState.DUE)
    assert soon.on is not None
    assert soon.last is not None
    # A report of the end of last month serves a deadline of the very first days of this one.
    own = today + dt.timedelta(days=5)
    assert soon.on <= today + dt.timedelta(days=7) or soon.last + limits_in_force().follow_up_close >= own
    (silent,) = found["Plateforme d’accompagnement de Dunkerque"]
    assert (silent.due.state, silent.due.last) == (DueState.LATE, None)
    partial = {due.reporter.organisation.acronym: due.due for due in found["Accompagnement social global"]}[
        "APN"
    ]
    assert partial.missing == (Block.RIGHTS,)


@pytest.mark.parametrize("name", ["operateur-a", "operateur-b"])
def test_operators_owe_something_when_they_sign_in(world: worlds.Built, name: str) -> None:
    assert {DueState.DUE, DueState.LATE} <= {one.state for one in home_filling(account(name)).to_fill}


@pytest.mark.parametrize("day", [dt.date(2026, 1, 1), dt.date(2026, 2, 28), dt.date(2026, 6, 30)])
def test_whatever_the_day(communes: None, day: dt.date) -> None:
    """Some are up to date, some late, some about to be, on any day of the year; and nobody writes in the future."""
    worlds.erase()
    worlds.build(today=day, sites=12, surveys_a_site=3, actions=18, follow_ups=12)
    running = Intervention.objects.known().filter(valid_on__lte=day, ended_on__isnull=True)
    dues = dues_of(Action.objects.filter(pk__in=running.values("action")), day)
    assert {due.due.state for each in dues.values() for due in each} == set(DueState)
    for kind in KINDS:
        last = kind._default_manager.order_by("-recorded_at").first()
        assert timezone.localtime(last.recorded_at).date() < day
    assert not FollowUp.objects.filter(valid_on__gte=day).exists()


def test_families_come_and_go(reports: list[tuple[FollowUp, dict[str, int]]]) -> None:
    """People at a report are those of the report before, with those who entered, without those who left."""
    before: dict[tuple[int, int], int] = {}
    checked = 0
    for report, figures in reports:
        if Block.PUBLIC not in report.blocks:
            continue
        out = ("sorties-positives", "abandons", "exclusions")
        assert {"personnes", "entrees", *out} <= set(figures)
        change = figures["entrees"] - sum(figures[code] for code in out)
        key = (report.action_id, report.reporter_id)
        assert figures["personnes"] == before.get(key, 0) + change
        before[key] = figures["personnes"]
        checked += 1
    assert checked > 250


def test_no_detail_exceeds_its_whole(reports: list[tuple[FollowUp, dict[str, int]]]) -> None:
    national = list(Indicator.objects.national().select_related("parent", "limit"))
    sums = {one.pk: one.code for one in national if one.value_type == ValueType.SUM}
    for report, figures in reports:
        whole = dict(figures)
        for pk, code in sums.items():
            parts = [one.code for one in national if one.parent_id == pk and one.relation == Relation.PART]
            if all(part in figures for part in parts):
                whole[code] = sum(figures[part] for part in parts)
        for one in national:
            for most in (one.parent, one.limit):
                if most is not None and {one.code, most.code} <= set(whole):
                    assert whole[one.code] <= whole[most.code], (
                        report.action.name,
                        report.valid_on,
                        one.code,
                    )
        if {"scolarisables", "mineurs"} <= set(figures):
            assert figures["scolarisables"] <= figures["mineurs"]


def test_a_report_tells_what_is_asked_and_nothing_else(
    reports: list[tuple[FollowUp, dict[str, int]]],
) -> None:
    for action in Action.objects.all():
        entered = {one.pk for block in asked_indicators(action) for one in block.entered}
        followed = Series.objects.filter(action=action, reporter__isnull=False)
        assert set(followed.values_list("indicator", flat=True)) <= entered
    for report, _ in reports:
        assert report.since == period_start(report.action, report.reporter, report.valid_on) or (
            Participation.objects.filter(
                action=report.action, participant=report.reporter, valid_on=report.since
            ).exists()
        )
        assert set(report.comments) <= set(report.blocks)
        assert set(report.unchanged) <= set(report.blocks)


def test_values_of_every_sort(world: worlds.Built) -> None:
    known = Measurement.objects.known()
    assert known.filter(state="nd").exists()
    assert known.filter(unchanged=True).exists()
    assert known.filter(measure=Measure.OBJECTIVE).exists()
    assert known.filter(measure=Measure.ESTIMATE).exists()
    assert known.filter(denominator__isnull=False).exists()
    assert Indicator.objects.filter(code="").count() >= 6
    assert FollowUp.objects.exclude(difficulties="").exists()
    assert FollowUp.objects.known().exclude(comments={}).exists()


def test_derived_columns_are_those_of_the_services(world: worlds.Built) -> None:
    columns = ("pk", "holds_until", "counts")
    before = list(Measurement.objects.order_by("pk").values_list(*columns))
    assert any(counts for _, _, counts in before)
    settle_subjects(Measurement, Series.objects.values_list("pk", flat=True))
    assert list(Measurement.objects.order_by("pk").values_list(*columns)) == before


def test_corrections_keep_what_was_said(world: worlds.Built) -> None:
    corrected = FollowUp.objects.known().exclude(reason="")
    assert corrected.count() >= 6
    for report in corrected:
        first, last = FollowUp.objects.versions_of(report.lineage).order_by("recorded_at")
        assert first.superseded_at == last.recorded_at > first.recorded_at
    figures = Measurement.objects.known().exclude(reason="")
    assert figures.exists()
    for figure in figures:
        first = Measurement.objects.get(lineage=figure.lineage, superseded_at__isnull=False)
        assert first.number != figure.number


def test_money_is_planned_then_committed_then_executed(world: worlds.Built) -> None:
    year = timezone.localdate().year
    lines = FundingLine.objects.known()
    assert lines.filter(year=year - 2, executed__isnull=False).exists()
    assert lines.filter(year=year - 1, executed__isnull=True).exists()
    assert not lines.filter(year=year, executed__isnull=False).exists()
    for line in lines:
        assert line.planned is not None
        assert line.committed is None or line.committed <= line.planned
        assert line.executed is None or line.executed <= (line.committed or 0)


def test_sites_are_covered_while_they_are_open(world: worlds.Built) -> None:
    links = ActionSite.objects.known().select_related("site", "action")
    assert links.exists()
    occupations = {one.site_id: one for one in Occupation.objects.known()}
    runs = {one.action_id: one for one in Intervention.objects.known()}
    for link in links:
        site, run = occupations[link.site_id], runs[link.action_id]
        assert max(site.valid_on, run.valid_on) <= link.valid_on
        assert link.site.commune.departement_id == link.action.departement_id
        if site.ended_on and not (run.ended_on and run.ended_on <= site.ended_on):
            assert link.ended_on == site.ended_on
    found = coverage()
    assert 0.15 < found.numerator / found.denominator < 0.75


def test_the_state_and_the_operators_talk(world: worlds.Built) -> None:
    said = Comment.objects.filter(content_type__model="action")
    categories = set(said.values_list("organisation__category", flat=True))
    assert said.count() >= 20
    assert {"state", "operator"} <= categories


def test_national_deadlines(world: worlds.Built) -> None:
    days = list(Deadline.objects.filter(action__isnull=True).values_list("due_on", flat=True))
    assert any(day > timezone.localdate() for day in days)
    assert any(day < timezone.localdate() for day in days)


# --- the bench -------------------------------------------------------------------------------------------------


def test_a_dispositif_of_the_bench_has_its_forty_series(communes: None, today: dt.date) -> None:
    worlds.erase()
    worlds.build(today=today, sites=5, surveys_a_site=3, actions=52, follow_ups=6)
    regular = list(Action.objects.order_by("pk")[40:])
    assert len(regular) == 12
    for action in regular:
        series = Series.objects.filter(action=action)
        reporters = set(series.values_list("reporter", flat=True))
        assert series.count() == 40
        assert 1 <= len(reporters) <= 3
        for reporter in reporters:
            assert FollowUp.objects.known().filter(action=action, reporter=reporter).count() in (6, 7)


def test_the_plans_do_not_depend_on_how_many_there_are() -> None:
    calendar = Calendar(dt.date(2026, 5, 20))
    few, more = (
        [plan.name for plan in action_plans(Chance(1), calendar, actions=number, follow_ups=24)]
        for number in (30, 60)
    )
    assert more[:30] == few
    assert len(set(more)) == 60

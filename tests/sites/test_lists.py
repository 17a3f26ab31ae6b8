"""The filtered list and its sums, against the same questions asked one site at a time in Python."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.accounts.enums import Right, Role
from jalons.history.querysets import NOW, PARIS, AsOf
from jalons.history.services import correct, enter
from jalons.sites.enums import Condition, DiagnosisStatus, Origin, SiteKind, Theme
from jalons.sites.figures import list_page, list_sums
from jalons.sites.models import LivingConditions, Occupation, Procedure, Site, SocialDiagnosis, Survey
from jalons.sites.selectors import (
    SIZES,
    SORTS,
    STALENESS,
    SiteFilter,
    filtered_sites,
    ordered_sites,
    search,
    site_rows,
    site_rows_by_key,
)
from jalons.thresholds.enums import DEFAULTS
from jalons.urgency.engine import priorities
from tests import factories
from tests.factories import Cast
from tests.guards.draws import costly

pytestmark = pytest.mark.django_db
COMMUNES = (factories.LILLE, factories.ROUBAIX, factories.ARRAS, factories.MARSEILLE)


@dataclass
class Known:
    """What stands on one site today, found the naive way."""

    site: Site
    figure: Survey | None
    state: LivingConditions | None
    diagnosis: SocialDiagnosis | None
    evacuation: Procedure | None
    occupation: Occupation
    today: dt.date

    @property
    def closed(self) -> bool:
        return bool(self.occupation.ended_on and self.occupation.ended_on <= self.today)

    def stale(self, after: dt.timedelta) -> bool:
        return self.figure is None or self.figure.valid_on < self.today - after

    def bad(self, theme: Theme, worst: Condition = Condition.TO_IMPROVE) -> bool:
        return self.state is not None and getattr(self.state, theme.value) <= worst

    def evacuated_soon(self, told: bool = True) -> bool:
        if not (told and self.evacuation and self.evacuation.evacuation_on):
            return False
        return self.evacuation.evacuation_on <= self.today + DEFAULTS.evacuation_soon


def newest(facts: Any, rank: Callable[[Any], tuple[Any, ...]] = lambda fact: ()) -> Any:
    return max(facts, key=lambda fact: (fact.valid_on, *rank(fact), fact.recorded_at, fact.pk), default=None)


def known(site: Site, today: dt.date) -> Known:
    surveys = [s for s in site.surveys.all() if s.people is not None and not s.set_aside]
    return Known(
        site=site,
        figure=newest(surveys, lambda survey: (survey.reliability,)),
        state=newest(site.living_conditions.all()),
        diagnosis=newest(site.diagnoses.all()),
        evacuation=newest([step for step in site.procedures.all() if step.evacuation_on]),
        occupation=site.occupations.get(superseded_at__isnull=True),
        today=today,
    )


@pytest.fixture
def world(cast: Cast) -> list[Known]:
    """Thirty-six sites of every sort, always the same."""
    chance, today = random.Random(7), timezone.localdate()  # not a secret

    def ago(most: int) -> dt.date:
        return today - dt.timedelta(
            days=chance.choice([0, 1, 90, 91, 92, 181, 182, 183, chance.randrange(most)])
        )

    for number in range(36):
        site = factories.make_site(
            f"Site {number}",
            COMMUNES[number % 4],
            opened=today - dt.timedelta(days=400),
            closed=today - dt.timedelta(days=5) if number % 6 == 5 else None,
            kind=chance.choice(SiteKind.values),
            origins=tuple(code for code in Origin.values if chance.random() < 0.4),
            resorption_target=chance.choice([None, 2027]),
        )
        for _ in range(chance.randrange(4)):
            people = chance.choice([None, 0, 9, 10, 99, 100, 250])
            minors = chance.choice([None, 4])
            factories.make_survey(
                site,
                ago(300),
                people,
                reliability=chance.choice([1, 2, 3]),
                set_aside=chance.random() < 0.2,
                households=chance.choice([None, 3]),
                minors=minors,
                minors_at_school=chance.choice([None, 2]),
            )
        if chance.random() < 0.7:
            states = {theme.value: chance.choice(Condition.values) for theme in Theme}
            factories.make_conditions(site, ago(300), **states)
        if chance.random() < 0.5:
            factories.make_diagnosis(site, ago(300), chance.choice(DiagnosisStatus.values))
        if chance.random() < 0.5:
            planned = chance.choice([None, today - dt.timedelta(days=9), today + DEFAULTS.evacuation_soon])
            later = today + DEFAULTS.evacuation_soon + dt.timedelta(days=1)
            factories.make_procedure(site, ago(300), "order", evacuation_on=chance.choice([planned, later]))
    return [known(site, today) for site in Site.objects.order_by("pk")]


def matches(one: Known, asked: SiteFilter, told: bool, urgent: bool) -> bool:
    people = one.figure.people if one.figure else None
    sizes = {
        "": True,
        "small": people is not None and people < 10,
        "medium": people is not None and 10 <= people < 100,
        "large": people is not None and people >= 100,
        "unknown": people is None,
    }
    staleness = {
        "": True,
        "3": one.stale(DEFAULTS.survey_due),
        "6": one.stale(DEFAULTS.survey_stale),
        "never": one.figure is None,
    }
    diagnosis = one.diagnosis.status if one.diagnosis else DiagnosisStatus.UNKNOWN
    return all(
        (
            one.closed == (asked.status == "closed"),
            sizes[asked.size],
            staleness[asked.stale],
            asked.departement in ("", one.site.commune.departement_id),
            asked.kind in ("", one.site.kind),
            not asked.origin or asked.origin in one.site.origins,
            all(one.bad(Theme(theme)) for theme in asked.themes),
            asked.diagnosis in ("", diagnosis),
            not asked.evacuation or one.evacuated_soon(told),
            not asked.target or one.site.resorption_target is not None,
            not asked.urgent or urgent,
        )
    )


QUESTIONS = [
    SiteFilter(),
    SiteFilter(status="closed"),
    *(SiteFilter(size=size) for size in SIZES),
    *(SiteFilter(stale=stale) for stale in STALENESS),
    *(SiteFilter(kind=kind) for kind in SiteKind.values),
    *(SiteFilter(origin=origin) for origin in Origin.values),
    *(SiteFilter(themes=(theme,)) for theme in Theme.values),
    *(SiteFilter(diagnosis=status) for status in DiagnosisStatus.values),
    SiteFilter(themes=("water", "fire")),
    SiteFilter(departement="62"),
    SiteFilter(evacuation=True),
    SiteFilter(evacuation=True, urgent=True, themes=("water",)),
    SiteFilter(target=True),
    SiteFilter(urgent=True),
    SiteFilter(urgent=True, size="unknown", stale="6", diagnosis="unknown", status="closed"),
]


def test_each_filter_keeps_what_python_keeps(cast: Cast, world: list[Known]) -> None:
    readers = {
        cast.national: lambda one: True,
        cast.correspondent59: lambda one: in_nord(one),
        cast.observer: never,
    }
    kept = 0
    for asked in QUESTIONS:
        for reader, told in readers.items():
            seen = [one for one in world if reader != cast.observer or in_nord(one)]
            urgent = set(priorities(reader).order) if asked.urgent else set()
            expected = [one for one in seen if matches(one, asked, told(one), one.site.pk in urgent)]
            found = filtered_sites(reader, asked)
            assert set(found) == {one.site for one in expected}, (reader, asked)
            check_sums(list_sums(found), expected)
            kept += len(expected)
        for sort in SORTS:
            found = filtered_sites(cast.correspondent59, asked)
            ordered = ordered_sites(cast.correspondent59, found, replace(asked, sort=sort))
            assert len(ordered) == len(set(ordered)), (asked, sort)
        # The sums that come with a page are those of the whole list, whatever its order.
        found = filtered_sites(cast.correspondent59, asked)
        ordered = ordered_sites(cast.correspondent59, found, replace(asked, sort="-priorite"))
        keys = [site.pk for site in ordered]
        for page in (slice(0, 2), slice(1, 4), slice(len(keys), len(keys) + 2)):
            assert list_page(ordered, NOW, page) == (list_sums(found), keys[page]), (asked, page)
    nothing = Site.objects.filter(name="").open_on().with_figure().order_by("pk")
    assert list_page(nothing, NOW, slice(0, 2)) == (list_sums(nothing), [])
    assert kept > 10 * len(QUESTIONS), "les questions ne gardent presque rien : le monde est trop pauvre"


def in_nord(one: Known) -> bool:
    return one.site.commune.departement_id == "59"


def never(one: Known) -> bool:
    return False


def check_sums(sums: Any, expected: list[Known]) -> None:
    figures = [one.figure for one in expected]
    assert sums.sites == len(expected)
    assert sums.stale == sum(one.stale(DEFAULTS.survey_stale) for one in expected)
    for name in ("people", "households", "women", "minors"):
        given_ = [getattr(figure, name) for figure in figures if figure and getattr(figure, name) is not None]
        told = getattr(sums, name)
        assert (told.total, told.known, told.expected) == (sum(given_), len(given_), len(expected)), name
    both = [f for f in figures if f and f.minors is not None and f.minors_at_school is not None]
    assert sums.schooling.numerator == sum(figure.minors_at_school or 0 for figure in both)
    assert sums.schooling.denominator == sum(figure.minors or 0 for figure in both)
    assert sums.schooling.known == len(both)


def test_unknown_figures_come_last_in_both_orders(cast: Cast, world: list[Known]) -> None:
    found = filtered_sites(cast.national, SiteFilter())
    for sort in ("personnes", "-personnes"):
        people = [
            row.figure.people if row.figure else None
            for row in site_rows(cast.national, ordered_sites(cast.national, found, SiteFilter(sort=sort)))
        ]
        told = [count for count in people if count is not None]
        assert told == sorted(told, reverse=sort.startswith("-"))
        assert people[len(told) :] == [None] * (len(people) - len(told))


def test_priority_puts_a_known_evacuation_first_only_for_who_may_know(cast: Cast) -> None:
    today = timezone.localdate()
    calm = factories.make_site("Calme")
    soon = factories.make_site("Bientôt")
    for site, people in ((calm, 150), (soon, 20)):
        factories.make_survey(site, today, people)
    factories.make_procedure(soon, today, evacuation_on=today + dt.timedelta(days=20))
    asked = SiteFilter(sort="-priorite")
    for reader, first in ((cast.correspondent59, soon), (cast.observer, calm)):
        found = ordered_sites(reader, filtered_sites(reader, asked), asked)
        assert found.first() == first
        assert list(found.values_list("pk", flat=True)) == list(priorities(reader).order)
        rows = site_rows(reader, found, urgent=True)
        reasons = {row.site.pk: [reason.words for reason in row.reasons] for row in rows}
        assert any("vacuation" in words for words in reasons[soon.pk]) == (first == soon)
        for site, words in reasons.items():
            assert words == [reason.words for reason in priorities(reader).reasons_on(site)]


def test_the_list_costs_the_same_for_one_site_and_for_many(cast: Cast) -> None:
    def cost() -> int:
        asked = SiteFilter(q="site", urgent=True, themes=("water",), diagnosis="done", sort="-priorite")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = filtered_sites(cast.correspondent59, asked)
            list_sums(found)
            ordered = ordered_sites(cast.correspondent59, found, asked)[:25]
            site_rows(cast.correspondent59, ordered, urgent=True)
        return len(queries)

    def more(count: int) -> None:
        today = timezone.localdate()
        for _ in range(count):
            site = factories.make_site()
            factories.make_survey(site, today, 30)
            factories.make_survey(site, today, 60, source_kind="police")
            factories.make_conditions(site, today, water=Condition.BAD)
            factories.make_diagnosis(site, today)
            factories.make_procedure(site, today, evacuation_on=today)

    cost()  # the rights of the reader are read once
    more(1)
    one = cost()
    more(5)
    assert cost() == one


# Both axes of time -----------------------------------------------------------------------------------------------

START = dt.date(2020, 3, 1)
DAYS = [START + dt.timedelta(days=number) for number in range(5)]
instants = st.integers(0, 3).map(lambda day: dt.datetime(2020, 3, 1 + day, 12, tzinfo=PARIS))
dates = st.sampled_from(DAYS)
steps = st.one_of(
    st.tuples(st.just("count"), instants, st.integers(0, 1), dates, st.sampled_from([None, 0, 8, 120])),
    st.tuples(st.just("correct"), instants, st.integers(0, 5), dates, st.sampled_from([None, 5, 50])),
    st.tuples(st.just("aside"), instants, st.integers(0, 5), dates, st.none()),
    st.tuples(st.just("withdraw"), instants, st.integers(0, 5), dates, st.none()),
    st.tuples(st.just("close"), instants, st.integers(0, 1), dates, st.none()),
    st.tuples(st.just("reopen"), instants, st.integers(0, 1), dates, st.none()),
)


def play(sites: list[Site], author: Any, story: list[Any]) -> None:
    surveys: list[Survey] = []
    for what, when, index, day, people in story:
        if what == "count":
            said = Survey(
                site=sites[index], source_kind="other", valid_on=day, people=people, recorded_at=when
            )
            surveys.append(enter(fact=said, by=author))
        elif what in ("close", "reopen"):
            current = Occupation.objects.known().get(site=sites[index])
            ends = {"ended_on": day, "closing_reason": "court"} if what == "close" else OPEN
            correct(fact=current, by=author, reason="", at=when, **ends)
        elif surveys:
            changes = {
                "correct": {"valid_on": day, "people": people},
                "aside": {"set_aside": True},
                "withdraw": {"withdrawn": True},
            }[what]
            index %= len(surveys)
            surveys[index] = correct(fact=surveys[index], by=author, reason="", at=when, **changes)


OPEN = {"ended_on": None, "closing_reason": ""}


def versions_at(model: Any, site: Site, at: AsOf) -> list[Any]:
    """The versions held for right on `at`, by reading every row."""
    end = dt.datetime.combine(at.known + dt.timedelta(days=1), dt.time(), PARIS) if at.known else None
    return [
        one
        for one in model.objects.filter(site=site)
        if not one.withdrawn
        and one.valid_on <= at.day
        and (end is None or one.recorded_at < end)
        and (one.superseded_at is None or (end is not None and one.superseded_at >= end))
    ]


points = st.lists(st.builds(AsOf, dates, st.sampled_from([None, *DAYS[:4]])), min_size=3, max_size=3)


@costly
@given(st.lists(steps, min_size=1, max_size=8), points)
@settings(max_examples=25)
def test_the_list_and_its_sums_at_any_point_of_both_axes(story: list[Any], looked_at: list[AsOf]) -> None:
    with transaction.atomic():
        sites = [factories.make_site(opened=START) for _ in range(2)]
        first = dt.datetime(2020, 2, 28, tzinfo=PARIS)
        Occupation.objects.update(recorded_at=first)
        reader = factories.make_user(Role.NATIONAL, "FR")
        play(sites, factories.an_author(sites[0]), story)
        for at in looked_at:
            compare(reader, sites, at)
        transaction.set_rollback(True)


def compare(reader: Any, sites: list[Site], at: AsOf) -> None:
    figures = {}
    for site in sites:
        able = [s for s in versions_at(Survey, site, at) if s.people is not None and not s.set_aside]
        figures[site] = newest(able, lambda survey: (survey.reliability,))
    closed = {s for s in sites for o in versions_at(Occupation, s, at) if o.ended_on and o.ended_on <= at.day}
    for status, expected in (("open", set(sites) - closed), ("closed", closed)):
        found = filtered_sites(reader, SiteFilter(status=status), at)
        assert set(found) == expected, (at, status)
        told = [figures[site].people for site in expected if figures[site]]
        ordered = ordered_sites(reader, found, SiteFilter(sort="-personnes"))
        sums, keys = list_page(ordered, at, slice(0, 25))
        assert (sums.sites, sums.people.total, sums.people.known) == (len(expected), sum(told), len(told)), at
        rows = site_rows_by_key(reader, keys, at)
        assert {row.site: row.figure for row in rows} == {site: figures[site] for site in expected}, at


# Search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", {"Hélène", "Roubaix Sud", "Arras", "Joliette", "Montreuil"}),
        ("helene", {"Hélène"}),
        ("HÉLÈNE", {"Hélène"}),
        ("rue de l’église", {"Hélène"}),
        ("eglise helene", {"Hélène"}),
        ("l'Ancienne Gare", {"Roubaix Sud"}),
        ("gare", {"Roubaix Sud"}),
        ("Lille", {"Hélène"}),
        ("59000", {"Hélène"}),
        ("59350", {"Hélène"}),
        ("nord", {"Hélène", "Roubaix Sud"}),
        ("Pas de Calais", {"Arras"}),
        ("62", {"Arras"}),
        ("métropole européenne de lille", {"Hélène", "Roubaix Sud"}),
        (factories.MEL, {"Hélène", "Roubaix Sud"}),
        ("hauts de france", {"Hélène", "Roubaix Sud", "Arras"}),
        ("93", {"Montreuil"}),
        ("seine saint denis", {"Montreuil"}),
        ("nulle part", set()),
        ("%", set()),
        ("_", set()),
        ("' OR 1=1 --", set()),
        ("x" * 100_000, set()),
        ("Hél\x00ène", {"Hélène"}),
    ],
)
def test_what_is_typed_finds_sites(text: str, names: set[str], cast: Cast) -> None:
    factories.make_site("Hélène", factories.LILLE, address="4 rue de l’Église")
    factories.make_alias(factories.make_site("Roubaix Sud", factories.ROUBAIX), "L’Ancienne-Gare")
    factories.make_site("Arras", factories.ARRAS)
    factories.make_site("Joliette", factories.MARSEILLE)
    factories.make_site("Montreuil", factories.MONTREUIL)
    assert {site.name for site in search(Site.objects.all(), text)} == names


def test_a_search_never_shows_what_one_may_not_see(cast: Cast) -> None:
    factories.make_site("Joliette", factories.MARSEILLE)
    assert not filtered_sites(cast.operator_a, SiteFilter(q="Joliette")).exists()
    assert filtered_sites(cast.operator13, SiteFilter(q="Joliette")).exists()


def test_a_reader_without_the_right_learns_nothing_from_the_evacuation_filter(cast: Cast) -> None:
    today = timezone.localdate()
    site = factories.make_site()
    factories.make_survey(site, today, 10)
    factories.make_procedure(site, today, evacuation_on=today)
    granted = factories.make_user(Role.OPERATOR, factories.LILLE, grants=[Right.READ_JUSTICE])
    for reader, sees in ((cast.operator_a, False), (granted, True), (cast.correspondent13, False)):
        assert filtered_sites(reader, SiteFilter(evacuation=True), NOW).exists() == sees, reader
        asked = SiteFilter(sort="-priorite")
        rows = site_rows(reader, ordered_sites(reader, filtered_sites(reader, asked), asked), urgent=True)
        assert any("vacuation" in reason.words for row in rows for reason in row.reasons) == sees, reader

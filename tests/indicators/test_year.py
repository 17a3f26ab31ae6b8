"""The figures of a year: what stands at its end, what adds up over it, what is missing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.actions.enums import ActionTheme, ParticipationRole
from jalons.actions.models import Action
from jalons.actions.services import Part, set_parts
from jalons.core.values import Ratio, Sum, Value
from jalons.history.querysets import NOW, AsOf
from jalons.indicators.models import Indicator, Measurement
from jalons.indicators.selectors.year import YearFigure, year_figures
from jalons.indicators.services import FollowUpContent, correct_follow_up, load_socle
from tests.factories import (
    Cast,
    actor,
    departement_author,
    make_action,
    make_follow_up,
    make_socle,
    organisation_of,
)
from tests.guards.draws import costly
from tests.indicators.test_socle import relabelled, rewritten

pytestmark = pytest.mark.django_db
SOCLE = True
START = dt.date(2020, 1, 1)
JUNE, DECEMBER = dt.date(2020, 6, 30), dt.date(2020, 12, 31)
Read = Callable[[str], YearFigure]


def reader(action: Action, year: int = 2020, at: AsOf = NOW) -> Read:
    figures = year_figures([action.pk], year, at)
    socle = {one.code: one for one in Indicator.objects.national()}
    return lambda code: figures.of(action.pk, socle[code])


@pytest.fixture
def action(cast: Cast) -> Action:
    """Schooling, followed by two operators."""
    make_socle()
    return make_action(
        starts_on=START, operators=[organisation_of(cast.operator_a), organisation_of(cast.operator_b)]
    )


def test_stocks_stand_and_flows_add_up(cast: Cast, action: Action) -> None:
    for day, people, come in ((JUNE, 30, 4), (DECEMBER, 28, 3)):
        make_follow_up(action, day, by=cast.operator_a, personnes=people, entrees=come)
    make_follow_up(action, JUNE, by=cast.operator_b, personnes=12, entrees=1)
    told = reader(action)
    assert told("personnes").figure == Sum(40, known=2)
    assert told("entrees").figure == Sum(8, known=2)
    # The next year, nobody told of entries yet; what stood still stands.
    after = reader(action, 2021)
    assert after("personnes").figure == Sum(40, known=2)
    assert after("entrees").figure == Sum(empty=2)


def test_a_partial_sum_says_what_it_lacks(cast: Cast, action: Action) -> None:
    make_follow_up(action, JUNE, by=cast.operator_a, personnes=30, femmes=0, mineurs=Value.nd())
    told = reader(action)
    assert told("personnes").figure == Sum(30, known=1, empty=1)
    assert not told("personnes").is_complete
    assert str(told("personnes").figure) == "≥\u00a030 (1\u00a0non renseigné)"
    assert told("femmes").figure == Sum(0, known=1, empty=1)
    assert told("mineurs").figure == Sum(nd=1, empty=1)


def test_what_the_themes_do_not_ask_is_not_applicable(action: Action) -> None:
    told = reader(action)
    assert told("personnes").figure == Sum(empty=2)
    assert told("wc").figure == Sum(na=1)


def test_what_one_operator_does_not_fill_in_is_not_missing(cast: Cast, action: Action) -> None:
    by = departement_author("59")
    a, b = organisation_of(cast.operator_a), organisation_of(cast.operator_b)
    roles = ParticipationRole
    parts = [
        Part(by.organisation, roles.PILOT),
        Part(a, roles.OPERATOR),
        Part(b, roles.OPERATOR, blocks=("school",)),
    ]
    set_parts(action=action, parts=parts, on=START, by=by)
    make_follow_up(action, JUNE, by=cast.operator_a, personnes=30)
    assert reader(action)("personnes").figure == Sum(30, known=1)
    assert reader(action)("scolarisables").figure == Sum(empty=2)


def test_an_operator_that_left_no_longer_counts_in_the_stock(cast: Cast, action: Action) -> None:
    for user in (cast.operator_a, cast.operator_b):
        make_follow_up(action, JUNE, by=user, personnes=10, entrees=2)
    by, a = departement_author("59"), organisation_of(cast.operator_a)
    parts = [Part(by.organisation, ParticipationRole.PILOT), Part(a, ParticipationRole.OPERATOR)]
    set_parts(action=action, parts=parts, on=dt.date(2020, 9, 1), by=by)
    assert reader(action)("personnes").figure == Sum(10, known=1)
    assert reader(action)("entrees").figure == Sum(4, known=2)


def test_sums_and_rates_come_from_their_parts(cast: Cast, action: Action) -> None:
    whole = {"maternelle": 2, "elementaire": 5, "college": 1, "lycee": 0, "autre_scolarite": 0}
    make_follow_up(action, JUNE, by=cast.operator_a, scolarisables=10, **whole)
    make_follow_up(action, JUNE, by=cast.operator_b, scolarisables=90, maternelle=9)
    told = reader(action)
    assert told("scolarises").figure == Sum(17, known=2, empty=4)
    assert told("taux-scolarisation") == YearFigure(Ratio(17, 100, 2, 2), partial=True)


def test_a_rate_leaves_out_who_did_not_tell_both_parts(cast: Cast, action: Action) -> None:
    whole = {"maternelle": 2, "elementaire": 5, "college": 1, "lycee": 0, "autre_scolarite": 0}
    make_follow_up(action, JUNE, by=cast.operator_a, scolarisables=10, **whole)
    make_follow_up(action, JUNE, by=cast.operator_b, **whole)
    assert reader(action)("taux-scolarisation") == YearFigure(Ratio(8, 10, 1, 2))


def test_words_stand_side_by_side(cast: Cast) -> None:
    make_socle()
    both = [organisation_of(cast.operator_a), organisation_of(cast.operator_b)]
    action = make_action(starts_on=START, themes=[ActionTheme.SAFETY], operators=both)
    make_follow_up(action, JUNE, by=cast.operator_a, electricite=Value.choice("yes", "Oui"), wc=2)
    assert reader(action)("electricite").figure == Value.choice("yes", "Oui")
    make_follow_up(action, JUNE, by=cast.operator_b, electricite=Value.choice("no", "Non"))
    said = str(reader(action)("electricite").figure)
    assert said == "Les amis de Lille\u00a0: Oui\u00a0; Solidarité Nord\u00a0: Non"


def test_figures_told_under_an_older_label_keep_their_own_column(
    cast: Cast, action: Action, tmp_path: Any
) -> None:
    make_follow_up(action, JUNE, by=cast.operator_a, personnes=30)
    load_socle(rewritten(tmp_path, lambda rows: relabelled(rows, "personnes", label="Personnes suivies")))
    make_follow_up(action, DECEMBER, by=cast.operator_b, personnes=5)
    figures = year_figures([action.pk], 2020)
    found = {
        (one.label, one.revision): figures.of(action.pk, one).figure
        for one in figures.indicators
        if one.code == "personnes"
    }
    assert found == {("Personnes", 1): Sum(30, known=1), ("Personnes suivies", 2): Sum(5, known=1)}
    # Told again under the new label, the old figure stands no more.
    make_follow_up(action, DECEMBER, by=cast.operator_a, personnes=31)
    figures = year_figures([action.pk], 2021)
    assert [figures.of(action.pk, one).figure for one in figures.indicators if one.code == "personnes"] == [
        Sum(36, known=2)
    ]


def test_a_closed_dispositif_keeps_what_stood_at_its_end(cast: Cast) -> None:
    make_socle()
    mine = organisation_of(cast.operator_a)
    action = make_action(starts_on=START, operators=[mine], ended_on=dt.date(2020, 7, 31))
    make_follow_up(action, JUNE, by=cast.operator_a, personnes=30)
    assert reader(action)("personnes").figure == Sum(30, known=1)
    assert reader(action, 2021)("personnes").figure == Sum(na=1)


def test_a_view_of_the_past_knows_what_was_known(cast: Cast, action: Action) -> None:
    first = make_follow_up(action, JUNE, by=cast.operator_a, personnes=30, entrees=4)
    day = dt.datetime(2020, 7, 1, 12, tzinfo=dt.UTC)
    Measurement.objects.update(recorded_at=day)
    socle = {one.code: one for one in Indicator.objects.national()}
    told = FollowUpContent(
        on=JUNE, values={socle["personnes"].pk: Value.of(32), socle["entrees"].pk: Value.of(9)}
    )
    known = {one.pk: one for one in socle.values()}
    correct_follow_up(
        follow_up=first, content=told, indicators=known, by=actor(cast.operator_a), reason="oubli"
    )
    make_follow_up(action, DECEMBER, by=cast.operator_a, since=START, personnes=40, entrees=11)
    assert reader(action)("entrees").figure == Sum(11, known=1, empty=1)
    # By the end of June the report of the whole year was not there.
    assert reader(action, at=AsOf(JUNE))("entrees").figure == Sum(9, known=1, empty=1)
    assert reader(action, at=AsOf(JUNE))("personnes").figure == Sum(32, known=1, empty=1)
    # Nor its correction, on the day itself. Who took part was entered today: then nobody was expected.
    then = AsOf(JUNE, dt.date(2020, 7, 1))
    assert reader(action, at=then)("entrees").figure == Sum(na=1)
    redated(day)
    assert reader(action, at=then)("entrees").figure == Sum(4, known=1, empty=1)
    assert reader(action, at=then)("personnes").figure == Sum(30, known=1, empty=1)


def redated(day: dt.datetime) -> None:
    """The dispositif and who takes part were known then."""
    for model in (Action._meta.get_field(name).related_model for name in ("interventions", "participations")):
        model._default_manager.update(recorded_at=day)  # type: ignore[union-attr]


figures = st.sampled_from([None, Value.nd(), Value.na(), Value.dash(), Value.of(0), Value.of(7)])
reports = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 24), st.sampled_from([None, 20, 70, 200]), figures, figures),
    max_size=6,
    unique_by=lambda report: report[:2],
)


@costly
@given(reports, st.sampled_from([2020, 2021]), st.sampled_from([NOW, AsOf(dt.date(2021, 6, 1))]))
@settings(max_examples=25)
def test_years_are_what_a_replay_adds_up(people: Cast, told: list[Any], year: int, at: AsOf) -> None:
    with transaction.atomic():
        make_socle()
        users = [people.operator_a, people.operator_b]
        action = make_action(starts_on=START, operators=[organisation_of(user) for user in users])
        for who, month, back, people, come in told:
            on = START + dt.timedelta(days=29 * month + 5)
            since = None if back is None else max(START, on - dt.timedelta(days=back))
            said = {code: value for code, value in (("personnes", people), ("entrees", come)) if value}
            make_follow_up(action, on, by=users[who], since=since, **said)
        read = reader(action, year, at)
        assert (read("personnes").figure, read("entrees").figure) == replayed(action, year, at)
        transaction.set_rollback(True)


ABSENT = {"nd": Sum(nd=1), "na": Sum(na=1), "dash": Sum(dash=1)}


def replayed(action: Action, year: int, at: AsOf) -> tuple[Sum, Sum]:
    from_, until = dt.date(year, 1, 1), min(dt.date(year, 12, 31), at.day)
    facts = list(Measurement.objects.known().filter(valid_on__lte=at.day).select_related("series__indicator"))
    stock, flow = Sum(), Sum()
    for operator in {part for part, role in action.parts if role == ParticipationRole.OPERATOR}:
        mine = [one for one in facts if one.series.reporter_id == operator]
        stocks = [one for one in mine if one.series.indicator.code == "personnes" and one.valid_on <= until]
        last = max(stocks, key=lambda one: one.valid_on, default=None)
        if last is None:
            stock += Sum(empty=1)
        else:
            stock += Sum(int(last.number), known=1) if last.number is not None else ABSENT[last.state]
        flow += flow_of([one for one in mine if one.series.indicator.code == "entrees"], from_, until)
    return stock, flow


def flow_of(mine: list[Any], since: dt.date, until: dt.date) -> Sum:
    periods = Measurement.derive(sorted(mine, key=lambda one: one.valid_on, reverse=True))
    kept = [one for one in mine if one.pk in periods and since <= one.valid_on <= until]
    known = [one for one in kept if one.number is not None]
    lacks = [ABSENT[one.state] for one in kept if one.number is None]
    if known:
        return Sum(sum(int(one.number) for one in known), known=1, nd=sum(one.nd for one in lacks))
    whole = sum(lacks, Sum())
    emptiness = whole.emptiness
    return ABSENT.get(emptiness.value, Sum(empty=1)) if emptiness else Sum(empty=1)


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    make_socle()
    mine = organisation_of(cast.operator_a)
    actions = []
    for _ in range(4):
        actions.append(make_action(starts_on=START, operators=[mine]))
        make_follow_up(actions[-1], JUNE, by=cast.operator_a, personnes=30, entrees=Value.nd())
    counts = []
    for number in (1, 4):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            year_figures([action.pk for action in actions[:number]], 2020)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12

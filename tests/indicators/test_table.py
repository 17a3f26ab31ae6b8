"""The follow-up as a table: dates, months, several operators, what is missing, as of any date."""

import datetime as dt

import pytest

from jalons.core.values import Value, local_day
from jalons.history.querysets import AsOf
from jalons.indicators.models import Measurement
from jalons.indicators.selectors.table import FollowTable, Line, follow_table
from jalons.indicators.services import FollowUpContent, correct_follow_up, set_objective
from tests.factories import Cast, actor, make_action, make_follow_up, make_socle, organisation_of

pytestmark = pytest.mark.django_db
SOCLE = True
JANUARY, FEBRUARY, MARCH = dt.date(2020, 1, 31), dt.date(2020, 2, 29), dt.date(2020, 3, 31)


def line(table: FollowTable, code: str) -> Line:
    return next(one for block in table.blocks for one in block.lines if one.indicator.code == code)


def words(table: FollowTable, code: str) -> list[str]:
    return [cell.words.replace("\u00a0", " ") for cell in line(table, code).cells]


@pytest.fixture
def socle(db: None):
    return make_socle()


def test_one_operator_has_one_column_a_date(cast: Cast, socle) -> None:
    action = make_action(operators=[organisation_of(cast.operator_a)])
    make_follow_up(
        action, JANUARY, by=cast.operator_a, personnes=32, femmes=10, scolarisables=15, elementaire=8
    )
    figures = {"maternelle": 2, "elementaire": 6, "college": 3, "lycee": 1, "autre_scolarite": 0}
    make_follow_up(
        action, FEBRUARY, by=cast.operator_a, personnes=33, femmes=Value.nd(), scolarisables=15, **figures
    )
    table = follow_table(action)
    assert [column.on for column in table.columns] == [JANUARY, FEBRUARY]
    assert words(table, "personnes") == ["32", "33"]
    assert words(table, "femmes") == ["10", "ND"]
    assert str(line(table, "femmes").cells[0].share) == "31\u00a0%"
    assert words(table, "taux-scolarisation") == ["≥ 53 %", "80 %"]
    assert words(table, "menages") == ["non renseigné", "non renseigné"]
    assert line(table, "femmes").depth == 1


def test_two_operators_add_up_by_month_with_what_is_missing(cast: Cast, socle) -> None:
    action = make_action(operators=[organisation_of(cast.operator_a), organisation_of(cast.operator_b)])
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30, entrees=4)
    make_follow_up(action, dt.date(2020, 1, 28), by=cast.operator_b, personnes=12, entrees=1)
    make_follow_up(action, FEBRUARY, by=cast.operator_a, personnes=31, entrees=2)
    table = follow_table(action)
    assert words(table, "personnes") == ["42", "≥ 31 (1 non renseigné)"]
    assert words(table, "entrees") == ["5", "≥ 2 (1 non renseigné)"]
    first = line(table, "personnes").cells[0]
    assert [(str(who), str(figure.value)) for who, figure in first.parts] == [
        ("Les amis de Lille", "30"),
        ("Solidarité Nord", "12"),
    ]
    alone = follow_table(action, reporter=organisation_of(cast.operator_b).pk)
    assert words(alone, "personnes") == ["12"]


def test_as_of_shows_what_was_known(cast: Cast, socle) -> None:
    action = make_action(operators=[organisation_of(cast.operator_a)])
    first = make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30)
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    Measurement.objects.update(recorded_at=yesterday)
    told = FollowUpContent(on=JANUARY, values={socle["personnes"].pk: Value.of(32)})
    indicators = {one.pk: one for one in socle.values()}
    by = actor(cast.operator_a)
    correct_follow_up(
        follow_up=first, content=told, indicators=indicators, by=by, reason="une famille oubliée"
    )
    assert words(follow_table(action), "personnes") == ["32"]
    assert line(follow_table(action), "personnes").cells[0].corrected
    assert words(follow_table(action, AsOf(known=local_day(yesterday))), "personnes") == ["30"]
    assert follow_table(action, AsOf(valid=dt.date(2020, 1, 15))).is_empty


def test_an_objective_stands_beside(cast: Cast, socle) -> None:
    action = make_action(operators=[organisation_of(cast.operator_a)])
    by = actor(cast.correspondent59)
    set_objective(action=action, indicator=socle["scolarisables"], on=MARCH, value=Value.of(20), by=by)
    set_objective(action=action, indicator=socle["scolarisables"], on=MARCH, value=Value.of(25), by=by)
    (objective,) = line(follow_table(action), "scolarisables").objectives
    assert (objective.on, objective.value) == (MARCH, Value.of(25))


def test_queries_do_not_grow(cast: Cast, socle, django_assert_num_queries) -> None:
    action = make_action(operators=[organisation_of(cast.operator_a), organisation_of(cast.operator_b)])
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30)
    with django_assert_num_queries(7):
        follow_table(action)
    for month in range(2, 9):
        make_follow_up(action, dt.date(2020, month, 20), by=cast.operator_a, personnes=30, maternelle=1)
        make_follow_up(action, dt.date(2020, month, 21), by=cast.operator_b, personnes=10, college=2)
    with django_assert_num_queries(7):
        follow_table(action)

"""What a reporter tells at a date: stored once, corrected with a reason, never overwritten."""

import datetime as dt

import pytest

from jalons.actions.models import FollowUp
from jalons.core.values import Value
from jalons.editing.refusals import Refused
from jalons.history.services import enter
from jalons.indicators.enums import Measure
from jalons.indicators.models import Measurement
from jalons.indicators.services import FollowUpContent, correct_follow_up
from tests.factories import Cast, actor, make_action, make_follow_up, make_socle, organisation_of

pytestmark = pytest.mark.django_db
SOCLE = True
JANUARY, FEBRUARY, MARCH = dt.date(2020, 1, 31), dt.date(2020, 2, 29), dt.date(2020, 3, 31)


def numbers(action, code):
    found = Measurement.objects.known().filter(series__action=action, series__indicator__code=code)
    return list(found.order_by("valid_on").values_list("valid_on", "number", "counts"))


def test_a_flow_told_by_two_overlapping_reports_counts_once(cast: Cast) -> None:
    make_socle()
    action = make_action(operators=[organisation_of(cast.operator_a)])
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30, entrees=4)
    make_follow_up(action, MARCH, by=cast.operator_a, personnes=33, entrees=7)
    make_follow_up(action, FEBRUARY, by=cast.operator_a, personnes=31, entrees=2)
    # That of March tells of February too.
    assert numbers(action, "entrees") == [(JANUARY, 4, True), (FEBRUARY, 2, False), (MARCH, 7, True)]


def test_what_was_counted_adds_up_rather_than_its_estimate(cast: Cast) -> None:
    make_socle()
    action = make_action(operators=[organisation_of(cast.operator_a)])
    make_follow_up(action, JANUARY, by=cast.operator_a, entrees=4)
    counted = Measurement.objects.get()
    estimate = Measurement(
        series=counted.series, since=counted.since, valid_on=JANUARY, measure=Measure.ESTIMATE, number=9
    )
    enter(fact=estimate, by=actor(cast.operator_a))
    assert sorted(numbers(action, "entrees")) == [(JANUARY, 4, True), (JANUARY, 9, False)]


def test_a_correction_keeps_the_figure_of_before(cast: Cast) -> None:
    socle = make_socle()
    action = make_action(operators=[organisation_of(cast.operator_a)])
    first = make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30, femmes=12, menages=9)
    people, women = socle["personnes"], socle["femmes"]
    told = FollowUpContent(on=JANUARY, values={people.pk: Value.of(32), women.pk: Value.of(12)})
    correct_follow_up(
        follow_up=first,
        content=told,
        indicators={one.pk: one for one in socle.values()},
        by=actor(cast.operator_a),
        reason="une famille oubliée",
    )
    assert numbers(action, "personnes") == [(JANUARY, 32, False)]
    assert numbers(action, "menages") == []
    versions = Measurement.objects.filter(series__indicator=people).order_by("recorded_at")
    assert [(one.number, one.reason) for one in versions] == [(30, ""), (32, "une famille oubliée")]
    assert Measurement.objects.filter(series__indicator=women).count() == 1
    assert FollowUp.objects.known().get(action=action).lineage == first.lineage


def test_two_operators_write_side_by_side(cast: Cast) -> None:
    make_socle()
    both = [organisation_of(cast.operator_a), organisation_of(cast.operator_b)]
    action = make_action(operators=both)
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30)
    make_follow_up(action, JANUARY, by=cast.operator_b, personnes=12)
    assert sorted(number for _, number, _ in numbers(action, "personnes")) == [12, 30]


def test_the_same_day_is_told_once(cast: Cast) -> None:
    make_socle()
    action = make_action(operators=[organisation_of(cast.operator_a)])
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30)
    with pytest.raises(Refused, match="existe déjà au 31/01/2020"):
        make_follow_up(action, JANUARY, by=cast.operator_a, personnes=31)

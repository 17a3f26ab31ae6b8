"""A dispositif in which nobody takes part today: what is asked of those who will, and what is told to the others."""

import datetime as dt

import pytest
from django.utils import timezone

from jalons.actions.models import Action, Participation, StaffLine
from tests import factories
from tests.actions.pages import page, sent, signed, url
from tests.factories import Cast, actor, make_action, organisation_of

pytestmark = pytest.mark.django_db
SOCLE = True
AGO, AHEAD = dt.timedelta(days=400), dt.timedelta(days=20)


def beginning(cast: Cast, starts_on: dt.date) -> Action:
    factories.make_socle()
    operators = [organisation_of(cast.operator_a)]
    return make_action("MOUS Lille", by=actor(cast.correspondent59), operators=operators, starts_on=starts_on)


@pytest.fixture
def coming(cast: Cast) -> Action:
    return beginning(cast, timezone.localdate() + AHEAD)


@pytest.fixture
def begun(cast: Cast) -> Action:
    """It has begun; those who take part in it begin later."""
    action = beginning(cast, timezone.localdate() - AGO)
    Participation.objects.update(valid_on=timezone.localdate() + AHEAD)
    return action


@pytest.fixture
def deserted(cast: Cast) -> Action:
    action = beginning(cast, timezone.localdate() - AGO)
    Participation.objects.update(ended_on=timezone.localdate())
    return action


@pytest.mark.parametrize("when", ["coming", "begun"])
@pytest.mark.parametrize("person", ["correspondent59", "operator_a"])
def test_the_team_of_an_operator_to_come_can_be_told(
    cast: Cast, request: pytest.FixtureRequest, when: str, person: str
) -> None:
    client, team = signed(getattr(cast, person)), url(request.getfixturevalue(when), "equipe/")
    typed = {"on": f"{timezone.localdate():%d/%m/%Y}", "equipe__0__job": "mediator", "equipe__0__fte": "0,75"}
    assert client.post(team, sent(client, team, **typed)).status_code == 302
    assert StaffLine.objects.known().get().reporter == organisation_of(cast.operator_a)


@pytest.mark.parametrize("person", ["correspondent59", "operator_a"])
@pytest.mark.parametrize("end", ["suivi/nouveau/", "suivi/inchange/"])
def test_before_it_begins_the_follow_up_says_from_when(
    cast: Cast, coming: Action, person: str, end: str
) -> None:
    answer = signed(getattr(cast, person)).get(url(coming, end))
    assert "son suivi se remplit à partir de cette date" in page(answer)


def test_an_operator_to_come_may_fill_in_a_dispositif_that_has_begun(cast: Cast, begun: Action) -> None:
    assert "Enregistrer" in page(signed(cast.operator_a).get(url(begun, "suivi/nouveau/")))


@pytest.mark.parametrize("end", ["equipe/", "suivi/nouveau/", "suivi/inchange/"])
def test_when_nobody_takes_part_any_more_the_page_says_so(cast: Cast, deserted: Action, end: str) -> None:
    answer = signed(cast.correspondent59).get(url(deserted, end))
    assert "Aucune structure ne participe plus à ce dispositif" in page(answer)
    assert url(deserted, "intervenants/") in answer.content.decode()

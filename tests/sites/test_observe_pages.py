"""Conditions de vie, diagnostic, événements, propriétaire, à l’écran."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from jalons.accounts.enums import Right, Role
from jalons.sites import services
from jalons.sites.enums import Condition, EventKind
from jalons.sites.models import LivingConditions, Ownership, Site, SiteEvent, SocialDiagnosis
from jalons.sites.questions import QUESTIONS
from tests import factories
from tests.factories import BACKEND, Cast

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 2, 3)
CONDITIONS = "conditions/nouvelles/"


@pytest.fixture
def site(cast: Cast) -> Site:
    return factories.make_site("Rue du Port", opened=dt.date(2020, 1, 1))


@pytest.fixture
def me(cast: Cast, client: Client) -> Client:
    client.force_login(cast.operator_a, BACKEND)
    return client


@pytest.fixture
def conditions(site: Site) -> LivingConditions:
    answers = {"water": {"access": "no", "sources": ["hydrant", "bottles"]}, "fire": {"measures": "yes"}}
    return services.add_conditions(
        site=site, observed_on=DAY, answers=answers, by=factories.an_author(site), note="sec"
    )


def address(site: Site, end: str) -> str:
    return f"/sites/{site.public_id}/{end}"


def sent(**more: Any) -> dict[str, Any]:
    return {"submission_key": str(uuid.uuid4()), **more}


def text(answer: Any) -> str:
    return answer.content.decode().replace("\u00a0", " ")


# Living conditions -----------------------------------------------------------------------------------------------


def test_every_question_is_asked(me: Client, site: Site) -> None:
    page = text(me.get(address(site, CONDITIONS)))
    for questions in QUESTIONS.values():
        for question in questions:
            assert question.label in page


def test_answers_are_recorded_and_give_the_states(me: Client, site: Site) -> None:
    answer = me.post(
        address(site, CONDITIONS),
        sent(
            observed_on="3/2/2021", water_access="yes", water_sources=["tap", "bottles"], pests_presence="yes"
        ),
    )
    assert answer["Location"] == address(site, "")
    state = LivingConditions.objects.get(site=site)
    assert state.answers == {
        "water": {"access": "yes", "sources": ["bottles", "tap"]},
        "pests": {"presence": "yes"},
    }
    assert (state.water, state.pests, state.waste) == (Condition.GOOD, Condition.BAD, Condition.UNKNOWN)


def test_the_last_answers_fill_the_form_and_say_so(
    me: Client, site: Site, conditions: LivingConditions
) -> None:
    page = text(me.get(address(site, CONDITIONS)))
    assert "Le 03/02/2021 : borne incendie, achat de bouteilles" in page
    assert "Le 03/02/2021 : non" in page
    assert 'value="hydrant" id="id_water_sources_1" checked' in page
    assert 'value="no" id="id_water_access_1" checked' in page
    assert "sont reprises ci-dessous" in page


def test_the_states_follow_the_answers_before_anything_is_written(me: Client, site: Site) -> None:
    fragment = text(
        me.get(address(site, CONDITIONS), {"etats": "1", "water_access": "no", "waste_regular": "x"})
    )
    assert "pas d’accès à l’eau" in fragment
    assert "<html" not in fragment
    assert not LivingConditions.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"water_access": "peut-être"},
        {"water_sources": ["tap", "rivière"]},
        {"observed_on": "demain"},
        {"note": "x" * 2000},
        {"note": "a\x00b"},
    ],
)
def test_silly_answers_are_told_and_kept(me: Client, site: Site, wrong: dict[str, Any]) -> None:
    data = sent(**{"observed_on": "3/2/2021", "fire_measures": "no", **wrong})
    answer = me.post(address(site, CONDITIONS), data)
    assert answer.status_code == 200
    assert "à corriger" in text(answer)
    assert 'value="no" id="id_fire_measures_1" checked' in text(answer)
    assert not LivingConditions.objects.exists()


def test_correcting_an_assessment(me: Client, site: Site, conditions: LivingConditions) -> None:
    where = address(site, f"conditions/{conditions.lineage}/")
    page = text(me.get(where))
    assert 'value="no" id="id_water_access_1" checked' in page
    data = sent(seen=conditions.pk, observed_on="3/2/2021", water_access="yes", reason="le robinet marche")
    assert me.post(where, data).status_code == 302
    better = LivingConditions.objects.known().get()
    assert (better.water, better.reason, better.note) == (Condition.GOOD, "le robinet marche", "")
    history = text(me.get(where))
    assert "a corrigé les conditions de vie" in history
    assert "Les habitants ont-ils accès à l’eau ?" in history


def test_two_assessors_at_once(me: Client, site: Site, conditions: LivingConditions) -> None:
    where = address(site, f"conditions/{conditions.lineage}/")
    services.correct_conditions(
        conditions=conditions,
        observed_on=DAY,
        answers={"water": {"access": "yes"}},
        by=factories.an_author(site),
        reason="revu",
    )
    mine = sent(
        seen=conditions.pk, observed_on="3/2/2021", water_access="no", water_stagnant="yes", reason="vu"
    )
    answer = me.post(where, mine)
    assert answer.status_code == 409
    assert "accès à l’eau" in text(answer)
    assert "Prendre la leur" in text(answer)
    current = LivingConditions.objects.known().get()
    again = {
        **mine,
        "seen": current.pk,
        "submission_key": str(uuid.uuid4()),
        "conflit-water_access": "theirs",
    }
    assert me.post(where, again).status_code == 302
    assert LivingConditions.objects.known().get().answers == {"water": {"access": "yes", "stagnant": "yes"}}


# Small facts -----------------------------------------------------------------------------------------------------


def test_a_diagnosis(me: Client, site: Site) -> None:
    data = sent(status="done", on="3/2/2021", led_by="Les amis de Lille")
    assert me.post(address(site, "diagnostic/"), data).status_code == 302
    assert SocialDiagnosis.objects.in_force().get(site=site).led_by == "Les amis de Lille"


def test_an_event_and_its_withdrawal(me: Client, site: Site) -> None:
    where = address(site, "evenements/nouveau/")
    assert "ce qui s’est passé" in text(me.post(where, sent(kind="other", on="3/2/2021")))
    assert me.post(where, sent(kind="fire", on="3/2/2021", description="<b>feu</b>")).status_code == 302
    event = SiteEvent.objects.get()
    gone = address(site, f"evenements/{event.lineage}/retirer/")
    page = text(me.get(gone))
    assert "&lt;b&gt;feu" in page
    assert me.post(gone, sent(reason="doublon")).status_code == 302
    assert not SiteEvent.objects.known().exists()
    assert SiteEvent.objects.filter(withdrawn=True).get().reason == "doublon"
    assert me.get(gone).status_code == 410


def test_the_owner_page_says_who_will_read(client: Client, cast: Cast, site: Site) -> None:
    first = factories.make_ownership(site, DAY, name="Port autonome")
    client.force_login(cast.correspondent59, BACKEND)
    page = text(client.get(address(site, "proprietaire/")))
    assert "Qui peut lire ceci" in page
    assert "DDETS du Nord" in page
    assert "Port autonome" in page
    data = sent(kind="private", name="SCI du Quai", on="4/2/2021", seen=str(first.pk))
    assert client.post(address(site, "proprietaire/"), data).status_code == 302
    assert [one.name for one in Ownership.objects.order_by("pk")] == ["Port autonome", "SCI du Quai"]


def test_who_may_write_the_owner_but_not_read_it_sees_nothing_of_it(client: Client, site: Site) -> None:
    factories.make_ownership(site, DAY, name="Port autonome")
    blind = factories.make_user(
        Role.OPERATOR, factories.LILLE, grants=[Right.WRITE_OWNER], refused=[Right.READ_OWNER]
    )
    client.force_login(blind, BACKEND)
    assert "Port autonome" not in text(client.get(address(site, "proprietaire/")))


SMALL = {
    "diagnostic/": {"status": "done", "on": "3/2/2021"},
    "evenements/nouveau/": {"kind": EventKind.VISIT.value, "on": "3/2/2021"},
    "proprietaire/": {"kind": "public", "on": "3/2/2021"},
}


@pytest.mark.parametrize("end", SMALL)
@pytest.mark.parametrize("on", ["", "demain", "31/02/2021", "mardi", "\x00", "9" * 100_000])
def test_wrong_dates_are_told(client: Client, cast: Cast, site: Site, end: str, on: str) -> None:
    client.force_login(cast.correspondent59, BACKEND)
    answer = client.post(address(site, end), sent(**{**SMALL[end], "on": on}))
    assert answer.status_code == 200
    assert "à corriger" in text(answer)
    for model in (SocialDiagnosis, SiteEvent, Ownership):
        assert not model._default_manager.exists()


@pytest.mark.parametrize("end", SMALL)
def test_small_facts_sent_twice_are_written_once(client: Client, cast: Cast, site: Site, end: str) -> None:
    client.force_login(cast.correspondent59, BACKEND)
    data = sent(**SMALL[end])
    for _ in range(2):
        assert client.post(address(site, end), data).status_code == 302
    written = sum(model._default_manager.count() for model in (SocialDiagnosis, SiteEvent, Ownership))
    assert written == 1

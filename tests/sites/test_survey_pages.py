"""Recenser à l’écran: what is typed is written once, never lost, never silently over somebody else's."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalons.core.values import Value
from jalons.sites import services
from jalons.sites.enums import Reliability
from jalons.sites.models import Site, SiteEvent, Survey
from tests import factories
from tests.factories import BACKEND, Cast

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 2, 3)


@pytest.fixture
def site(cast: Cast) -> Site:
    return factories.make_site("Rue du Port", opened=dt.date(2020, 1, 1))


@pytest.fixture
def survey(site: Site) -> Survey:
    counts = {"blanks": {"minors": "nd"}, "households": 9, "women": 12}
    return factories.make_survey(
        site, DAY, 36, reliability=Reliability.COUNTED, note="avec Médiance", **counts
    )


@pytest.fixture
def me(cast: Cast, client: Client) -> Client:
    client.force_login(cast.operator_a, BACKEND)
    return client


def address(site: Site, end: str) -> str:
    return f"/sites/{site.public_id}/{end}"


def told(**more: str) -> dict[str, str]:
    said = {"observed_on": "3 mars 2021", "source_kind": "operator", "reliability": "3", "people": "40"}
    return {**said, "submission_key": str(uuid.uuid4()), **more}


def said_in(answer: Any) -> list[str]:
    return [str(message).replace("\u00a0", " ") for message in get_messages(answer.wsgi_request)]


ADD = "recensements/nouveau/"


def test_a_count_is_recorded_as_it_was_typed(me: Client, site: Site, cast: Cast) -> None:
    organisation = factories.actor(cast.operator_a).organisation
    answer = me.post(
        address(site, ADD),
        told(minors="nd", women="/", households="", girls="–", note="vu", source=str(organisation.pk)),
    )
    assert (answer.status_code, answer["Location"]) == (302, address(site, ""))
    survey = Survey.objects.get(site=site)
    assert (survey.valid_on, survey.people, survey.reliability) == (
        dt.date(2021, 3, 3),
        40,
        Reliability.COUNTED,
    )
    assert [survey.value(name) for name in ("minors", "women", "households", "girls")] == [
        Value.nd(),
        Value.na(),
        Value.empty(),
        Value.dash(),
    ]
    assert (survey.source, survey.author, survey.organisation, survey.note) == (
        organisation,
        cast.operator_a,
        organisation,
        "vu",
    )
    assert said_in(answer) == ["Recensement du 03/03/2021 enregistré : 40 personnes."]


def test_doubts_are_told_and_block_nothing(me: Client, site: Site, survey: Survey) -> None:
    services.close_site(
        site=site, by=factories.an_author(site), closed_on=dt.date(2021, 3, 1), reason="voluntary"
    )
    answer = me.post(address(site, ADD), told(people="90", women="95"))
    assert answer.status_code == 302
    said = " ".join(said_in(answer))
    for doubt in ("plus de femmes que de personnes", "après la fermeture", "de 36 à 90 personnes"):
        assert doubt in said


def test_the_page_recalls_the_last_figures_and_can_take_them(me: Client, site: Site, survey: Survey) -> None:
    page = me.get(address(site, ADD)).content.decode().replace("\u00a0", " ")
    assert "La dernière fois : 36" in page
    assert "La dernière fois : ND" in page
    assert 'value="36"' not in page
    taken = me.get(address(site, ADD) + "?reprendre=1").content.decode()
    assert 'value="36"' in taken
    assert 'value="ND"' in taken
    assert Survey.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("observed_on", "", "obligatoire"),
        ("observed_on", "31/02/2021", "n’existe pas"),
        ("observed_on", "demain", "dans le futur"),
        ("observed_on", "01/01/9999", ""),
        ("people", "douze", "Écrivez un nombre entier"),
        ("people", "-3", "négatif"),
        ("people", "1000000000000", "plus grand"),
        ("people", "1,5", "entier"),
        ("people", "=1+1", "Écrivez un nombre entier"),
        ("people", "9" * 100_000, ""),
        ("women", "<script>alert(1)</script>", "Écrivez un nombre entier"),
        ("source_kind", "martian", "réponses proposées"),
        ("source", "999999", ""),
        ("reliability", "9", "réponses proposées"),
        ("note", "n\x00te", "invisible"),
        ("note", "é" * 100_000, ""),
    ],
)
def test_what_cannot_be_read_is_told_and_kept(
    me: Client, site: Site, name: str, typed: str, said: str
) -> None:
    answer = me.post(address(site, ADD), told(**{name: typed, "households": "7"}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "à corriger" in page
    assert said in page
    assert 'value="7"' in page, "ce qui était bon a été perdu"
    assert "<script>alert" not in page
    assert not Survey.objects.exists()


def test_a_refusal_stands_on_the_date(me: Client, site: Site) -> None:
    services.correct_installation(
        site=site, by=factories.an_author(site), on=dt.date(2021, 4, 1), reason="su"
    )
    page = me.post(address(site, ADD), told()).content.decode()
    assert "01/04/2021" in page
    assert 'href="#id_observed_on"' in page
    assert 'value="40"' in page
    assert not Survey.objects.exists()


def test_sent_twice_written_once(me: Client, site: Site) -> None:
    data = told()
    first, second = (me.post(address(site, ADD), data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Survey.objects.count() == 1
    assert "n’a rien ajouté" in said_in(second)[-1]


def test_a_refused_sending_frees_its_key(me: Client, site: Site) -> None:
    data = told(people="douze")
    me.post(address(site, ADD), data)
    assert me.post(address(site, ADD), {**data, "people": "12"}).status_code == 302
    assert Survey.objects.get().people == 12


# Correcting ----------------------------------------------------------------------------------------------------


def correction(survey: Survey, **more: str) -> dict[str, str]:
    return told(**{"seen": str(survey.pk), "reason": "recompté", "observed_on": "03/02/2021", **more})


def test_a_correction_starts_from_what_is_recorded_and_asks_why(
    me: Client, site: Site, survey: Survey
) -> None:
    where = address(site, f"recensements/{survey.lineage}/")
    page = me.get(where).content.decode()
    for kept in ('value="36"', 'value="9"', 'value="ND"', "avec Médiance", 'value="03/02/2021"'):
        assert kept in page
    assert "obligatoire" in me.post(where, correction(survey, reason="")).content.decode()
    assert me.post(where, correction(survey, people="38")).status_code == 302
    better = Survey.objects.known().get()
    assert (better.people, better.reason, better.lineage) == (38, "recompté", survey.lineage)
    history = me.get(where).content.decode()
    assert "a corrigé le recensement" in history
    assert "recompté" in history


def test_the_second_writer_sees_what_the_first_wrote_and_chooses(
    me: Client, site: Site, survey: Survey
) -> None:
    where = address(site, f"recensements/{survey.lineage}/")
    seen = services.Observation(DAY, "operator", 3, None, {"people": Value.of(50), "women": Value.of(12)})
    services.correct_survey(
        survey=survey, observation=seen, by=factories.an_author(site), reason="deux caravanes oubliées"
    )
    mine = correction(survey, people="40", women="12", households="9", minors="nd", note="avec Médiance")
    answer = me.post(where, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    for shown in ("36", "50", 'value="40"', "Garder la mienne", "Prendre la leur"):
        assert shown in page
    assert Survey.objects.known().get().people == 50
    current = Survey.objects.known().get()
    assert f'name="seen" value="{current.pk}"' in page
    chosen = {**mine, "seen": str(current.pk), "submission_key": str(uuid.uuid4())}
    assert (
        me.post(where, {**chosen, "conflit-people": "theirs", "conflit-households": "mine"}).status_code
        == 302
    )
    settled = Survey.objects.known().get()
    assert (settled.people, settled.households) == (50, 9)


def test_a_count_withdrawn_meanwhile_loses_nothing_and_writes_nothing(
    me: Client, site: Site, survey: Survey
) -> None:
    where = address(site, f"recensements/{survey.lineage}/")
    me.post(where + "retirer/", {"seen": str(survey.pk), "reason": "mauvais site"})
    assert not Survey.objects.known().exists()
    answer = me.post(where, correction(survey, people="77"))
    assert answer.status_code == 409
    assert 'value="77"' in answer.content.decode()
    assert "a été retiré" in answer.content.decode()
    for further in ("Écarter ce recensement", "Retirer ce recensement"):
        assert further not in answer.content.decode()
    assert me.get(where).status_code == 410
    assert not Survey.objects.known().exists()


@pytest.mark.parametrize("seen", ["", "0", "-1", "9" * 30, "²", "abc"])
def test_a_forged_version_is_no_version(me: Client, site: Site, survey: Survey, seen: str) -> None:
    where = address(site, f"recensements/{survey.lineage}/")
    assert me.post(where, correction(survey, seen=seen)).status_code == 302


def test_a_count_of_another_site_is_not_found_here(me: Client, site: Site, survey: Survey) -> None:
    other = factories.make_survey(factories.make_site("Autre"), DAY, 5)
    for end in ("", "ecarter/", "reprendre/", "retirer/"):
        where = address(site, f"recensements/{other.lineage}/{end}")
        assert me.get(where).status_code == 404
        assert me.post(where, correction(survey)).status_code in (404, 409)
    other.refresh_from_db()
    assert other.superseded_at is None


def test_set_aside_taken_back_withdrawn(me: Client, site: Site, survey: Survey) -> None:
    factories.make_survey(site, DAY - dt.timedelta(days=30), 20)

    def figure() -> int | None:
        used = Survey.objects.in_force().filter(site=site).first()
        return used.people if used else None

    for end, after in (("ecarter/", 20), ("reprendre/", 36), ("retirer/", 20)):
        where = address(site, f"recensements/{survey.lineage}/{end}")
        assert "36 personnes" in me.get(where).content.decode().replace("\u00a0", " ")
        before = Survey.objects.count()
        assert "obligatoire" in me.post(where, {"reason": " "}).content.decode()
        assert Survey.objects.count() == before
        assert me.post(where, {"reason": "parce que"}).status_code == 302
        assert figure() == after, end


# « Rien n’a changé » ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "source"), [("operator_a", "operator"), ("mairie", "municipality"), ("correspondent59", "state")]
)
def test_one_click_says_it_all_again(
    client: Client, cast: Cast, site: Site, survey: Survey, who: str, source: str
) -> None:
    factories.make_conditions(site, DAY, answers={"water": {"access": "no"}})
    client.force_login(getattr(cast, who), BACKEND)
    where = address(site, "rien-n-a-change/")
    first, second = client.post(where), client.post(where)
    assert first["Location"] == second["Location"] == address(site, "")
    said = said_in(first)[0]
    assert "36 personnes (recensement du 03/02/2021) et les conditions de vie du 03/02/2021" in said
    again = Survey.objects.in_force().get(site=site)
    assert (again.valid_on, again.source_kind, again.unchanged) == (timezone.localdate(), source, True)
    assert SiteEvent.objects.count() == 1, "un second clic n’ajoute rien"
    assert client.get(where).status_code == 405


def test_two_people_may_both_visit_on_one_day(client: Client, cast: Cast, site: Site, survey: Survey) -> None:
    for person in (cast.operator_a, cast.mairie):
        client.force_login(person, BACKEND)
        client.post(address(site, "rien-n-a-change/"))
    assert SiteEvent.objects.count() == 2


def test_nothing_to_say_again_on_a_closed_site(me: Client, site: Site, survey: Survey) -> None:
    services.close_site(site=site, by=factories.an_author(site), closed_on=DAY, reason="court")
    answer = me.post(address(site, "rien-n-a-change/"))
    assert "fermé depuis le 03/02/2021" in said_in(answer)[0]
    assert not SiteEvent.objects.exists()


# Around --------------------------------------------------------------------------------------------------------


def test_a_merged_site_leads_to_the_kept_one_and_takes_nothing(me: Client, site: Site) -> None:
    kept = factories.make_site("Gardé")
    by = factories.an_author(site)
    services.merge_sites(survivor=kept, duplicate=site, by=by, reason="doublon")
    answer = me.get(address(site, ADD))
    assert answer["Location"] == address(kept, "")
    assert me.post(address(site, ADD), told()).status_code == 410
    assert not Survey.objects.exists()


@pytest.mark.parametrize("page", [ADD, "conditions/nouvelles/", "fermer/", "reinstallations/nouvelle/"])
def test_a_page_costs_the_same_whatever_was_observed(
    cast: Cast, client: Client, site: Site, survey: Survey, page: str
) -> None:
    client.force_login(cast.correspondent59, BACKEND)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(site, page)).status_code == 200
        return len(queries)

    grow: Callable[[int], None] = lambda count: [  # type: ignore[assignment]  # noqa: E731
        (
            factories.make_survey(site, DAY - dt.timedelta(days=day), day),
            factories.make_conditions(site, DAY - dt.timedelta(days=day)),
            factories.make_site(),
        )
        for day in range(1, count)
    ]
    grow(2)
    one = cost()
    grow(5)
    assert cost() == one


def test_the_story_of_a_count_costs_the_same_for_two_versions_and_for_six(
    me: Client, site: Site, survey: Survey
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            me.get(address(site, f"recensements/{survey.lineage}/"))
        return len(queries)

    def correct(people: int) -> None:
        current = Survey.objects.known().get(lineage=survey.lineage)
        seen = services.Observation(DAY, "operator", counts={"people": Value.of(people)})
        services.correct_survey(survey=current, observation=seen, by=factories.an_author(site), reason="r")

    correct(1)
    two = cost()
    for people in range(2, 6):
        correct(people)
    assert cost() == two

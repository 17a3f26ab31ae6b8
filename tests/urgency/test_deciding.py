"""Seeing to a site, muting a reason, setting what weighs: who may, what the second person reads, what comes back."""

import pytest
from django.test import Client

from jalons.accounts.enums import Right
from jalons.editing.refusals import Refused
from jalons.history.services import Stale
from jalons.sites.models import Site
from jalons.urgency.engine import priorities
from jalons.urgency.models import Handling, Mute
from jalons.urgency.services import handling_of, mute, mute_of, release, set_scale, take, unmute
from tests import factories
from tests.factories import Cast, actor
from tests.urgency.cases import BAD, ago, conditions, evacuation
from tests.urgency.test_priorities import names, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(cast: Cast) -> Site:
    site = factories.make_site("Rue Sèche")
    conditions(water=BAD)(site)
    return site


def page_of(client: Client, site: Site) -> str:
    return client.get(f"/priorites/sites/{site.public_id}/").content.decode()


def test_one_person_sees_to_a_site(cast: Cast, site: Site) -> None:
    first, second = actor(cast.correspondent59), actor(cast.mairie)
    assert take(site=site, by=first).pk == take(site=site, by=first).pk
    with pytest.raises(Refused, match="Camille Nord"):
        take(site=site, by=second)
    assert "Camille Nord" in page_of(signed_in(cast.observer), site)
    release(site=site, by=second)
    assert release(site=site, by=second) is None
    assert handling_of(site) is None
    take(site=site, by=second)
    assert Handling.objects.known().filter(site=site).count() == 2


def test_who_only_reads_takes_and_mutes_nothing(cast: Cast, site: Site) -> None:
    client = signed_in(cast.observer)
    page = page_of(client, site)
    assert "Je m’en occupe" not in page
    assert "Mettre en sourdine" not in page
    assert client.post(f"/priorites/sites/{site.public_id}/prendre/").status_code == 403


def test_taken_sites_are_filtered(cast: Cast, site: Site) -> None:
    factories.make_site("Rue Libre")
    take(site=site, by=actor(cast.mairie))
    client = signed_in(cast.correspondent59)
    for query, expected in (("pris", ["Rue Sèche"]), ("personne", ["Rue Libre"])):
        assert names(client.get(f"/priorites/?suivi={query}").context["ranking"]) == expected


def test_a_muted_reason_comes_back(cast: Cast, site: Site) -> None:
    by, until = actor(cast.correspondent59), ago(-30)
    mute(site=site, rule="no_water", why="Citerne jeudi.", until=until, by=by)
    ranking = priorities(cast.mairie)
    assert "no_water" not in {reason.rule.code for reason in ranking.reasons_on(site.pk)}
    assert [reason.rule.code for reason in ranking.muted_on(site.pk)] == ["no_water"]
    assert "Citerne jeudi." in page_of(signed_in(cast.observer), site)
    with pytest.raises(Refused, match="Citerne jeudi"):
        mute(site=site, rule="no_water", why="Autre.", until=until, by=actor(cast.mairie))
    unmute(site=site, rule="no_water", by=by)
    assert mute_of(site, "no_water") is None
    assert "no_water" in {reason.rule.code for reason in priorities(cast.mairie).reasons_on(site.pk)}
    mute(site=site, rule="no_water", why="Encore.", until=until, by=by)
    assert Mute.objects.known().filter(site=site).count() == 1


@pytest.mark.parametrize(("days", "holds"), [(0, True), (-1, False)], ids=["ends today", "ends tomorrow"])
def test_a_mute_ends_on_its_day(cast: Cast, site: Site, days: int, holds: bool) -> None:
    factories.make_fact(Mute, site, ago(3), rule="no_water", why="Vu.", ended_on=ago(days))
    codes = {reason.rule.code for reason in priorities(cast.mairie).reasons_on(site.pk)}
    assert ("no_water" in codes) == holds


def test_a_reason_that_one_may_not_read_is_not_muted(cast: Cast, site: Site) -> None:
    evacuation(10)(site)
    address = f"/priorites/sites/{site.public_id}/sourdine/{{}}/"
    client = signed_in(cast.mairie)
    codes = ("evacuation", "danger_order", "nothing", "recent_fire")
    assert {client.get(address.format(code)).status_code for code in codes} == {404}
    assert {client.post(address.format(code), {"why": "x"}).status_code for code in codes} == {404}
    assert client.get(address.format("no_water")).status_code == 200
    # Nor does one read who muted it, or why.
    mute(site=site, rule="evacuation", why="Reportée.", until=ago(-9), by=actor(cast.correspondent59))
    assert "Reportée" not in page_of(client, site)
    assert "sourdine" not in client.get("/priorites/").content.decode()
    assert "Reportée" in page_of(signed_in(cast.correspondent59), site)


def test_mute_asks_why_and_until_when(cast: Cast, site: Site) -> None:
    client = signed_in(cast.correspondent59)
    address = f"/priorites/sites/{site.public_id}/sourdine/no_water/"
    assert f"{ago(-30):%d/%m/%Y}" in client.get(address).content.decode()
    for until in ("hier", f"{ago(-400):%d/%m/%Y}", "jamais"):
        assert client.post(address, {"why": "Vu.", "until": until}).status_code == 200
    assert client.post(address, {"why": "", "until": "demain"}).status_code == 200
    assert mute_of(site, "no_water") is None


def test_the_second_of_two_settings_reads_the_first(cast: Cast) -> None:
    by = actor(cast.correspondent59)
    set_scale(code="59", weights={"no_water": 8}, limits={}, by=by, reason="été", expected_version=0)
    with pytest.raises(Stale):
        set_scale(code="59", weights={"no_water": 0}, limits={}, by=by, reason="hiver", expected_version=0)
    client = signed_in(cast.correspondent59)
    told = {"weight_no_water": "0", "reason": "hiver", "expected_version": "0"}
    told["submission_key"] = client.get("/priorites/bareme/59/").context["form"]["submission_key"].value()
    answer = client.post("/priorites/bareme/59/", told)
    assert answer.status_code == 409
    assert "Camille Nord" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("limit_growth", "0"), ("limit_growth", "1000"), ("limit_growth", "-3"), ("weight_no_water", "99")],
)
def test_a_setting_out_of_bounds_is_refused_in_words(cast: Cast, field: str, typed: str) -> None:
    client = signed_in(cast.correspondent59)
    form = client.get("/priorites/bareme/59/").context["form"]
    told = {"submission_key": form["submission_key"].value(), "expected_version": "0", "reason": "essai"}
    answer = client.post("/priorites/bareme/59/", told | {field: typed})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors


def test_a_territory_is_set_by_its_own(cast: Cast) -> None:
    for user, codes in (
        (cast.correspondent59, {"59": 200, "13": 404, "FR": 404}),
        (cast.local_admin, {"59": 200, "13": 404}),
        (cast.admin, {"59": 200, "FR": 200, "zz": 404}),
        (cast.mairie, {"59": 403}),
    ):
        answers = {code: signed_in(user).get(f"/priorites/bareme/{code}/").status_code for code in codes}
        assert answers == codes, user


def test_a_grant_lets_somebody_set_a_territory(cast: Cast) -> None:
    membership = cast.mairie.memberships.get()
    factories.make_grant(membership, Right.SET_PRIORITIES)
    # Of a commune, never of the whole département.
    assert signed_in(cast.mairie).get("/priorites/bareme/59/").status_code == 404

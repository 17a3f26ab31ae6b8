"""Heat and cold: who declares them, which sites come first, one tap for a visit."""

import pytest

from jalons.history.services import Stale
from jalons.sites.models import SiteEvent
from jalons.territories.models import Departement
from jalons.urgency.enums import WeatherKind, WeatherLevel
from jalons.urgency.services import PASSAGE, set_weather
from tests import factories
from tests.factories import Cast, actor
from tests.urgency.cases import BAD, HEAT, ago, conditions, weather
from tests.urgency.test_priorities import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/priorites/episodes/59/"


def test_declaring_then_ending(cast: Cast) -> None:
    site = factories.make_site("Rue Sèche")
    conditions(water=BAD)(site)
    client = signed_in(cast.correspondent59)
    form = client.get(f"{ADDRESS}heat/").context["form"]
    told = {"level": "3", "since": f"{ago(1):%d/%m/%Y}", "until": f"{ago(-2):%d/%m/%Y}"}
    assert (
        client.post(f"{ADDRESS}heat/", told | {"submission_key": form["submission_key"].value()}).status_code
        == 302
    )
    page = client.get(ADDRESS).content.decode()
    assert "vigilance rouge" in page
    assert "sans eau" in page
    form = client.get(f"{ADDRESS}heat/").context["form"]
    over = {"submission_key": form["submission_key"].value(), "seen": form["seen"].value()}
    client.post(f"{ADDRESS}heat/", told | over | {"until": "hier"})
    assert "Aucun épisode" in client.get(ADDRESS).content.decode()
    assert "Rue Sèche" not in client.get(ADDRESS).content.decode()


def test_a_passage_is_one_fact_a_day_and_person(cast: Cast) -> None:
    site = factories.make_site("Rue Sèche")
    for fact in (conditions(water=BAD), weather(HEAT)):
        fact(site)
    client = signed_in(cast.operator_a)
    for _ in range(2):
        assert client.post(f"/priorites/sites/{site.public_id}/passage/").status_code == 302
    assert [event.description for event in SiteEvent.objects.known().filter(site=site)] == [PASSAGE]
    assert f"{ago(0):%d/%m/%Y}" in client.get(ADDRESS).content.decode()
    assert "Passage fait" not in signed_in(cast.observer).get(ADDRESS).content.decode()


def test_the_second_of_two_reads_the_first(cast: Cast) -> None:
    nord, by = Departement.objects.get(pk="59"), actor(cast.correspondent59)
    dates = {"since": ago(1), "until": ago(-3)}
    set_weather(departement=nord, kind=WeatherKind.COLD, level=WeatherLevel.RED, by=by, **dates)
    with pytest.raises(Stale):
        set_weather(departement=nord, kind=WeatherKind.COLD, level=WeatherLevel.YELLOW, by=by, **dates)


def test_nobody_else_declares(cast: Cast) -> None:
    answers = {
        user.name: signed_in(user).get(f"{ADDRESS}heat/").status_code
        for user in (cast.mairie, cast.correspondent13, cast.local_admin)
    }
    assert list(answers.values()) == [403, 404, 200]
    assert signed_in(cast.correspondent59).get(f"{ADDRESS}rain/").status_code == 404
    factories.make_site()
    assert signed_in(cast.operator13).get(ADDRESS).status_code == 404

"""« Connu le » without touching the address: the banner, the filters and their chips, both answers side by side."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.history.services import correct
from jalons.sites.models import Site, Survey
from tests import factories
from tests.factories import BACKEND, Cast

pytestmark = pytest.mark.django_db
JANUARY = dt.date(2026, 1, 1)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def page(client: Client, address: str) -> str:
    text = client.get(address).content.decode()
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " ").replace("&amp;", "&"))


def known_since(fact: Any, on: dt.date) -> Any:
    """Rewrites when a version was recorded, as if it had been entered then."""
    moment = dt.datetime.combine(on, dt.time(12), dt.UTC)
    type(fact).objects.filter(pk=fact.pk).update(recorded_at=moment)
    fact.refresh_from_db()
    return fact


@pytest.fixture
def corrected(cast: Cast) -> Site:
    """On 1 January 120 people were known; in June the count of December is corrected to 80, and a site comes in."""
    by = factories.actor(cast.correspondent59)
    site = factories.make_site("Le Pont", by=by)
    known_since(site.occupations.get(), dt.date(2025, 11, 1))
    survey = known_since(factories.make_survey(site, dt.date(2025, 12, 1), 120, by=by), dt.date(2025, 12, 2))
    correct(fact=survey, by=by, reason="doublon", people=80)
    Survey.objects.filter(pk=survey.pk).update(superseded_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    known_since(Survey.objects.get(site=site, superseded_at=None), dt.date(2026, 6, 1))
    late = factories.make_site("Le Talus", by=by, opened=dt.date(2025, 10, 1))
    factories.make_survey(late, dt.date(2025, 12, 15), 30, by=by)
    same = factories.make_site("La Friche", by=by)
    known_since(same.occupations.get(), dt.date(2025, 11, 1))
    known_since(factories.make_survey(same, dt.date(2025, 12, 1), 1000, by=by), dt.date(2025, 12, 2))
    return site


LISTS: list[Callable[[Site], str]] = [
    lambda site: reverse("sites:list"),
    lambda site: reverse("maps:map"),
    lambda site: reverse("sites:sheet", args=[site.public_id]),
    lambda site: reverse("actions:list"),
]


@pytest.mark.parametrize("address", LISTS)
def test_the_banner_leads_to_the_other_answer(cast: Cast, corrected: Site, address: Any) -> None:
    client, url = client_of(cast.correspondent59), address(corrected)
    now = page(client, f"{url}?au=2026-01-01")
    assert "telle que connue <b>aujourd’hui</b>" in now
    assert "voir telle que connue le 1er janvier 2026</a>" in now
    link = re.search(r'href="([^"]+)">voir telle que connue le 1er', now)
    assert link
    assert link[1] == "?au=2026-01-01&connu-le=2026-01-01"
    then = page(client, url + link[1])
    assert "telle que connue <b>le 1er janvier 2026</b>" in then
    back = re.search(r'href="([^"]+)">voir telle que connue aujourd’hui</a>', then)
    assert back
    assert back[1] == "?au=2026-01-01"
    assert "voir telle que connue le" not in then


@pytest.mark.parametrize("name", ["sites:list", "maps:map", "actions:list"])
def test_two_fields_and_two_chips(cast: Cast, corrected: Site, name: str) -> None:
    """Each date has its field, filled in in French, and its chip, which takes away that date only."""
    client, url = client_of(cast.correspondent59), reverse(name)
    found = page(client, f"{url}?au=2026-01-01&connu-le=15/02/2026")
    assert re.search(r'name="au"[^>]*value="01/01/2026"|value="01/01/2026"[^>]*name="au"', found)
    assert re.search(r'name="connu-le"[^>]*value="15/02/2026"|value="15/02/2026"[^>]*name="connu-le"', found)
    chips = dict(re.findall(r'class="j-chip" href="([^"]+)"><span[^>]*>[^<]*</span>([^<]+)<', found))
    assert {words: link for link, words in chips.items()} == {
        "Situation au : 01/01/2026": "?connu-le=15%2F02%2F2026",
        "Telle que connue le : 15/02/2026": "?au=2026-01-01",
    }


@pytest.mark.parametrize("typed", ["01/01/2026", "1/1/2026", "2026-01-01", "1er janvier 2026"])
def test_any_french_date_is_understood(cast: Cast, corrected: Site, typed: str) -> None:
    found = client_of(cast.correspondent59).get(reverse("sites:list"), {"au": typed, "connu-le": typed})
    assert (found.context["at"].valid, found.context["at"].known) == (JANUARY, JANUARY)
    assert found.context["sums"].people.total == 1120


def test_both_answers_side_by_side(cast: Cast, corrected: Site) -> None:
    client = client_of(cast.correspondent59)
    listed = page(client, reverse("sites:list") + "?au=2026-01-01&departement=59")
    link = re.search(r'href="([^"]+)">comparer les deux</a>', listed)
    assert link
    answer = client.get(link[1])
    comparison = answer.context["comparison"]
    assert comparison.sites == (2, 3)
    (people,) = [row for row in comparison.sums if row.label == "Personnes"]
    assert (people.then.total, people.now.total, people.difference) == (1120, 1110, -10)
    assert [(row.site.name, row.then, row.now, row.difference) for row in comparison.differing] == [
        ("Le Pont", 120, 80, -40),
        ("Le Talus", None, 30, 30),
    ]
    text = page(client, link[1])
    for words in (
        "1 120",
        "1 110",
        "−10",
        "entré dans la liste depuis",
        "corrigé depuis",
        "1er janvier 2026",
    ):
        assert words in text


def test_another_day_of_knowledge_may_be_compared(cast: Cast, corrected: Site) -> None:
    answer = client_of(cast.correspondent59).get(
        reverse("sites:compare"), {"au": "01/01/2026", "connu-le": "01/07/2026"}
    )
    assert [(row.site.name, row.difference) for row in answer.context["comparison"].differing] == [
        ("Le Talus", 30)
    ]


def test_without_a_date_it_asks_for_one(cast: Cast, corrected: Site) -> None:
    assert "Choisissez la date de la situation" in page(
        client_of(cast.correspondent59), reverse("sites:compare")
    )


def test_what_one_may_not_see_is_not_compared(cast: Cast, corrected: Site) -> None:
    answer = client_of(cast.operator13).get(reverse("sites:compare"), {"au": "01/01/2026"})
    assert answer.context["comparison"].sites == (0, 0)
    assert answer.context["comparison"].differing == []

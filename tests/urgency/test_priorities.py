"""The list of priorities: its order, its filters, what breaks, what is empty, what it costs."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.accounts.permissions import Territory
from jalons.exports.models import Download
from jalons.sites.enums import Condition
from jalons.sites.models import Site
from jalons.urgency.engine import priorities
from jalons.urgency.ground import SitesInView
from jalons.urgency.models import PriorityScale
from jalons.urgency.rules import RULES
from jalons.urgency.selectors import PriorityFilter, priority_list, reason_counts
from tests import factories
from tests.factories import BACKEND, LILLE, MARSEILLE, ROUBAIX, Cast
from tests.urgency.cases import BAD, action, ago, conditions, evacuation, fire, fire_answer, spent, survey

pytestmark = pytest.mark.django_db
MOST_QUERIES = 30


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def urgent_site(name: str, code: str = LILLE) -> Site:
    """One site on which most rules hold."""
    site = factories.make_site(name, code)
    for fact in (
        survey(100, 20, minors=9, minors_at_school=1),
        conditions(
            water=BAD,
            sanitation=BAD,
            electricity=Condition.BAD,
            fire=BAD,
            answers={"fire": {"diagnostic": "no"}},
        ),
        evacuation(10),
        fire(20),
        action(),
        spent(40),
    ):
        fact(site)
    return site


def names(ranking: Any) -> list[str]:
    return [line.site.name for line in ranking.lines(ranking.order)]


def test_what_weighs_most_comes_first(cast: Cast) -> None:
    quiet, dry, urgent = (factories.make_site(name) for name in ("Rue Calme", "Rue Sèche", "Rue Pressée"))
    for site in (quiet, dry, urgent):
        survey(2, 10)(site)
    conditions(water=BAD)(dry)
    conditions(water=BAD)(urgent)
    evacuation(5)(urgent)
    assert names(priority_list(cast.correspondent59)) == ["Rue Pressée", "Rue Sèche", "Rue Calme"]
    # Of two alike, the one where more people live.
    survey(1, 12)(quiet)
    other = factories.make_site("Rue Pleine")
    survey(1, 300)(other)
    assert names(priority_list(cast.correspondent59))[2:] == ["Rue Pleine", "Rue Calme"]


def test_a_rule_counts_once_however_many_facts(cast: Cast) -> None:
    twice, once = factories.make_site("Deux dispositifs"), factories.make_site("Un dispositif et un peu")
    for site in (twice, once):
        survey(1, 20)(site)
        action(400)(site)
    action(300)(twice)
    conditions(fire=Condition.TO_IMPROVE, answers={"fire": {"diagnostic": "no"}})(once)
    ranking = priorities(cast.correspondent59)
    assert [reason.rule.code for reason in ranking.reasons_on(twice.pk)] == ["quiet_action", "quiet_action"]
    assert list(ranking.order) == [once.pk, twice.pk]


def test_a_scale_of_the_territory_moves_the_order(cast: Cast) -> None:
    dry, burnt = factories.make_site("Rue Sèche"), factories.make_site("Rue Brûlée")
    for site, fact in ((dry, conditions(water=BAD)), (burnt, fire(300))):
        survey(1, 20)(site)
        fact(site)
    assert names(priority_list(cast.correspondent59)) == ["Rue Sèche", "Rue Brûlée"]
    PriorityScale.objects.create(code="59", weights={"no_water": 0, "no_action": 0}, limits={})
    ranking = priorities(cast.correspondent59)
    assert list(ranking.order) == [burnt.pk], "un poids nul : la raison ne compte pas, et ne se dit pas"
    PriorityScale.objects.filter(code="59").update(limits={"recent_fire": 100})
    assert list(priorities(cast.correspondent59).order) == []
    # Elsewhere nothing moved; and the country holds where a territory says nothing.
    PriorityScale.objects.create(code="FR", weights={}, limits={"recent_fire": 30})
    PriorityScale.objects.filter(code="59").update(limits={})
    assert list(priorities(cast.correspondent59).order) == []


@pytest.mark.parametrize(("amount", "holds"), [(0, True), (1000, False), (-5, True)])
def test_a_limit_out_of_bounds_holds_at_their_edge(cast: Cast, amount: int, holds: bool) -> None:
    site = factories.make_site()
    survey(90, 100)(site)
    survey(1, 105)(site)
    PriorityScale.objects.create(code="59", limits={"growth": amount})
    codes = {reason.rule.code for reason in priorities(cast.correspondent59).reasons_on(site.pk)}
    assert ("growth" in codes) == holds


def test_a_rule_that_raises_is_said_and_the_others_stand(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    site = factories.make_site("Rue Sèche")
    conditions(water=BAD)(site)

    def broken(ground: SitesInView) -> Any:
        raise ZeroDivisionError

    rule = RULES["survey_stale"]
    monkeypatch.setitem(RULES, "survey_stale", type(rule)(**{**as_dict(rule), "find": broken}))
    page = signed_in(cast.correspondent59).get("/priorites/").content.decode()
    assert "Règle en panne" in page
    assert "Plus de recensement" in page
    assert "pas d’accès correct à l’eau" in page
    assert "survey_stale" in caplog.text
    # The list, the band of the home page and the sheet say it alike.
    for address in ("/priorites/accueil/", f"/priorites/sites/{site.public_id}/"):
        assert "Règle en panne" in signed_in(cast.correspondent59).get(address).content.decode()


def as_dict(rule: Any) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in type(rule).__dataclass_fields__}


def test_filters_and_pages(cast: Cast) -> None:
    for number in range(27):
        conditions(water=BAD)(factories.make_site(f"Rue {number}", ROUBAIX))
    factories.make_site("Rue Loin", MARSEILLE)
    client = signed_in(cast.correspondent59)
    first, second = (client.get("/priorites/", {"raison": "no_water", "page": page}) for page in (1, 2))
    assert (len(first.context["lines"]), len(second.context["lines"])) == (25, 2)
    assert "Rue Loin" not in names(first.context["ranking"])
    assert names(client.get("/priorites/?departement=13").context["ranking"]) == ["Rue Loin"]
    assert len(client.get("/priorites/?departement=tous").context["ranking"].order) == 28
    assert client.get("/priorites/?raison=recent_fire").context["lines"] == []


@pytest.mark.parametrize(
    "query",
    [
        "raison=' OR 1=1",
        "raison=%00",
        "departement=zz&suivi=x",
        "page=-1",
        "page=99999999999",
        "raison=evacuation",
    ],
)
def test_what_cannot_be_read_filters_nothing(cast: Cast, query: str) -> None:
    factories.make_site("Rue du Moulin")
    assert signed_in(cast.observer).get(f"/priorites/?{query}").status_code == 200


def test_a_territory_without_site_and_one_of_unknowns(cast: Cast) -> None:
    client = signed_in(cast.correspondent59)
    assert "Aucun site n’est ouvert sur ce territoire." in client.get("/priorites/").content.decode()
    assert reason_counts(cast.correspondent59) == {}
    site = factories.make_site("Rue Inconnue")
    factories.make_survey(site, ago(1), None, minors=None, blanks={"people": "nd", "minors": "nd"})
    factories.make_conditions(site, ago(1))
    action(30)(site)
    assert reason_counts(cast.correspondent59) == {"survey_stale": 1}
    factories.close_site(site, ago(0))
    assert reason_counts(cast.correspondent59) == {}


def test_counts_are_those_of_the_lines(cast: Cast) -> None:
    urgent_site("Rue Pressée")
    conditions(water=BAD)(factories.make_site("Rue Sèche", ROUBAIX))
    counts = reason_counts(cast.correspondent59, Territory(departements=frozenset({"59"})))
    listed = {
        code: len(priority_list(cast.correspondent59, PriorityFilter(reason=code)).order) for code in counts
    }
    assert counts == listed
    assert counts["no_water"] == 2


def test_export_is_the_list_and_leaves_a_trace(cast: Cast) -> None:
    urgent_site("Rue Pressée")
    answer = signed_in(cast.operator_a).get("/priorites/export?format=csv")
    lines = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig")), delimiter=";"))
    assert [line["Site"] for line in lines] == ["Rue Pressée"]
    assert "Pas d’eau" in lines[0]["Pourquoi"]
    assert "Évacuation" not in str(lines)
    assert Download.objects.get().export == "sites-prioritaires"


def test_thresholds_are_asked_once_a_territory(cast: Cast) -> None:
    """Also where nothing keeps them for the length of a request: they were read again for every site."""
    costs = []
    priorities(cast.correspondent59)  # what is read once a person
    for _ in range(2):
        for _ in range(3):
            survey(120)(factories.make_site())
        with CaptureQueriesContext(connection) as queries:
            priorities(cast.correspondent59)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_cost_does_not_grow_with_sites(cast: Cast) -> None:
    PriorityScale.objects.create(code="59", weights={"no_water": 2})
    costs = []
    for number in (1, 9):
        for count in range(number):
            urgent_site(f"Rue {number} {count}", ROUBAIX if count % 2 else LILLE)
            fire_answer("no", BAD)
        for address in ("/priorites/", "/priorites/accueil/"):
            client = signed_in(cast.correspondent59)
            with CaptureQueriesContext(connection) as queries:
                page = client.get(address).content.decode()
            assert "Pas d’eau" in page
            costs.append(len(queries))
    assert costs[:2] == costs[2:]
    assert max(costs) <= MOST_QUERIES

"""The points of the map: exactly those of the filtered list, for the same reader, on the same date."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.accounts.models import User
from jalons.sites.forms.listing import read_list
from jalons.sites.models import Site
from jalons.sites.selectors import filtered_sites
from tests.factories import (
    BACKEND,
    LILLE,
    MARSEILLE,
    an_author,
    correct,
    make_organisation,
    make_procedure,
    make_site,
    make_survey,
)
from tests.maps.conftest import days_ago

ADDRESS = "/carte/sites.geojson"
Sites = dict[str, Site]


def answer(user: User, query: str = "") -> dict[str, Any]:
    client = Client()
    client.force_login(user, BACKEND)
    got = client.get(f"{ADDRESS}?{query}")
    assert got.status_code == 200
    return json.loads(got.content)


def places(user: User, query: str = "") -> dict[str, dict[str, Any]]:
    """Name → what is said of the site, the columns of the answer read back."""
    found = answer(user, query)
    read = {}
    for feature in found["features"]:
        fixed = {name: told for name, told in feature["properties"].items() if not isinstance(told, list)}
        columns = {name: told for name, told in feature["properties"].items() if isinstance(told, list)}
        points = feature["geometry"]["coordinates"]
        assert {len(column) for column in columns.values()} == {len(points)}
        for rank, point in enumerate(points):
            place = {name: column[rank] for name, column in columns.items()}
            read[place["name"]] = {**fixed, **place, "point": point}
    return read


def test_what_is_said_of_a_site(cast: Any, sites: Sites) -> None:
    found = places(cast.correspondent59)
    general = found["Rue du Général"]
    assert general["id"] == sites["good"].public_id
    assert general["point"] == [3.06123, 50.63]
    assert (general["commune"], general["people"], general["minors"]) == ("Lille (59)", 112, 28)
    assert general["on"] == days_ago(10).isoformat()
    assert answer(cast.correspondent59)["sources"][general["source"]] == "Diagnostic d’un opérateur, déclaré"
    assert {name: place["freshness"] for name, place in found.items()} == {
        "Rue du Général": "good",
        "Quai Nord": "due",
        "Bois Joli": "late",
        "Friche Lebas": "late",
    }
    never = found["Friche Lebas"]
    assert (never["people"], never["minors"], never["on"], never["source"]) == (None, None, None, None)


def test_source_is_the_structure_that_counted(cast: Any, sites: Sites) -> None:
    make_survey(sites["good"], days_ago(1), 115, source=make_organisation("Médecins du quai", acronym="MDQ"))
    found = answer(cast.correspondent59)
    assert "MDQ, déclaré" in found["sources"]


def test_closed_sites_have_their_day_and_no_freshness(cast: Any, sites: Sites) -> None:
    found = places(cast.correspondent59, "statut=fermes")
    assert list(found) == ["Ancienne usine"]
    assert found["Ancienne usine"]["ended"] == days_ago(30).isoformat()
    assert (found["Ancienne usine"]["status"], found["Ancienne usine"]["freshness"]) == ("closed", None)


QUERIES = (
    "",
    "q=roubaix",
    "q=bois",
    "departement=tous",
    "departement=13",
    "taille=large",
    "taille=unknown",
    "maj=6",
    "alerte=on",
    "evacuation=on",
    "statut=fermes",
    "au=01/01/2020",
    "tri=nom&page=2",
    "taille=gigantesque&au=demain",
)


@pytest.mark.parametrize("who", ["national", "correspondent59", "operator_b", "operator13", "observer"])
def test_same_sites_as_the_list(cast: Any, sites: Sites, who: str) -> None:
    make_procedure(sites["good"], days_ago(3), evacuation_on=days_ago(-20))
    for query in QUERIES:
        user = User.objects.get(pk=getattr(cast, who).pk)
        read = read_list(user, QueryDict(query))
        listed = filtered_sites(user, read.filter, read.at).filter(latitude__isnull=False)
        shown = {place["id"] for place in places(user, query).values()}
        assert shown == set(listed.values_list("public_id", flat=True)), query


def test_operator_sees_their_departement_and_no_other(cast: Any, sites: Sites) -> None:
    assert set(places(cast.operator_b, "q=")) == {"Rue du Général", "Quai Nord", "Bois Joli", "Friche Lebas"}
    assert set(places(cast.operator13)) == {"Chemin du Moulin"}
    assert set(places(cast.operator13, "departement=59")) <= {"Chemin du Moulin"}


def test_observer_sees_their_territory(cast: Any, sites: Sites) -> None:
    assert "Chemin du Moulin" not in places(cast.observer)
    assert "Rue du Général" in places(cast.observer)


def test_nothing_without_the_right(cast: Any, sites: Sites, client: Client) -> None:
    addresses = ("/carte/", ADDRESS, "/carte/sites.svg")
    assert [client.get(address).status_code for address in addresses] == [302, 302, 302]
    client.force_login(cast.nobody, BACKEND)
    assert [client.get(address).status_code for address in addresses] == [403, 403, 403]


def test_justice_is_never_told(cast: Any, sites: Sites) -> None:
    planned = days_ago(-41)
    make_procedure(sites["good"], days_ago(3), evacuation_on=planned, body="Tribunal de Lille", note="secret")
    for user in (cast.national, cast.correspondent59, cast.operator_b, cast.observer):
        text = json.dumps(answer(user))
        assert "Rue du G" in text
        for told in (planned.isoformat(), "Tribunal", "secret", "evacuation", "procedure"):
            assert told not in text


def test_filter_on_justice_tells_nothing_to_who_may_not_read_it(cast: Any, sites: Sites) -> None:
    urgent = places(cast.operator_b, "alerte=on")
    make_procedure(sites["good"], days_ago(3), evacuation_on=days_ago(-20))
    assert set(places(cast.correspondent59, "evacuation=on")) == {"Rue du Général"}
    assert places(cast.operator_b, "evacuation=on") == places(cast.operator_b)
    assert places(cast.operator_b, "alerte=on") == urgent
    assert "Rue du Général" in places(cast.correspondent59, "alerte=on")


def test_as_of_a_date(cast: Any, sites: Sites) -> None:
    make_survey(sites["good"], days_ago(200), 70)
    then = places(cast.correspondent59, f"au={days_ago(40).isoformat()}")
    assert then["Rue du Général"]["people"] == 70
    assert then["Rue du Général"]["freshness"] == "due"
    assert then["Ancienne usine"]["status"] == "open"
    before = dt.date(2018, 1, 1).isoformat()
    assert places(cast.correspondent59, f"au={before}") == {}


def test_as_known_on_a_date(cast: Any, sites: Sites) -> None:
    site = make_site("Vue d’avant", LILLE, latitude=50.6, longitude=3.0)
    survey = make_survey(site, days_ago(9), 30)
    moment = survey.recorded_at - dt.timedelta(days=5)
    for fact in (survey, site.occupations.get()):
        type(fact).objects.filter(pk=fact.pk).update(recorded_at=moment)
    survey.refresh_from_db()
    correct(fact=survey, by=an_author(site), reason="recompté", people=45)
    yesterday = days_ago(1).isoformat()
    assert places(cast.correspondent59)["Vue d’avant"]["people"] == 45
    assert places(cast.correspondent59, f"connu-le={yesterday}")["Vue d’avant"]["people"] == 30


def test_places_stay_out_of_caches(cast: Any, sites: Sites, client: Client) -> None:
    client.force_login(cast.national, BACKEND)
    for address in (ADDRESS, "/carte/sites.svg"):
        kept = client.get(address).headers["Cache-Control"]
        assert "no-store" in kept
        assert "private" in kept


def test_same_number_of_queries_for_more_sites(cast: Any, sites: Sites, client: Client) -> None:
    client.force_login(cast.national, BACKEND)
    few = queries_of(client)
    for number in range(12):
        site = make_site(f"Autre {number}", MARSEILLE, latitude=43.2, longitude=5.3 + number / 100)
        source = make_organisation(f"Source {number}", "13")
        make_survey(site, days_ago(number), 10 + number, source=source)
    assert queries_of(client) <= few + 1  # the names of the structures, once


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(ADDRESS)
    return len(captured)

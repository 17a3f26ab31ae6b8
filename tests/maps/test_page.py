"""The page of the map: the figures and the table of the list, what has no point, and links that keep the date."""

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from jalons.core.ui import Tab
from jalons.sites.models import Site
from tests.factories import BACKEND, LILLE, make_site, make_survey
from tests.maps.conftest import days_ago

Sites = dict[str, Site]


def page(client: Client, user: Any, query: str = "") -> Any:
    client.force_login(user, BACKEND)
    got = client.get(f"/carte/?{query}")
    assert got.status_code == 200
    return got


def words(got: Any) -> str:
    return re.sub(r"\s+", " ", strip_tags(got.content.decode()).replace("\u202f", " ").replace("\xa0", " "))


def test_figures_are_those_of_the_list(cast: Any, sites: Sites, client: Client) -> None:
    got = page(client, cast.correspondent59)
    assert "5 sites ouverts" in words(got)
    assert "≥ 160 personnes (3 sites recensés sur 5)" in words(got)
    listed = client.get("/sites/")
    assert got.context["sums"] == listed.context["sums"]
    assert got.context["where"] == listed.context["where"]


def test_map_is_a_tab_of_the_list(cast: Any, sites: Sites, client: Client) -> None:
    found: list[Tab] = page(client, cast.correspondent59, "q=roubaix&page=1").context["tabs"]
    assert [(tab.label, tab.current) for tab in found] == [
        ("Ouverts", True),
        ("Fermés", False),
        ("Liste", False),
        ("Carte", True),
    ]
    assert found[2].url == "/sites/?q=roubaix"
    assert client.get(found[2].url).context["sums"].sites == 2


def test_sites_without_a_point_are_named(cast: Any, sites: Sites, client: Client) -> None:
    assert "1 site n’a pas de point : Impasse des Lilas (Lille)." in words(page(client, cast.correspondent59))
    for number in range(12):
        make_site(f"Sans point {number:02}", LILLE)
    text = words(page(client, cast.correspondent59))
    assert "13 sites n’ont pas de point : " in text
    assert "et 3 autres." in text
    assert "pas de point" not in words(page(client, cast.correspondent59, "q=roubaix"))


def test_table_says_what_the_marks_say(cast: Any, sites: Sites, client: Client) -> None:
    rows = {
        entry["row"].site.name: entry["words"] for entry in page(client, cast.correspondent59).context["rows"]
    }
    assert rows == {
        "Rue du Général": "à jour",
        "Quai Nord": "plus de 3\u00a0mois",
        "Bois Joli": "plus de 6\u00a0mois",
        "Friche Lebas": "jamais recensé",
        "Impasse des Lilas": "jamais recensé",
    }
    text = words(page(client, cast.correspondent59, "statut=fermes"))
    assert "1 site fermé" not in text  # the tile says « 1 sites fermés » like the list
    assert f"fermé le {days_ago(30):%d/%m/%Y}" in text


def test_past_view_keeps_its_date_and_writes_nothing(cast: Any, sites: Sites, client: Client) -> None:
    day = days_ago(40).isoformat()
    got = page(client, cast.correspondent59, f"au={day}&connu-le={days_ago(0).isoformat()}")
    html = got.content.decode()
    assert "Vous regardez la situation" in html
    assert "Déclarer un site" not in html
    sheet = f"/sites/{sites['good'].public_id}/?au={day}&amp;connu-le={days_ago(0).isoformat()}"
    assert f'href="{sheet}"' in html
    assert f'data-sheet="/sites/__id__/?au={day}&amp;connu-le={days_ago(0).isoformat()}"' in html
    assert f'data-source="/carte/sites.geojson?au={day}' in html


def test_date_that_makes_no_sense_is_said(cast: Any, sites: Sites, client: Client) -> None:
    assert "31/02/2020" in words(page(client, cast.national, "connu-le=31/02/2020"))
    assert "31/02/2020" in page(client, cast.national, "au=31/02/2020").content.decode()


def test_nothing_found_teaches_the_next_step(cast: Any, sites: Sites, client: Client) -> None:
    got = page(client, cast.correspondent59, "q=introuvable")
    assert "Aucun site ne répond à cette recherche" in words(got)
    assert "data-map-sites" not in got.content.decode()


def test_table_is_cut_in_pages(cast: Any, sites: Sites, client: Client) -> None:
    for number in range(30):
        make_site(f"Autre {number}", LILLE, latitude=50.6, longitude=3.0)
    got = page(client, cast.correspondent59, "page=2")
    assert len(got.context["rows"]) == 10
    assert "page=1#tableau" in got.content.decode() or '?#tableau"' in got.content.decode()


def test_image_is_offered_to_who_may_export(cast: Any, sites: Sites, client: Client) -> None:
    assert "carte-des-sites.svg" in page(client, cast.correspondent59).content.decode()
    assert "carte-des-sites.svg" not in page(client, cast.observer).content.decode()


def test_same_number_of_queries_for_more_sites(cast: Any, sites: Sites, client: Client) -> None:
    client.force_login(cast.correspondent59, BACKEND)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/carte/")
        return len(captured)

    few = queries()
    for number in range(8):
        site = make_site(f"Autre {number}", LILLE, latitude=50.6, longitude=3.0)
        make_survey(site, days_ago(number), 10)
        make_site(f"Sans point {number}", LILLE)
    assert queries() == few

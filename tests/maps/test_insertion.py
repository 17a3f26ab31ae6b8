"""Insertion sites on the map: their own mark, for who may see their dispositif, while it is in progress."""

import datetime as dt
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import User
from jalons.actions.models import Action, InsertionSite
from jalons.history.querysets import AsOf
from jalons.maps.drawing import MOST_MARKS, draw_map
from jalons.maps.selectors import Point, insertion_sites
from jalons.sites.selectors import SiteFilter
from jalons.thresholds.enums import DEFAULTS
from tests.factories import (
    BACKEND,
    LILLE,
    MARSEILLE,
    ROUBAIX,
    actor,
    make_action,
    make_insertion_site,
    make_site,
    make_user,
)
from tests.maps.test_drawing import ALL, SVG, texts

pytestmark = pytest.mark.django_db
START, END = dt.date(2020, 3, 1), dt.date(2021, 6, 30)


@pytest.fixture
def action(cast: Any) -> Action:
    return make_action("MOUS Lille", starts_on=START)


@pytest.fixture
def ground(action: Action) -> InsertionSite:
    return make_insertion_site(action, "Les tilleuls", latitude=50.6512345, longitude=3.08)


def get(user: User, address: str) -> Any:
    client = Client()
    client.force_login(user, BACKEND)
    got = client.get(address)
    assert got.status_code == 200
    return got


def features(user: User, query: str = "") -> list[dict[str, Any]]:
    found = json.loads(get(user, f"/carte/sites.geojson?{query}").content)["features"]
    return [one for one in found if one["properties"]["kind"] == "insertion"]


def named(user: User, query: str = "") -> list[str]:
    return [name for one in features(user, query) for name in one["properties"]["name"]]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(html).replace("\xa0", " "))


def test_what_is_said_of_an_insertion_site(cast: Any, action: Action, ground: InsertionSite) -> None:
    (feature,) = features(cast.observer)
    assert feature["geometry"] == {"type": "MultiPoint", "coordinates": [[3.08, 50.65123]]}
    assert feature["properties"] == {
        "kind": "insertion",
        "id": [ground.public_id],
        "name": ["Les tilleuls"],
        "commune": ["Lille (59)"],
        "action": ["MOUS Lille"],
        "action_id": [action.public_id],
    }


def test_only_while_the_dispositif_is_in_progress(cast: Any, ground: InsertionSite) -> None:
    ended = make_action("Fini", starts_on=START, ended_on=END)
    make_insertion_site(ended, "Les saules", latitude=50.6, longitude=3.0)
    assert named(cast.national, "departement=tous") == ["Les tilleuls"]
    assert named(cast.national, "departement=tous&au=2020-12-31") == ["Les saules", "Les tilleuls"]
    assert named(cast.national, "departement=tous&au=2020-01-31") == []


def test_only_while_the_ground_is_open(cast: Any, action: Action) -> None:
    make_insertion_site(
        action, "Les saules", latitude=50.6, longitude=3.0, opened_on=dt.date(2020, 9, 1), closed_on=END
    )
    asked = [AsOf(dt.date(2020, 8, 31)), AsOf(dt.date(2020, 9, 1)), AsOf(END)]
    assert [len(insertion_sites(cast.national, at)) for at in asked] == [0, 1, 0]


def test_only_for_who_may_see_the_dispositif(cast: Any, ground: InsertionSite) -> None:
    assert named(cast.operator_b) == ["Les tilleuls"]
    assert named(cast.operator13) == []
    blind = make_user(Role.OBSERVER, "59", refused=[Right.READ_ACTIONS])
    assert named(blind) == []
    html = get(blind, "/carte/").content.decode()
    assert "Les tilleuls" not in html
    assert 'data-map-layer="insertion"' not in html


def test_follow_the_territory_that_is_asked(cast: Any, ground: InsertionSite) -> None:
    south = make_action("Du sud", "13", by=actor(cast.correspondent13))
    make_insertion_site(south, "La pinède", MARSEILLE, latitude=43.3, longitude=5.4)
    assert named(cast.correspondent59) == ["Les tilleuls"]
    assert named(cast.correspondent59, "departement=13") == ["La pinède"]
    assert named(cast.correspondent59, "departement=tous") == ["Les tilleuls", "La pinède"]
    assert named(cast.correspondent59, "q=bouches-du-rhone") == ["La pinède"]
    assert named(cast.correspondent59, "q=59000") == ["Les tilleuls"]
    assert named(cast.correspondent59, "q=TILLEULS mous") == ["Les tilleuls"]
    assert named(cast.correspondent59, "q=introuvable") == []
    assert named(cast.correspondent59, "q=%00") == ["Les tilleuls"]
    assert named(cast.correspondent59, "statut=fermes") == []


def test_page_lists_them_without_script(cast: Any, action: Action, ground: InsertionSite) -> None:
    make_insertion_site(action, "Les saules", ROUBAIX)
    make_site("Rue du Moulin", LILLE)
    html = get(cast.correspondent59, "/carte/?au=2020-12-31").content.decode()
    told = words(html)
    assert "2 terrains d’insertion" in told
    assert "Les saules sans point sur la carte MOUS Lille Roubaix (59)" in told
    assert "Les tilleuls MOUS Lille Lille (59)" in told
    assert f'href="/dispositifs/{action.public_id}/?au=2020-12-31"' in html
    assert 'data-map-layer="insertion"' in html
    assert "Terrain d’insertion (1)" in told


def test_map_is_shown_for_insertion_sites_alone(cast: Any, ground: InsertionSite) -> None:
    html = get(cast.correspondent59, "/carte/").content.decode()
    assert "data-map-sites" in html
    assert "Aucun site n’est encore déclaré" in words(html)


def test_square_is_drawn_and_told() -> None:
    grounds = {"13": [Point(5.0, 43.5, "insertion")]}
    root = ElementTree.fromstring(
        draw_map("Carte", ALL, {"59": 1}, [Point(3.0, 50.5, "good")], grounds, limits=DEFAULTS)
    )
    assert "terrain d’insertion" in texts(root)
    assert root.get("aria-label") == "Carte. 59 : 1 site, 1 terrain d’insertion"
    squares = [one for one in root.iter(f"{SVG}polygon") if one.get("fill") == "#6B3A73"]
    assert len(squares) == 2  # on the map and in its key
    corners = {tuple(map(float, corner.split(","))) for corner in (squares[0].get("points") or "").split()}
    assert len({x for x, _ in corners}) == len({y for _, y in corners}) == 2
    frame = next(root.iter(f"{SVG}rect"))
    assert all(0 <= y <= float(frame.get("height", 0)) for _, y in corners), "hors du cadre"


def test_square_stands_among_counts_of_sites() -> None:
    points = [Point(3.0, 50.5, "good")] * (MOST_MARKS + 1)
    grounds = {"59": [Point(3.0, 50.5, "insertion")]}
    found = texts(
        ElementTree.fromstring(draw_map("Carte", ALL, {"59": 1240}, points, grounds, limits=DEFAULTS))
    )
    assert "1\u202f240" in found
    assert "terrain d’insertion" in found
    assert "recensé depuis moins de 3 mois" not in found


def test_drawing_of_the_page_has_them(cast: Any, ground: InsertionSite) -> None:
    text = get(cast.correspondent59, "/carte/sites.svg").content.decode()
    assert "1 terrain d’insertion" in text
    assert "insertion" not in get(cast.operator13, "/carte/sites.svg").content.decode()


def test_one_query_whatever_their_number(cast: Any, ground: InsertionSite) -> None:
    def cost() -> int:
        user = User.objects.get(pk=cast.correspondent59.pk)
        with CaptureQueriesContext(connection) as seen:
            insertion_sites(user, asked=SiteFilter(q="les", at_home=True))
        return len(seen)

    once = cost()
    for number in range(4):
        more = make_action(f"Autre {number}")
        make_insertion_site(more, f"Les ormes {number}", ROUBAIX, latitude=50.6, longitude=3.0)
    assert cost() == once

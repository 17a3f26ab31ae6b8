"""What maps, pictures and sheets show of layers: what one ticked, what one may read, within bounds."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.layers.drawing import MOST_MARKS, PictureLayer, draw_alone
from jalons.layers.drawn import DrawnFeature, collection_text
from jalons.layers.geometry import metres_between
from jalons.layers.limits import DRAWN_LAYER, MOST_FEATURES, MOST_SHOWN
from jalons.layers.looks import look_of
from jalons.layers.models import ShownLayer
from jalons.layers.selectors import near_features
from jalons.layers.words import distance_in_words
from jalons.sites.nearby import distance
from tests.factories import BACKEND, Cast, actor, make_site
from tests.layers.making import SQUARE, make_layer, outline, point

SVG = "{http://www.w3.org/2000/svg}"


def choose(client: Client, chosen: list[str], offered: list[str], **more: str) -> Any:
    return client.post("/couches/affichees/", {"couche": chosen, "proposee": offered, **more})


def test_what_is_ticked_stays_ticked(cast: Cast, client: Client) -> None:
    """For this person alone, among what the page offered and what they read; the map, its picture and sheets follow."""
    make_site("Rue du Moulin", latitude=50.63, longitude=3.06)
    layer = make_layer(by=actor(cast.operator_a), shared="59")
    private = make_layer("Réservée", by=actor(cast.operator_b))
    ShownLayer.objects.all().delete()
    client.force_login(cast.mairie, BACKEND)
    page = client.get("/carte/").content.decode()
    assert "Réservée" not in page
    assert f'value="{layer.public_id}" autocomplete' in page
    assert "Maraîchers" not in client.get("/carte/sites.svg").content.decode()
    keys = [layer.public_id, private.public_id, "absente"]
    answer = choose(client, keys, keys, retour="/carte/?q=lille")
    assert answer["Location"] == "/carte/?q=lille"
    assert [shown.layer for shown in ShownLayer.objects.all()] == [layer]
    assert f'value="{layer.public_id}" checked' in client.get("/carte/").content.decode()
    drawing = client.get("/carte/sites.svg").content.decode()
    assert "Maraîchers" in drawing
    assert "Source\u00a0: Chambre d’agriculture, 01/01/2020" in drawing
    # A page that offered nothing unticks nothing; one that offered it does.
    choose(client, [], [])
    assert ShownLayer.objects.count() == 1
    assert choose(client, [], keys, retour="//ailleurs.test/")["Location"] == "/couches/"
    assert not ShownLayer.objects.exists()


def test_a_map_draws_eight_layers(cast: Cast, client: Client) -> None:
    layers = [make_layer(f"Couche {rank}", by=actor(cast.operator_a)) for rank in range(MOST_SHOWN + 1)]
    ShownLayer.objects.all().delete()
    client.force_login(cast.operator_a, BACKEND)
    keys = [layer.public_id for layer in layers]
    refusal = client.post(
        "/couches/affichees/", {"couche": keys, "proposee": keys}, headers={"HX-Request": "true"}
    )
    assert "8 couches à la fois" in refusal.content.decode().replace("\u00a0", " ")
    assert not ShownLayer.objects.exists()
    choose(client, keys[1:], keys)
    assert ShownLayer.objects.count() == MOST_SHOWN


def test_what_one_may_not_read_changes_no_byte(cast: Cast, client: Client) -> None:
    site = make_site("Rue du Moulin", latitude=50.63, longitude=3.06)
    client.force_login(cast.operator_b, BACKEND)
    addresses = ("/carte/sites.svg", f"/couches/autour/{site.public_id}/", "/couches/")
    before = [without_tokens(client.get(address)) for address in addresses]
    layer = make_layer(by=actor(cast.operator_a))
    assert [without_tokens(client.get(address)) for address in addresses] == before
    for end in ("", "objets.geojson", "image.svg", "export", "modifier/", "remplacer/", "retirer/"):
        assert client.get(f"/couches/{layer.public_id}/{end}").status_code == 404


def without_tokens(answer: Any) -> list[str]:
    return [
        line for line in answer.content.decode().splitlines() if "csrf" not in line and "nonce" not in line
    ]


def test_what_stands_near_a_site(cast: Cast, client: Client) -> None:
    """Nearest first, three of each layer, within two kilometres; « sur place » inside an outline."""
    site = make_site("Rue du Moulin", latitude=50.63, longitude=3.06)
    farms = [point(f"Ferme {rank}", 3.06 + rank / 1000, culture="blé") for rank in range(1, 6)]
    make_layer("Fermes", by=actor(cast.operator_a), features=[*farms, point("Loin", 3.2)])
    make_layer(
        "Zones", by=actor(cast.operator_a), features=[outline("Marais"), outline("Au nord", moved_by(0.025))]
    )
    client.force_login(cast.operator_a, BACKEND)
    answer = client.get(f"/couches/autour/{site.public_id}/", headers={"HX-Request": "true"})
    nearest = [(near.away.replace("\u00a0", " "), near.words) for near in answer.context["nearest"]]
    assert nearest == [
        ("sur place", "Marais"),
        ("à 70 m", "Ferme 1, blé"),
        ("à 140 m", "Ferme 2, blé"),
        ("à 210 m", "Ferme 3, blé"),
        ("à 1,7 km", "Au nord"),
    ]
    sheet = client.get(f"/sites/{site.public_id}/").content.decode()
    assert f'hx-get="/couches/autour/{site.public_id}/"' in sheet
    assert "couches/autour" not in client.get(f"/sites/{site.public_id}/?au=2020-01-01").content.decode()


def moved_by(north: float) -> Any:
    return [[[[x, round(y + north, 4)] for x, y in ring] for ring in polygon] for polygon in SQUARE]


@given(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
@example(0.0, 0.0)
def test_distances_are_those_of_sites(east: float, north: float) -> None:
    """To a point, within two metres of the great circle, two kilometres around."""
    metres = metres_between((3.06, 50.63), "point", [[3.06 + east, 50.63 + north]])
    assert metres == pytest.approx(distance(50.63, 3.06, 50.63 + north, 3.06 + east), abs=2)


def test_distances_to_shapes() -> None:
    assert metres_between((3.06, 50.63), "outline", SQUARE) == 0
    hole = [
        [SQUARE[0][0], [[3.055, 50.625], [3.065, 50.625], [3.065, 50.635], [3.055, 50.635], [3.055, 50.625]]]
    ]
    assert metres_between((3.06, 50.63), "outline", hole) == pytest.approx(353, abs=2)
    line = [[[3.0, 50.64], [3.1, 50.64]]]
    assert metres_between((3.06, 50.63), "line", line) == pytest.approx(1112, abs=1)
    words = {0: "sur place", 4: "à 10 m", 994: "à 990 m", 996: "à 1,0 km"}
    assert {metres: distance_in_words(metres).replace("\u00a0", " ") for metres in words} == words


@given(st.integers(0, 4), st.integers(1, 80), st.sampled_from(["a", "é", "🌾"]))
@example(4, 80, "🌾")
def test_what_a_map_is_sent_is_bounded(thousands: int, length: int, letter: str) -> None:
    name = letter * length
    count = thousands * 1000 + 1
    points = [DrawnFeature("point", [[3.12345, 50.12345]], name, name)] * count
    text = collection_text(points)
    assert len(text.encode()) <= DRAWN_LAYER
    assert text.count("3.12345") == count


def test_a_picture_of_a_full_layer_is_bounded() -> None:
    shapes = [("MultiPoint", [[2 + n % 97 / 50, 48 + n / 2500] for n in range(MOST_FEATURES)])]
    layer = PictureLayer("a", "Pleine", "5 000 points", look_of("blue", "star"), shapes)
    root = ElementTree.fromstring(draw_alone(layer, (2, 48, 4, 50), []))
    assert len(list(root.iter(f"{SVG}path"))) <= MOST_MARKS + 3


def test_the_cost_does_not_grow(cast: Cast, client: Client) -> None:
    """As many queries for one layer of two objects as for six of forty."""
    site = make_site("Rue du Moulin", latitude=50.63, longitude=3.06)
    client.force_login(cast.operator_a, BACKEND)
    make_layer("Couche", by=actor(cast.operator_a), shared="59")
    addresses = ("/carte/", "/carte/sites.svg", "/couches/", f"/couches/autour/{site.public_id}/")
    few = [cost(client, address) for address in addresses]
    many = [point(f"Ferme {rank}", 3.05 + rank / 5000) for rank in range(40)]
    for rank in range(5):
        make_layer(f"Couche {rank}", by=actor(cast.operator_a), features=many, shared="59")
    assert [cost(client, address) for address in addresses] == few
    assert few[3] <= 8


def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_many_near_objects_are_one_query(cast: Cast) -> None:
    many = [point(f"F{rank}", 3.05 + rank / 9000) for rank in range(400)]
    layer = make_layer(by=actor(cast.operator_a), features=many)
    with CaptureQueriesContext(connection) as queries:
        near = near_features([layer], longitude=3.06, latitude=50.63)
    assert (len(queries), {feature.name for feature in near}) == (1, {"F90", "F89", "F91"})

"""The drawing for pages without JavaScript: it is valid, holds what it must, and nothing beyond its frames."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jalons.maps.drawing import MOST_MARKS, draw_map
from jalons.maps.selectors import Point
from jalons.sites.models import Site
from jalons.territories.drawing import bounds_of, fitted, frames_for, shape_of, wider
from jalons.territories.models import Outline
from jalons.thresholds.enums import DEFAULTS
from tests.factories import BACKEND

SVG = "{http://www.w3.org/2000/svg}"


def square(code: str, west: float, south: float, side: float = 1.0) -> dict[str, Any]:
    ring = [
        [west, south],
        [west + side, south],
        [west + side, south + side],
        [west, south + side],
        [west, south],
    ]
    geometry = {"type": "MultiPolygon", "coordinates": [[ring]]}
    return {"id": code, "properties": {"code": code, "name": f"Département {code}"}, "geometry": geometry}


NORD, BOUCHES, REUNION = square("59", 2.5, 50), square("13", 4.5, 43), square("974", 55.2, -21.4, 0.6)
ALL = [NORD, BOUCHES, REUNION]


def drawn(counts: dict[str, int], points: list[Point], outlines: Any = ALL) -> ElementTree.Element:
    return ElementTree.fromstring(draw_map("Carte d’essai", outlines, counts, points, limits=DEFAULTS))


def texts(root: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_few_sites_are_drawn_one_by_one() -> None:
    points = [Point(3.0, 50.5, "good"), Point(3.1, 50.6, "due"), Point(3.2, 50.4, "late")]
    root = drawn({"59": 3}, points)
    assert "Carte d’essai" in texts(root)
    assert "depuis 3\u00a0mois à 6\u00a0mois" in texts(root)
    assert "site fermé" not in texts(root)
    assert root.get("aria-label") == "Carte d’essai. 59 : 3 sites"


def test_many_sites_are_counted_by_departement() -> None:
    points = [Point(3.0, 50.5, "good")] * (MOST_MARKS + 1)
    found = texts(drawn({"59": 1240, "13": 7}, points))
    assert "1\u202f240" in found
    assert "7" in found
    assert "depuis 3\u00a0mois à 6\u00a0mois" not in found


def test_overseas_has_its_own_frame() -> None:
    root = drawn({"59": 1, "974": 1}, [Point(3.0, 50.5, "good"), Point(55.5, -21.1, "good")])
    assert len(list(root.iter(f"{SVG}clipPath"))) == 2
    circles = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in root.iter(f"{SVG}circle")]
    assert len({y > 600 for _, y in circles}) == 2  # one in the large frame, one in the small one under it


def test_overseas_alone_takes_the_large_frame() -> None:
    (frame,) = frames_for(["974"], {"974": bounds_of(REUNION)})
    assert frame.width == 760


def test_nothing_to_draw_is_still_a_drawing() -> None:
    assert "Carte d’essai" in texts(drawn({}, [], outlines=[]))
    assert "Carte d’essai" in texts(drawn({"59": 2}, [Point(3.0, 50.5, "good")], outlines=[]))


@given(
    st.floats(-178, 170),
    st.floats(-60, 60),
    st.floats(0.1, 8),
    st.floats(0.1, 8),
    st.floats(50, 900),
    st.floats(50, 900),
)
def test_frame_holds_its_bounds_without_stretching(
    west: float, south: float, wide: float, high: float, width: float, height: float
) -> None:
    bounds = wider((west, south, west + wide, south + high))
    frame = fitted(bounds, 0, 0, width, height)
    for longitude, latitude in ((bounds[0], bounds[1]), (bounds[2], bounds[3])):
        x, y = frame.place(longitude, latitude)
        assert -0.01 <= x <= width + 0.01
        assert -0.01 <= y <= height + 0.01
    assert shape_of(frame.bounds) == pytest.approx(width / height, rel=1e-6)


def test_view_draws_the_filtered_list(cast: Any, sites: dict[str, Site], client: Client) -> None:
    for feature in (NORD, BOUCHES):
        Outline.objects.create(departement_id=feature["id"], geometry=feature["geometry"])
    client.force_login(cast.national, BACKEND)
    got = client.get("/carte/sites.svg")
    assert got.headers["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(got.content).get("aria-label", "").endswith("59 : 5 sites, 13 : 1 site")
    only = ElementTree.fromstring(client.get("/carte/sites.svg?q=roubaix").content)
    assert only.get("aria-label", "").endswith("59 : 2 sites")
    assert texts(only)[0].startswith("2 sites ouverts au ")
    client.force_login(cast.operator13, BACKEND)
    assert "59 :" not in client.get("/carte/sites.svg").content.decode()

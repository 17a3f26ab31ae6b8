"""What stands nearby, which sites are proposed, who may be a source, who will read."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalons.accounts.enums import Right, Role
from jalons.accounts.selectors import readers_in_words
from jalons.sites.nearby import EARTH_RADIUS_METRES, NEARBY_METRES, distance, nearby_sites, sites_to_choose
from jalons.sites.selectors import organisations_near
from tests import factories
from tests.factories import Cast

PORT = (50.6365, 3.0635)
METRE = 1 / math.radians(1) / EARTH_RADIUS_METRES  # in degrees of latitude
latitudes, longitudes = st.floats(-89, 89), st.floats(-179, 179)


@pytest.mark.parametrize(
    ("start", "end", "metres"),
    [
        ((50.6365, 3.0635), (50.6365, 3.0635), 0),
        ((48.8566, 2.3522), (43.2965, 5.3698), 660_478),  # Paris – Marseille
        ((0, 0), (0, 1), 111_195),
        ((0, 179.5), (0, -179.5), 111_195),
        ((-90, 0), (90, 0), 20_015_087),
    ],
)
def test_known_distances(start: Any, end: Any, metres: int) -> None:
    assert distance(*start, *end) == pytest.approx(metres, rel=1e-4)


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_the_same_both_ways(a: float, b: float, c: float, d: float) -> None:
    there, back = distance(a, b, c, d), distance(c, d, a, b)
    assert there == back
    assert there is not None
    assert 0 <= there <= math.ceil(math.pi * EARTH_RADIUS_METRES)


def test_without_a_point_there_is_no_distance() -> None:
    assert distance(None, 3, 50, 3) is None


@pytest.mark.django_db
def test_open_and_closed_sites_within_five_hundred_metres_nearest_first(cast: Cast) -> None:
    def at(name: str, north: float, **more: Any) -> Any:
        return factories.make_site(name, latitude=PORT[0] + north * METRE, longitude=PORT[1], **more)

    at("À 499 m", 499)
    at("Fermé à 20 m", -20, closed=factories.OPENED)
    at("À 501 m", 501)
    far_corner = (PORT[0] + 400 * METRE, PORT[1] + 400 * METRE / math.cos(math.radians(PORT[0])))
    factories.make_site("Au coin", latitude=far_corner[0], longitude=far_corner[1])
    found = nearby_sites(cast.correspondent59, latitude=PORT[0], longitude=PORT[1])
    assert [(one.site.name, one.metres) for one in found] == [("Fermé à 20 m", 20), ("À 499 m", 499)]
    assert found[0].closed_on == factories.OPENED
    assert NEARBY_METRES == 500


@pytest.mark.django_db
def test_a_similar_name_in_the_commune_is_found_without_a_point(cast: Cast) -> None:
    site = factories.make_site("Terrain du Moulin")
    factories.make_alias(site, "Les Roulottes")
    factories.make_site("Quai Nord")
    factories.make_site("Moulin", factories.ROUBAIX)

    def named(name: str) -> list[Any]:
        return [
            (one.site.name, one.alias)
            for one in nearby_sites(cast.correspondent59, commune=factories.LILLE, names=[name])
        ]

    assert named("rue du moulin") == [("Terrain du Moulin", "Terrain du Moulin")]
    assert named("roulottes") == [("Terrain du Moulin", "Les Roulottes")]
    assert named("rue de la") == []
    assert nearby_sites(cast.correspondent59) == []
    assert nearby_sites(cast.operator13, commune=factories.LILLE, names=["moulin"]) == []


@pytest.mark.django_db
def test_the_nearest_sites_are_proposed_then_those_asked_for(cast: Cast) -> None:
    site = factories.make_site("Ici", latitude=PORT[0], longitude=PORT[1])
    near = factories.make_site("Près", latitude=PORT[0] + 0.01, longitude=PORT[1])
    far = factories.make_site("Loin", factories.DUNKERQUE, latitude=51.03, longitude=2.37)
    same = factories.make_site("Même commune")
    arras = factories.make_site("Beffroi", factories.ARRAS)
    hidden = factories.make_site("Joliette", factories.MARSEILLE)

    def proposed(text: str = "", *chosen: str, user: Any = cast.operator_a) -> list[Any]:
        return sites_to_choose(user, site, text, chosen)

    assert proposed() == [near, far, same]
    assert proposed("beffroi", user=cast.correspondent59) == [arras]
    assert proposed("beffroi") == [], "un opérateur ne voit que son département"
    assert proposed("loin", near.public_id, hidden.public_id) == [near, far]
    assert proposed("ici") == [], "un site ne se rejoint pas lui-même"
    assert proposed("", "\x00", "x" * 10_000) == [near, far, same]


@pytest.mark.django_db
def test_sources_are_the_structures_of_the_place_and_mine(cast: Cast) -> None:
    site = factories.make_site()
    mine = factories.actor(cast.correspondent13).organisation
    names = set(organisations_near(site, mine, None).values_list("name", flat=True))
    assert {"DDETS du Nord", "Ville de Lille", "Les amis de Lille", "DDETS des Bouches-du-Rhône"} <= names
    assert "Solidarité Sud" not in names


@pytest.mark.django_db
def test_readers_are_named(cast: Cast) -> None:
    lille = factories.commune()
    said = readers_in_words(Right.READ_JUSTICE, lille)
    assert said == "DDETS du Nord et Délégation interministérielle"
    town = factories.actor(cast.mairie).organisation
    factories.make_user(Role.INSTITUTION, factories.LILLE, organisation=town, grants=[Right.READ_JUSTICE])
    assert "Ville de Lille" in readers_in_words(Right.READ_JUSTICE, lille)
    assert "Ville de Lille" not in readers_in_words(Right.READ_JUSTICE, factories.commune(factories.CALAIS))

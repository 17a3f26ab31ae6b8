"""Outlines are lighter than their source, and neighbours still touch."""

import math

from jalons.territories.outlines import outline_geometries
from tests.territories.conftest import feature, square


def border():
    """A wavy line from (1, 0) to (1, 1), too fine to be drawn whole."""
    return [[1 + 0.004 * math.sin(step), step / 200] for step in range(1, 200)]


def ring_of(geometry):
    assert geometry["type"] == "MultiPolygon"
    [[ring]] = geometry["coordinates"]
    assert ring[0] == ring[-1]
    return {tuple(point) for point in ring}


def test_two_neighbours_keep_the_same_border():
    west = feature("Ouest", [0, 0], [1, 0], *border(), [1, 1], [0, 1], [0, 0])
    east = feature("Est", [2, 0], [2, 1], [1, 1], *reversed(border()), [1, 0], [2, 0])
    shapes = outline_geometries({"features": [west, east]})
    west_points, east_points = ring_of(shapes["Ouest"]), ring_of(shapes["Est"])
    shared = west_points & east_points
    assert {(1.0, 0.0), (1.0, 1.0)} < shared
    assert 2 < len(shared) < 150
    assert west_points - shared == {(0.0, 0.0), (0.0, 1.0)}
    assert east_points - shared == {(2.0, 0.0), (2.0, 1.0)}


def test_a_small_island_keeps_a_shape():
    shapes = outline_geometries({"features": [feature("Île", *square(5, 45, side=0.004))]})
    assert len(ring_of(shapes["Île"])) >= 3


def test_what_is_smaller_than_the_precision_disappears():
    shapes = outline_geometries({"features": [feature("Rocher", *square(5, 45, side=0.0001))]})
    assert shapes["Rocher"]["coordinates"] == []

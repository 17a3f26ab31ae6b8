"""Outlines of the départements: from Natural Earth (public domain), thinned without tearing borders."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Point = tuple[float, float]
Ring = list[Point]
MultiPolygon = list[list[Ring]]

DECIMALS = 3  # about 100 m; the source is drawn for 1:10,000,000
SMALLEST_BEND = 4e-5  # square degrees, about 0.35 km²: what a bend must cover to be drawn
PASSES = 6


def outline_geometries(collection: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Name in the source → GeoJSON MultiPolygon, for each feature of a FeatureCollection."""
    shapes = {
        feature["properties"]["name"]: rounded(feature["geometry"]) for feature in collection["features"]
    }
    for _ in range(PASSES):
        thin(shapes.values())
    return {
        name: {
            "type": "MultiPolygon",
            "coordinates": [[[*map(list, ring), list(ring[0])] for ring in polygon] for polygon in shape],
        }
        for name, shape in shapes.items()
    }


def rounded(geometry: Mapping[str, Any]) -> MultiPolygon:
    """Rounded points, in rings that do not repeat their first point; flat rings are left out."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    rings = [[ring for ring in map(open_ring, polygon) if len(ring) > 2] for polygon in polygons]
    return [polygon for polygon in rings if polygon]


def open_ring(ring: Iterable[Any]) -> Ring:
    points = [(round(point[0], DECIMALS), round(point[1], DECIMALS)) for point in ring]
    return [
        point for before, point in zip([points[-2], *points], points[:-1], strict=False) if point != before
    ]


def thin(shapes: Iterable[MultiPolygon]) -> None:
    """Drop, in place, the points that draw the smallest bends.

    A point goes when it has the same two neighbours in every ring it belongs to, and when its bend is smaller
    than its neighbours' bends. Both sides of a border thus decide alike, and points where three départements
    meet always stay.
    """
    polygons = [polygon for shape in shapes for polygon in shape]
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for polygon in polygons:
        for ring in polygon:
            for index, point in enumerate(ring):
                neighbours[point].update((ring[index - 1], ring[(index + 1) % len(ring)]))
    bends = {point: bend(point, *around) for point, around in neighbours.items() if len(around) == 2}
    dropped = {
        point
        for point, size in bends.items()
        if size < SMALLEST_BEND
        and all((size, point) < (bends.get(other, 180.0), other) for other in neighbours[point])
    }
    for polygon in polygons:
        for ring in polygon:
            points = [point for point in ring if point not in dropped]
            if len(points) > 3:  # a small island keeps a shape
                ring[:] = points


def bend(point: Point, before: Point, after: Point) -> float:
    """Area of the triangle of three points that follow one another, in square degrees."""
    (x, y), (x1, y1), (x2, y2) = point, before, after
    return abs((x1 - x) * (y2 - y) - (x2 - x) * (y1 - y)) / 2

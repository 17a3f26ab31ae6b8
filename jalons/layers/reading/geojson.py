"""GeoJSON (RFC 7946, and what programs wrote before it), one shape of WKT inside a table too."""

import json
import re
from collections.abc import Iterator
from typing import Any

from jalons.layers.geometry import LINE, OUTLINE, POINT
from jalons.layers.reading.collecting import Gathered, RefusedFeature, RefusedFile

DEEPEST = 8  # collections inside one another
SHAPES = {
    "Point": (POINT, False),
    "MultiPoint": (POINT, True),
    "LineString": (LINE, False),
    "MultiLineString": (LINE, True),
    "Polygon": (OUTLINE, False),
    "MultiPolygon": (OUTLINE, True),
}
DEGREES = re.compile(r"(?:CRS:?84|EPSG:{1,2}(?:4326|4171|4258))$", re.IGNORECASE)
LAMBERT = re.compile(r"EPSG:{1,2}2154$", re.IGNORECASE)


def no_constant(name: str) -> Any:
    raise RefusedFile("json", name)


def read_geojson(content: bytes, gathered: Gathered) -> None:
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise RefusedFile("json", place_of(error)) from None
    if not isinstance(document, dict) or "type" not in document:
        raise RefusedFile("not_geojson")
    read_crs(document.get("crs"), gathered)
    number = 0
    for number, feature in enumerate(features_of(document), 1):
        where = f"objet {number}"
        try:
            shapes, properties = read_feature(feature)
        except RefusedFeature as refusal:
            gathered.refuse(where, refusal)
            continue
        gathered.add(where, shapes, properties)
    if not number:
        raise RefusedFile("nothing")


def place_of(error: Exception) -> str:
    return f"ligne {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""


def read_crs(crs: Any, gathered: Gathered) -> None:
    """Degrees when nothing is written, as the standard says."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if LAMBERT.search(name):
        gathered.grid = "lambert93"
    elif DEGREES.search(name):
        gathered.grid = "degrees"
    else:
        raise RefusedFile("crs", name or "inconnu")


def features_of(document: dict[str, Any]) -> Iterator[Any]:
    if document["type"] != "FeatureCollection":
        yield document
        return
    features = document.get("features")
    if not isinstance(features, list):
        raise RefusedFile("not_geojson")
    yield from features


def read_feature(feature: Any) -> tuple[list[tuple[str, list[Any]]], dict[str, Any]]:
    if not isinstance(feature, dict):
        raise RefusedFeature("not_feature")
    if feature.get("type") != "Feature":
        return shapes_of(feature), {}
    properties = feature.get("properties")
    shapes = shapes_of(feature.get("geometry"))
    return shapes, properties if isinstance(properties, dict) else {}


def shapes_of(geometry: Any, depth: int = 0) -> list[tuple[str, list[Any]]]:
    if geometry is None:
        raise RefusedFeature("empty")
    if not isinstance(geometry, dict) or depth > DEEPEST:
        raise RefusedFeature("not_feature")
    name = geometry.get("type")
    if name == "GeometryCollection":
        inside = geometry.get("geometries")
        if not isinstance(inside, list):
            raise RefusedFeature("not_feature")
        return [shape for part in inside for shape in shapes_of(part, depth + 1)]
    if not isinstance(name, str) or name not in SHAPES:
        raise RefusedFeature("unknown_shape", str(name))
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        raise RefusedFeature("position")
    kind, many = SHAPES[name]
    return [(kind, coordinates if many else [coordinates])]

"""What a map is sent of a layer: GeoJSON, bounded in bytes, made once when the layer is saved."""

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from jalons.layers.geometry import POINT, geojson_of
from jalons.layers.limits import DRAWN_LAYER

SHORT_NAME = 24  # characters, when names would weigh too much


class DrawnFeature(NamedTuple):
    """One object as it is drawn: its corners are fewer than those that are kept."""

    kind: str
    parts: Sequence[Any]
    name: str
    label: str


def collection_text(features: Sequence[DrawnFeature]) -> str:
    """A FeatureCollection of at most `DRAWN_LAYER` bytes: labels go first, then long names, then names."""
    text = ""
    for name, label in ((None, None), (None, 0), (SHORT_NAME, 0), (0, 0)):
        fewer = [
            feature._replace(name=feature.name[:name], label=feature.label[:label]) for feature in features
        ]
        text = json.dumps(collection(fewer), ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) <= DRAWN_LAYER:
            break
    return text


def collection(features: Sequence[DrawnFeature]) -> dict[str, Any]:
    """Points in one Feature, whose properties are columns in the order of its coordinates; each shape in its own."""
    columns: dict[str, list[Any]] = {"at": [], "name": [], "label": []}
    shapes = []
    for feature in features:
        if feature.kind == POINT:
            for position in feature.parts:
                columns["at"].append(position)
                columns["name"].append(feature.name)
                columns["label"].append(feature.label)
        else:
            properties = {"name": feature.name, "label": feature.label}
            geometry = geojson_of(feature.kind, feature.parts)
            shapes.append({"type": "Feature", "geometry": geometry, "properties": properties})
    at = columns.pop("at")
    geometry = {"type": "MultiPoint", "coordinates": at}
    points = [{"type": "Feature", "geometry": geometry, "properties": columns}] if at else []
    return {"type": "FeatureCollection", "features": [*shapes, *points]}


def packed(features: Sequence[DrawnFeature]) -> bytes:
    return zlib.compress(collection_text(features).encode(), 6)


def unpacked(content: bytes) -> str:
    return zlib.decompress(content).decode() if content else json.dumps(collection(()))


def shapes_in(text: str) -> Iterator[tuple[str, Any]]:
    """Type and coordinates of each geometry of a collection: what a picture draws."""
    for feature in json.loads(text)["features"]:
        yield feature["geometry"]["type"], feature["geometry"]["coordinates"]

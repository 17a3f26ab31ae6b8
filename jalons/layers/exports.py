"""A layer taken back: its objects as GeoJSON, as they were kept and not as they are drawn; traced like any file."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.exports.contract import About
from jalons.exports.enums import Format
from jalons.exports.responses import file_name, named
from jalons.exports.services import record_download
from jalons.layers.geometry import geojson_of
from jalons.layers.models import MapLayer

NAME = "couche"


def layer_answer(layer: MapLayer, user: User, fmt: Format) -> HttpResponse:
    """The caller has checked that `user` reads the layer and may export."""
    features = list(features_of(layer))
    record_download(
        user=user,
        right=Right.EXPORT,
        export=NAME,
        label=f"Couche de carte\u00a0: {layer.title}",
        fmt=fmt,
        params={"couche": layer.public_id},
        rows=len(features),
    )
    collection = {
        "type": "FeatureCollection",
        "name": layer.title,
        "source": layer.source,
        "date": layer.dated_on.isoformat(),
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    about = About(perimeter=layer.title, author=str(user), as_of=layer.dated_on)
    return named(HttpResponse(text), file_name(NAME, about, fmt), fmt)


def features_of(layer: MapLayer) -> Iterator[dict[str, Any]]:
    for feature in layer.features.order_by("rank"):
        properties = {"nom": feature.name, "etiquette": feature.label}
        yield {
            "type": "Feature",
            "geometry": geojson_of(feature.kind, feature.geometry),
            "properties": {key: value for key, value in properties.items() if value},
        }

"""Layers for tests, made by the services and without a child process: what it would have read is given."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from jalons.history.services import Actor
from jalons.layers.drafts import ReadFeature, ReadPlaces
from jalons.layers.models import LayerDraft, MapLayer
from jalons.layers.services import add_layer, content_of, give_draft
from tests import factories

DAY = dt.date(2020, 1, 1)
SQUARE = [[[[3.05, 50.62], [3.07, 50.62], [3.07, 50.64], [3.05, 50.64], [3.05, 50.62]]]]


def point(name: str, longitude: float = 3.06, latitude: float = 50.63, **properties: str) -> ReadFeature:
    at = [[longitude, latitude]]
    return ReadFeature("point", at, at, {"nom": name, **properties})


def outline(name: str, parts: Any = SQUARE, **properties: str) -> ReadFeature:
    return ReadFeature("outline", parts, parts, {"nom": name, **properties})


def make_draft(
    features: Sequence[ReadFeature], by: Actor, layer: MapLayer | None = None, **notes: Any
) -> LayerDraft:
    keys = list(dict.fromkeys(key for feature in features for key in feature.properties))
    read = ReadPlaces(features=list(features), keys=keys, **notes)
    return give_draft(read=read, file_name="lieux.csv", file_kind="csv", by=by, layer=layer)


def make_layer(
    title: str = "Maraîchers",
    *,
    by: Actor,
    features: Sequence[ReadFeature] = (),
    shared: str = "",
    **described: Any,
) -> MapLayer:
    """A layer of the organisation of `by`; `shared`: the code of a territory, as `factories.scope` reads it."""
    draft = make_draft(features or [point("Serres Martin", culture="tomates"), outline("Les Prés")], by)
    words = {"title": title, "source": "Chambre d’agriculture", "dated_on": DAY, **described}
    words["shared_with"] = factories.scope(shared) if shared else None
    content = content_of(draft, name_key="nom", label_key="culture")
    return add_layer(draft=draft, content=content, described=words, by=by)

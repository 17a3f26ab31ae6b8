"""The addresses of layers of the map: see `pages`."""

import io
from collections.abc import Mapping
from typing import Any

from jalons.accounts.enums import Right
from jalons.layers.drafts import read_places
from jalons.layers.models import LayerDraft, MapLayer
from jalons.layers.services import give_draft, withdraw_layer
from tests import factories
from tests.house.page import Page, why
from tests.house.world import World
from tests.layers.making import make_layer

READ, KEEP = Right.READ_SITES, Right.KEEP_LAYERS
PLACES = "nom;culture;latitude;longitude\nSerres Martin;tomates;50,631;3,062\nLes Prés;blé;50,7;3,2\n"
TITLES = ("Maraîchers", "Cultures retirées")


def on_layer(world: World) -> Mapping[str, Any]:
    """A layer of the structure of the correspondent, made when it is first asked for."""
    return {"public_id": layer_named(world, TITLES[0]).public_id}


def on_withdrawn(world: World) -> Mapping[str, Any]:
    layer = layer_named(world, TITLES[1])
    withdraw_layer(layer=layer, by=factories.actor(world.cast.correspondent59), reason="périmée")
    return {"public_id": layer.public_id}


def layer_named(world: World, title: str) -> MapLayer:
    found = MapLayer.objects.filter(title=title).first()
    return found or make_layer(title, by=factories.actor(world.cast.correspondent59))


def on_draft(world: World) -> Mapping[str, Any]:
    waiting = LayerDraft.objects.first()
    if waiting is None:
        read = read_places(io.BytesIO(PLACES.encode()), kind="csv", grid="degrees")
        by = factories.actor(world.cast.correspondent59)
        waiting = give_draft(read=read, file_name="lieux.csv", file_kind="csv", by=by)
    return {"public_id": waiting.public_id}


def described(world: World) -> Mapping[str, Any]:
    return {"title": "Serres", "source": "Chambre d’agriculture", "dated_on": "01/03/2026"}


def chosen(world: World) -> Mapping[str, Any]:
    key = on_layer(world)["public_id"]
    return {"couche": key, "proposee": key}


LAYER_PAGES = [
    Page("layers:list", READ),
    Page("layers:around", READ, lambda world: {"public_id": world.site.public_id}),
    # What is chosen is each person’s own: tests/layers/test_showing.py.
    Page("layers:choose", READ, reads=False),
    Page("layers:add", KEEP, data=lambda world: {"pasted": PLACES}),
    Page("layers:draft", KEEP, on_draft, data=described, about_subject=False, own=True),
    Page("layers:draft_objects", KEEP, on_draft, about_subject=False, own=True),
    Page("layers:draft_picture", KEEP, on_draft, about_subject=False, own=True),
    # It empties a row and writes none: tests/layers/test_giving.py.
    Page("layers:forget", KEEP, on_draft, reads=False, about_subject=False, own=True),
    Page("layers:layer", READ, on_layer, about_subject=False, own=True),
    Page("layers:objects", READ, on_layer, about_subject=False, own=True),
    Page("layers:picture", READ, on_layer, about_subject=False, own=True),
    Page("layers:export", Right.EXPORT, on_layer, about_subject=False, own=True),
    Page("layers:edit", KEEP, on_layer, data=described, about_subject=False, own=True),
    Page(
        "layers:replace", KEEP, on_layer, data=lambda world: {"pasted": PLACES}, about_subject=False, own=True
    ),
    Page("layers:withdraw", KEEP, on_layer, data=why, about_subject=False, own=True),
    Page(
        "layers:put_back",
        KEEP,
        on_withdrawn,
        data=lambda world: {},
        reads=False,
        about_subject=False,
        own=True,
    ),
]

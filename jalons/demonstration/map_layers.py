"""Two layers of the map around the sites of the Nord, of an association and of the State."""

import datetime as dt
import math
from typing import Any

from jalons.demonstration.chance import SEED, Chance, data
from jalons.demonstration.sites import Teller
from jalons.history.services import Actor
from jalons.layers.drafts import ReadFeature, ReadPlaces
from jalons.layers.enums import LayerColour, LayerSymbol, PlaceFile, ShapeKind
from jalons.layers.models import LayerDraft, MapLayer, ShownLayer
from jalons.layers.services import add_layer, content_of, give_draft
from jalons.sites.models import Site
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Scope

NAME, LABEL = "nom", "precision"
CORNERS = 14  # of a ground under water


def draw_layers(tell: Teller) -> None:
    """As `data/map_layers.json` says, with dice of their own."""
    sites = Site.objects.filter(commune__departement="59", latitude__isnull=False).order_by("pk")
    places = list(sites.values_list("longitude", "latitude"))
    if not places:
        return
    chance, layers = Chance(SEED + 5), data("map_layers")
    nord = Scope.objects.filter(level=ScopeLevel.DEPARTEMENT, departement="59").first()
    farms = [farm(chance, chance.choice(places), *names) for names in layers["farms"]["names"]]
    floods = [flood(chance, chance.choice(places), *names) for names in layers["floods"]["names"]]
    looks = {"colour": LayerColour.OLIVE, "symbol": LayerSymbol.STAR, "shared_with": None}
    draw(tell, chance, layers["farms"], farms, looks, tell.cast.actors["operator_a"])
    looks = {"colour": LayerColour.BLUE, "symbol": LayerSymbol.DROP, "shared_with": nord}
    draw(tell, chance, layers["floods"], floods, looks, tell.cast.actors["ddets_59"])


def farm(chance: Chance, place: tuple[float, float], name: str, label: str) -> ReadFeature:
    latitude, longitude = chance.near(place[1], place[0])
    at = [[longitude, latitude]]
    return ReadFeature(ShapeKind.POINT, at, at, {NAME: name, LABEL: label})


def flood(chance: Chance, place: tuple[float, float], name: str, label: str) -> ReadFeature:
    """Long, along no river in particular."""
    west, south = place[0] + chance.uniform(-0.01, 0.01), place[1] + chance.uniform(-0.006, 0.006)
    lean = chance.uniform(0, math.pi)
    ring = []
    for corner in range(CORNERS):
        angle = 2 * math.pi * corner / CORNERS
        along, across = 0.03 * math.cos(angle), 0.007 * math.sin(angle) * chance.uniform(0.6, 1.3)
        x = along * math.cos(lean) - across * math.sin(lean)
        y = (along * math.sin(lean) + across * math.cos(lean)) * 0.65
        ring.append([round(west + x, 6), round(south + y, 6)])
    parts = [[[*ring, ring[0]]]]
    return ReadFeature(ShapeKind.OUTLINE, parts, parts, {NAME: name, LABEL: label})


def draw(
    tell: Teller,
    chance: Chance,
    words: dict[str, Any],
    features: list[ReadFeature],
    looks: dict[str, Any],
    by: Actor,
) -> None:
    at = tell.moment(tell.day(40), 0)
    read = ReadPlaces(features=features, keys=[NAME, LABEL])
    draft = give_draft(read=read, file_name="couche.geojson", file_kind=PlaceFile.GEOJSON, by=by)
    described = {"title": words["title"], "source": words["source"], "dated_on": tell.day(120), **looks}
    content = content_of(draft, name_key=NAME, label_key=LABEL)
    layer = add_layer(draft=draft, content=content, described=described, by=by)
    LayerDraft.objects.filter(pk=draft.pk).delete()
    date_layer(layer, at, chance.public_id())


def date_layer(layer: MapLayer, at: dt.datetime, public_id: str) -> None:
    """As if it had been kept on that day; the services know today alone."""
    written = {"public_id": public_id, "changed_at": at}
    if layer.shared_with_id:
        written["shared_on"] = at.date()
    MapLayer.objects.filter(pk=layer.pk).update(**written)
    history: Any = MapLayer.history
    history.filter(id=layer.pk).update(**written, history_date=at)
    layer.versions.update(created_at=at)
    ShownLayer.objects.filter(layer=layer).update(since=at.date())

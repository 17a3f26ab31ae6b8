"""On the sheet of a site: what layers have near it, and which of them its map draws."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.exports.document import Block, Grid, Head, Heading
from jalons.history.querysets import AsOf
from jalons.layers.selectors import NearFeature, OfferedLayer, near_features, offered_layers
from jalons.sites.models import Site


@dataclass(frozen=True, slots=True)
class LayersCard:
    """`offered`: the layers that this person may draw; `near`: what they have within two kilometres."""

    offered: Sequence[OfferedLayer]
    near: Sequence[NearFeature]


def card(user: Any, site: Site, at: AsOf) -> LayersCard | None:
    """None without any layer, without a point, and in the past: layers are those of today. Three queries at most."""
    if at.is_past or site.latitude is None or site.longitude is None:
        return None
    offered = offered_layers(user)
    if not offered:
        return None
    layers = [row.layer for row in offered]
    return LayersCard(offered, near_features(layers, longitude=site.longitude, latitude=site.latitude))


def blocks(content: LayersCard) -> Iterable[Block]:
    """What stands near, in the document to take away."""
    if not content.near:
        return
    yield Heading("À proximité, d’après les couches de carte", level=2)
    yield Grid(
        columns=[Head("Distance"), Head("Objet", weight=2), Head("Couche", weight=2), Head("Données du")],
        rows=[[near.away, near.words, near.layer.title, near.layer.dated_on] for near in content.near],
    )

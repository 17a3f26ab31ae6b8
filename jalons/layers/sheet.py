"""On the sheet of a site: a place that is filled once the page is there, and what stands near in its document."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jalons.exports.document import Block, Grid, Head, Heading
from jalons.history.querysets import AsOf
from jalons.layers.selectors import NearFeature, OfferedLayer, near_features, offered_layers
from jalons.sites.models import Site


@dataclass(frozen=True, slots=True)
class LayersCard:
    """What fills the card is read by the page at `address`; in the document, when it is made."""

    user: Any
    site: Site

    @property
    def address(self) -> str:
        return reverse("layers:around", args=[self.site.public_id])


def card(user: Any, site: Site, at: AsOf) -> LayersCard | None:
    """None without a point, and in the past: layers are those of today. No query."""
    if at.is_past or site.merged_into_id or site.latitude is None or site.longitude is None:
        return None
    return LayersCard(user, site)


def around_site(user: Any, site: Site) -> tuple[list[OfferedLayer], list[NearFeature]]:
    """The layers that a person may draw, and what they have near a site. Three queries at most."""
    offered = offered_layers(user)
    if not offered or site.latitude is None or site.longitude is None:
        return offered, []
    layers = [row.layer for row in offered]
    return offered, near_features(layers, longitude=site.longitude, latitude=site.latitude)


def blocks(content: LayersCard) -> Iterable[Block]:
    """What stands near, in the document to take away."""
    _, nearest = around_site(content.user, content.site)
    if not nearest:
        return
    yield Heading("À proximité, d’après les couches de carte", level=2)
    yield Grid(
        columns=[Head("Distance"), Head("Objet", weight=2), Head("Couche", weight=2), Head("Données du")],
        rows=[[near.away, near.words, near.layer.title, near.layer.dated_on] for near in nearest],
    )

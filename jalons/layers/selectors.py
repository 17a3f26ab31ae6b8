"""What pages show of layers: those that one reads, those that one draws, what stands near a site."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from jalons.layers.enums import LayerColour, LayerSymbol
from jalons.layers.geometry import metres_between, positions
from jalons.layers.looks import LayerLook
from jalons.layers.models import LayerVersion, MapFeature, MapLayer, ShownLayer
from jalons.layers.permissions import all_related, scope_words
from jalons.layers.words import distance_in_words, shapes_in_words

NEAR_METRES = 2_000
MOST_CANDIDATES = 300  # boxes looked at closely
NEAREST_OF_A_LAYER, NEAREST = 3, 12


@dataclass(frozen=True, slots=True)
class OfferedLayer:
    """A layer that a person may draw. `checked`: they do."""

    layer: MapLayer
    checked: bool

    @property
    def key(self) -> str:
        return str(self.layer.public_id)

    @property
    def look(self) -> LayerLook:
        return self.layer.look


def readable_layers(user: Any) -> list[MapLayer]:
    """In the order of their titles, with their organisation and their scope. One query."""
    return list(all_related(MapLayer.objects.visible_to(user)).in_order())


def offered_layers(user: Any) -> list[OfferedLayer]:
    """Every layer that a person may draw on a map. Two queries; one for who has none."""
    layers = readable_layers(user)
    if not layers:
        return []
    chosen = set(ShownLayer.objects.chosen_by(user).values_list("layer_id", flat=True))
    return [OfferedLayer(layer, layer.pk in chosen) for layer in layers]


def drawn_versions(layers: Sequence[MapLayer]) -> dict[int, LayerVersion]:
    """The last version of each, with its drawing, by primary key of the layer."""
    versions = LayerVersion.objects.filter(
        layer__in=[layer.pk for layer in layers], number=F("layer__current")
    )
    return {version.layer_id: version for version in versions}


def last_versions(layers: Sequence[MapLayer]) -> dict[int, LayerVersion]:
    """The same, without the drawing."""
    versions = LayerVersion.objects.filter(
        layer__in=[layer.pk for layer in layers], number=F("layer__current")
    )
    return {version.layer_id: version for version in versions.defer("drawn").select_related("author")}


def last_version(layer: MapLayer) -> LayerVersion | None:
    return last_versions([layer]).get(layer.pk)


def content_words(version: LayerVersion | None) -> str:
    return shapes_in_words(version.points, version.lines, version.outlines) if version else "aucun objet"


def readers_words(layer: MapLayer) -> str:
    """Who reads it, in a few words."""
    if layer.shared_with is None:
        return f"les personnes de {layer.organisation.name}"
    return (
        f"les personnes de {layer.organisation.name}, et toutes celles qui voient les sites de ce territoire\u00a0: "
        f"{scope_words(layer.shared_with)}"
    )


# Near a place ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NearFeature:
    """An object of a layer near a place. `at`: its first position, where a map may set it."""

    layer: MapLayer
    name: str
    label: str
    metres: float
    at: Sequence[float]

    @property
    def words(self) -> str:
        """« Serres Martin, tomates »."""
        return f"{self.name}, {self.label}" if self.label else self.name

    @property
    def away(self) -> str:
        return distance_in_words(self.metres)


def near_features(layers: Sequence[MapLayer], *, longitude: float, latitude: float) -> list[NearFeature]:
    """What some layers have within two kilometres, nearest first: three of each, twelve in all. One query."""
    by_pk = {layer.pk: layer for layer in layers}
    rows = MapFeature.objects.filter(layer__in=by_pk).near(
        longitude=longitude, latitude=latitude, metres=NEAR_METRES
    )
    measured = [
        near_feature(by_pk[row.layer_id], row, (longitude, latitude)) for row in rows[:MOST_CANDIDATES]
    ]
    ordered = sorted(measured, key=lambda near: (near.metres, near.layer.title, near.name))
    return first_of_each_layer(near for near in ordered if near.metres <= NEAR_METRES)


def near_feature(layer: MapLayer, row: MapFeature, place: tuple[float, float]) -> NearFeature:
    return NearFeature(
        layer,
        row.name or str(row),
        row.label,
        metres_between(place, row.kind, row.geometry),
        next(iter(positions(row.kind, row.geometry))),
    )


def first_of_each_layer(ordered: Iterable[NearFeature]) -> list[NearFeature]:
    counts: dict[int, int] = {}
    nearest: list[NearFeature] = []
    for near in ordered:
        counts[near.layer.pk] = counts.get(near.layer.pk, 0) + 1
        if counts[near.layer.pk] <= NEAREST_OF_A_LAYER and len(nearest) < NEAREST:
            nearest.append(near)
    return nearest


def first_free_look(organisation: Any) -> tuple[str, str]:
    """A colour and a symbol that its other layers do not have, the least used when all are taken."""
    used = list(
        MapLayer.objects.filter(organisation=organisation, withdrawn_at=None).values_list("colour", "symbol")
    )
    colours, symbols = [colour for colour, _ in used], [symbol for _, symbol in used]
    return (
        min(LayerColour.values, key=lambda colour: colours.count(colour)),
        min(LayerSymbol.values, key=lambda symbol: symbols.count(symbol)),
    )

"""Putting a layer on the map, replacing its objects, sharing it, withdrawing it; choosing what one draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from jalons.core import clock
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, Stale, save_record
from jalons.layers import drafts
from jalons.layers.drafts import ReadFeature, ReadPlaces
from jalons.layers.drawn import packed
from jalons.layers.enums import ShapeKind
from jalons.layers.geometry import box_of
from jalons.layers.limits import MOST_LAYERS, MOST_SHOWN
from jalons.layers.models import LONGEST_NAME, LayerDraft, LayerVersion, MapFeature, MapLayer, ShownLayer
from jalons.layers.querysets import owned_by

LAYER_FIELDS = ("title", "source", "dated_on", "colour", "symbol")
TOO_MANY = (
    f"Votre structure a déjà {MOST_LAYERS} couches : retirez celles qui ne servent plus, ou remplacez-en une."
)


def give_draft(
    *, read: ReadPlaces, file_name: str, file_kind: str, by: Actor, layer: MapLayer | None = None
) -> LayerDraft:
    """A file that was read waits until a person has looked at it."""
    return LayerDraft.objects.create(
        layer=layer,
        author=by.user,
        organisation=by.organisation,
        file_name=file_name[:255],
        file_kind=file_kind,
        grid=read.grid,
        content=drafts.packed(read.features),
        notes={
            "refusals": read.refusals,
            "refused": read.refused,
            "notes": read.notes,
            "keys": read.keys,
            "private": read.private,
        },
    )


@dataclass(frozen=True, slots=True)
class NewContent:
    """What a draft becomes: made before the transaction that writes it."""

    features: Sequence[MapFeature]
    drawn: bytes
    box: tuple[float, float, float, float]
    name_key: str
    label_key: str
    left_out: list[str]
    refused: int


def content_of(draft: LayerDraft, *, name_key: str, label_key: str) -> NewContent:
    """One name and one label of each object; every other property of the file is left out."""
    read = drafts.unpacked(draft.content)
    features = [feature_of(rank, item, name_key, label_key) for rank, item in enumerate(read, 1)]
    chosen = {name_key, label_key}
    left_out = [key for key in draft.notes["keys"] if key not in chosen]
    return NewContent(
        features=features,
        drawn=packed(list(drafts.drawn_of(read, name_key, label_key))),
        box=(
            min(feature.west for feature in features),
            min(feature.south for feature in features),
            max(feature.east for feature in features),
            max(feature.north for feature in features),
        ),
        name_key=name_key,
        label_key=label_key,
        left_out=[*left_out, *draft.notes["private"]],
        refused=draft.notes["refused"],
    )


def feature_of(rank: int, item: ReadFeature, name_key: str, label_key: str) -> MapFeature:
    west, south, east, north = box_of(item.kind, item.parts)
    return MapFeature(
        rank=rank,
        name=item.properties.get(name_key, "")[:LONGEST_NAME],
        label=item.properties.get(label_key, "")[:LONGEST_NAME],
        kind=item.kind,
        geometry=item.parts,
        west=west,
        south=south,
        east=east,
        north=north,
    )


@transaction.atomic
def add_layer(*, draft: LayerDraft, content: NewContent, described: Mapping[str, Any], by: Actor) -> MapLayer:
    """A new layer, that nobody but its organisation reads unless `described` shares it. `Refused` beyond the limit."""
    own = owned_by([by.organisation.pk])
    if MapLayer.objects.filter(own, withdrawn_at__isnull=True).count() >= MOST_LAYERS:
        raise Refused(TOO_MANY)
    layer = MapLayer(organisation=by.organisation)
    describe(layer, described)
    layer.current = 1
    save_record(record=layer, by=by)
    write_content(layer, draft, content, by)
    return layer


@transaction.atomic
def replace_objects(
    *, layer: MapLayer, draft: LayerDraft, content: NewContent, described: Mapping[str, Any], by: Actor,
    expected_version: int,
) -> MapLayer:  # fmt: skip
    """The objects of a file take the place of those of a layer; who, when and how many stay written."""
    describe(layer, described)
    layer.current += 1
    save_record(record=layer, by=by, expected_version=expected_version, reason="Objets remplacés")
    MapFeature.objects.filter(layer=layer).delete()
    LayerVersion.objects.filter(layer=layer).update(drawn=b"")
    write_content(layer, draft, content, by)
    return layer


def write_content(layer: MapLayer, draft: LayerDraft, content: NewContent, by: Actor) -> None:
    west, south, east, north = content.box
    kinds = [feature.kind for feature in content.features]
    LayerVersion.objects.create(
        layer=layer,
        number=layer.current,
        author=by.user,
        organisation=by.organisation,
        file_name=draft.file_name,
        file_kind=draft.file_kind,
        points=kinds.count(ShapeKind.POINT),
        lines=kinds.count(ShapeKind.LINE),
        outlines=kinds.count(ShapeKind.OUTLINE),
        refused=content.refused,
        name_key=content.name_key,
        label_key=content.label_key,
        left_out=content.left_out,
        west=west,
        south=south,
        east=east,
        north=north,
        drawn=content.drawn,
    )
    for feature in content.features:
        feature.layer = layer
    MapFeature.objects.bulk_create(content.features, batch_size=500)
    forget_draft(draft)
    ShownLayer.objects.get_or_create(user=by.user, layer=layer)


def forget_draft(draft: LayerDraft) -> None:
    """It was saved, or is not wanted: its objects go at once, its line with the others."""
    done = {"done_at": timezone.now(), "content": b"", "notes": {}}
    if not LayerDraft.objects.filter(pk=draft.pk, done_at__isnull=True).update(**done):
        raise Stale(None)


def describe(layer: MapLayer, described: Mapping[str, Any]) -> None:
    for name in LAYER_FIELDS:
        if name in described:
            setattr(layer, name, described[name])
    if "shared_with" in described:
        scope = described["shared_with"]
        if (scope.pk if scope else None) != layer.shared_with_id:
            layer.shared_with, layer.shared_on = scope, clock.today() if scope else None


@transaction.atomic
def edit_layer(
    *, layer: MapLayer, described: Mapping[str, Any], by: Actor, expected_version: int, reason: str = ""
) -> MapLayer:
    """What is said of it and who reads it. `Stale` when somebody else did meanwhile."""
    describe(layer, described)
    return save_record(record=layer, by=by, expected_version=expected_version, reason=reason)


@transaction.atomic
def withdraw_layer(*, layer: MapLayer, by: Actor, reason: str) -> MapLayer:
    """Nobody reads it any more. Withdrawn twice, it is withdrawn once."""
    if layer.withdrawn_at is None:
        layer.withdrawn_at = timezone.now()
        save_record(record=layer, by=by, reason=reason)
    return layer


@transaction.atomic
def put_back(*, layer: MapLayer, by: Actor) -> MapLayer:
    """As it was before it was withdrawn; `Refused` once its objects are erased."""
    if layer.erased:
        raise Refused("Les objets de cette couche sont effacés : ajoutez-la de nouveau depuis votre fichier.")
    if layer.withdrawn_at is not None:
        layer.withdrawn_at = None
        save_record(record=layer, by=by, reason="Remise sur les cartes")
    return layer


@transaction.atomic
def choose_layers(*, user: Any, layers: Sequence[MapLayer], among: Sequence[MapLayer]) -> None:
    """What this person draws from now on, `among` those that they could choose. `Refused` when they are too many."""
    chosen = {layer.pk for layer in layers}
    if len(chosen) > MOST_SHOWN:
        raise Refused(f"Une carte montre {MOST_SHOWN} couches à la fois : décochez-en.")
    drawn = ShownLayer.objects.chosen_by(user)
    drawn.filter(layer__in=[layer.pk for layer in among if layer.pk not in chosen]).delete()
    before = set(drawn.values_list("layer_id", flat=True))
    new = [ShownLayer(user=user, layer=layer) for layer in layers if layer.pk not in before]
    ShownLayer.objects.bulk_create(new, ignore_conflicts=True)


@transaction.atomic
def forget_drafts() -> int:
    """Files given and never looked at."""
    return LayerDraft.objects.all().forgotten().delete()[0]


@transaction.atomic
def erase_withdrawn() -> int:
    """The objects of layers withdrawn for long; what they were called, whose they were and when stays."""
    layers = list(MapLayer.objects.all().to_erase().values_list("pk", flat=True))
    MapFeature.objects.filter(layer__in=layers).delete()
    LayerVersion.objects.filter(layer__in=layers).update(drawn=b"")
    MapLayer.objects.filter(pk__in=layers).update(erased=True)
    return len(layers)

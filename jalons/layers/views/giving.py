"""Donner une couche, ou ses nouveaux objets : un fichier lu, vérifié sur une carte, puis enregistré."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.core.confined import UnreadFile
from jalons.core.values import french_spaces
from jalons.documents.uploads import dropped_files
from jalons.editing.conflicts import record_conflict_of
from jalons.editing.writing import already_sent, record, typed
from jalons.history.services import Actor, Stale
from jalons.layers import drafts
from jalons.layers.drafts import ReadFeature, RefusedPlaces, read_places
from jalons.layers.drawing import PictureLayer, draw_alone
from jalons.layers.drawn import collection_text, shapes_in
from jalons.layers.enums import ShapeKind
from jalons.layers.forms import GivePlacesForm, PublishLayerForm
from jalons.layers.geometry import box_around, box_of
from jalons.layers.looks import look_of
from jalons.layers.models import LayerDraft, MapLayer
from jalons.layers.permissions import fetch_draft, fetch_kept, keeping_actor, keeps, scope_of_key
from jalons.layers.querysets import DRAFT_KEPT
from jalons.layers.selectors import first_free_look
from jalons.layers.services import (
    NewContent,
    add_layer,
    content_of,
    forget_draft,
    give_draft,
    replace_objects,
)
from jalons.layers.views.answers import picture_answer, places_answer
from jalons.layers.words import shapes_in_words
from jalons.territories.selectors import outlines

LONGEST_CHOICE = 34  # signs
CHECKED = "Vérifiez la couche, puis enregistrez-la\u00a0: rien n’est encore sur les cartes."


@requires(Right.KEEP_LAYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    return give(request, keeping_actor(request.user))


@requires(Right.KEEP_LAYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, public_id: str) -> HttpResponse:
    layer = fetch_kept(request.user, public_id)
    return give(request, keeping_actor(request.user, layer.organisation), layer)


def give(request: HttpRequest, by: Actor, layer: MapLayer | None = None) -> HttpResponse:
    form = give_form(request)
    if form.is_bound and form.is_valid():
        name, kind = form.given
        blame = "file" if form.cleaned_data["file"] else "pasted"
        try:
            read = read_places(form.content, kind=kind, grid=form.grid_chosen)
        except (UnreadFile, RefusedPlaces) as error:
            form.add_error(blame, str(error))
        else:
            draft = give_draft(read=read, file_name=name, file_kind=kind, by=by, layer=layer)
            messages.success(request, CHECKED)
            return redirect("layers:draft", draft.public_id)
    context = {
        "form": form,
        "layer": layer,
        "waiting": LayerDraft.objects.kept_by(request.user)
        .waiting()
        .filter(layer=layer)
        .order_by("-created_at", "-pk")[:5],
        "back_url": reverse("layers:layer", args=[layer.public_id]) if layer else reverse("layers:list"),
    }
    return render(request, "layers/give.html", context)


def give_form(request: HttpRequest) -> GivePlacesForm:
    if request.method != "POST":
        return GivePlacesForm()
    return GivePlacesForm(request.POST, request.FILES, dropped="file" in dropped_files(request))


@requires(Right.KEEP_LAYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, public_id: str) -> HttpResponse:
    if request.method == "POST" and (sent := sent_twice(request)):
        return sent
    waiting = fetch_draft(request.user, public_id)
    layer = waiting.layer
    if layer is not None:
        layer = fetch_kept(request.user, layer.public_id)
    by = keeping_actor(request.user, waiting.organisation)
    features = drafts.unpacked(waiting.content)
    form = publish_form(request, waiting, layer, by, features)
    conflict, answer = None, None
    try:
        answer = published(request, form, waiting, layer, by)
    except Stale as stale:
        if stale.current is None:
            raise
        conflict = record_conflict_of(MapLayer, stale.current, form)
    context = {
        "form": form,
        "conflict": conflict,
        "draft": waiting,
        "layer": layer,
        "content": draft_words(features),
        "before": layer_words(layer),
        "refusals": waiting.notes["refusals"],
        "refused": waiting.notes["refused"],
        "unlisted": waiting.notes["refused"] - len(waiting.notes["refusals"]),
        "notes": waiting.notes["notes"],
        "private": waiting.notes["private"],
        "kept_days": DRAFT_KEPT.days,
        "back_url": reverse("layers:layer", args=[layer.public_id]) if layer else reverse("layers:list"),
        "look": look_of(form["colour"].value(), form["symbol"].value())
        if not form.errors
        else look_of("blue", "star"),
    }
    return answer or render(request, "layers/draft.html", context, status=409 if conflict else 200)


def sent_twice(request: HttpRequest) -> HttpResponse | None:
    """Where a double click leads: the first one has emptied the draft."""
    try:
        return already_sent(request, uuid.UUID(request.POST.get("submission_key", "")))
    except ValueError:
        return None


def published(
    request: HttpRequest, form: PublishLayerForm, draft: LayerDraft, layer: MapLayer | None, by: Actor
) -> HttpResponse | None:
    """When the form is whole: a new layer, or new objects in one."""
    if not (form.is_bound and form.is_valid()):
        return None
    content: list[NewContent] = []
    described = described_of(form)
    keys = {name: form.cleaned_data[name] for name in ("name_key", "label_key")}

    def write() -> MapLayer:
        if layer is None:
            return add_layer(draft=draft, content=content[0], described=described, by=by)
        return replace_objects(
            layer=layer, draft=draft, content=content[0], described=described, by=by,
            expected_version=form.seen_version,
        )  # fmt: skip

    return record(
        request,
        form,
        write,
        message=lambda written: f"La couche « {written.title} » est enregistrée : cochez-la sur vos cartes.",
        to=reverse("layers:layer", args=[layer.public_id]) if layer else reverse("layers:list"),
        before=lambda: content.append(content_of(draft, **keys)),
    )


def described_of(form: Any) -> dict[str, Any]:
    read = form.cleaned_data
    described = {name: read[name] for name in ("title", "source", "dated_on", "colour", "symbol")}
    return {**described, "shared_with": scope_of_key(read["readers"])}


def publish_form(
    request: HttpRequest, draft: LayerDraft, layer: MapLayer | None, by: Actor, features: list[ReadFeature]
) -> PublishLayerForm:
    keys = draft.notes["keys"]
    # As much as a phone shows of a choice.
    samples = {
        key: Truncator(f"{key} : {', '.join(drafts.samples_of(features, key))}").chars(LONGEST_CHOICE)
        for key in keys
    }
    if layer is None:
        colour, symbol = first_free_look(by.organisation)
        stem = draft.file_name.rpartition(".")[0].replace("_", " ").strip()
        initial: dict[str, Any] = {
            "title": stem[:80],
            "colour": colour,
            "symbol": symbol,
            "expected_version": 0,
        }
        name_key, label_key = drafts.likely_name(keys), ""
    else:
        last = layer.versions.filter(number=layer.current).defer("drawn").get()
        initial = {**PublishLayerForm.initial_of(layer), "expected_version": layer.version, "dated_on": None}
        name_key = last.name_key if last.name_key in keys else drafts.likely_name(keys)
        label_key = last.label_key if last.label_key in keys else ""
    initial |= {"name_key": name_key, "label_key": label_key}
    return PublishLayerForm(typed(request), by=by, layer=layer, samples=samples, initial=initial)


def draft_words(features: list[ReadFeature]) -> str:
    kinds = [feature.kind for feature in features]
    return shapes_in_words(*(kinds.count(kind) for kind in ShapeKind))


def layer_words(layer: MapLayer | None) -> str:
    if layer is None:
        return ""
    last = layer.versions.filter(number=layer.current).defer("drawn").get()
    return shapes_in_words(last.points, last.lines, last.outlines)


@requires(Right.KEEP_LAYERS)
@require_safe
def draft_objects(request: HttpRequest, public_id: str) -> HttpResponse:
    waiting = fetch_draft(request.user, public_id)
    keys = waiting.notes["keys"]
    drawn = drafts.drawn_of(drafts.unpacked(waiting.content), drafts.likely_name(keys), "")
    return places_answer(collection_text(list(drawn)))


@requires(Right.KEEP_LAYERS)
@require_safe
def draft_picture(request: HttpRequest, public_id: str) -> HttpResponse:
    waiting = fetch_draft(request.user, public_id)
    features = drafts.unpacked(waiting.content)
    text = collection_text(list(drafts.drawn_of(features, "", "")))
    boxes = [box_of(feature.kind, feature.drawn) for feature in features]
    bounds = box_around(
        [corner for west, south, east, north in boxes for corner in ((west, south), (east, north))]
    )
    words = draft_words(features)
    layer = PictureLayer(
        waiting.public_id, waiting.file_name, words, look_of("blue", "star"), list(shapes_in(text))
    )
    return picture_answer(draw_alone(layer, bounds, outlines()["features"]))


@requires(Right.KEEP_LAYERS)
@require_POST
def forget(request: HttpRequest, public_id: str) -> HttpResponse:
    """A file that was given by mistake, without waiting a week."""
    waiting = fetch_draft(request.user, public_id)
    layer = waiting.layer
    forget_draft(waiting)
    messages.success(request, french_spaces("Le fichier est oublié : rien n’a été mis sur les cartes."))
    return (
        redirect("layers:layer", layer.public_id)
        if layer and keeps(request.user, layer)
        else redirect("layers:list")
    )

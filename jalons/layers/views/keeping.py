"""Tenir une couche : la décrire, la partager, la retirer, la remettre."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.core.values import french_spaces
from jalons.editing.conflicts import record_conflict_of
from jalons.editing.refusals import Refused
from jalons.editing.writing import record, typed
from jalons.history.services import Stale
from jalons.layers.forms import LayerForm, WithdrawLayerForm
from jalons.layers.models import MapLayer
from jalons.layers.permissions import fetch_kept, fetch_own, keeping_actor
from jalons.layers.querysets import WITHDRAWN_KEPT
from jalons.layers.services import edit_layer, put_back, withdraw_layer
from jalons.layers.views.giving import described_of, sent_twice


def layer_url(layer: MapLayer) -> str:
    return reverse("layers:layer", args=[layer.public_id])


@requires(Right.KEEP_LAYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    layer = fetch_kept(request.user, public_id)
    by = keeping_actor(request.user, layer.organisation)
    initial = {**LayerForm.initial_of(layer), "expected_version": layer.version}
    form = LayerForm(typed(request), by=by, layer=layer, initial=initial)
    conflict, answer = None, None
    try:
        answer = record(
            request,
            form,
            lambda: edit_layer(
                layer=layer, described=described_of(form), by=by, expected_version=form.seen_version
            ),
            message="La couche est modifiée.",
            to=layer_url(layer),
        )
    except Stale as stale:
        if stale.current is None:
            raise
        conflict = record_conflict_of(MapLayer, stale.current, form)
    context = {"form": form, "conflict": conflict, "layer": layer, "back_url": layer_url(layer)}
    return answer or render(request, "layers/edit.html", context, status=409 if conflict else 200)


@requires(Right.KEEP_LAYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    if request.method == "POST" and (sent := sent_twice(request)):
        return sent
    layer = fetch_kept(request.user, public_id)
    by = keeping_actor(request.user, layer.organisation)
    form = WithdrawLayerForm(typed(request))
    answer = record(
        request,
        form,
        lambda: withdraw_layer(layer=layer, by=by, reason=form.cleaned_data["reason"]),
        message=f"La couche « {layer.title} » est retirée : plus personne ne la voit.",
        to=reverse("layers:list"),
    )
    context = {"form": form, "layer": layer, "back_url": layer_url(layer), "kept_days": WITHDRAWN_KEPT.days}
    return answer or render(request, "layers/withdraw.html", context)


@requires(Right.KEEP_LAYERS)
@require_POST
def put_back_page(request: HttpRequest, public_id: str) -> HttpResponse:
    layer = fetch_own(request.user, public_id)
    if layer.withdrawn_at is None:
        messages.info(request, french_spaces(f"La couche « {layer.title} » est déjà sur les cartes."))
        return redirect(layer_url(layer))
    by = keeping_actor(request.user, layer.organisation)
    try:
        put_back(layer=layer, by=by)
    except Refused as refusal:
        messages.warning(request, french_spaces(str(refusal)))
        return redirect("layers:list")
    messages.success(request, french_spaces(f"La couche « {layer.title} » est de nouveau sur les cartes."))
    return redirect(layer_url(layer))

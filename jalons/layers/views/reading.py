"""Les couches que l’on peut lire : la liste, une couche, ce que la carte en dessine, ce que l’on affiche."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.core import ui
from jalons.core.headers import by_htmx
from jalons.core.resume import is_local
from jalons.core.values import french_spaces
from jalons.editing.refusals import Refused
from jalons.exports.enums import Format
from jalons.history.selectors import record_entries, timeline
from jalons.layers.drawing import draw_alone, picture_layer
from jalons.layers.drawn import unpacked
from jalons.layers.exports import layer_answer
from jalons.layers.models import LayerVersion, MapLayer
from jalons.layers.permissions import all_related, fetch_layer, keeps
from jalons.layers.querysets import WITHDRAWN_KEPT
from jalons.layers.selectors import (
    content_words,
    last_version,
    last_versions,
    offered_layers,
    readable_layers,
    readers_words,
)
from jalons.layers.services import choose_layers
from jalons.layers.sheet import around_site
from jalons.layers.views.answers import picture_answer, places_answer
from jalons.sites.models import Site
from jalons.sites.pages import on_site, sheet_url
from jalons.territories.selectors import outlines

PAGE_SIZE = 50
LAYER_COLUMNS = (
    ui.Column("Couche"),
    ui.Column("Contenu"),
    ui.Column("Données du"),
    ui.Column("Qui la voit"),
    ui.Column("Structure"),
)
FEATURE_COLUMNS = (ui.Column("Objet"), ui.Column("Étiquette"), ui.Column("Forme"))
VERSION_COLUMNS = (ui.Column("Enregistrée le"), ui.Column("Par"), ui.Column("Fichier"), ui.Column("Objets"))


@requires(Right.READ_SITES)
@require_safe
def layers(request: HttpRequest) -> HttpResponse:
    page = Paginator(readable_layers(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    versions = last_versions(rows)
    keeping = has(request.user, Right.KEEP_LAYERS)
    gone: list[MapLayer] = []
    if keeping:
        withdrawn = MapLayer.objects.of_own(request.user).filter(withdrawn_at__isnull=False)
        gone = list(all_related(withdrawn).order_by("-withdrawn_at", "pk")[:PAGE_SIZE])
    context = {
        "page": page,
        "rows": [
            {
                "layer": layer,
                "content": content_words(versions.get(layer.pk)),
                "kept": keeps(request.user, layer),
            }
            for layer in rows
        ],
        "columns": LAYER_COLUMNS,
        "keeping": keeping,
        "withdrawn": [layer for layer in gone if keeps(request.user, layer)],
        "kept_days": WITHDRAWN_KEPT.days,
    }
    return render(request, "layers/list.html", context)


@requires(Right.READ_SITES)
@require_safe
def layer(request: HttpRequest, public_id: str) -> HttpResponse:
    opened = fetch_layer(request.user, public_id)
    version = last_version(opened)
    page = Paginator(opened.features.order_by("rank").defer("geometry"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    versions = opened.versions.defer("drawn").select_related("author", "organisation").order_by("-number")
    context = {
        "layer": opened,
        "version": version,
        "content": content_words(version),
        "readers": readers_words(opened),
        "readers_url": reverse("readership:readers", args=["couche", opened.public_id]),
        "keeps": keeps(request.user, opened),
        "may_export": has(request.user, Right.EXPORT),
        "page": page,
        "feature_columns": FEATURE_COLUMNS,
        "versions": [(item, content_words(item)) for item in versions[:PAGE_SIZE]],
        "version_columns": VERSION_COLUMNS,
        "changes": timeline(record_entries(opened, label="la couche"), limit=PAGE_SIZE),
    }
    return render(request, "layers/layer.html", context)


@requires(Right.READ_SITES)
@require_safe
def objects(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a map draws of it, made when the layer was saved: bounded in bytes."""
    return places_answer(unpacked(bytes(drawn_version(fetch_layer(request.user, public_id)).drawn)))


@requires(Right.READ_SITES)
@require_safe
def picture(request: HttpRequest, public_id: str) -> HttpResponse:
    opened = fetch_layer(request.user, public_id)
    version = drawn_version(opened)
    bounds = (version.west, version.south, version.east, version.north)
    return picture_answer(draw_alone(picture_layer(opened, version), bounds, outlines()["features"]))


def drawn_version(layer: MapLayer) -> LayerVersion:
    return LayerVersion.objects.get(layer=layer, number=layer.current)


@requires(Right.EXPORT)
@require_safe
def export(request: HttpRequest, public_id: str) -> HttpResponse:
    opened = fetch_layer(request.user, public_id)
    return layer_answer(opened, request.user, Format.GEOJSON)  # type: ignore[arg-type]  # views are for signed-in users


@require_safe
@on_site(Right.READ_SITES)
def around(request: HttpRequest, site: Site) -> HttpResponse:
    """What layers have near a site: a page, and the piece of the sheet that htmx asks for."""
    offered, nearest = around_site(request.user, site)
    context = {
        "site": site,
        "offered": offered,
        "nearest": nearest,
        "keeping": has(request.user, Right.KEEP_LAYERS),
        "back": sheet_url(site),
    }
    whole = not by_htmx(request)
    return render(request, "layers/around.html" if whole else "layers/_around.html", context)


@requires(Right.READ_SITES)
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """The layers that this person draws: those ticked, among those that the page offered."""
    back = request.POST.get("retour", "")
    back = back if is_local(back) else reverse("layers:list")
    wanted = set(request.POST.getlist("couche"))
    seen = set(request.POST.getlist("proposee"))
    offered = [row.layer for row in offered_layers(request.user)]
    among = [layer for layer in offered if layer.public_id in seen]
    try:
        chosen = [layer for layer in among if layer.public_id in wanted]
        choose_layers(user=request.user, layers=chosen, among=among)
    except Refused as refusal:
        if by_htmx(request):
            return HttpResponse(
                french_spaces(str(refusal)), status=200, content_type="text/plain; charset=utf-8"
            )
        messages.warning(request, french_spaces(str(refusal)))
    if by_htmx(request):
        return HttpResponse("", content_type="text/plain; charset=utf-8")
    return redirect(back)

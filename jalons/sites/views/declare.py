"""Déclarer un site : chercher son adresse, montrer ceux qui sont proches, l’enregistrer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Avg
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jalons.accounts.decorators import requires, signed_in
from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, actor_for, can, territory_of
from jalons.core.services import write_once
from jalons.editing.refusals import Refused
from jalons.editing.writing import ALREADY_WRITTEN, typed
from jalons.history.services import Actor
from jalons.sites.forms.describe import MAIN_COUNTS, DeclareSiteForm, installation_words
from jalons.sites.forms.observe import ALONG
from jalons.sites.forms.place import communes_named, territory_words
from jalons.sites.geocoding import Address, Unavailable, address_at, search_addresses
from jalons.sites.models import Site, Survey
from jalons.sites.nearby import Nearby
from jalons.sites.pages import sheet_url
from jalons.sites.provenance import source_kind_of
from jalons.sites.reporting.forms import REPORTING
from jalons.sites.reporting.services import accept_report
from jalons.sites.services import declare_site
from jalons.sites.warnings import count_warnings
from jalons.territories.selectors import communes_from_insee

MOST_PROPOSALS = 8
# What the map, or a link, may fill in before anything is typed.
PREFILLED = (
    "address",
    "address_detail",
    "commune",
    "insee",
    "latitude",
    "longitude",
    "observed_on",
    "report",
)
FOLDED_COUNTS = [name for name in Survey.COUNTS if name not in MAIN_COUNTS]


class Unseen(Exception):
    """Sites stand nearby that the person was not shown yet."""

    def __init__(self, near: list[Nearby]) -> None:
        super().__init__()
        self.near = near


@requires(Right.DECLARE_SITE)
def declare(request: HttpRequest) -> HttpResponse:
    form = DeclareSiteForm(typed(request), user=request.user, initial=prefilled(request))
    if request.POST.get("same"):
        return go_to_known(request)
    near: list[Nearby] = []
    asked = False
    if form.is_bound and form.is_valid():
        try:
            return redirect(written(request, form))
        except Unseen as unseen:
            near, asked = unseen.near, True
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if form.is_bound and not asked:
        near = form.nearby()
    territory = f"Votre territoire\u00a0: {territory_words(form.territory)}."
    more = any(form[name].value() or form[name].errors for name in FOLDED_COUNTS)
    context = {"form": form, "asked": asked, "territory": territory, "more_counts_open": more}
    context |= nearby_context(request, near)
    return render(request, "sites/declare.html", context)


def prefilled(request: HttpRequest) -> dict[str, Any]:
    """What the address says, and the source that this person is."""
    values = {name: request.GET[name][:200] for name in PREFILLED if request.GET.get(name)}
    organisations = [active_membership.organisation for active_membership in request.user.active_memberships]  # type: ignore[union-attr]
    return {"source_kind": source_kind_of(organisations[0]), "source": organisations[0], **values}


def written(request: HttpRequest, form: DeclareSiteForm) -> str:
    """Declares the site once for the key of the form, and answers the address of its sheet."""
    commune = form.cleaned_data["place"]
    by = actor_for(request.user, Right.DECLARE_SITE, commune)  # type: ignore[arg-type]

    made: list[Site] = []

    def write() -> str:
        # Inside the claim of the key: sent twice, the first site must not come back as a neighbour.
        seen = set(request.POST.getlist("near_seen"))
        near = form.nearby()
        if any(neighbour.site.public_id not in seen for neighbour in near):
            raise Unseen(near)
        made.append(new_site(form, by))
        if report := form.cleaned_data["report"]:
            accept_report(report=report, site=made[0], by=by)
        return sheet_url(made[0])

    target = write_once(form.cleaned_data["submission_key"], user_key=str(by.user.pk), write=write)
    if made:
        tell_declared(request, form, made[0])
    else:
        messages.info(request, ALREADY_WRITTEN)
    return target


def new_site(form: DeclareSiteForm, by: Actor) -> Site:
    read = form.cleaned_data
    return declare_site(
        by=by,
        commune=read["place"],
        observation=form.observation(),
        installed_on=read["installed_on"],
        installed_text=read["installed"],
        aliases=read["aliases"],
        resettled_from=read["resettled_from"],
        origins=read["origins"],
        **form.described(),
    )


def tell_declared(request: HttpRequest, form: DeclareSiteForm, site: Site) -> None:
    read = form.cleaned_data
    understood = installation_words(read["installed"])
    messages.success(request, f"Le site «\u00a0{site.name}\u00a0» est déclaré à {site.commune.name}.")
    if understood:
        messages.info(request, f"Date d’installation «\u00a0{read['installed']}\u00a0». {understood}")
    for _, sentence in count_warnings({name: read[name].number for name in Survey.COUNTS}):
        messages.warning(
            request, f"{sentence} C’est enregistré\u00a0: corrigez le recensement si c’est une erreur."
        )


def go_to_known(request: HttpRequest) -> HttpResponse:
    """« C’est celui-ci »: what was typed goes into a new survey of that site."""
    code = request.POST["same"]
    sites = Site.objects.visible_to(request.user).standing().select_related("commune")
    site = get_object_or_404(sites, public_id=code if code.isalnum() else "")
    if not can(request.user, Right.UPDATE_SITE, site):
        messages.info(request, "Ce site est suivi par d’autres\u00a0: vous pouvez le lire, pas le recenser.")
        return redirect(sheet_url(site))
    along = {name: request.POST[name][:60] for name in ALONG if request.POST.get(name)}
    return redirect(f"{reverse('sites:survey_add', args=[site.public_id])}?{urlencode(along)}")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A line of « Est-ce l’un de ceux-ci ? »."""

    near: Nearby
    where: str
    may_survey: bool
    ticked: bool


def nearby_context(request: HttpRequest, near: Iterable[Nearby]) -> dict[str, Any]:
    data = request.POST if request.method == "POST" else request.GET
    ticked = set(data.getlist("resettled_from"))
    neighbours = [
        Neighbour(
            near=neighbour,
            where=where_words(neighbour),
            may_survey=neighbour.closed_on is None and can(request.user, Right.UPDATE_SITE, neighbour.site),
            ticked=neighbour.site.public_id in ticked,
        )
        for neighbour in near
    ]
    return {"neighbours": neighbours, "can_survey": any(neighbour.may_survey for neighbour in neighbours)}


def where_words(nearby: Nearby) -> str:
    """« à 120 m · Lille · aussi appelé « Les Tilleuls » »."""
    parts = [] if nearby.metres is None else [f"à {nearby.metres}\u00a0m"]
    parts += [
        text for text in (nearby.site.address, nearby.site.commune.name) if text and text != nearby.site.name
    ]
    if nearby.alias and nearby.alias != nearby.site.name:
        parts.append(f"aussi appelé «\u00a0{nearby.alias}\u00a0»")
    return " · ".join(parts)


@require_GET
@requires(Right.DECLARE_SITE)
def nearby(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes with the place, as it is typed."""
    form = DeclareSiteForm(request.GET, user=request.user)
    form.is_valid()
    return render(request, "sites/_nearby.html", nearby_context(request, form.nearby()))


@require_GET
@signed_in
def understood_date(request: HttpRequest) -> HttpResponse:
    """How a date of installation is understood, as it is typed."""
    context = {"words": installation_words(request.GET.get("installed", "")[:60])}
    return render(request, "sites/_understood.html", context)


# --- addresses -------------------------------------------------------------------------------------------------


@require_GET
@signed_in
def addresses(request: HttpRequest) -> JsonResponse:
    """`?q=` → `{"results": [{value, label, detail, address, commune, insee, latitude, longitude}], "notice"}`.

    `communes=1`: communes only; `insee=`: addresses of that commune; `lat=` and `lon=`: the address of a point.
    `value` is the INSEE code. Only what lies where the person may declare or update (`pour=signaler`: report).
    `notice` says in French that addresses cannot be searched for now.
    """
    territory = territory_of(request.user, Right.DECLARE_SITE) | territory_of(request.user, Right.UPDATE_SITE)
    if request.GET.get("pour") == REPORTING:
        territory = territory_of(request.user, Right.READ_SITES)
    if not territory:
        raise PermissionDenied
    text = request.GET.get("q", "")[:200]
    notice, proposals = "", []
    if not request.GET.get("communes"):
        try:
            proposals = address_proposals(request, text, territory)
        except Unavailable as unavailable:
            notice = str(unavailable)
    proposals += commune_proposals(text, territory)[: max(2, MOST_PROPOSALS - len(proposals))]
    return JsonResponse({"results": proposals, "notice": notice})


def address_proposals(request: HttpRequest, text: str, territory: Territory) -> list[dict[str, Any]]:
    try:
        point = float(request.GET["lat"]), float(request.GET["lon"])
    except (KeyError, ValueError):
        code = request.GET.get("insee", "")
        read = search_addresses(text, limit=20, insee_code=code, near=middle_of(territory))
    else:
        nearest = address_at(*point)
        read = [nearest] if nearest else []
    streets = [address for address in read if address.street]
    communes = communes_from_insee(address.insee_code for address in streets) if streets else {}
    placed = [(address, communes.get(address.insee_code)) for address in streets]
    covered = [(address, commune) for address, commune in placed if commune and territory.covers(commune)]
    return [proposal(address, commune) for address, commune in covered[:MOST_PROPOSALS]]


def proposal(address: Address, commune: Any) -> dict[str, Any]:
    return {
        "value": commune.pk,
        "label": address.label,
        "detail": address.context,
        "address": address.street,
        "commune": commune.name,
        "insee": commune.pk,
        "latitude": address.latitude,
        "longitude": address.longitude,
    }


def commune_proposals(text: str, territory: Territory) -> list[dict[str, Any]]:
    return [
        {
            "value": place.commune_id,
            "label": place.label,
            "detail": f"Commune · {place.detail}",
            "address": "",
            "commune": place.label,
            "insee": place.commune_id,
            "latitude": None,
            "longitude": None,
        }
        for place in communes_named(text, territory)
    ]


def middle_of(territory: Territory) -> tuple[float, float] | None:
    """Where the sites of a territory are, roughly: addresses close to them come first."""
    if territory.everywhere:
        return None
    mean = Site.objects.filter(territory.q()).aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    if mean["latitude"] is None:
        return None
    return mean["latitude"], mean["longitude"]

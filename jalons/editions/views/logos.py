"""Le logo d’un territoire, en tête de ses rapports."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.decorators import requires, signed_in
from jalons.accounts.enums import Right
from jalons.core.values import french_spaces
from jalons.documents.uploads import dropped_files
from jalons.editing.writing import record
from jalons.editions.closings import first_closable, may_close
from jalons.editions.forms import LogoForm
from jalons.editions.models import TerritoryLogo
from jalons.editions.services.logos import remove_logo, set_logo, stored_logo
from jalons.editions.views.common import actor_with
from jalons.figures.areas import AREA_PARAMETER, FigureArea
from jalons.reports.selectors.areas import seen_area


def own_area(request: HttpRequest, params: Any) -> FigureArea:
    """The territory of the address, or the first one whose reports this person keeps."""
    asked = params.get(AREA_PARAMETER, "")
    area = seen_area(request.user, asked) if asked else first_closable(request.user)
    if asked and area is None:
        raise Http404
    if not may_close(request.user, area) or area is None:
        raise PermissionDenied("Le logo d’un territoire est posé par qui tient ses rapports.")
    return area


def logo_address(area: FigureArea) -> str:
    return f"{reverse('editions:logo')}?{urlencode({AREA_PARAMETER: area.text})}"


@requires(Right.CLOSE_PERIODS)
@require_http_methods(["GET", "HEAD", "POST"])
def logo(request: HttpRequest) -> HttpResponse:
    area = own_area(request, request.GET)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    dropped = request.method == "POST" and "logo" in dropped_files(request)
    form = LogoForm(*sent, dropped=dropped, initial={"alt": f"Logo\u00a0: {area.label}"})
    by = actor_with(request.user, Right.CLOSE_PERIODS)

    answer = None
    if form.is_bound and form.is_valid():
        drawn, alt = form.cleaned_data["logo"], form.cleaned_data["alt"]
        with stored_logo(drawn) as file:
            answer = record(
                request,
                form,
                lambda: set_logo(area=area.text, logo=drawn, file=file, alt=alt, by=by),
                message="Le logo est enregistré : les prochains rapports de ce territoire le portent.",
                to=logo_address(area),
            )
    context = {
        "area": area,
        "form": form,
        "logo": TerritoryLogo.objects.filter(area=area.text, removed_at__isnull=True).first(),
    }
    return answer or render(request, "editions/logo.html", context)


@requires(Right.CLOSE_PERIODS)
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    area = own_area(request, request.POST)
    if remove_logo(area=area.text, by=actor_with(request.user, Right.CLOSE_PERIODS)):
        messages.success(request, french_spaces("Le logo est retiré des prochains rapports."))
    return redirect(logo_address(area))


@signed_in
@require_safe
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """What Jalons drew, never the file as it came: anybody who has an account may meet it in a report."""
    row = get_object_or_404(TerritoryLogo.objects.order_by("-pk"), sha256=digest)
    try:
        with row.file.open("rb") as file:
            return HttpResponse(file.read(), content_type="image/png")
    except FileNotFoundError as error:
        raise Http404 from error

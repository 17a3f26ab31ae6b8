"""What is taken away from a dashboard: the sheet of the territory, its drawings."""

from collections.abc import Callable, Mapping
from typing import cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.exports.docx import to_docx
from jalons.exports.enums import Format
from jalons.exports.pdf import to_pdf, to_png
from jalons.exports.responses import respond, send
from jalons.reports.charts import CHART, CODE_PARAMETER, about, drawing_of
from jalons.reports.selectors.asking import read_dashboard
from jalons.reports.sheet import territory_sheet

WRITERS = {Format.PDF: to_pdf, Format.DOCX: to_docx}
PICTURES: Mapping[str, Callable[[str], bytes]] = {Format.PNG: to_png, Format.SVG: str.encode}


@require_safe
@requires(Right.EXPORT)
def sheet(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Of a place: the dispositifs of an operator have their own sheets."""
    read = read_dashboard(request.user, request.GET)
    if extension not in WRITERS or read is None or not read.question.area.is_place:
        raise Http404
    document, fmt = territory_sheet(read.question), Format(extension)
    return send(
        WRITERS[fmt](document),
        user=cast(User, request.user),
        right=Right.EXPORT,
        name="fiche-territoire",
        label="Fiche d’un territoire",
        about=document.about,
        fmt=fmt,
        params=request.GET,
    )


@require_safe
@requires(Right.EXPORT)
def chart(request: HttpRequest) -> HttpResponseBase:
    """A drawing as a picture, or as the figures that it shows."""
    asked_format = request.GET.get("format", "")
    user = cast(User, request.user)
    if asked_format not in PICTURES:
        return respond(CHART, user, request.GET, asked_format)
    read = read_dashboard(user, request.GET)
    drawing = drawing_of(read.question, request.GET.get(CODE_PARAMETER, "")) if read else None
    if read is None or drawing is None:
        raise Http404
    fmt = Format(asked_format)
    return send(
        PICTURES[fmt](drawing.svg),
        user=user,
        right=Right.EXPORT,
        name=CHART.name,
        label=CHART.label,
        about=about(read.question, drawing),
        fmt=fmt,
        params=request.GET,
    )

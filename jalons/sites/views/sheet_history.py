"""The history of a site, and its sheet as a document."""

from typing import cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import can
from jalons.discussions.selectors import thread_on
from jalons.documents.selectors import pieces_on
from jalons.exports.docx import to_docx
from jalons.exports.enums import Format
from jalons.exports.pdf import to_pdf
from jalons.exports.responses import send
from jalons.history.querysets import AsOf
from jalons.second_factor.enums import Purpose
from jalons.second_factor.permissions import check_verified
from jalons.sites.cards import cards_for
from jalons.sites.pages import actor_on, open_site, sheet_url, to_kept_site
from jalons.sites.selectors import site_sheet
from jalons.sites.sheet import journal
from jalons.sites.sheet.document import sheet_as_document
from jalons.sites.sheet.history import site_story, told_blocks
from jalons.sites.views.common import leave_trace
from jalons.sites.views.sheet import sensitive_blocks, shared
from jalons.territories.selectors import outlines_around

HISTORY_PAGE = 50


@requires(Right.READ_SITES)
def site_history(request: HttpRequest, public_id: str) -> HttpResponse:
    site = open_site(request, public_id, Right.READ_SITES)
    at, complaints = AsOf.read(request.GET)
    if site.merged_into and at.known is None:
        return to_kept_site(request, site)
    entries = site_story(request.user, site, at)
    leave_trace(request, site, told_blocks(request.user, site))
    page = Paginator(entries, HISTORY_PAGE).get_page(request.GET.get("page"))
    context = {**shared(site, at), "complaints": complaints, "page": page, "count": len(entries)}
    return render(request, "sites/history.html", context)


WRITERS = {Format.PDF: to_pdf, Format.DOCX: to_docx}


@requires(Right.EXPORT)
def sheet_document(request: HttpRequest, public_id: str, extension: str) -> HttpResponse:
    """The sheet as of the dates of the address; with its comments if `commentaires=1`."""
    if extension not in WRITERS:
        raise Http404(f"format\u00a0: {extension}")
    fmt = Format(extension)
    site = open_site(request, public_id, Right.EXPORT)
    if can(request.user, Right.READ_JUSTICE, site):
        check_verified(request.user, Purpose.JUSTICE)
    at, _ = AsOf.read(request.GET)
    sheet = site_sheet(request.user, site, at)
    if sheet.occupation is None:
        return to_kept_site(request, site) if site.merged_into else redirect(sheet_url(site) + f"?{at.query}")
    by = actor_on(request, site, Right.EXPORT)
    leave_trace(request, site, sensitive_blocks(sheet))
    pieces = pieces_on(cast(User, request.user), site, *sheet.merged)
    entries = journal.thread(journal.event_entries(sheet), journal.document_entries(pieces, at))
    comments: list[journal.JournalEntry] = []
    if request.GET.get("commentaires") == "1":
        written = journal.comment_entries(thread_on(request.user, site, *sheet.merged), at)
        comments = journal.thread(journal.for_everyone(written))
    cards = cards_for(request.user, site, at)
    around = (
        outlines_around(site.latitude, site.longitude)["features"]
        if site.latitude is not None and site.longitude is not None
        else []
    )
    document = sheet_as_document(sheet, by, journal=entries, comments=comments, cards=cards, outlines=around)
    return send(
        WRITERS[fmt](document),
        user=by.user,
        right=Right.EXPORT,
        name="fiche-site",
        label="Fiche d’un site",
        about=document.about,
        fmt=fmt,
        params=request.GET,
    )

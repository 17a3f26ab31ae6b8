"""La fiche d’un dispositif à emporter."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.actions.selectors.dues import dues_of
from jalons.actions.selectors.sheet import Sheet, action_sheet, has_begun, run_of
from jalons.actions.sheet import content
from jalons.actions.sheet.comments import thread_at
from jalons.actions.sheet.head import asked
from jalons.actions.views.common import actor_on, on_action, sheet_url
from jalons.discussions.models import Comment
from jalons.discussions.selectors import thread_on
from jalons.exports.docx import to_docx
from jalons.exports.enums import Format
from jalons.exports.pdf import to_pdf
from jalons.exports.responses import send
from jalons.history.querysets import AsOf
from jalons.indicators.selectors.table import follow_table
from jalons.indicators.sheet.document import action_as_document
from jalons.territories.selectors import outlines_around

WRITERS = {Format.PDF: to_pdf, Format.DOCX: to_docx}


@on_action(Right.EXPORT)
def document(request: HttpRequest, action: Action, extension: str) -> HttpResponse:
    """The sheet and its follow-up as of the dates of the address; with its comments if `commentaires=1`."""
    if extension not in WRITERS:
        raise Http404(f"format\u00a0: {extension}")
    fmt = Format(extension)
    at, _ = AsOf.read(request.GET)
    run = run_of(action, at)
    if run is None or not has_begun(run, at):
        return redirect(f"{sheet_url(action)}?{at.query}")
    sheet = action_sheet(request.user, action, at, run)
    by = actor_on(request, action, Right.EXPORT)
    dues = [] if at.is_past else dues_of([action])[action.pk]
    printed = action_as_document(
        sheet,
        by,
        follow=follow_table(action, at),
        asked=list(asked(dues, action)),
        comments=comments_of(request, action, at),
        outlines=outlines_of(sheet),
    )
    return send(
        WRITERS[fmt](printed),
        user=by.user,
        right=Right.EXPORT,
        name="fiche-dispositif",
        label="Fiche d’un dispositif",
        about=printed.about,
        fmt=fmt,
        params=request.GET,
    )


def outlines_of(sheet: Sheet) -> list[dict[str, Any]]:
    """Those around the first of its places that has a point."""
    for spot in content.spots(sheet):
        if spot.latitude is not None and spot.longitude is not None:
            return list(outlines_around(spot.latitude, spot.longitude)["features"])
    return []


def comments_of(request: HttpRequest, action: Action, at: AsOf) -> list[Comment]:
    """Those for everybody that can still be read, if they were asked for: a file may go anywhere."""
    if request.GET.get("commentaires") != "1":
        return []
    thread = thread_at(thread_on(request.user, action), at)
    return [line.comment for line in thread.lines if leaves(line.comment)]


def leaves(comment: Comment) -> bool:
    return comment.withdrawn_at is None and not comment.restricted

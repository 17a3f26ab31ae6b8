"""What the form pages of a fiche share: one block, judged, written once, given back when two people wrote."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalons.accounts.enums import Right
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.dossier.pages import actor_on, convention_url, sheet_url
from jalons.conventions.models import Commitment
from jalons.core.values import french_spaces
from jalons.editing.block_forms import BlockForms
from jalons.editing.refusals import Refused
from jalons.editing.rows import ADD
from jalons.editing.writing import already_sent, typed, write_and_tell
from jalons.history.services import Actor, Stale

NOTHING = "Rien n’a été modifié."
SAVED = "C’est enregistré."
# A race lost again and again is no race.
TRIES = 3


def edit_block(
    request: HttpRequest,
    commitment: Commitment,
    make: Callable[..., Any],
    save: Callable[[Any, Actor], bool],
    *,
    right: Right,
    title: str,
    template: str,
    anchor: str = "intitules",
    judged: bool = True,
    leads_to: Callable[[Any], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """`make(data, judged=, adding=)` answers the forms of the block; `save(block, by)` whether anything changed.

    `leads_to(block)`: where the person goes once it is written, the block on the sheet otherwise.
    """
    adding = ADD in request.POST
    judged = judged and not adding
    data = typed(request)
    block: BlockForms = make(data, judged=judged, adding=adding)
    to = f"{sheet_url(commitment)}#{anchor}"
    answer: HttpResponse | None = None
    pledge: ChangesVoted | None = None
    if data is not None and judged:
        try:
            answer, block = attempt(
                request, commitment, block, make, save, right, leads_to or (lambda block: to)
            )
        except ChangesVoted as changes:
            pledge = changes
            block = make(data, judged=True, adding=False)
            block.is_valid()
    if answer is not None:
        return answer
    shown = {
        "convention": commitment.convention,
        "convention_url": convention_url(commitment.convention),
        "commitment": commitment,
        "back_url": to,
        "forms": block,
        "title": title,
        "differences": block.asked,
        "gone": block.taken_out,
        "columns_css": "",
        "pledge": pledge,
        **context,
        "intro": french_spaces(context.get("intro", "")),
    }
    return render(request, template, shown, status=409 if block.asked or block.taken_out else 200)


def attempt(
    request: HttpRequest,
    commitment: Commitment,
    block: Any,
    make: Callable[..., Any],
    save: Callable[[Any, Actor], bool],
    right: Right,
    leads_to: Callable[[Any], str],
) -> tuple[HttpResponse | None, Any]:
    """Where the person goes once the block is written; else None, and the block to show again."""
    if done := already_sent(request, block.key):
        return done, block
    for _ in range(TRIES):
        if not block.is_valid():
            break
        block.settle()
        if block.conflicts or block.gone:
            again = make(block.again(), judged=True, adding=False)
            again.asked, again.taken_out = block.conflicts, block.gone
            return None, again
        try:
            return write(request, commitment, block, save, right, leads_to(block)), block
        except Stale:
            commitment.refresh_from_db()
            block = make(typed(request), judged=True, adding=False)
        except Refused as refusal:
            block.main.add_error(None, french_spaces(str(refusal)))
            break
    return None, block


def write(
    request: HttpRequest,
    commitment: Commitment,
    block: Any,
    save: Callable[[Any, Actor], bool],
    right: Right,
    to: str,
) -> HttpResponse:
    by = actor_on(request, commitment, right)
    promise = Pledge(request, commitment.convention)
    return write_and_tell(
        request,
        block.key,
        lambda: promise.keep(lambda: save(block, by), sheets=[commitment]),
        before=promise.read,
        message=lambda changed: SAVED if changed else NOTHING,
        to=to,
    )

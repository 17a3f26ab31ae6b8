"""What the form pages of a convention share: one block, judged, written once, given back when two people wrote."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalons.accounts.enums import Right
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.dossier.pages import actor_on, convention_url, sheet_url
from jalons.conventions.models import Commitment, Convention
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


@dataclass
class BlockPage:
    """A page that edits one block.

    `make(data, judged=, adding=)` returns the forms of the block; `save(block, by)` whether anything changed.
    `on`: what the right is asked on; `renew`: reads it again, after a race; `to(block)`: where the person goes then.
    """

    convention: Convention
    on: Any
    right: Right
    make: Callable[..., Any]
    save: Callable[[Any, Actor], Any]
    to: Callable[[Any], str]
    renew: Callable[[], None]
    sheets: Sequence[Commitment] = ()
    text: bool = False
    done: str = SAVED
    nothing: str = NOTHING

    def answer(
        self, request: HttpRequest, *, judged: bool = True
    ) -> tuple[HttpResponse | None, Any, ChangesVoted | None]:
        """Where the person goes once it is written; else None, the block to show, and what it would unsay."""
        adding = ADD in request.POST
        judged = judged and not adding
        data = typed(request)
        block: BlockForms = self.make(data, judged=judged, adding=adding)
        if data is None or not judged:
            return None, block, None
        try:
            return *self.attempt(request, block), None
        except ChangesVoted as changes:
            block = self.make(data, judged=True, adding=False)
            block.is_valid()
            return None, block, changes

    def attempt(self, request: HttpRequest, block: Any) -> tuple[HttpResponse | None, Any]:
        if done := already_sent(request, block.key):
            return done, block
        for _ in range(TRIES):
            if not block.is_valid():
                break
            block.settle()
            if block.must_ask:
                return None, block.asked_again(self.make(block.again(), judged=True, adding=False))
            try:
                return self.write(request, block), block
            except Stale:
                self.renew()
                block = self.make(typed(request), judged=True, adding=False)
            except Refused as refusal:
                block.main.add_error(None, french_spaces(str(refusal)))
                break
        return None, block

    def write(self, request: HttpRequest, block: Any) -> HttpResponse:
        by = actor_on(request, self.on, self.right)
        promise = Pledge(request, self.convention)
        return write_and_tell(
            request,
            block.key,
            lambda: promise.keep(lambda: self.save(block, by), sheets=self.sheets, text=self.text),
            before=promise.read,
            message=lambda changed: self.done if changed else self.nothing,
            to=self.to(block),
        )


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
    """A block of a fiche. `leads_to(block)`: where the person goes once it is written, the fiche otherwise."""
    to = f"{sheet_url(commitment)}#{anchor}"
    page = BlockPage(
        commitment.convention,
        commitment,
        right,
        make,
        save,
        leads_to or (lambda block: to),
        commitment.refresh_from_db,
        sheets=[commitment],
    )
    answer, block, pledge = page.answer(request, judged=judged)
    if answer is not None:
        return answer
    page_context = {
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
    return render(request, template, page_context, status=409 if block.asked or block.taken_out else 200)

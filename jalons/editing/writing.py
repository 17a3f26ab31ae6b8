"""One form, written once: what was sent twice, refused or found unchanged is said in words."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from jalons.core.headers import by_htmx
from jalons.core.services import sent_before, write_once
from jalons.core.values import french_spaces
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, withdraw


def withdrawn(fact: Any, by: Actor, reason: str) -> Any:
    """The `write` of `reason_page` for what was never true."""
    return withdraw(fact=fact, by=by, reason=reason)


def already_sent(request: HttpRequest, key: uuid.UUID) -> HttpResponse | None:
    """Where to go when this very form was already recorded: judged again, it would contradict itself."""
    target = sent_before(key, user_key=str(request.user.pk))
    if target is None:
        return None
    messages.info(request, ALREADY_WRITTEN)
    return redirect(target)


MEANWHILE = "Quelqu’un d’autre a enregistré entre-temps, sans rien contredire\u00a0: validez de nouveau."
FOUND = 302  # a writing leads elsewhere
ALREADY_WRITTEN = "C’était déjà enregistré : votre second envoi n’a rien ajouté."


def typed(request: HttpRequest) -> QueryDict | None:
    """What binds a form: the data of a POST, even empty; None else."""
    return request.POST if request.method == "POST" else None


def record(
    request: HttpRequest,
    form: Any,
    write: Callable[[], Any],
    *,
    message: str | Callable[[Any], str],
    to: str,
    blame: str | None = None,
    before: Callable[[], object] | None = None,
) -> HttpResponse | None:
    """When `form` was sent and is valid, calls `write` once for its key, says so, and leads to `to`.

    None when there is nothing to write yet: not sent, not valid, or refused. A refusal is told on the field
    `blame`, or on the whole form. `message` may take what `write` answered. `Stale` goes through. `before`: see
    `write_once`.
    """
    if not (form.is_bound and form.is_valid()):
        return None
    key = form.cleaned_data["submission_key"]
    try:
        return write_and_tell(request, key, write, message=message, to=to, before=before)
    except Refused as refusal:
        form.add_error(blame if blame in form.fields else None, french_spaces(str(refusal)))
        return None


def write_and_tell(
    request: HttpRequest,
    key: uuid.UUID,
    write: Callable[[], Any],
    *,
    message: str | Callable[[Any], str],
    to: str,
    before: Callable[[], object] | None = None,
) -> HttpResponse:
    """Calls `write` unless `key` was already sent; says what was written and leads to `to`.

    A `write` that answers False found nothing to change. `before`: see `write_once`.
    """
    written: list[Any] = []

    def once() -> str:
        written.append(write())
        return to

    target = write_once(key, user_key=str(request.user.pk), write=once, before=before)
    if written:
        words = message if isinstance(message, str) else message(written[0])
        level = messages.INFO if written[0] is False else messages.SUCCESS
        messages.add_message(request, level, french_spaces(words))
    else:
        messages.info(request, ALREADY_WRITTEN)
    return redirect(target)


def tell_discords(
    request: HttpRequest, view: Callable[[], HttpResponseBase], discords: Callable[[], Sequence[Any]]
) -> HttpResponseBase:
    """After a writing, says which dates do not agree any more, whichever of the two was entered last.

    What a page asks while one types (htmx) writes no fact.
    """
    if request.method != "POST" or by_htmx(request):
        return view()
    before = discords()
    response = view()
    if response.status_code == FOUND:
        for discord in discords():
            if discord not in before:
                messages.warning(request, f"{discord} Vérifiez les deux dates.")
    return response

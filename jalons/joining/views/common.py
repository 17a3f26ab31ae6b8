"""What the views of this app share."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from jalons.accounts.models import User
from jalons.core.services import write_once
from jalons.core.values import french_spaces
from jalons.editing.middleware import typed_in

ALREADY_WRITTEN = "C’était déjà enregistré\u00a0: rien n’a été fait deux fois."


def typed(request: HttpRequest) -> QueryDict | None:
    """What binds a form: the data of a POST, even empty; None else."""
    return request.POST if request.method == "POST" else None


def admin_of(request: HttpRequest) -> User:
    """The views that call it are for whoever manages accounts."""
    return request.user  # type: ignore[return-value]


def record(
    request: HttpRequest, form: Any, write: Callable[[], Any], *, message: str, to: str
) -> HttpResponse | None:
    """When `form` was sent and is valid, calls `write` once for its key, says so, and leads to `to`.

    None when there is nothing to write yet, or when the service refused: it is said in the form. `Stale` goes through.
    """
    if not (form.is_bound and form.is_valid()):
        return None
    written: list[Any] = []

    def once() -> str:
        written.append(write())
        return to

    try:
        target = write_once(key_of(form), user_key=str(request.user.pk), write=once)
    except ValidationError as refusal:
        blame(form, refusal)
        return None
    if written and written[0] is not False:
        messages.success(request, french_spaces(message))
    else:
        messages.info(request, ALREADY_WRITTEN)
    return redirect(target)


def key_of(form: Any) -> uuid.UUID:
    return form.cleaned_data["submission_key"]


def blame(form: Any, refusal: ValidationError) -> None:
    """Says a refusal on the field that it names when the form has it, else on the whole form."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def answered_before(request: HttpRequest, *, title: str, sentence: str, back_url: str) -> HttpResponse:
    """Somebody else did it meanwhile: who, what, and what this person had typed (409)."""
    content = {
        "title": title,
        "sentence": french_spaces(sentence),
        "back_url": back_url,
        "typed": typed_in(request),
    }
    return render(request, "joining/answered.html", content, status=409)

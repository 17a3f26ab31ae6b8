"""Several people write at once: whoever lost reads what the other wrote, in words, and nothing typed is lost."""

import re
from collections.abc import Callable

from django.contrib.messages import get_messages
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalons.core import resume
from jalons.editing.removed import AlreadyRemoved
from jalons.history.services import Stale

# Of eight people who send the same thing at once, one wins at the first turn and the others read it at the second.
TURNS = 3
# Two transactions that waited for each other, or could not be put one after the other (ISO 9075): neither is wrong.
COLLISIONS = ("40001", "40P01")
# Hidden fields of our forms: they carry it, nobody typed them.
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")  # of a choice in a list: nobody typed it
CARRIED = {"submission_key", "seen", "expected_version", "csrfmiddlewaretoken", resume.FIELD}


class SeveralAtOnce:
    """A POST that lost a race to another is done again, whole: now it reads what the other wrote.

    A service reads, then writes; between the two somebody else may have written what a unique index refuses, or
    saved the version that was read. The transaction is undone by then, so that the view starts anew from what the
    base says and answers as if it had come second: refused in words, or with both versions side by side.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        turns = TURNS if request.method == "POST" else 0
        while turns and lost_to_another(exception):
            turns -= 1
            rewind(request)
            try:
                return view_again(request)
            except (Stale, IntegrityError, OperationalError, AlreadyRemoved) as error:
                exception = error
        if isinstance(exception, AlreadyRemoved):
            return removed(request, exception)
        if isinstance(exception, Stale):
            return written_meanwhile(request)
        return None  # a fault of ours: it is reported as such


def lost_to_another(error: Exception) -> bool:
    if isinstance(error, OperationalError):
        return getattr(error.__cause__, "sqlstate", None) in COLLISIONS
    return isinstance(error, Stale | IntegrityError)


def view_again(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    if match is None:
        raise RuntimeError("only a view can be called again")
    return match.func(request, *match.args, **match.kwargs)


def rewind(request: HttpRequest) -> None:
    """The files were read once already; what was said of the first turn is not true any more."""
    get_messages(request)._queued_messages.clear()  # type: ignore[union-attr]  # no public way to unsay
    for _, files in request.FILES.lists():
        for file in files:
            file.seek(0)


def removed(request: HttpRequest, gone: AlreadyRemoved) -> HttpResponse:
    content = {"sentence": gone.sentence, "back_url": gone.back, "typed": typed_in(request)}
    return render(request, "editing/removed.html", content, status=410)


def written_meanwhile(request: HttpRequest) -> HttpResponse:
    """For a view that shows no versions side by side: what was typed is given back, to be copied."""
    content = {"form_url": request.get_full_path(), "typed": typed_in(request)}
    return render(request, "editing/written_meanwhile.html", content, status=409)


def typed_in(request: HttpRequest) -> list[str]:
    """The words of a form that is not recorded, to be read and copied."""
    resumable = resume.typed_in(request)
    fields = resumable.fields if resumable is not None else ()
    return [
        value
        for name, value in fields
        if value.strip() and name.rpartition("-")[2] not in CARRIED and not CODE.fullmatch(value)
    ]

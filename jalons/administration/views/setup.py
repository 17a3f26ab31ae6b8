"""« Mettre en route un département »."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.administration.selectors import setup
from jalons.core.ui import Column

COLUMNS = [
    Column("Département"),
    Column("Comptes", numeric=True),
    Column("Sites déclarés", numeric=True),
]


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def territories(request: HttpRequest) -> HttpResponse:
    """The départements that one administers; straight to the page of the only one."""
    rows = setup.territories(request.user)
    if len(rows) == 1:
        return redirect("administration:setup", rows[0].departement.pk)
    begun = [row for row in rows if row.accounts or row.sites]
    # What is left to do of them only: a page that is opened every day does not repeat what is done.
    instance = [line for line in setup.instance_steps(request.user) if not line.done]
    context = {
        "instance": instance,
        "begun": begun,
        "others": rows[len(begun) :],
        "columns": COLUMNS,
    }
    return render(request, "administration/territories.html", context)


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def departement(request: HttpRequest, code: str) -> HttpResponse:
    place = get_object_or_404(setup.administered(request.user), pk=code)
    lines = setup.steps(request.user, place)
    context: dict[str, Any] = {
        "place": place,
        "lines": lines,
        "progress": setup.progress_words(lines),
        "left_out": len(lines) < len(setup.STEPS),
    }
    return render(request, "administration/setup.html", context)

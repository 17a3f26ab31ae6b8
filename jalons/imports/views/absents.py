"""Les sites dont un tableau ne dit rien."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jalons.accounts.decorators import requires_any
from jalons.core import ui
from jalons.core.values import french_spaces
from jalons.imports.enums import BatchState
from jalons.imports.forms import AbsentForm
from jalons.imports.judging.absents import absent_sites, day_of_table
from jalons.imports.models import ImportBatch
from jalons.imports.permissions import GIVES
from jalons.imports.services import answer_absents
from jalons.imports.services.drafts import chosen_of
from jalons.imports.views.batches import actor, batch_of, check_writes

PER_PAGE = 25


def next_page(page: "Page[Any]", batch: ImportBatch) -> str:
    """Where the answers to one page lead: the next one, then back to the rows."""
    if page.has_next():
        url = reverse("imports:absents", args=[batch.public_id])
        return f"{url}?{ui.PAGE_PARAMETER}={page.next_page_number()}"
    return reverse("imports:lines", args=[batch.public_id])


@requires_any(*GIVES)
@require_http_methods(["GET", "HEAD", "POST"])
def absents(request: HttpRequest, public_id: str) -> HttpResponse:
    batch = batch_of(request, public_id)
    if batch.state != BatchState.READY:
        return redirect("imports:batch", public_id)
    if request.method == "POST":
        check_writes(request, batch)
        if batch.rehearsal:
            raise PermissionDenied("C’est un essai : rien ne peut être enregistré.")
    chosen = chosen_of(batch)
    day = day_of_table(chosen)
    every = absent_sites(batch, chosen, actor(request, batch))
    page = Paginator(every, PER_PAGE).get_page(request.GET.get(ui.PAGE_PARAMETER))
    rows = [
        AbsentForm(
            request.POST if request.method == "POST" else None,
            absent=absent,
            initial={"on": day, **chosen.choices.absent.get(absent.site.public_id, {})},
        )
        for absent in page.object_list
        if day is not None
    ]
    judged = [form.is_valid() for form in rows]  # each of them: all that is wrong is said at once
    if request.method == "POST" and all(judged):
        answer_absents(batch=batch, answers={form.absent.site.public_id: form.answer() for form in rows})
        messages.success(request, french_spaces("C’est noté : ce sera écrit avec les lignes du tableau."))
        return redirect(next_page(page, batch))
    context = {"batch": batch, "day": day, "rows": rows, "page": page, "count": len(every)}
    return render(request, "imports/absents.html", context)

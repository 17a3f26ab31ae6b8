"""La copie annotée d’un tableau : la demander, la prendre."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires_any
from jalons.core.values import french_spaces
from jalons.imports.jobs import make_copy
from jalons.imports.permissions import GIVES
from jalons.imports.services.copies import ask_for_copy, is_being_made, may_be_annotated
from jalons.imports.views.batches import batch_of

NO_COPY = "Ce tableau n’a pas de copie annotée : elle se fait d’un fichier .xlsx gardé."
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires_any(*GIVES)
@require_http_methods(["GET", "HEAD", "POST"])
def annotate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asked again, it is made again: the rows may have been answered since."""
    found = batch_of(request, public_id)
    if not may_be_annotated(found):
        messages.info(
            request,
            french_spaces("Ce tableau n’a pas de copie annotée : elle se fait d’un fichier .xlsx gardé."),
        )
        return redirect("imports:batch", public_id)
    if request.method == "POST":
        if ask_for_copy(batch=found):
            make_copy.enqueue(found.pk)
        return redirect("imports:annotate", public_id)
    working = is_being_made(found)
    answer = render(
        request, "imports/copy.html", {"batch": found, "working": working, "ready": bool(found.annotated)}
    )
    if working:
        answer["Refresh"] = "3"
    return answer


@requires_any(*GIVES)
@require_safe
def annotated(request: HttpRequest, public_id: str) -> HttpResponse:
    found = batch_of(request, public_id)
    if not found.annotated:
        return redirect("imports:annotate", public_id)
    stem = found.file_name.rpartition(".")[0].replace("/", "-") or "tableau"
    answer = HttpResponse(bytes(found.annotated), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{stem}-annote.xlsx") or "attachment"
    return answer

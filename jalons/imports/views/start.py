"""Reprendre un tableau : le donner."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires_any
from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.core.confined import UnreadFile
from jalons.core.values import french_spaces
from jalons.documents.uploads import dropped_files
from jalons.exports.writers.cells import guarded
from jalons.history.services import Actor
from jalons.imports.choices import HOME
from jalons.imports.enums import TargetKind
from jalons.imports.forms import GiveForm
from jalons.imports.models import ImportBatch
from jalons.imports.permissions import GIVES
from jalons.imports.reading.files import read_content
from jalons.imports.samples import MAKERS, sample_rows
from jalons.imports.selectors import organisation_for
from jalons.imports.services import NothingRead, give_file, prepare
from jalons.imports.targets.fields import target_of, targets

PASTED_NAME = "tableau collé"
MOST_RECENT = 10
NO_MONEY = (
    "C’est un tableau de financements, et vous ne lisez pas ceux des dispositifs : il n’est pas repris."
)


@requires_any(*GIVES)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    organisation, writes = organisation_for(request.user)
    form = give_form(request, writes=writes)
    if form.is_bound and form.is_valid():
        try:
            batch = given(form, Actor(request.user, organisation))
            return after_reading(request, batch, Actor(request.user, organisation))
        except (UnreadFile, NothingRead) as error:
            form.add_error("file" if form.cleaned_data["file"] else "pasted", str(error))
    recent = ImportBatch.objects.visible_to(request.user).light().select_related("author", "organisation")
    context = {
        "form": form,
        "writes": writes,
        "recent": recent.order_by("-created_at", "-pk")[:MOST_RECENT],
        "targets": [(target, target.kind in MAKERS) for target in targets()],
    }
    return render(request, "imports/start.html", context)


def after_reading(request: HttpRequest, batch: ImportBatch, by: Actor) -> HttpResponse:
    """A workbook exported to be filled in needs no word on its columns."""
    if batch.choices["trip"] == HOME:
        prepare(batch=batch, by=by)
        messages.success(
            request, french_spaces("C’est un classeur parti de Jalons : voici ce qui y a changé.")
        )
        return redirect("imports:lines", batch.public_id)
    messages.success(request, french_spaces("Tableau lu : vérifiez ses colonnes."))
    return redirect("imports:columns", batch.public_id)


def give_form(request: HttpRequest, *, writes: bool) -> GiveForm:
    if request.method != "POST":
        return GiveForm(writes=writes, initial={"dispositif": request.GET.get("dispositif", "")[:10]})
    return GiveForm(request.POST, request.FILES, dropped="file" in dropped_files(request), writes=writes)


def given(form: GiveForm, by: Actor) -> ImportBatch:
    read: dict[str, Any] = form.cleaned_data
    if read["file"]:
        upload = read["file"]
        upload.file.seek(0)
        name, kind, content = upload.name, upload.kind.value, upload.file.read()
    else:
        name, kind, content = PASTED_NAME, "txt", read["pasted"].encode()
    sheets = read_content(content, kind, "")
    batch = give_file(
        name=name,
        kind=kind,
        content=content,
        sheets=sheets,
        by=by,
        rehearsal=form.is_rehearsal,
        about=read["dispositif"],
    )
    if batch.target == TargetKind.FUNDING and not has(by.user, Right.READ_FUNDING):
        batch.delete()
        raise NothingRead(french_spaces(NO_MONEY))
    return batch


@requires_any(*GIVES)
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """A small table that Jalons reads whole, for the target of `?cible=`, made of what the person may write."""
    kind = request.GET.get("cible", "")
    kind = kind if kind in MAKERS else TargetKind.SITES.value
    target = target_of(kind)
    organisation, _ = organisation_for(request.user)
    rows = sample_rows(kind, Actor(request.user, organisation))
    keys = list(dict.fromkeys(key for row in rows for key in row))
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([target.fields[key].label for key in keys])
    writer.writerows([[guarded(row.get(key, "")) for key in keys] for row in rows])
    answer = HttpResponse(buffer.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="modele-{kind}.csv"'
    return answer

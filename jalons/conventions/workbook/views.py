"""The convention as a workbook: taken away, filled, given back cell by cell."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.enums import Right
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.dossier.pages import actor_on, convention_url, may, on_convention, tab_context
from jalons.conventions.models import Convention
from jalons.conventions.workbook.books import MAKER, ExportPart, export_of
from jalons.conventions.workbook.carried import brought, carry
from jalons.conventions.workbook.forms import ConfirmWorkbookForm, UploadForm
from jalons.conventions.workbook.reading import FilledWorkbook, UnreadableWorkbook, read_checked
from jalons.conventions.workbook.storing import dossier_for, may_fill, write_figures
from jalons.conventions.workbook.verdicts import CellChange, Judged, Judgement, Verdict, judge
from jalons.core import ui
from jalons.core.values import format_number, french_spaces, plural
from jalons.documents.uploads import dropped_files
from jalons.editing.writing import write_and_tell
from jalons.exports.enums import Format
from jalons.exports.responses import respond
from jalons.history.querysets import AsOf
from jalons.history.services import Stale
from jalons.sites.exports import said_by
from jalons.spreadsheets.signed import Lost, TooMany

FORMATS = (Format.XLSX, Format.ODS, Format.CSV)
HEADS = ("Fiche", "Indicateur", "Colonne", "Dans Jalons", "Dans le classeur", "Verdict")
COLUMNS = [ui.Column(label) for label in HEADS]
LOST = "Cette page est trop ancienne : donnez de nouveau le classeur."
MANY = "Ce classeur change trop de cellules à la fois pour être relu sur une page : reprenez-le en plusieurs fois."


@on_convention(Right.EXPORT, past=True)
@require_safe
def workbook(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponseBase:
    """The page, or the file that `?format=` names."""
    fmt = request.GET.get("format")
    if fmt:
        dossier = dossier_for(convention, request.user, at)
        export = export_of(dossier, ExportPart.ALL, said_by(request.user), fmt, at)
        params = {"convention": convention.slug, "format": fmt, **at.params()}
        return respond(export, request.user, params, fmt, MAKER)  # type: ignore[arg-type]  # views are for signed-in users
    context = {
        **tab_context(request, convention, "conventions:documents", at),
        "formats": [
            (file_format.label, "?" + urlencode({"format": file_format.value, **at.params()}))
            for file_format in FORMATS
        ],
        "may": may(request, convention, Right.FILL_FIGURES, at=at),
        "upload_url": reverse("conventions:upload_workbook", args=[convention.slug]),
    }
    return render(request, "conventions/workbook/workbook.html", context)


@on_convention(Right.FILL_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def upload_workbook(request: HttpRequest, convention: Convention) -> HttpResponse:
    """Three steps: give the file, read what it would change, agree."""
    if request.method == "POST" and "carried" in request.POST:
        return confirm(request, convention)
    form = upload_form(request)
    if form.is_bound and form.is_valid():
        try:
            filled = read_checked(form.cleaned_data["file"])
            return preview_of(request, convention, filled)
        except UnreadableWorkbook as error:
            form.add_error("file", str(error))
        except TooMany:
            form.add_error("file", french_spaces(MANY))
    return upload_page(request, convention, form)


def upload_form(request: HttpRequest) -> UploadForm:
    if request.method != "POST":
        return UploadForm()
    dropped = "file" in dropped_files(request)
    return UploadForm(request.POST, request.FILES, dropped=dropped)


def upload_page(request: HttpRequest, convention: Convention, form: UploadForm) -> HttpResponse:
    url = reverse("conventions:workbook", args=[convention.slug])
    exports = may(request, convention, Right.EXPORT)[Right.EXPORT]
    context = {
        "convention": convention,
        "form": form,
        "workbook_url": url if exports else "",
        "back_url": url if exports else convention_url(convention),
    }
    return render(request, "conventions/workbook/upload.html", context)


def preview_of(request: HttpRequest, convention: Convention, filled: FilledWorkbook) -> HttpResponse:
    if filled.slug != convention.slug:
        raise UnreadableWorkbook(
            f"Ce classeur est celui d’une autre convention que « {convention.short_title} » : ouvrez la page de "
            "l’autre convention, ou donnez l’autre fichier."
        )
    changes, cells = filled.changes(), len(filled.typed)
    carried = carry(convention.slug, request.user, changes, cells, filled.notes)
    judgement = judged(request, convention, changes, cells, filled.notes)
    form = ConfirmWorkbookForm(initial={"carried": carried}, **asked_of(judgement))
    return preview_page(request, convention, judgement, form)


def judged(
    request: HttpRequest,
    convention: Convention,
    changes: Sequence[CellChange],
    cells: int,
    notes: Sequence[str],
) -> Judgement:
    dossier = dossier_for(convention, request.user)
    return judge(dossier, changes, may_fill(convention, request.user), cells=cells, notes=notes)


def confirm(request: HttpRequest, convention: Convention) -> HttpResponse:
    """What was shown is judged again: somebody may have written since."""
    try:
        changes, cells, notes = brought(request.POST["carried"], convention.slug, request.user)
    except Lost:
        messages.error(request, french_spaces(LOST))
        return redirect("conventions:upload_workbook", convention.slug)
    judgement = judged(request, convention, changes, cells, notes)
    form = ConfirmWorkbookForm(request.POST, **asked_of(judgement))
    if not form.is_valid():
        return preview_page(request, convention, judgement, form, status=409)
    chosen = [*judgement.writable, *form.chosen()]
    if not chosen:
        messages.info(request, "Rien n’était à écrire : les fiches n’ont pas changé.")
        return redirect(convention_url(convention))
    by = actor_on(request, convention, Right.FILL_FIGURES)
    promise = Pledge(request, convention)
    sheets = [cell.figure.row.commitment for cell in chosen if cell.figure is not None]
    try:
        return write_and_tell(
            request,
            form.cleaned_data["submission_key"],
            lambda: promise.keep(
                lambda: write_figures(convention=convention, cells=chosen, by=by), sheets=sheets
            ),
            before=promise.read,
            message=written_words,
            to=convention_url(convention),
        )
    except ChangesVoted as voted:
        reshown = ConfirmWorkbookForm(request.POST, **asked_of(judgement))
        reshown.is_valid()
        return preview_page(request, convention, judgement, reshown, pledge=voted)
    except Stale:
        again = judged(request, convention, changes, cells, notes)
        form = ConfirmWorkbookForm(request.POST, **asked_of(again))
        return preview_page(request, convention, again, form, status=409)


def asked_of(judgement: Judgement) -> dict[str, list[Judged]]:
    """What a person has to decide, cell by cell."""
    return {"conflicts": judgement.of(Verdict.CONFLICT), "erased": judgement.of(Verdict.ERASED)}


def written_words(written: int) -> str:
    return f"{format_number(written)} {plural(written, 'cellule reprise', 'cellules reprises')} du classeur."


def preview_page(
    request: HttpRequest,
    convention: Convention,
    judgement: Judgement,
    form: ConfirmWorkbookForm,
    *,
    status: int = 200,
    pledge: ChangesVoted | None = None,
) -> HttpResponse:
    groups: list[tuple[str, str, list[Judged]]] = [
        ("Refusées : rien n’y sera écrit", "late", judgement.of(Verdict.REFUSED)),
        ("Modifiées", "due", judgement.of(Verdict.CHANGED)),
        ("Nouvelles", "good", judgement.of(Verdict.NEW)),
    ]
    context = {
        "convention": convention,
        "convention_url": convention_url(convention),
        "judgement": judgement,
        "groups": [(french_spaces(title), state, cells) for title, state, cells in groups if cells],
        "unchanged": format_number(judgement.unchanged),
        "writable": len(judgement.writable),
        "conflicts": form.conflict_fields(),
        "erased": form.erased_fields(),
        "columns": COLUMNS,
        "form": form,
        "pledge": pledge,
        "back_url": reverse("conventions:upload_workbook", args=[convention.slug]),
    }
    return render(request, "conventions/workbook/preview.html", context, status=status)

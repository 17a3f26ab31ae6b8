"""The page of what one has downloaded, and of the large files that are made for it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.decorators import requires, signed_in
from jalons.accounts.enums import Right
from jalons.core import ui
from jalons.core.values import format_number, french_spaces, plural
from jalons.exports import selectors
from jalons.exports.enums import Format, PreparedState
from jalons.exports.jobs import prepare_file
from jalons.exports.models import PreparedFile
from jalons.exports.preparing import (
    FileRequest,
    TooManyAtWork,
    ask,
    asked_again,
    asked_by,
    export_named,
    may_take,
    progress_of,
)
from jalons.exports.responses import named
from jalons.exports.services import record_download
from jalons.second_factor.enums import Purpose
from jalons.second_factor.permissions import check_verified

PAGE_SIZE = 50
COLUMNS = [
    ui.Column("Contenu"),
    ui.Column("Téléchargé le"),
    ui.Column("Format"),
    ui.Column("Lignes", numeric=True),
]
REFRESH = 3  # seconds
BUSY = "Trois fichiers sont déjà en préparation pour vous : attendez que l’un soit prêt, ou arrêtez-en un."
CHANGED = "Vos droits ont changé depuis que ce fichier a été fait : demandez-le de nouveau."
WHO = [ui.Column("Par"), ui.Column("Structure")]


@require_safe
@signed_in
def downloads(request: HttpRequest) -> HttpResponse:
    return downloads_page(request, everyone=False)


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def everyone(request: HttpRequest) -> HttpResponse:
    """Those of the territory of who manages accounts."""
    return downloads_page(request, everyone=True)


def downloads_page(request: HttpRequest, *, everyone: bool) -> HttpResponse:
    downloads = selectors.downloads(request.user, everyone=everyone)
    tabs = [
        ui.Tab("Les miens", reverse("exports:downloads"), current=not everyone),
        ui.Tab("Ceux de mon territoire", reverse("exports:everyone"), current=everyone),
    ]
    context = {
        "page": Paginator(downloads, PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER)),
        "tabs": tabs if selectors.may_see_others(request.user) else [],
        "everyone": everyone,
        "prepared": [] if everyone else selectors.prepared_files(request.user),
        "columns": [*COLUMNS, *(WHO if everyone else [])],
    }
    return render(request, "exports/downloads.html", context)


# Files that the worker makes --------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Says that the file is long to make, and asks the worker for it."""
    user: Any = request.user
    text = (request.POST if request.method == "POST" else request.GET).get("demande", "")
    file_request = asked_by(user, text)
    if file_request is None:
        raise Http404
    if request.method != "POST":
        return render(request, "exports/prepare.html", {"demande": text, **described(user, file_request)})
    try:
        file = ask(user=user, asked=file_request)
    except TooManyAtWork:
        messages.error(request, french_spaces(BUSY))
        return redirect("exports:downloads")
    if file.state == PreparedState.WAITING:
        prepare_file.enqueue(file.pk)
    return redirect("exports:prepared", file.public_id)


def described(user: Any, file_request: FileRequest) -> dict[str, object]:
    book = file_request.book(user)
    book.milliseconds()
    label = french_spaces(f"{book.export.label} : {book.about.perimeter}")
    return {"label": label, "rows": lines(book.expected), "format": file_request.format.label}


def lines(number: int) -> str:
    return f"{format_number(number)} {plural(number, 'ligne', 'lignes')}"


def prepared_of(request: HttpRequest, public_id: str) -> PreparedFile:
    files = PreparedFile.objects.of(request.user)
    file: PreparedFile = get_object_or_404(files.light(), public_id=public_id)
    return file


@require_safe
@signed_in
def prepared(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where the file stands. The page reads itself again until it is ready."""
    file = prepared_of(request, public_id)
    progress = progress_of(file) if file.is_at_work else None
    advance = progress.read() if progress else None
    context = {
        "file": file,
        "advance": advance,
        "advance_words": french_spaces(f"{advance.percent} %") if advance else "",
        "rows_words": lines(file.rows or 0),
        "stopping": progress.is_stopping if progress else False,
        "changed": file.state == PreparedState.READY and not may_take(request.user, file),  # type: ignore[arg-type]
    }
    answer = render(request, "exports/prepared.html", context)
    if file.is_at_work:
        answer["Refresh"] = str(REFRESH)
    return answer


@require_safe
@signed_in
def take(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The file, traced each time that it leaves. 404 until it is ready; 403 with one proof when it tells of justice."""
    user: Any = request.user
    file = prepared_of(request, public_id)
    if file.state != PreparedState.READY:
        raise Http404
    if not may_take(user, file):
        messages.error(request, french_spaces(CHANGED))
        return redirect("exports:prepared", public_id)
    if file.with_justice:
        check_verified(user, Purpose.JUSTICE)
    file_request = asked_again(file)
    export = export_named(file_request.maker, file_request.params)
    export.check(user)
    record_download(
        user=user,
        right=export.right,
        export=export.name,
        label=file.label,
        fmt=file_request.format,
        params=file_request.params,
        rows=file.rows,
    )
    return named(HttpResponse(bytes(file.content or b"")), file.name, Format(file.format))


@signed_in
@require_POST
def stop(request: HttpRequest, public_id: str) -> HttpResponse:
    file = prepared_of(request, public_id)
    if file.is_at_work:
        progress_of(file).ask_to_stop()
        messages.success(request, "L’arrêt est demandé.")
    return redirect("exports:prepared", public_id)

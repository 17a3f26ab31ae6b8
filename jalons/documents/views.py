"""Documents of one thing: attach, download, withdraw. No other address leads to a file."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires, signed_in
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, check, fetch_again, fetch_subject
from jalons.accounts.selectors import readers_in_words
from jalons.accounts.subjects import Subject, subject_kind, subject_of
from jalons.core.services import write_once
from jalons.documents.enums import DocumentType
from jalons.documents.forms import AttachForm, WithdrawForm
from jalons.documents.models import Document
from jalons.documents.permissions import fetch_document, may_attach, withdrawer_or_403
from jalons.documents.selectors import ANCHOR
from jalons.documents.services import attach_document, withdraw_document
from jalons.documents.uploads import dropped_files
from jalons.editing.removed import AlreadyRemoved, signed
from jalons.exports.services import record_download
from jalons.readership.services import note_reading

ALREADY_ATTACHED = "Ce document était déjà joint\u00a0: votre second envoi n’a rien changé."


@requires(Right.ATTACH)
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    subject = subject_kind(kind)
    obj = fetch_subject(request.user, kind, public_id, subject.attach)
    sensitive = may_attach(request.user, obj, sensitive=True)
    form = attach_form(request, subject if sensitive else None)
    if not form.is_valid():
        context = {
            "form": form,
            "about": str(obj),
            "about_url": subject.url(obj),
            "readers": f"pour {subject.sensitive_words}, {readers_in_words(subject.read_sensitive, obj)}"
            if sensitive
            else "",
        }
        return render(request, "documents/attach.html", context)
    by = actor_for(request.user, subject.attach, obj)  # type: ignore[arg-type]  # views are for signed-in users
    attached: list[Document] = []

    def write() -> str:
        said = {name: form.cleaned_data.get(name) for name in ("title", "note", "sensitive")}
        document = attach_document(
            subject=obj,
            upload=form.upload,
            by=by,
            title=said["title"] or "",
            note=said["note"] or "",
            sensitive=bool(said["sensitive"]),
        )
        attached.append(document)
        return documents_url(obj)

    url = write_once(form.cleaned_data["submission_key"], user_key=str(request.user.pk), write=write)
    if attached:
        messages.success(request, f"Le document «\u00a0{attached[0].title}\u00a0» est joint.")
    else:
        messages.info(request, ALREADY_ATTACHED)
    return redirect(url)


def attach_form(request: HttpRequest, sensitive: Subject | None) -> AttachForm:
    if request.method != "POST":
        return AttachForm(sensitive=sensitive)
    dropped = "file" in dropped_files(request)
    return AttachForm(request.POST, request.FILES, sensitive=sensitive, dropped=dropped)


# No right stands for « has access at all »: `fetch_document` checks those on the thing itself.
@signed_in
@require_safe
def download(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The file, never shown inside a page: it is saved, and could do nothing if it were opened here."""
    document = fetch_document(request.user, public_id)
    try:
        file = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    right = subject_of(document.subject)
    record_download(
        user=request.user,  # type: ignore[arg-type]  # views are for signed-in users
        right=right.read_sensitive if document.sensitive else right.read,
        export="documents",
        label=f"Pièce jointe «\u00a0{document.title}\u00a0», {document.subject}",
        fmt=document.kind,  # type: ignore[arg-type]  # wider than the formats of exports
        params={"document": document.public_id},
        rows=1,
    )
    if document.sensitive:
        note_reading(user=request.user, thing=document.subject, rights=[right.read_sensitive])
    media_type = DocumentType(document.kind).media_type
    response = FileResponse(file, as_attachment=True, filename=document.name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    # Most of these files are compressed already; as it is, the browser knows how much remains.
    response["Content-Encoding"] = "identity"
    return response


@requires(Right.ATTACH)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    document = get_object_or_404(Document, public_id=public_id)
    subject = subject_of(document.subject)
    obj = fetch_again(request.user, document.subject, subject.attach)
    if document.sensitive:
        check(request.user, subject.read_sensitive, obj)
    if document.withdrawn_at is not None:
        told = signed(document.withdrawn_by, document.withdrawn_for, document.withdrawn_at)
        raise AlreadyRemoved(f"Ce document est déjà retiré. {told}", back=documents_url(obj))
    by = withdrawer_or_403(request.user, document, obj)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        withdraw_document(document=document, by=by, reason=form.cleaned_data["reason"])
        messages.success(request, f"Le document «\u00a0{document.title}\u00a0» est retiré.")
        return redirect(documents_url(obj))
    context = {"form": form, "document": document, "about": str(obj), "about_url": subject.url(obj)}
    return render(request, "documents/withdraw.html", context)


def documents_url(obj: Any) -> str:
    return f"{subject_of(obj).url(obj)}#{ANCHOR}"

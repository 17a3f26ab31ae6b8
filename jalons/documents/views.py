"""Documents of one thing: attach, download, withdraw. No other address leads to a file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires, signed_in
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, check, fetch_again, fetch_subject
from jalons.accounts.selectors import readers_in_words
from jalons.accounts.subjects import Subject, subject_kind, subject_of
from jalons.core.services import write_once
from jalons.documents.checks import IMAGES
from jalons.documents.enums import DocumentType
from jalons.documents.forms import AGAIN, AttachForm, ReplaceForm, WithdrawForm
from jalons.documents.models import Document
from jalons.documents.permissions import fetch_document, may_attach, withdrawer_or_403
from jalons.documents.selectors import ANCHOR
from jalons.documents.services import (
    AlreadyReplaced,
    attach_document,
    replace_document,
    stored,
    withdraw_document,
)
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
        attached.extend(
            attach_document(subject=obj, file=file, by=by, **form.values_to_save()) for file in files
        )
        return documents_url(obj)

    with stored(form.uploads) as files:
        url = write_once(form.cleaned_data["submission_key"], user_key=str(request.user.pk), write=write)
    if not attached:
        messages.info(request, ALREADY_ATTACHED)
        return redirect(url)
    messages.success(request, attached_words(attached))
    for refusal in form.refusals:
        messages.warning(request, f"Pas joint. {refusal}")
    return redirect(url)


def attached_words(documents: list[Document]) -> str:
    """« Le document « Plan » est joint. », « 3 documents sont joints. »."""
    if len(documents) == 1:
        return f"Le document «\u00a0{documents[0].title}\u00a0» est joint."
    return f"{len(documents)}\u00a0documents sont joints."


def attach_form(request: HttpRequest, sensitive: Subject | None) -> AttachForm:
    if request.method != "POST":
        return AttachForm(sensitive=sensitive)
    dropped = "file" in dropped_files(request)
    return AttachForm(request.POST, request.FILES, sensitive=sensitive, dropped=dropped)


@requires(Right.ATTACH)
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new version of a document; the one before can still be read."""
    document, obj = standing_document(request, public_id)
    subject = subject_of(obj)
    if not may_attach(request.user, obj, sensitive=document.sensitive):
        raise PermissionDenied
    newer = document.replacements.standing().select_related("author", "organisation").order_by("-pk").first()
    form = replace_form(request)
    if form.is_valid():
        try:
            return replaced(request, document, obj, form)
        except AlreadyReplaced as refusal:
            newer = refusal.newer
            form.add_error("file", AGAIN)
    context = {
        "form": form,
        "document": document,
        "newer": newer,
        "about": str(obj),
        "about_url": subject.url(obj),
        "newer_url": reverse("documents:replace", args=[newer.public_id]) if newer else "",
    }
    clash = newer is not None and request.method == "POST"
    return render(request, "documents/replace.html", context, status=409 if clash else 200)


def replace_form(request: HttpRequest) -> ReplaceForm:
    if request.method != "POST":
        return ReplaceForm()
    return ReplaceForm(request.POST, request.FILES, dropped="file" in dropped_files(request))


def replaced(request: HttpRequest, document: Document, obj: Any, form: ReplaceForm) -> HttpResponse:
    by = actor_for(request.user, subject_of(obj).attach, obj)  # type: ignore[arg-type]
    cleaned_data = form.cleaned_data
    written = []

    def write() -> str:
        written.append(replace_document(document=document, file=file, by=by, note=cleaned_data["note"]))
        return documents_url(obj)

    with stored([cleaned_data["file"]]) as [file]:
        url = write_once(cleaned_data["submission_key"], user_key=str(request.user.pk), write=write)
    if written:
        messages.success(request, f"La nouvelle version de «\u00a0{document.title}\u00a0» est jointe.")
    else:
        messages.info(request, ALREADY_ATTACHED)
    return redirect(url)


def standing_document(request: HttpRequest, public_id: str) -> tuple[Document, Any]:
    """A document to write on, and what it is attached to; said to be removed once it is withdrawn."""
    document = get_object_or_404(Document, public_id=public_id)
    subject = subject_of(document.subject)
    obj = fetch_again(request.user, document.subject, subject.attach)
    if document.sensitive:
        check(request.user, subject.read_sensitive, obj)
    if document.withdrawn_at is not None:
        signature = signed(document.withdrawn_by, document.withdrawn_for, document.withdrawn_at)
        raise AlreadyRemoved(f"Ce document est déjà retiré. {signature}", back=documents_url(obj))
    return document, obj


# No right stands for « has access at all »: `fetch_document` checks those on the thing itself.
@signed_in
@require_safe
def download(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The file, never shown inside a page: it is saved, and could do nothing if it were opened here."""
    return file_of(request, fetch_document(request.user, public_id), inside=False)


@signed_in
@require_safe
def preview(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """An image, to be looked at in its page; any other file is only taken away."""
    document = fetch_document(request.user, public_id)
    if document.kind not in IMAGES:
        raise Http404
    return file_of(request, document, inside=True)


def file_of(request: HttpRequest, document: Document, *, inside: bool) -> HttpResponseBase:
    """Both leave a trace: what is looked at was read as much as what is taken away."""
    try:
        file = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    right = subject_of(document.subject)
    record_download(
        user=request.user,  # type: ignore[arg-type]  # views are for signed-in users
        right=right.read_sensitive if document.sensitive else right.read,
        export="documents",
        label=f"{'Image regardée' if inside else 'Pièce jointe'} «\u00a0{document.title}\u00a0», {document.subject}",
        fmt=document.kind,  # type: ignore[arg-type]  # wider than the formats of exports
        params={"document": document.public_id},
        rows=1,
    )
    if document.sensitive:
        note_reading(user=request.user, thing=document.subject, rights=[right.read_sensitive])
    media_type = DocumentType(document.kind).media_type
    response = FileResponse(file, as_attachment=not inside, filename=document.name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    # Most of these files are compressed already; as it is, the browser knows how much remains.
    response["Content-Encoding"] = "identity"
    return response


@requires(Right.ATTACH)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    document, obj = standing_document(request, public_id)
    subject = subject_of(obj)
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

"""The charter and the legal pages: read by all, published by a national administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import open_to_all, requires, signed_in
from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.charter import selectors
from jalons.charter.enums import TextKind
from jalons.charter.forms import AcceptForm, PublishForm
from jalons.charter.models import Charter
from jalons.charter.services import Replaced, publish
from jalons.charter.services import accept as accept_charter
from jalons.core import resume
from jalons.core.services import write_once
from jalons.joining.permissions import managing_actor

VERSION = "version"


@require_safe
@open_to_all
def text(request: HttpRequest, kind: str) -> HttpResponse:
    """The version in force, or the one asked by « ?version= »."""
    every = selectors.versions(kind)
    version = request.GET.get(VERSION, "")
    charter = None
    if version:
        if not (version.isascii() and version.isdigit() and len(version) < 9):
            raise Http404
        charter = get_object_or_404(Charter, kind=kind, number=int(version))
    elif every:
        charter = Charter.objects.get(pk=every[0].pk)
    body = charter.body if charter else selectors.proposed(kind)
    context = {
        "title": TextKind(kind).label,
        "html": selectors.as_html(body),
        "shown": charter,
        "latest": every[0].number if every else 0,
        "versions": every,
    }
    return render(request, "charter/text.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def accept(request: HttpRequest) -> HttpResponse:
    """The charter, with a box to tick; then back to where the person was going."""
    next_page = request.POST.get("next") or request.GET.get("next") or "/"
    after = next_page if resume.is_local(next_page) else "/"
    charter = selectors.current(TextKind.CHARTER)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    changed = False
    if form.is_bound and form.is_valid():
        try:
            accept_charter(user=request.user, number=form.cleaned_data["number"])  # type: ignore[arg-type]
        except Replaced as replaced:
            charter, changed = replaced.charter, True
            form = AcceptForm()
        else:
            messages.success(request, "Merci. Vous retrouvez la charte au pied de chaque page.")
            return redirect(after)
    if charter is None:
        return redirect(after)
    form.initial["number"] = charter.number
    context = {
        "charter": charter,
        "html": selectors.as_html(charter.body),
        "form": form,
        "after": after,
        "changed": changed,
    }
    return render(request, "charter/accept.html", context, status=409 if changed else 200)


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def texts(request: HttpRequest) -> HttpResponse:
    national(request)
    rows = [(kind, selectors.current(kind)) for kind in TextKind]
    return render(request, "charter/texts.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.MANAGE_ACCOUNTS)
def publication(request: HttpRequest, kind: str) -> HttpResponse:
    national(request)
    if kind not in TextKind.values:
        raise Http404
    last = selectors.current(kind)
    body = last.body if last else selectors.proposed(kind)
    initial = {"body": body, "seen": last.number if last else 0}
    form = PublishForm(
        request.POST if request.method == "POST" else None, initial=initial, first=last is None
    )
    newer = None
    if form.is_bound and form.is_valid():
        try:
            return published(request, kind, form)
        except Replaced as replaced:
            newer = replaced.charter
            form = PublishForm(initial={"body": form.cleaned_data["body"], "seen": newer.number})
    context = {
        "form": form,
        "kind": kind,
        "title": TextKind(kind).label,
        "last": last,
        "newer": newer,
        "newer_html": selectors.as_html(newer.body) if newer else "",
        "asked_of_all": kind == TextKind.CHARTER,
        "back_url": reverse("charter:texts"),
    }
    return render(request, "charter/publish.html", context, status=409 if newer else 200)


def published(request: HttpRequest, kind: str, form: PublishForm) -> HttpResponse:
    by = managing_actor(request.user)  # type: ignore[arg-type]  # views are for signed-in users
    cleaned_data = form.cleaned_data

    written = []

    def write() -> str:
        text = publish(
            kind=kind,
            body=cleaned_data["body"],
            by=by,
            what_changed=cleaned_data.get("what_changed", ""),
            seen=cleaned_data["seen"],
        )
        written.append(text)
        return reverse("charter:texts")

    url = write_once(cleaned_data["submission_key"], user_key=str(request.user.pk), write=write)
    sentence = f"{TextKind(kind).label}\u00a0: la nouvelle version est publiée."
    messages.add_message(request, messages.SUCCESS if written else messages.INFO, sentence)
    return redirect(url)


def national(request: HttpRequest) -> None:
    """These texts are for the whole instance: 403 for a local administrator."""
    if not territory_of(request.user, Right.MANAGE_ACCOUNTS).everywhere:
        raise PermissionDenied

"""The requests for access of one's territory: read, approve, refuse, ask a question."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.core import ui
from jalons.core.queries import url_with
from jalons.history.services import Stale
from jalons.joining.forms.answering import ApproveForm, QuestionForm, RefuseForm, RequestFilterForm
from jalons.joining.models import AccessRequest
from jalons.joining.permissions import managing_actor
from jalons.joining.selectors.requests import answered_by, requests_for
from jalons.joining.services import approve, ask_question, refuse
from jalons.joining.territory import scope_words
from jalons.joining.views.common import admin_of, answered_before, record, typed

PAGE_SIZE = 50
COLUMNS = [
    ui.Column("Personne"),
    ui.Column("Structure"),
    ui.Column("Territoire"),
    ui.Column("Reçue le"),
    ui.Column("État"),
]
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def listing(request: HttpRequest) -> HttpResponse:
    form = RequestFilterForm(request.GET)
    criteria = form.criteria()
    requests = requests_for(request.user, text=criteria.get("q", ""), state=criteria.get("state", "waiting"))
    page = Paginator(requests, PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER))
    rows = [(access_request, scope_words(access_request.territory)) for access_request in page]
    everyone = (
        requests_for(request.user, text=criteria.get("q", ""), state="all") if criteria and not rows else None
    )
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "columns": COLUMNS,
        "filtered": bool(criteria),
        "elsewhere_url": url_with(request.GET, {"state": "all", ui.PAGE_PARAMETER: None})
        if everyone is not None and everyone.exists()
        else "",
    }
    return render(request, "joining/requests.html", context)


def request_or_404(request: HttpRequest, public_id: str) -> AccessRequest:
    requests = AccessRequest.objects.visible_to(request.user).with_people()
    return get_object_or_404(requests, public_id=public_id)


def sheet_url(access_request: AccessRequest) -> str:
    return reverse("joining:request", args=[access_request.public_id])


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    access_request = request_or_404(request, public_id)
    context = {
        "asked": access_request,
        "territory": scope_words(access_request.territory),
        "lines": list(access_request.messages.select_related("author", "organisation")),
        "answered": "" if access_request.is_waiting else answered_by(access_request),
        "account_id": access_request.membership.user_id if access_request.membership else None,
    }
    return render(request, "joining/request.html", context)


def answering(
    request: HttpRequest, access_request: AccessRequest, form: Any, write: Callable[[], Any], *, message: str
) -> HttpResponse | None:
    """Writes the answer, unless somebody answered meanwhile: their answer is shown, with what was typed."""
    back = sheet_url(access_request)
    if request.method == "GET":
        return None if access_request.is_waiting else redirect(back)
    try:
        if form.is_valid() and form.cleaned_data["seen"] not in (None, access_request.version):
            raise Stale(access_request)
        answer = record(request, form, write, message=message, to=back)
    except Stale:
        access_request = request_or_404(request, access_request.public_id)
        return answered_before(
            request,
            title="Quelqu’un d’autre a déjà répondu",
            sentence=answered_by(access_request),
            back_url=back,
        )
    return answer


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def approval(request: HttpRequest, public_id: str) -> HttpResponse:
    access_request, admin = request_or_404(request, public_id), admin_of(request)
    everywhere = territory_of(admin, Right.MANAGE_ACCOUNTS).everywhere
    form = ApproveForm(typed(request), request=access_request, admin=admin, everywhere=everywhere)

    def write() -> Any:
        chosen = form.cleaned_data["chosen"]
        return approve(
            request=access_request,
            by=managing_actor(admin),
            organisation=chosen,
            new_organisation=None if chosen else form.new_organisation,
            role=form.cleaned_data["role"],
            scopes=form.scopes,
            ends_on=form.cleaned_data["ends_on"],
        )

    message = f"La demande est acceptée. {access_request.name} reçoit un courriel pour ouvrir son compte."
    return answering(request, access_request, form, write, message=message) or form_page(
        request, access_request, form, "joining/approve.html"
    )


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def refusal(request: HttpRequest, public_id: str) -> HttpResponse:
    access_request = request_or_404(request, public_id)
    form = RefuseForm(typed(request), initial={"seen": access_request.version})

    def write() -> None:
        refuse(
            request=access_request, by=managing_actor(admin_of(request)), reason=form.cleaned_data["reason"]
        )

    message = f"La demande est refusée. {access_request.name} reçoit le motif par courriel."
    return answering(request, access_request, form, write, message=message) or form_page(
        request, access_request, form, "joining/refuse.html"
    )


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def question(request: HttpRequest, public_id: str) -> HttpResponse:
    access_request = request_or_404(request, public_id)
    form = QuestionForm(typed(request), initial={"seen": access_request.version})

    def write() -> None:
        ask_question(
            request=access_request, by=managing_actor(admin_of(request)), text=form.cleaned_data["text"]
        )

    message = f"La question est partie. La réponse de {access_request.name} s’ajoutera ici."
    return answering(request, access_request, form, write, message=message) or form_page(
        request, access_request, form, "joining/question.html"
    )


def form_page(request: HttpRequest, access_request: AccessRequest, form: Any, template: str) -> HttpResponse:
    context = {
        "asked": access_request,
        "form": form,
        "sheet_url": sheet_url(access_request),
        "territory": scope_words(access_request.territory),
    }
    return render(request, template, context)

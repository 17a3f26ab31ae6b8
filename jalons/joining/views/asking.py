"""The pages for people without an account: ask, answer a question, open one's account."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts import opening
from jalons.accounts.decorators import open_to_all
from jalons.accounts.organisations import Directory
from jalons.core import headers
from jalons.core.services import write_once
from jalons.core.values import fold
from jalons.history.services import Stale
from jalons.joining.enums import LinkState
from jalons.joining.forms.asking import ActivationForm, AddressForm, AnswerForm, AskForm
from jalons.joining.links import request_of
from jalons.joining.models import Invitation
from jalons.joining.services import activate, ask_access, ask_activation_link, link_of, reply
from jalons.joining.services.activation import send_again
from jalons.joining.services.requests import origin_digest, too_many
from jalons.joining.territory import place_words
from jalons.joining.views.common import key_of, typed
from jalons.territories.selectors import search_places

FORM_METHODS = ["GET", "HEAD", "POST"]
LEAST_LETTERS = 2
TOO_MANY = (
    "Plusieurs demandes sont déjà parties aujourd’hui avec cette adresse, ou depuis l’endroit où vous êtes. Elles sont "
    "reçues\u00a0: attendez la réponse, ou recommencez demain."
)


@open_to_all
@require_http_methods(FORM_METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    form = AskForm(typed(request), initial=introduction(request))
    if form.is_bound and form.is_valid():
        origin = origin_digest(headers.client_address(request))
        sent = reverse("joining:ask_sent")

        def write() -> str:
            if too_many(email=form.cleaned_data["email"], origin=origin):
                raise ValidationError(TOO_MANY)
            ask_access(**asked(form.cleaned_data), origin=origin)
            return sent

        try:
            return redirect(write_once(key_of(form), user_key="demande-acces", write=write))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "joining/ask.html", {"form": form})


def introduction(request: HttpRequest) -> dict[str, str]:
    """What ProConnect said of who has no account: the number of their employer stands where a name would."""
    identity = opening.introduced(request)
    return {name: identity[name] for name in ("name", "email") if name in identity} | {
        "organisation": identity.get("siret", "")
    }


def asked(cleaned: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "email", "organisation_kind", "siret", "territory", "duties", "purpose")
    return {
        **{name: cleaned[name] for name in names},
        "organisation": cleaned["chosen"],
        "organisation_name": cleaned["organisation"],
    }


@open_to_all
@require_safe
def ask_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "joining/ask_sent.html")


@open_to_all
@require_safe
def organisations(request: HttpRequest) -> JsonResponse:
    """`?q=` → the organisations that answer to some words; three letters at least: it is no list of them all."""
    text, directory = request.GET.get("q", "")[:200], Directory()
    near = directory.search(text) if len(fold(text)) > LEAST_LETTERS else []
    results = [
        {
            "value": organisation.pk,
            "label": directory.labels[organisation.pk],
            "detail": organisation.get_kind_display(),
        }
        for organisation in near
    ]
    return JsonResponse({"results": results})


@open_to_all
@require_safe
def territories(request: HttpRequest) -> JsonResponse:
    """`?q=` → territories, as `territory.read_scope` reads them back."""
    places = search_places(request.GET.get("q", "")[:200], limit=8)
    results = [
        {"value": place_words(place), "label": place_words(place), "detail": place.get_kind_display()}
        for place in places
    ]
    return JsonResponse({"results": list({result["label"]: result for result in results}.values())})


@open_to_all
@require_http_methods(FORM_METHODS)
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """The page of the e-mail that asks a question."""
    access_request, form = request_of(secret), AnswerForm(typed(request))
    if access_request is not None and access_request.is_waiting and form.is_bound and form.is_valid():
        text = form.cleaned_data["text"]

        def write() -> str:
            reply(request=access_request, text=text)
            return reverse("joining:ask_sent")

        try:
            return redirect(write_once(key_of(form), user_key=f"reponse/{access_request.pk}", write=write))
        except Stale:
            access_request.refresh_from_db()
    lines = (
        list(access_request.messages.select_related("author", "organisation"))
        if access_request is not None
        else []
    )
    content = {"request_for_access": access_request, "lines": lines, "form": form}
    return render(request, "joining/answer.html", content)


# --- activation ----------------------------------------------------------------------------------------------------


@open_to_all
@sensitive_post_parameters("password1", "password2")
@require_http_methods(FORM_METHODS)
def activation(request: HttpRequest, secret: str) -> HttpResponse:
    """The page of the invitation. Opening it uses nothing: programs that read e-mails follow their links."""
    state, invitation = link_of(secret)
    if state == LinkState.OPEN and invitation is not None:
        return open_account(request, invitation)
    if (
        request.method == "POST"
        and invitation is not None
        and state in (LinkState.EXPIRED, LinkState.REPLACED)
    ):
        send_again(invitation=invitation)
        return redirect("joining:activation_sent")
    content = {"state": state.value, "may_send": state in (LinkState.EXPIRED, LinkState.REPLACED)}
    return render(request, "joining/link_over.html", content)


def open_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = ActivationForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            user = activate(invitation=invitation, password=form.cleaned_data["password1"])
        except ValidationError as refusal:
            form.add_error("password1", refusal)
        else:
            if user is None:
                return render(request, "joining/link_over.html", {"state": "used", "may_send": False})
            greeting = "Votre compte est ouvert. Bienvenue dans Jalons."
            entrance = opening.Entrance(user, means="lien d’activation", greeting=greeting)
            return opening.enter(request, entrance)
    return render(request, "joining/activation.html", {"form": form, "account": invitation.user})


@open_to_all
@require_http_methods(FORM_METHODS)
def new_link(request: HttpRequest) -> HttpResponse:
    """Another link for an address; the answer is the same whoever has an account."""
    form = AddressForm(typed(request))
    if form.is_bound and form.is_valid():
        ask_activation_link(email=form.cleaned_data["email"])
        return redirect("joining:activation_sent")
    return render(request, "joining/new_link.html", {"form": form})


@open_to_all
@require_safe
def activation_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "joining/activation_sent.html")

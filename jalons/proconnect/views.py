"""Signing in with ProConnect: leaving, coming back, being recognised; and signing out of both."""

import hmac
import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts import opening
from jalons.accounts.decorators import open_to_all
from jalons.accounts.opening import Entrance
from jalons.core import navigation
from jalons.proconnect import provider
from jalons.proconnect.forms import ConfirmForm
from jalons.proconnect.provider import Person, ProviderUnreachable, SignInRefused, Try
from jalons.proconnect.selectors import account_at, account_of
from jalons.proconnect.services import link_identity

logger = logging.getLogger(__name__)
MEANS = "ProConnect"
# In the session: the try under way; who waits for the password; the link to make once the session is open; what signs
# out there.
TRY, WAITING, TO_LINK, TOKEN = "proconnect_try", "proconnect_waiting", "proconnect_link", "proconnect_token"
DOWN = (
    "ProConnect ne répond pas. Connectez-vous avec votre mot de passe, ou recommencez dans quelques minutes."
)
NOT_HELD = "La réponse de ProConnect n’a pas pu être vérifiée. Recommencez depuis le début."
LEFT = "Vous avez quitté ProConnect sans vous connecter."
CLOSED = "ProConnect vous reconnaît, mais votre compte Jalons est fermé. Écrivez à la personne qui gère les comptes."
OLD = "Cette page a servi, ou une autre tentative l’a remplacée. Recommencez depuis le début."
WRONG = "Ce n’est pas le mot de passe de ce compte. Écrivez-le de nouveau."


def back_address() -> str:
    return navigation.full_address("proconnect:back")


def offered_or_404() -> None:
    if not settings.PROCONNECT_ISSUER:
        raise Http404


def failed(request: HttpRequest, words: str, *, after: str = "", status: int = 400) -> HttpResponse:
    """The password is always offered, and another try."""
    query = f"?{urlencode({opening.NEXT: after})}" if after else ""
    return render(request, "proconnect/failed.html", {"words": words, "query": query}, status=status)


@open_to_all
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Nothing is written but the try, in the session."""
    offered_or_404()
    after = opening.next_page(request)
    if request.user.is_authenticated:
        return redirect(after or "home")
    started = Try.new()
    try:
        url = provider.authorization_url(started, redirect_uri=back_address())
    except (ProviderUnreachable, SignInRefused):
        logger.exception("ProConnect ne répond pas")
        return failed(request, DOWN, after=after, status=503)
    request.session[TRY] = {
        "state": started.state,
        "nonce": started.nonce,
        "verifier": started.verifier,
        "after": after,
    }
    return redirect(url)


@open_to_all
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Where ProConnect sends the browser back. The try serves once, whatever comes out of it."""
    offered_or_404()
    held: dict[str, str] = request.session.pop(TRY, None) or {}
    answer, after = request.GET, held.get("after", "")
    if not held and request.user.is_authenticated:  # the « back » of the browser, once in
        return redirect("home")
    if not held or not hmac.compare_digest(answer.get("state", "").encode(), held["state"].encode()):
        return failed(request, OLD, after=after)
    if answer.get("iss", settings.PROCONNECT_ISSUER) != settings.PROCONNECT_ISSUER:
        return failed(request, NOT_HELD, after=after)
    if answer.get("error") or not answer.get("code"):
        return failed(request, LEFT if answer.get("error") == "access_denied" else NOT_HELD, after=after)
    started = Try(held["state"], held["nonce"], held["verifier"])
    try:
        person = provider.who_signed_in(started, code=answer["code"], redirect_uri=back_address())
    except ProviderUnreachable:
        logger.exception("ProConnect ne répond pas")
        return failed(request, DOWN, after=after, status=503)
    except SignInRefused as refused:
        logger.warning("Une réponse de ProConnect est refusée\u00a0: %s", refused)
        return failed(request, NOT_HELD, after=after)
    return recognised(request, person, after)


def recognised(request: HttpRequest, person: Person, after: str) -> HttpResponse:
    """By the name that ProConnect gives; else by the address and, once, the password; else it is a newcomer."""
    account = account_of(person)
    if account is not None and not account.is_active:
        return failed(request, CLOSED, status=403)
    if account is not None:
        request.session[TOKEN] = person.id_token
        return opening.enter(request, Entrance(account, means=MEANS, after=after, strong=person.strong))
    if account_at(person.email):
        request.session[WAITING] = {
            "sub": person.sub,
            "email": person.email,
            "token": person.id_token,
            "after": after,
        }
        return redirect("proconnect:confirm")
    return newcomer(request, person)


def newcomer(request: HttpRequest, person: Person) -> HttpResponse:
    """No account is made: the request for one opens filled in, and an administrator answers it."""
    opening.introduce(request, name=person.name, email=person.email, siret=person.siret)
    ask = navigation.address("joining:ask")
    return redirect(ask) if ask else redirect("proconnect:unknown")


@open_to_all
@require_safe
def unknown(request: HttpRequest) -> HttpResponse:
    offered_or_404()
    return render(request, "proconnect/unknown.html")


@open_to_all
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """An address is not a proof: whoever knows the password says that it is the same person."""
    offered_or_404()
    held: dict[str, Any] = request.session.get(WAITING) or {}
    account = account_at(held.get("email", ""))
    if account is None:
        return redirect("accounts:sign_in")
    form = ConfirmForm(request.POST or None)
    if form.is_valid():
        # Wrong passwords are counted here as at the sign-in page.
        if authenticate(request, username=account.email, password=form.cleaned_data["password"]):
            del request.session[WAITING]
            request.session[TOKEN] = held["token"]
            request.session[TO_LINK] = {
                "user": account.pk,
                "issuer": settings.PROCONNECT_ISSUER,
                "sub": held["sub"],
            }
            greeting = "Votre compte est relié à ProConnect\u00a0: la prochaine fois, il suffira."
            # The second proof of Jalons is asked here even if ProConnect asked for two: it is what guards the link.
            return opening.enter(
                request, Entrance(account, means=MEANS, after=held["after"], greeting=greeting)
            )
        form.add_error("password", WRONG)
    return render(request, "proconnect/confirm.html", {"form": form, "email": account.email})


def link_once_open(request: HttpRequest, entrance: Entrance) -> None:
    """After every proof only: a link made before the second one would open the account without it."""
    held: dict[str, Any] = request.session.pop(TO_LINK, None) or {}
    if held.get("user") == entrance.user.pk:
        link_identity(user=entrance.user, issuer=held["issuer"], sub=held["sub"])
    if entrance.means != MEANS:
        request.session.pop(TOKEN, None)


def farewell(request: HttpRequest) -> str:
    """Where to sign out there too; nothing for a session that another door opened, or when it does not answer."""
    token = request.session.get(TOKEN)
    if not token or not settings.PROCONNECT_ISSUER or not request.user.is_authenticated:
        return ""
    try:
        return provider.sign_out_url(token, after=navigation.full_address("accounts:sign_in"))
    except (ProviderUnreachable, SignInRefused):
        logger.exception("ProConnect ne répond pas")
        return navigation.address("proconnect:still_there")


@open_to_all
@require_safe
def still_there(request: HttpRequest) -> HttpResponse:
    """Signed out of Jalons only: said, since the next person on this computer would come in."""
    offered_or_404()
    return render(request, "proconnect/still_there.html")

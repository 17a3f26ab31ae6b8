"""The second step of signing in: a code, a passkey or a recovery code, after the first proof."""

import time
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as mark_verified

from jalons.accounts import opening
from jalons.accounts.decorators import open_to_all, session_over
from jalons.accounts.models import User
from jalons.accounts.opening import Entrance
from jalons.core import resume
from jalons.second_factor import passkeys, services
from jalons.second_factor.enums import FactorKind, Purpose
from jalons.second_factor.forms import StepForm
from jalons.second_factor.middleware import PURPOSE
from jalons.second_factor.permissions import PROVED_ELSEWHERE, is_verified
from jalons.second_factor.selectors import factors_of, has_factor

WAITING = "second_factor_waiting"
PATIENCE = 600  # seconds between the two proofs


def ask_second_factor(request: HttpRequest, entrance: Entrance) -> HttpResponse | None:
    """A step of `accounts.opening`: lets in who has no factor, who just proved one, who proved two elsewhere."""
    user = entrance.user
    if getattr(user, "otp_device", None) is not None:
        return None
    if entrance.strong:
        request.session[PROVED_ELSEWHERE] = True
        return None
    request.session.pop(PROVED_ELSEWHERE, None)
    if not has_factor(user):
        return None
    request.session[WAITING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "means": entrance.means,
        "greeting": entrance.greeting,
        "at": int(time.time()),
    }
    if entrance.resumable:  # which travels in the page
        return step_page(request, entrance, StepForm())
    query = f"?{urlencode({opening.NEXT: entrance.after})}" if entrance.after else ""
    return redirect(reverse("second_factor:step") + query)


def waiting(request: HttpRequest) -> Entrance | None:
    """Who gave the first proof a moment ago, and did not change their password since."""
    held: dict[str, Any] = request.session.get(WAITING) or {}
    if not 0 <= int(time.time()) - held.get("at", 0) <= PATIENCE:
        return None
    user = User.objects.filter(pk=held["user"], is_active=True).first()
    if user is None or not constant_time_compare(held["hash"], user.get_session_auth_hash()):
        return None
    return Entrance(
        user,
        means=held["means"],
        resumable=resume.kept_in(request),
        after=opening.next_page(request),
        greeting=held["greeting"],
    )


@open_to_all
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest) -> HttpResponse:
    entrance = waiting(request) or signed_in_once(request)
    if entrance is None:
        if request.method == "POST" and not request.user.is_authenticated:
            return session_over(request, htmx=False)
        return redirect(opening.next_page(request) or "accounts:sign_in")
    form = StepForm(request.POST if "code" in request.POST else None)
    if not form.is_valid():
        return step_page(request, entrance, form)
    try:
        device = prove(request, entrance.user, form.cleaned_data)
    except ProofRefused as refused:
        form.add_error(refused.field, refused.error)
        return step_page(request, entrance, form)
    return let_in(request, entrance, device)


def signed_in_once(request: HttpRequest) -> Entrance | None:
    """Somebody whose session is open, proved once, before a page that asks for two."""
    user: Any = request.user
    if not user.is_authenticated or is_verified(user) or not has_factor(user):
        return None
    resumable, after = resume.kept_in(request), opening.next_page(request)
    return Entrance(user, means="", resumable=resumable, after=after)


@dataclass
class ProofRefused(Exception):
    """`field`: what was refused, of the form; None for a passkey, which nobody types."""

    field: str | None
    error: ValidationError


def prove(request: HttpRequest, user: User, typed: dict[str, str]) -> Any:
    """The device that was proved. Raises `ProofRefused`."""
    field = next(name for name in ("answer", "code", "recovery") if typed[name])
    try:
        if field == "answer":
            return passkeys.read_passkey(request, user, answer=typed[field])
        read = services.read_code if field == "code" else services.read_recovery_code
        return read(user=user, typed=typed[field])
    except ValidationError as error:
        raise ProofRefused(None if field == "answer" else field, error) from error


def let_in(request: HttpRequest, entrance: Entrance, device: Any) -> HttpResponse:
    request.session.pop(WAITING, None)
    if entrance.means:
        entrance.user.otp_device = device  # type: ignore[attr-defined]  # read by django-otp at sign-in
        return opening.enter(request, entrance)
    request.session.cycle_key()
    mark_verified(request, device)
    if entrance.resumable:
        return opening.resume_page(request, entrance.resumable)
    return redirect(entrance.after or "home")


def step_page(request: HttpRequest, entrance: Entrance, form: StepForm) -> HttpResponse:
    kinds = {factor.kind for factor in factors_of(entrance.user)}
    elsewhere = passkeys.elsewhere(request)
    keys = FactorKind.PASSKEY in kinds
    content = {
        "form": form,
        "name": entrance.user.name,
        "by_code": FactorKind.APPLICATION in kinds,
        "by_key": keys and not elsewhere,
        "elsewhere": elsewhere if keys else "",
        "home": passkeys.home(),
        "options": passkeys.options_to_prove(request, entrance.user) if keys and not elsewhere else "",
        "kept": entrance.resumable,
        "next": entrance.after,
        "purpose": purpose_in_words(request),
        "unlocked": bool(form.errors.get("recovery")),
    }
    return render(request, "second_factor/step.html", content)


def purpose_in_words(request: HttpRequest) -> str:
    """Why the page is shown, when a page that was asked for led here."""
    known = dict(Purpose.choices)
    return str(known.get(request.GET.get(PURPOSE, ""), ""))

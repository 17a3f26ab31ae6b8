"""One's own second factors: seeing, adding, removing, recovery codes."""

from base64 import b32encode
from binascii import unhexlify
from typing import Any
from urllib.parse import urlencode

import segno
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django_otp import login as mark_verified
from django_otp.util import random_hex

from jalons.accounts import opening
from jalons.accounts.decorators import signed_in
from jalons.accounts.models import User
from jalons.core.forms import JalonsForm
from jalons.second_factor import passkeys, services
from jalons.second_factor.forms import ApplicationForm, PasskeyForm, PasswordForm, ProofForm
from jalons.second_factor.models import CodeApplication
from jalons.second_factor.permissions import is_required, is_verified
from jalons.second_factor.selectors import (
    Factor,
    codes_left,
    factor_of,
    factors_of,
    has_factor,
    recent_events,
)
from jalons.second_factor.views.step import purpose_in_words

KEY = "second_factor_key"  # of the application that is being added: nothing is stored before its first code
KEY_BYTES = 20
READ_OR_SEND = ["GET", "HEAD", "POST"]


def asks_proof(request: HttpRequest) -> HttpResponse | None:
    """Who has a factor changes nothing here before proving it: an open session left alone is not enough."""
    if is_verified(request.user) or not has_factor(request.user):  # type: ignore[arg-type]
        return None
    query = urlencode({opening.NEXT: request.get_full_path()})
    return redirect(f"{reverse('second_factor:step')}?{query}")


def towards(request: HttpRequest, name: str) -> str:
    """The address of another page of these, which goes on to where the person wanted to go."""
    after = opening.next_page(request)
    return reverse(name) + (f"?{urlencode({opening.NEXT: after})}" if after else "")


@signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    factors = factors_of(user)
    content = {
        "factors": factors,
        "left": codes_left(user) if factors else 0,
        "events": recent_events(user),
        "required": is_required(),
        "purpose": purpose_in_words(request),
        "next": opening.next_page(request),
        "application_url": towards(request, "second_factor:add_application"),
        "passkey_url": towards(request, "second_factor:add_passkey"),
        "codes_url": towards(request, "second_factor:codes"),
    }
    return render(request, "second_factor/overview.html", content)


@signed_in
@sensitive_post_parameters()
@require_http_methods(READ_OR_SEND)
def add_application(request: HttpRequest) -> HttpResponse:
    if answer := asks_proof(request):
        return answer
    user: Any = request.user
    key = request.session.setdefault(KEY, random_hex(KEY_BYTES))
    form = ApplicationForm(request.POST or None)
    if form.is_valid():
        name, code = form.cleaned_data["name"], form.cleaned_data["code"]
        try:
            device = services.add_application(user=user, name=name, key=key, code=code)
        except ValidationError as error:
            form.add_error("code", error)
        else:
            del request.session[KEY]
            return added(request, device, f"L’application «\u00a0{name}\u00a0» est ajoutée.")
    address = CodeApplication(user=user, key=key).config_url
    content = {
        "form": form,
        "picture": segno.make(address, error="m").svg_data_uri(
            scale=5, border=3, dark="#1c2b33", light="#fff"
        ),
        "address": address,
        "key": in_groups(b32encode(unhexlify(key)).decode()),
        "back": towards(request, "second_factor:overview"),
        "next": opening.next_page(request),
    }
    return render(request, "second_factor/add_application.html", content)


def in_groups(letters: str) -> str:
    """« ABCD EFGH »: read aloud, copied by hand."""
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def added(request: HttpRequest, device: Any, words: str) -> HttpResponse:
    """The session is proved by what was just added; the first time, recovery codes come next."""
    if not is_verified(request.user):
        mark_verified(request, device)
    messages.success(request, words)
    user: Any = request.user
    page = "second_factor:overview" if codes_left(user) else "second_factor:codes"
    return redirect(towards(request, page))


@signed_in
@require_http_methods(READ_OR_SEND)
def add_passkey(request: HttpRequest) -> HttpResponse:
    if answer := asks_proof(request):
        return answer
    user: Any = request.user
    form = PasskeyForm(request.POST or None)
    if form.is_valid():
        name, written = form.cleaned_data["name"], form.cleaned_data["answer"]
        try:
            device = passkeys.add_passkey(request, user, name=name, answer=written)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return added(request, device, f"La clé «\u00a0{name}\u00a0» est ajoutée.")
    elsewhere = passkeys.elsewhere(request)
    content = {
        "form": form,
        "elsewhere": elsewhere,
        "home": passkeys.home(),
        "options": "" if elsewhere else passkeys.options_to_add(request, user),
        "back": towards(request, "second_factor:overview"),
        "next": opening.next_page(request),
    }
    return render(request, "second_factor/add_passkey.html", content)


@signed_in
@require_http_methods(READ_OR_SEND)
def codes(request: HttpRequest) -> HttpResponse:
    """New codes are in the answer to the POST, once: no page shows them again."""
    if answer := asks_proof(request):
        return answer
    user: Any = request.user
    if not has_factor(user):
        messages.info(
            request, "Ajoutez d’abord une application ou une clé\u00a0: les codes la remplacent un jour."
        )
        return redirect(towards(request, "second_factor:overview"))
    content = {
        "left": codes_left(user),
        "codes": services.new_recovery_codes(user=user) if request.method == "POST" else [],
        "next": opening.next_page(request),
        "back": towards(request, "second_factor:overview"),
    }
    return render(request, "second_factor/codes.html", content)


@signed_in
@sensitive_post_parameters()
@require_http_methods(READ_OR_SEND)
def remove(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    user: Any = request.user
    factor = factor_of(user, kind, pk)
    if factor is None:
        raise Http404
    if answer := asks_proof(request):
        return answer
    proves_by_password = user.has_usable_password()
    form = (PasswordForm if proves_by_password else ProofForm)(request.POST or None)
    if form.is_valid() and still_the_owner(request, user, form, by_password=proves_by_password):
        services.remove_factor(user=user, factor=factor)
        messages.success(request, f"«\u00a0{factor.name}\u00a0» est retirée.")
        return redirect("second_factor:overview")
    return render(
        request, "second_factor/remove.html", {"form": form, "factor": factor, **leaves(user, factor)}
    )


def leaves(user: User, factor: Factor) -> dict[str, bool]:
    last = len(factors_of(user)) == 1
    return {"last": last, "required": last and is_required()}


def still_the_owner(request: HttpRequest, user: User, form: JalonsForm, *, by_password: bool) -> bool:
    """Wrong passwords are counted here as at the sign-in page."""
    typed = form.cleaned_data["password"]
    try:
        if by_password:
            if authenticate(request, username=user.email, password=typed) is None:
                raise ValidationError("Ce n’est pas votre mot de passe. Écrivez-le de nouveau.")
        elif "-" in typed:
            services.read_recovery_code(user=user, typed=typed)
        else:
            services.read_code(user=user, typed=typed)
    except ValidationError as error:
        form.add_error("password", error)
        return False
    return True

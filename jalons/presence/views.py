"""« Mes sessions » and « Supprimer mon compte »."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.decorators import signed_in
from jalons.accounts.models import User
from jalons.core.ui import Column
from jalons.core.values import format_number, plural
from jalons.presence.forms import DeleteForm
from jalons.presence.leaving import delete_own_account
from jalons.presence.sessions import close_others, open_sessions, sign_ins

SIGN_INS = [Column("Quand"), Column("Avec"), Column("Adresse"), Column("Déconnexion")]


@require_safe
@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    context = {
        "sessions": open_sessions(user, here=request.session.session_key),
        "sign_ins": sign_ins(user),
        "columns": SIGN_INS,
    }
    return render(request, "presence/sessions.html", context)


@require_POST
@signed_in
def close_elsewhere(request: HttpRequest) -> HttpResponse:
    count = close_others(cast(User, request.user), here=request.session.session_key)
    if count:
        words = plural(count, "session fermée", "sessions fermées")
        messages.success(request, f"{format_number(count)}\u00a0{words}. Celle-ci reste ouverte.")
    else:
        messages.info(request, "Aucune autre session n’était ouverte.")
    return redirect("presence:sessions")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@sensitive_post_parameters("password")
def delete(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = DeleteForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_bound and form.is_valid():
        try:
            delete_own_account(user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            logout(request)
            messages.success(request, "Votre compte est supprimé. Votre nom et votre adresse sont effacés.")
            return redirect("accounts:sign_in")
    return render(request, "presence/delete.html", {"form": form})

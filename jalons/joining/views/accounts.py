"""The accounts of one's territory: the list, one page, what ends."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import Grant, Membership, User
from jalons.core import ui
from jalons.core.values import format_moment
from jalons.history.services import Stale
from jalons.joining.forms.accounts import AccountFilterForm, ReasonForm
from jalons.joining.permissions import managing_actor, may_touch, may_touch_account, visible_accounts
from jalons.joining.selectors.accounts import (
    account_history,
    account_rows,
    account_state,
    accounts_for,
    last_invitation,
    membership_cards,
)
from jalons.joining.services import (
    close_account,
    end_grant,
    end_membership,
    reopen_account,
    resend_activation,
)
from jalons.joining.views.common import admin_of, answered_before, record, typed

PAGE_SIZE = 50
COLUMNS = [ui.Column("Personne"), ui.Column("Rattachements"), ui.Column("Territoires"), ui.Column("État")]
FORM_METHODS = ["GET", "HEAD", "POST"]
NOT_YOURS = "Ce rattachement dépasse votre territoire\u00a0: l’administration nationale peut le changer."


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def listing(request: HttpRequest) -> HttpResponse:
    form = AccountFilterForm(request.GET)
    accounts = accounts_for(request.user, form.criteria())
    page = Paginator(accounts, PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER))
    context = {"form": form, "page": page, "rows": account_rows(list(page)), "columns": COLUMNS}
    return render(request, "joining/accounts.html", context)


def account_or_404(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(visible_accounts(request.user), pk=pk)


def membership_or_404(request: HttpRequest, pk: int, membership: int) -> Membership:
    """Of an account that this administrator sees (404), within what they may touch (403)."""
    user = account_or_404(request, pk)
    held = get_object_or_404(user.memberships.select_related("user", "organisation"), pk=membership)
    if not may_touch(request.user, held):
        raise PermissionDenied(NOT_YOURS)
    return held


def account_url(user: User) -> str:
    return reverse("joining:account", args=[user.pk])


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    user = account_or_404(request, pk)
    state, words = account_state(user)
    context = {
        "account": user,
        "state": state,
        "words": words,
        "cards": membership_cards(request.user, user),
        "invitation": last_invitation(user),
        "may_close": may_touch_account(request.user, user),
        "entries": account_history(user),
    }
    return render(request, "joining/account.html", context)


@require_POST
@requires(Right.MANAGE_ACCOUNTS)
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    user = account_or_404(request, pk)
    if user.has_usable_password() or not user.is_active:
        messages.info(request, "Ce compte n’attend pas de lien\u00a0: il est déjà ouvert, ou fermé.")
    else:
        resend_activation(user=user, by=managing_actor(admin_of(request)))
        messages.success(request, "Un nouveau lien part à son adresse. Le précédent n’ouvre plus rien.")
    return redirect(account_url(user))


def ending(
    request: HttpRequest, user: User, write: Callable[[Any], Any], *, seen: int, message: str, **page: Any
) -> HttpResponse:
    """Asks why, then ends something of an account; the second of two people reads what the first did."""
    form = ReasonForm(typed(request), initial={"expected_version": seen})
    back = account_url(user)
    try:
        answer = record(request, form, lambda: write(form.cleaned_data), message=message, to=back)
    except Stale as stale:
        return ended_before(request, stale.current, back)
    if answer is not None:
        return answer
    context = {"account": user, "form": form, "back_url": back, **page}
    return render(request, "joining/end.html", context)


def ended_before(request: HttpRequest, current: Any, back: str) -> HttpResponse:
    who = str(current.changed_by or "L’exploitant de Jalons")
    if current.changed_for:
        who = f"{who} ({current.changed_for})"
    what = "y a mis fin" if current.ended_at else "l’a changé"
    return answered_before(
        request,
        title="C’est déjà fait" if current.ended_at else "Quelqu’un d’autre l’a changé entre-temps",
        sentence=f"{who} {what}, le {format_moment(current.changed_at)}.",
        back_url=back,
    )


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def membership_end(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    held = membership_or_404(request, pk, membership)
    if request.method != "POST" and held.ended_at:
        messages.info(request, "Ce rattachement est déjà terminé.")
        return redirect(account_url(held.user))

    def write(cleaned: dict[str, Any]) -> Any:
        by = managing_actor(admin_of(request))
        return end_membership(
            membership=held, by=by, reason=cleaned["reason"], expected_version=cleaned["expected_version"]
        )

    return ending(
        request,
        held.user,
        write,
        seen=held.version,
        message="Le rattachement est terminé : ses droits s’arrêtent tout de suite.",
        title="Terminer le rattachement",
        what=f"{held.user.name} · {held.organisation} · {held.get_role_display()}",
        consequence="Les droits s’arrêtent tout de suite, aussi dans les sessions ouvertes. L’historique garde tout.",
        submit="Terminer maintenant",
    )


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def grant_end(request: HttpRequest, pk: int, membership: int, grant: int) -> HttpResponse:
    held = membership_or_404(request, pk, membership)
    given = get_object_or_404(Grant.objects.filter(membership=held), pk=grant)
    if request.method != "POST" and given.ended_at:
        messages.info(request, "Ce droit personnel est déjà terminé.")
        return redirect(account_url(held.user))

    def write(cleaned: dict[str, Any]) -> Any:
        by = managing_actor(admin_of(request))
        return end_grant(
            grant=given, by=by, reason=cleaned["reason"], expected_version=cleaned["expected_version"]
        )

    return ending(
        request,
        held.user,
        write,
        seen=given.version,
        message="Le droit personnel est terminé.",
        title="Terminer le droit personnel",
        what=f"{given.get_right_display()} · {held.user.name} · {held.organisation}",
        consequence="Le rôle seul compte de nouveau, tout de suite.",
        submit="Terminer maintenant",
    )


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    user = account_or_404(request, pk)
    if not may_touch_account(request.user, user) and user.is_active:
        raise PermissionDenied(NOT_YOURS)
    if request.method != "POST" and not user.is_active:
        messages.info(request, "Ce compte est déjà fermé.")
        return redirect(account_url(user))
    return ending(
        request,
        user,
        lambda cleaned: close_account(
            user=user, by=managing_actor(admin_of(request)), reason=cleaned["reason"]
        ),
        seen=0,
        message="Le compte est fermé.",
        title="Fermer le compte",
        what=f"{user.name} · {user.email}",
        consequence=(
            "La personne ne peut plus se connecter et ses sessions ouvertes s’arrêtent\u00a0; tous ses rattachements "
            "prennent fin. Ce qu’elle a écrit reste, à son nom."
        ),
        submit="Fermer le compte",
    )


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    user = account_or_404(request, pk)
    if request.method != "POST" and user.is_active:
        messages.info(request, "Ce compte est déjà ouvert.")
        return redirect(account_url(user))
    return ending(
        request,
        user,
        lambda cleaned: reopen_account(
            user=user, by=managing_actor(admin_of(request)), reason=cleaned["reason"]
        ),
        seen=0,
        message="Le compte est rouvert. Donnez-lui un rattachement.",
        title="Rouvrir le compte",
        what=f"{user.name} · {user.email}",
        consequence="La personne se connecte comme avant. Ses anciens rattachements restent terminés.",
        submit="Rouvrir le compte",
    )

"""Les membres du registre : inviter, donner la clé, retirer, désigner, refaire le code de secours."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.models import User
from jalons.core.ui import Column
from jalons.core.values import format_number
from jalons.households import renewal, services, session
from jalons.households.enums import RegisterAct
from jalons.households.forms import NewMemberForm
from jalons.households.journal import accept_try, note_act, note_try
from jalons.households.models import RegisterMember
from jalons.households.permissions import Opened, in_register
from jalons.households.selectors import invitable_people, member_lines
from jalons.households.services import RegisterRefusal
from jalons.households.vault import TooManyDerivations
from jalons.households.views.opening import BUSY, MANY_TRIES, READ_OR_SEND, recovery_page

COLUMNS = [
    Column("Personne"),
    Column("Où elle en est"),
    Column("Fiches lues en 30 jours"),
    Column("Faire"),
]


def responsible_only(opened: Opened) -> None:
    if not opened.member.responsible:
        raise PermissionDenied("Seule une personne responsable du registre le peut.")


def member_named(opened: Opened, public_id: str) -> RegisterMember:
    members = RegisterMember.objects.standing().filter(register=opened.member.register_id)
    return get_object_or_404(members.select_related("user", "register"), public_id=public_id)


@require_safe
@in_register
def team(request: HttpRequest, opened: Opened) -> HttpResponse:
    people = invitable_people(opened.member.register) if opened.member.responsible else []
    content = {
        "opened": opened,
        "lines": member_lines(opened.member.register),
        "columns": COLUMNS,
        "form": NewMemberForm(people=people) if people else None,
        "left": renewal.left_to_renew(opened.member.register),
    }
    return render(request, "households/team.html", content)


@require_POST
@in_register
def invite(request: HttpRequest, opened: Opened) -> HttpResponse:
    responsible_only(opened)
    people = {str(user.pk): user for user in invitable_people(opened.member.register)}
    user = people.get(request.POST.get("person", ""))
    if user is None:
        messages.error(request, "Choisissez une personne de votre structure qui tient le registre.")
    else:
        services.invite_member(register=opened.member.register, user=user, by=cast(User, request.user))
        note_act(request, opened.organisation.pk, RegisterAct.INVITED, about=user)
        messages.success(
            request, f"{user.name} est invité\u00a0: son code choisi, donnez-lui la clé sur cette page."
        )
    return redirect("households:team")


@require_POST
@in_register
def admit(request: HttpRequest, opened: Opened, public_id: str) -> HttpResponse:
    """Any member may: a lost code is mended by who is there."""
    member = member_named(opened, public_id)
    try:
        services.admit_member(
            opened=opened.register,
            member=member,
            fingerprint=request.POST.get("fingerprint", ""),
            by=cast(User, request.user),
        )
    except RegisterRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        note_act(request, opened.organisation.pk, RegisterAct.ADMITTED, about=member.user)
        messages.success(request, f"{member.user.name} a la clé du registre.")
    return redirect("households:team")


@require_http_methods(READ_OR_SEND)
@in_register
def withdraw(request: HttpRequest, opened: Opened, public_id: str) -> HttpResponse:
    responsible_only(opened)
    member = member_named(opened, public_id)
    if request.method != "POST":
        return render(request, "households/withdraw.html", {"opened": opened, "member": member})
    try:
        renewed = renewal.withdraw_member(opened=opened.register, member=member, by=cast(User, request.user))
    except RegisterRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("households:team")
    note_act(request, opened.organisation.pk, RegisterAct.WITHDRAWN, about=member.user)
    messages.success(request, f"{member.user.name} ne peut plus ouvrir le registre.")
    response = redirect("households:team")
    if renewed is not opened.register:
        note_act(request, opened.organisation.pk, RegisterAct.RENEWED)
        opened.member.register.refresh_from_db()
        renewal.renew_some(renewed, opened.member.register)
        session.hold(request, response, renewed)
    return response


@require_POST
@in_register
def renew(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Some households more under the new key; the page asks for it again until none is left."""
    left = renewal.renew_some(opened.register, opened.member.register)
    if left:
        messages.info(request, f"Encore {format_number(left)}\u00a0ménages à passer sous la nouvelle clé.")
    else:
        messages.success(request, "Tous les ménages sont sous la nouvelle clé.")
    return redirect("households:team")


@require_POST
@in_register
def head(request: HttpRequest, opened: Opened, public_id: str) -> HttpResponse:
    responsible_only(opened)
    member = member_named(opened, public_id)
    try:
        services.set_responsible(member=member, responsible=not member.responsible)
    except RegisterRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        note_act(request, opened.organisation.pk, RegisterAct.HEADED, about=member.user)
    return redirect("households:team")


@require_http_methods(READ_OR_SEND)
@in_register
def recovery(request: HttpRequest, opened: Opened) -> HttpResponse:
    responsible_only(opened)
    if request.method == "POST":
        attempt = note_try(request, opened.organisation.pk)
        if attempt is None:
            messages.error(request, MANY_TRIES)
            return redirect("households:recovery")
        try:
            recovery_code = services.renew_recovery(opened=opened.register, register=opened.member.register)
        except (RegisterRefusal, TooManyDerivations) as refusal:
            attempt.delete()
            messages.error(request, BUSY if isinstance(refusal, TooManyDerivations) else str(refusal))
        else:
            accept_try(attempt, RegisterAct.PRINTED)
            return recovery_page(request, opened.register, recovery_code)
    return render(request, "households/recovery.html", {"opened": opened})

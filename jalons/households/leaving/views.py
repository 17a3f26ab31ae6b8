"""Emporter tout le registre dans un fichier scellé ; le supprimer tout entier."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from jalons.core import clock
from jalons.households import session
from jalons.households.enums import RegisterAct
from jalons.households.journal import note_act
from jalons.households.leaving.forms import DestroyForm, TakeForm
from jalons.households.leaving.services import RegisterGrew, destroy_register, whole_register
from jalons.households.models import Household, RegisterMember
from jalons.households.permissions import Opened, in_register
from jalons.households.vault.archive import sealed_archive
from jalons.households.vault.codes import proposed_phrase
from jalons.households.views.opening import tried

GREW = "Le registre a changé pendant que vous lisiez\u00a0: relisez combien de ménages seraient perdus."


def responsible_only(opened: Opened) -> None:
    if not opened.member.responsible:
        raise PermissionDenied("Une personne responsable du registre peut l’emporter ou le supprimer.")


@require_safe
@in_register
def leave(request: HttpRequest, opened: Opened) -> HttpResponse:
    responsible_only(opened)
    return leaving_page(request, opened)


def leaving_page(request: HttpRequest, opened: Opened, **forms: Any) -> HttpResponse:
    """Both forms of the page; `take` or `destroy` is the one that was sent and refused."""
    households = Household.objects.filter(organisation=opened.organisation).count()
    members = RegisterMember.objects.admitted().filter(register=opened.member.register_id).count()
    context = {
        "opened": opened,
        "households": households,
        "members": members,
        "proposed": proposed_phrase(),
        "take": TakeForm(user=request.user),
        "destroy": DestroyForm(),
        **forms,
    }
    return render(request, "households/leave.html", context)


@require_POST
@in_register
@sensitive_variables()
def take(request: HttpRequest, opened: Opened) -> HttpResponse:
    """One file. It is noted in the log of the register, and in no other."""
    responsible_only(opened)
    form = TakeForm(request.POST, user=request.user)
    if form.is_valid():
        register, refusal = tried(request, opened.member, form.cleaned_data["take_code"])
        if register is not None:
            today, organisation = clock.today(), str(opened.organisation)
            whole = whole_register(register, request.user, organisation=organisation, today=today)
            content = sealed_archive(whole.files(), form.cleaned_data["phrase"], today)
            note_act(request, opened.organisation.pk, RegisterAct.TAKEN)
            response = HttpResponse(content, content_type="application/zip")
            response["Content-Disposition"] = f'attachment; filename="registre-{today:%Y-%m-%d}.zip"'
            return response
        form.add_error("take_code", refusal)
    return leaving_page(request, opened, take=form)


@require_POST
@in_register
@sensitive_variables()
def destroy(request: HttpRequest, opened: Opened) -> HttpResponse:
    responsible_only(opened)
    form = DestroyForm(request.POST)
    if form.is_valid():
        register, refusal = tried(request, opened.member, form.cleaned_data["destroy_code"])
        if register is None:
            form.add_error("destroy_code", refusal)
        else:
            organisation = opened.organisation
            try:
                with transaction.atomic():
                    note_act(request, organisation.pk, RegisterAct.DESTROYED)
                    destroy_register(register, households=form.cleaned_data["households"], on=clock.today())
            except RegisterGrew:
                form.add_error(None, GREW)
                return leaving_page(request, opened, destroy=form)
            messages.success(
                request,
                "Le registre est supprimé. Les nombres déjà envoyés restent, sans lien avec personne.",
            )
            response = redirect("households:home")
            session.lock(request, response)
            return response
    return leaving_page(request, opened, destroy=form)

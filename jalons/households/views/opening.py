"""Créer le registre, l’ouvrir, le fermer, choisir son code, employer le code de secours."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.models import Organisation, User
from jalons.core import resume
from jalons.households import services, session
from jalons.households.enums import RegisterAct
from jalons.households.forms import CreationForm, NewCodeForm, OpeningForm, RecoveryForm
from jalons.households.handing.waiting import give_box
from jalons.households.journal import accept_try, note_try
from jalons.households.models import Register, RegisterMember
from jalons.households.permissions import guarded_register, locked_page, member_of
from jalons.households.renewal import renew_some
from jalons.households.services import RegisterRefusal
from jalons.households.vault import OpenRegister, TooManyDerivations, UnreadableSeal, holders
from jalons.households.vault.codes import proposed_code

READ_OR_SEND = ["GET", "HEAD", "POST"]
BUSY = "Beaucoup de personnes ouvrent un registre en ce moment\u00a0: réessayez dans quelques secondes."
MANY_TRIES = "Trop d’essais\u00a0: réessayez dans un quart d’heure."
PAUSED = "Trop de codes refusés\u00a0: réessayez dans un quart d’heure."
CLOSED = "Le registre est fermé. Votre code le rouvrira."
ALL_CLOSED = "Vos registres sont fermés. Vos codes les rouvriront."
WRONG = "Ce n’est pas votre code."


@require_safe
@guarded_register
def home(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Where somebody stands with the register of their organisation: to create, invited, waiting, locked, open."""
    choice = request.register_choice  # type: ignore[attr-defined]
    if choice.others and session.CHOSEN not in request.session:
        return render(request, "households/choose.html", {"choices": [organisation, *choice.others]})
    member = member_of(request.user, organisation)
    register = member.register if member else Register.objects.filter(organisation=organisation).first()
    if member and member.admitted_at:
        if session.held_register(request, organisation.pk, member.register.key_version) is None:
            return locked_page(request, member)
        return redirect("households:families")
    content = {
        "organisation": organisation,
        "register": register,
        "member": member,
        "fingerprint": holders.fingerprint(member.public_key) if member and member.public_key else "",
    }
    return render(request, "households/home.html", content)


@require_POST
@guarded_register
def choose(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Whose register the pages show from now on. Those that are open stay open."""
    request.session[session.CHOSEN] = organisation.pk
    return redirect("households:home")


@require_http_methods(READ_OR_SEND)
@guarded_register
def create(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    if Register.objects.filter(organisation=organisation).exists():
        return redirect("households:home")
    form = CreationForm(request.POST or None, user=request.user)
    if form.is_valid():
        made, refusal = created(request, organisation, form.cleaned_data["code"])
        if made is not None:
            return recovery_page(request, *made)
        form.add_error(None, refusal)
    content = {"form": form, "organisation": organisation, "proposed": proposed_code()}
    return render(request, "households/create.html", content)


def created(
    request: HttpRequest, organisation: Organisation, code: str
) -> tuple[tuple[OpenRegister, str] | None, str]:
    """The register and its recovery code, or why not. Two keys are derived: written down before, as every code is."""
    attempt = note_try(request, organisation.pk)
    if attempt is None:
        return None, MANY_TRIES
    try:
        made = services.create_register(user=cast(User, request.user), organisation=organisation, code=code)
    except (RegisterRefusal, TooManyDerivations) as refusal:
        attempt.delete()
        return None, BUSY if isinstance(refusal, TooManyDerivations) else str(refusal)
    accept_try(attempt, RegisterAct.CREATED)
    return made, ""


def recovery_page(request: HttpRequest, opened: OpenRegister, recovery_code: str) -> HttpResponse:
    """The only time that the recovery code is shown."""
    content = {"recovery_code": recovery_code, "organisation_id": opened.organisation_id}
    response = render(request, "households/recovery_code.html", content)
    session.hold(request, response, opened)
    return response


@require_http_methods(READ_OR_SEND)
@guarded_register
def open_page(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    member = member_of(request.user, organisation)
    if member is None:
        raise Http404
    if member.admitted_at is None:
        return redirect("households:home")
    after = request.POST.get("next", "") or request.GET.get("next", "")
    content: dict[str, Any] = {
        "member": member,
        "draft": request.POST.get("draft", ""),
        "next": after if resume.is_local(after) else "",
    }
    content["typed"] = bool(content["draft"])
    form = OpeningForm(request.POST or None)
    if form.is_valid():
        opened, refusal = tried(request, member, form.cleaned_data["code"])
        if opened is not None:
            return opened_page(request, member, opened, content)
        form.add_error("code", refusal)
    return render(request, "households/locked.html", {**content, "form": form})


def tried(request: HttpRequest, member: RegisterMember, code: str) -> tuple[OpenRegister | None, str]:
    """The register, or why not. The try is written down before the code is looked at: many at once count too."""
    attempt = note_try(request, member.register.organisation_id)
    if attempt is None:
        return None, PAUSED
    try:
        opened = services.open_register(member, code)
    except UnreadableSeal:
        return None, WRONG
    except TooManyDerivations:
        attempt.delete()
        return None, BUSY
    accept_try(attempt, RegisterAct.OPENED)
    return opened, ""


def opened_page(
    request: HttpRequest, member: RegisterMember, opened: OpenRegister, content: dict[str, Any]
) -> HttpResponse:
    """Back to what was being typed, or to where the person was going. A renewal that was stopped goes on a little."""
    if opened.version == member.register.key_version:
        renew_some(opened, member.register)
        give_box(opened, member.register)
    typed = session.read_draft(request, content["draft"])
    if typed is None:
        response: HttpResponse = redirect(content["next"] or "households:home")
    else:
        path, fields = typed
        response = render(request, "households/resumed.html", {"path": path, "fields": fields})
    session.hold(request, response, opened)
    return response


@require_POST
@guarded_register
def lock(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    messages.info(request, CLOSED if len(session.held_registers(request)) < 2 else ALL_CLOSED)
    response = redirect("home")
    session.lock(request, response)
    return response


@require_http_methods(READ_OR_SEND)
@guarded_register
def code(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """A first code, another when the register is open, or another in place of a lost one."""
    member = member_of(request.user, organisation)
    if member is None:
        raise Http404
    opened = None
    if member.admitted_at:
        opened = session.held_register(request, organisation.pk, member.register.key_version)
    lost = bool(member.admitted_at and opened is None)
    alone = lost and not member.register.members.present().exclude(pk=member.pk).exists()
    form = NewCodeForm(request.POST or None, user=request.user)
    if form.is_valid() and not alone:  # nobody could give the key back
        refusal = code_refusal(request, member, opened, form.cleaned_data["code"])
        if not refusal:
            messages.success(request, "Votre code est changé." if opened else "Votre code est choisi.")
            return redirect("households:home")
        form.add_error(None, refusal)
    content = {
        "form": form,
        "lost": lost,
        "alone": alone,
        "proposed": proposed_code(),
    }
    return render(request, "households/code.html", content)


def code_refusal(request: HttpRequest, member: RegisterMember, opened: OpenRegister | None, code: str) -> str:
    """Empty once the code is stored. Written down before it is derived: nobody keeps the server busy with codes."""
    attempt = note_try(request, member.register.organisation_id)
    if attempt is None:
        return MANY_TRIES
    try:
        if opened is not None:
            services.change_code(opened=opened, member=member, code=code)
        else:
            services.choose_code(member=member, code=code)
    except (RegisterRefusal, TooManyDerivations) as refusal:
        attempt.delete()
        return BUSY if isinstance(refusal, TooManyDerivations) else str(refusal)
    accept_try(attempt, RegisterAct.CODE)
    return ""


@require_http_methods(READ_OR_SEND)
@guarded_register
def recover(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    register = Register.objects.filter(organisation=organisation).first()
    if register is None:
        raise Http404
    form = RecoveryForm(request.POST or None, user=request.user)
    if form.is_valid():
        opened, refusal = recovered(request, register, form)
        if opened is not None:
            messages.success(
                request,
                "Le registre est ouvert, avec votre nouveau code. Faites un autre code de secours\u00a0: il a servi.",
            )
            response = redirect("households:team")
            session.hold(request, response, opened)
            return response
        form.add_error(None, refusal)
    return render(request, "households/recover.html", {"form": form, "proposed": proposed_code()})


def recovered(
    request: HttpRequest, register: Register, form: RecoveryForm
) -> tuple[OpenRegister | None, str]:
    attempt = note_try(request, register.organisation_id)
    if attempt is None:
        return None, PAUSED
    try:
        opened = services.recover(
            register=register,
            user=cast(User, request.user),
            typed=form.cleaned_data["recovery"],
            code=form.cleaned_data["code"],
        )
    except UnreadableSeal:
        return None, "Ce n’est pas le code de secours de ce registre."
    except TooManyDerivations:
        attempt.delete()
        return None, BUSY
    except RegisterRefusal as refusal:
        return None, str(refusal)
    accept_try(attempt, RegisterAct.RECOVERED)
    return opened, ""

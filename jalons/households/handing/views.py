"""Confier une famille à une autre structure ; lire, accepter ou refuser celles qui nous sont confiées."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.models import User
from jalons.core import clock
from jalons.households.enums import HandingRefusal, HandingState, RegisterAct
from jalons.households.families.enums import InformationLanguage, InformationWay
from jalons.households.families.stored import UnreadableFamily
from jalons.households.handing import services
from jalons.households.handing.forms import DeclineForm, HandForm
from jalons.households.handing.selectors import goes_on, last_handing, receivers
from jalons.households.handing.services import HandingRefused
from jalons.households.journal import note_act, note_other_side
from jalons.households.models import Household, HouseholdHanding
from jalons.households.permissions import Opened, in_register
from jalons.households.sheets.display import sheet_of
from jalons.households.sheets.selectors import linked_names
from jalons.households.sheets.services import FamilyRefused, LostKey
from jalons.households.sheets.views.common import page_of, readable_family, save_by, sheet_url
from jalons.households.vault import holders

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def hand(request: HttpRequest, opened: Opened, household_id: UUID) -> HttpResponse:
    household, family = readable_family(request, opened, household_id)
    form = HandForm(request.POST or None, receivers=receivers(opened.organisation.pk))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                by = cast(User, request.user)
                if services.hand(save_by(request, opened, form), form.asked(household.pk), by=by):
                    note_act(request, opened.organisation.pk, RegisterAct.HANDED, household)
        except HandingRefused as refused:
            form.add_error(None, str(refused))
        except FamilyRefused as refused:
            for sentence in refused.sentences:
                form.add_error(None, sentence)
        except (LostKey, Household.DoesNotExist):
            raise Http404 from None
        else:
            messages.success(request, f"{household.reference} est confiée\u00a0: la structure le voit déjà.")
            return redirect("households:hand", household.pk)
    handing = last_handing(opened.organisation.pk, household.pk)
    context = {
        **page_of(opened, household, "Confier à une autre structure"),
        "form": form,
        "handing": handing,
        "waits": handing is not None and handing.state == HandingState.WAITING,
        "goes_on": goes_on(family, handing),
        "any": bool(form.receivers),
    }
    return render(request, "households/handing/hand.html", context)


@require_safe
@in_register
def handings(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Both sides: what waits for us, and what came of ours."""
    rows = HouseholdHanding.objects
    context = {
        "opened": opened,
        "received": [*rows.received_by(opened.organisation.pk)[:PAGE]],
        "fingerprint": holders.fingerprint(box) if (box := opened.member.register.box_public) else "",
        "sent": [*rows.sent_by_organisation(opened.organisation.pk)[:PAGE]],
    }
    return render(request, "households/handing/handings.html", context)


def received(opened: Opened, handing_id: UUID) -> HouseholdHanding:
    """404 for what waits for another organisation, or for nobody any more."""
    rows = HouseholdHanding.objects.received_by(opened.organisation.pk)
    return get_object_or_404(rows, pk=handing_id, expires_on__gt=clock.today())


@require_safe
@in_register
def handed(request: HttpRequest, opened: Opened, handing_id: UUID) -> HttpResponse:
    """The copy, read; a reading, and noted."""
    return handed_page(request, opened, received(opened, handing_id), DeclineForm())


def handed_page(
    request: HttpRequest, opened: Opened, handing: HouseholdHanding, form: DeclineForm
) -> HttpResponse:
    context: dict[str, Any] = {"opened": opened, "handing": handing, "form": form}
    try:
        family, agreement = services.opened_copy(opened.register, handing, opened.member.register)
    except UnreadableFamily:
        return render(request, "households/handing/handed.html", context)
    note_act(request, opened.organisation.pk, RegisterAct.SHEET)
    names = linked_names(opened.register, request.user, family)
    context |= {
        "sheet": sheet_of(family, clock.today(), names, every_note=True),
        "agreement": agreement,
        "language": dict(InformationLanguage.choices).get(agreement.language, ""),
        "way": dict(InformationWay.choices).get(agreement.way, ""),
    }
    return render(request, "households/handing/handed.html", context)


@require_POST
@in_register
def accept(request: HttpRequest, opened: Opened, handing_id: UUID) -> HttpResponse:
    received(opened, handing_id)
    try:
        with transaction.atomic():
            household, handing = services.accept(save_by(request, opened), handing_id)
            note_act(request, opened.organisation.pk, RegisterAct.ACCEPTED, household)
            note_other_side(request.user, handing, RegisterAct.ACCEPTED)
    except (HandingRefused, UnreadableFamily, FamilyRefused):
        raise Http404 from None
    messages.success(request, f"Cette famille est dans votre registre\u00a0: {household.reference}.")
    return redirect(sheet_url(household.pk))


@require_POST
@in_register
def decline(request: HttpRequest, opened: Opened, handing_id: UUID) -> HttpResponse:
    handing = received(opened, handing_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return handed_page(request, opened, handing, form)
    try:
        with transaction.atomic():
            services.decline(opened.organisation.pk, handing_id, HandingRefusal(form.cleaned_data["why"]))
            note_act(request, opened.organisation.pk, RegisterAct.DECLINED)
            note_other_side(request.user, handing, RegisterAct.DECLINED)
    except HandingRefused:
        raise Http404 from None
    messages.success(
        request, "Refusée\u00a0: la copie est détruite, et la structure qui la confiait le voit."
    )
    return redirect("households:handings")


def sent(opened: Opened, handing_id: UUID) -> HouseholdHanding:
    rows = HouseholdHanding.objects.sent_by_organisation(opened.organisation.pk)
    return get_object_or_404(rows, pk=handing_id)


@require_POST
@in_register
def take_back(request: HttpRequest, opened: Opened, handing_id: UUID) -> HttpResponse:
    handing = sent(opened, handing_id)
    household = Household.objects.of(opened.register).filter(pk=handing.household).first()
    try:
        with transaction.atomic():
            services.take_back(opened.organisation.pk, handing_id)
            note_act(request, opened.organisation.pk, RegisterAct.TAKEN_BACK, household)
    except HandingRefused as refused:
        messages.info(request, str(refused))
    else:
        messages.success(request, "Reprise\u00a0: la copie est détruite avant d’avoir reçu une réponse.")
    return redirect("households:handings")


@require_POST
@in_register
def end(request: HttpRequest, opened: Opened, handing_id: UUID) -> HttpResponse:
    """Accepted elsewhere: ours ends on that day."""
    handing = sent(opened, handing_id)
    if handing.state != HandingState.ACCEPTED:
        raise Http404
    try:
        household = services.end_accompaniment(save_by(request, opened), handing)
    except (LostKey, FamilyRefused, Household.DoesNotExist):
        raise Http404 from None
    note_act(request, opened.organisation.pk, RegisterAct.CHANGED, household)
    messages.success(request, "L’accompagnement finit le jour où elle a été acceptée. Sa fiche reste ici.")
    return redirect(sheet_url(household.pk))

"""L’annuaire des dispositifs de France : chercher, lire, montrer le sien."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import can, has
from jalons.actions.models import Action
from jalons.actions.views.common import actor_on, on_action, sheet_url
from jalons.core import ui
from jalons.core.values import format_number, plural
from jalons.documents.views import file_of
from jalons.editing.conflicts import record_conflict_of
from jalons.editing.writing import record, typed
from jalons.history.services import Stale
from jalons.sharing.forms.offers import OfferFilterForm, OfferForm
from jalons.sharing.models import ActionOffer
from jalons.sharing.selectors.offers import (
    choices_in_use,
    documents_to_offer,
    filtered_offers,
    offer_lines,
    offered_documents,
)
from jalons.sharing.services import set_offer
from jalons.sharing.views.common import DIRECTORY, page_of, shared_tabs

PAGE_SIZE = 25
COLUMNS = (
    ui.Column("Dispositif"),
    ui.Column("Département"),
    ui.Column("Opérateur"),
    ui.Column("État"),
    ui.Column("Documents", numeric=True),
)


@require_safe
@requires(Right.READ_SHARED)
def directory(request: HttpRequest) -> HttpResponse:
    departements, operators = choices_in_use(request.user)
    form = OfferFilterForm(request.GET, departements=departements, operators=operators)
    page = Paginator(filtered_offers(request.user, form.asked()), PAGE_SIZE).get_page(page_of(request.GET))
    count = page.paginator.count
    context = {
        "form": form,
        "page": page,
        "lines": offer_lines(page.object_list),
        "columns": COLUMNS,
        "caption": f"{format_number(count)} {plural(count, 'dispositif', 'dispositifs')}, par nom",
        "tabs": shared_tabs(DIRECTORY),
        "filtered": bool(form.criteria()),
        "may_offer": has(request.user, Right.OFFER_ACTION),
    }
    return render(request, "sharing/directory.html", context)


def offer_or_404(request: HttpRequest, public_id: str) -> ActionOffer:
    offers = ActionOffer.objects.visible_to(request.user).select_related("action__departement", "contact")
    return get_object_or_404(offers, public_id=public_id)


@require_safe
@requires(Right.READ_SHARED)
def offered(request: HttpRequest, public_id: str) -> HttpResponse:
    offer = offer_or_404(request, public_id)
    action = offer.action
    context = {
        "offer": offer,
        "line": offer_lines([offer])[0],
        "sheet_url": sheet_url(action) if can(request.user, Right.READ_ACTIONS, action) else "",
        "edit_url": reverse("sharing:offer", args=[action.public_id])
        if can(request.user, Right.OFFER_ACTION, action)
        else "",
    }
    return render(request, "sharing/offered.html", context)


@require_safe
@requires(Right.READ_SHARED)
def download(request: HttpRequest, public_id: str, document: str) -> HttpResponseBase:
    """A document that was offered, to who may not open the dispositif; it leaves the same trace as any other."""
    offer = offer_or_404(request, public_id)
    for row in offered_documents([offer]).get(offer.action_id, ()):
        if row.public_id == document:
            return file_of(request, row, inside=False)
    raise Http404


@on_action(Right.OFFER_ACTION)
def offer(request: HttpRequest, action: Action) -> HttpResponse:
    stored = ActionOffer.objects.filter(action=action).first() or ActionOffer(action=action)
    form = OfferForm(typed(request), offer=stored, action=action, documents=documents_to_offer(action))
    conflict = None

    def write() -> ActionOffer:
        by = actor_on(request, action, Right.OFFER_ACTION)
        values: dict[str, Any] = form.described()
        return set_offer(action=action, by=by, expected_version=form.seen_version, **values)

    try:
        answer = record(request, form, write, message=offer_words, to=sheet_url(action), blame="summary")
    except Stale as stale:
        answer, conflict = None, record_conflict_of(ActionOffer, stale.current, form)
    context = {
        "action": action,
        "form": form,
        "conflict": conflict,
        "sheet_url": sheet_url(action),
        "shown_url": reverse("sharing:offered", args=[stored.public_id]) if stored.is_offered else "",
    }
    return answer or render(request, "sharing/offer.html", context, status=409 if conflict else 200)


def offer_words(offer: ActionOffer) -> str:
    if not offer.is_offered:
        return "Ce dispositif n’est pas montré dans l’annuaire."
    count = len(offer.documents)
    documents = f" avec {format_number(count)} {plural(count, 'document', 'documents')}" if count else ""
    return f"Ce dispositif est montré dans l’annuaire{documents}."

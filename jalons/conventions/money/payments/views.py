"""What was paid."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.conventions.dossier.pages import actor_on, form_page, may, on_convention, tab_context
from jalons.conventions.dossier.readers import sight
from jalons.conventions.models import Convention, Party, Payment
from jalons.conventions.money.payments.forms import PaymentForm
from jalons.conventions.money.payments.selectors import payments_page
from jalons.conventions.money.payments.services import save_payment
from jalons.core.values import french_spaces
from jalons.editing.conflicts import record_conflict_of
from jalons.editing.writing import record, typed
from jalons.history.querysets import AsOf
from jalons.history.services import Stale

WRITE = Right.WRITE_CONVENTION_MONEY


def payments_url(convention: Convention) -> str:
    return reverse("conventions:payments", args=[convention.slug])


@on_convention(Right.READ_CONVENTIONS, past=True)
def payments(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    context = {
        **tab_context(request, convention, "conventions:payments", at),
        "page": payments_page(request.user, convention, at.day, at),
        "may": may(request, convention, WRITE, at=at),
    }
    return render(request, "conventions/money/payments/payments.html", context)


@on_convention(WRITE)
def add_payment(request: HttpRequest, convention: Convention) -> HttpResponse:
    parties = beneficiaries(request, convention)
    fresh = Payment(convention=convention, party=parties[0] if len(parties) == 1 else None)
    return edit(request, convention, fresh, parties, title="Ajouter un versement")


@on_convention(WRITE)
def edit_payment(request: HttpRequest, convention: Convention, payment: str) -> HttpResponse:
    stored = get_object_or_404(
        convention.payments.select_related("party", "changed_by", "changed_for"), public_id=payment
    )
    if not sight(request.user, convention, WRITE).covers(stored.party_id):
        raise Http404
    stored.convention = convention
    parties = beneficiaries(request, convention)
    return edit(request, convention, stored, parties, title=f"Modifier « {stored.label} »")


def beneficiaries(request: HttpRequest, convention: Convention) -> list[Party]:
    """The Départements whose payments this person may write, one each."""
    seen = sight(request.user, convention, WRITE)
    party_by_departement: dict[str, Party] = {}
    for party in convention.parties.exclude(departement=None):
        if seen.covers(party.pk):
            party_by_departement.setdefault(str(party.departement_id), party)
    return list(party_by_departement.values())


def edit(
    request: HttpRequest, convention: Convention, stored: Payment, parties: Sequence[Party], *, title: str
) -> HttpResponse:
    form = PaymentForm(typed(request), payment=stored, parties=parties)
    back = payments_url(convention)
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: save_payment(
                payment=stored,
                columns=form.values_to_save(),
                by=actor_on(request, convention, WRITE),
                expected_version=form.seen_version if stored.pk else None,
                reason=form.cleaned_data.get("reason", ""),
            ),
            message=lambda payment: f"Le versement « {payment.label} » est enregistré.",
            to=back,
        )
    except Stale:
        answer, conflict = None, record_conflict_of(Payment, stored, form)
    return answer or form_page(
        request,
        convention,
        form,
        title=french_spaces(title),
        submit="Enregistrer le versement",
        back=back,
        conflict=conflict,
        intro="Jalons ne garde pas de coordonnées bancaires : n’en écrivez nulle part.",
    )

"""What was paid: against the part of the State, with its history, and no bank detail anywhere."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from jalons.conventions.enums import ConventionRole
from jalons.conventions.models import Convention, Payment
from jalons.conventions.money.payments.forms import looks_like_an_account
from jalons.conventions.money.payments.selectors import payments_page
from tests.conventions.people import pilot_of, seated, signed_in
from tests.conventions.samples import make_convention, two_departements
from tests.forms import form_to

pytestmark = pytest.mark.django_db
TODAY = dt.date(2022, 9, 1)


@pytest.fixture
def convention(stored_alone: int, db: None) -> Convention:
    return Convention.objects.get(pk=stored_alone)


def add(convention: Convention, user: Any, **data: str) -> Any:
    url = reverse("conventions:add_payment", args=[convention.slug])
    client = signed_in(user)
    told = {"label": "Versement annuel", "amount": "150 000 €", **data}
    return client.post(url, form_to(client.get(url), url).filled(told))


def test_finance_adds_a_payment_whose_codes_keep_their_zeros(convention: Convention) -> None:
    finance = seated(convention, ConventionRole.FINANCE)
    assert add(convention, finance, paid_on="15/07/2022", budget_code="0304-19-01").status_code == 302
    [payment] = convention.payments.all()
    assert (payment.amount, payment.budget_code) == (Decimal(150_000), "0304-19-01")
    assert payment.party is not None
    page = signed_in(finance).get(reverse("conventions:payments", args=[convention.slug])).content.decode()
    assert "0304-19-01" in page
    assert "150\u202f000\u00a0€" in page


def test_the_sums_say_what_is_left(convention: Convention) -> None:
    pilot = pilot_of(convention)
    add(convention, pilot, amount="100 000", paid_on="15/07/2022")
    add(convention, pilot, label="Solde", amount="40 000", due_on="1/8/2022")
    page = payments_page(pilot, convention, TODAY)
    [sums] = page.sums
    assert sums.paid == "100\u202f000\u00a0€"
    assert sums.left == "50\u202f000\u00a0€"
    assert sums.gap == "10\u202f000\u00a0€ de moins que prévu"
    assert [each.state for each in page.payments] == ["good", "late"]


def test_the_state_reads_and_does_not_write(convention: Convention) -> None:
    state = seated(convention, ConventionRole.STATE_PARTNER)
    add(convention, pilot_of(convention))
    client = signed_in(state)
    page = client.get(reverse("conventions:payments", args=[convention.slug]))
    assert "Versement annuel" in page.content.decode()
    assert "Ajouter un versement" not in page.content.decode()
    [payment] = convention.payments.all()
    edit = reverse("conventions:edit_payment", args=[convention.slug, payment.public_id])
    assert client.get(edit).status_code == 403


@pytest.mark.parametrize(
    ("text", "bank"),
    [
        ("FR76 3000 1007 9412 3456 7890 185", True),
        ("virement FR7630001007941234567890185", True),
        ("reçu le 3 mars, fractionné en 2", False),
        ("0304-19-01 FR", False),
    ],
)
def test_bank_details_are_recognised(text: str, bank: bool) -> None:
    assert looks_like_an_account(text) is bank


def test_bank_details_are_refused_and_never_shown(convention: Convention) -> None:
    convention.payment["bank_details"] = "FR7630001007941234567890185"
    convention.save()
    answer = add(convention, pilot_of(convention), note="FR76 3000 1007 9412 3456 7890 185")
    assert "coordonnées bancaires" in answer.content.decode()
    assert not convention.payments.exists()
    page = signed_in(pilot_of(convention)).get(reverse("conventions:payments", args=[convention.slug]))
    assert "30001007941234567890185" not in page.content.decode()


def test_the_second_of_two_people_chooses(convention: Convention) -> None:
    pilot = pilot_of(convention)
    add(convention, pilot)
    [payment] = convention.payments.all()
    url = reverse("conventions:edit_payment", args=[convention.slug, payment.public_id])
    client = signed_in(pilot)
    page = form_to(client.get(url), url)
    assert client.post(url, page.filled({"amount": "140 000"})).status_code == 302
    answer = client.post(url, {**page.filled({"amount": "130 000"}), "submission_key": ""})
    assert answer.status_code == 409
    chosen = form_to(answer, url).filled({"conflit-amount": "theirs"})
    assert client.post(url, chosen).status_code == 302
    payment.refresh_from_db()
    assert payment.amount == 140_000
    page_after = (
        signed_in(pilot).get(reverse("conventions:payments", args=[convention.slug])).content.decode()
    )
    assert "Historique des versements" in page_after


def test_each_departement_has_its_own_payments(territories: Any) -> None:
    convention = make_convention(two_departements())
    north, south = (pilot_of(convention, code) for code in ("59", "62"))
    add(convention, north, label="Versement du Nord", amount="100000", paid_on="1/7/2022")
    add(convention, south, label="Versement du Pas-de-Calais", amount="50000")
    page = payments_page(south, convention, TODAY)
    assert [each.payment.label for each in page.payments] == ["Versement du Pas-de-Calais"]
    [sums] = page.sums
    assert sums.expected == "50\u202f000\u00a0€"
    theirs = Payment.objects.get(label="Versement du Nord")
    edit = reverse("conventions:edit_payment", args=[convention.slug, theirs.public_id])
    assert signed_in(south).get(edit).status_code == 404
    state = payments_page(seated(convention, ConventionRole.STATE_PARTNER), convention, TODAY)
    assert len(state.payments) == 2

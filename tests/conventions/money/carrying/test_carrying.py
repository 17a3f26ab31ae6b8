"""One amount, one place: what a sheet gains is proposed everywhere the same money is written."""

from typing import Any

import pytest
from django.test import Client

from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.models import AnnexLine, BudgetAmount, Convention
from jalons.conventions.money.reconciliation.chain import chain
from tests.forms import form_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(pilot: Any) -> Client:
    client = Client()
    client.force_login(pilot, "jalons.accounts.backends.SessionBackend")
    return client


def changed_budget(client: Client, convention: Convention, amount: str) -> Any:
    """The State's part of the first sheet, typed: where the person is led."""
    sheet = convention.commitments.order_by("position")[0]
    url = f"/conventions/{convention.slug}/fiches/{sheet.public_id}/budget/"
    page = form_to(client.get(url), url)
    [name] = [name for name, value in page.values.items() if name.endswith("part_etat") and "€" in value[0]]
    return client.post(url, page.filled({name: amount}))


def test_the_gain_is_carried_everywhere_it_was_ticked(client: Client, convention: Convention) -> None:
    assert chain(read_dossier(convention)).gaps == []
    answer = changed_budget(client, convention, "110 000 €")
    url = answer["Location"]
    assert "/budget/reporter/?" in url
    page = client.get(url)
    text = page.content.decode()
    for words in (
        "200\u202f000\u00a0€ → 210\u202f000\u00a0€",
        "150\u202f000\u00a0€ → 160\u202f000\u00a0€",
        "Montant global",
    ):
        assert words in text
    form = form_to(page, url.partition("?")[0])
    assert client.post(url, form.values).status_code == 302
    stored = Convention.objects.get(pk=convention.pk)
    assert stored.part_etat == 160_000
    assert stored.amounts["global"]["amount"] == 310_000
    assert stored.planned_actions.filter(listed=False).order_by("position")[0].euros == 110_000
    assert BudgetAmount.objects.known().filter(part="total", amount=210_000).exists()
    gaps = {link.where.split()[0] for link in chain(read_dossier(stored)).gaps}
    assert gaps == {"Délibération"}, "seul le vote, qui a eu lieu, dit encore l’ancien montant"


def test_what_is_not_ticked_stays(client: Client, convention: Convention) -> None:
    url = changed_budget(client, convention, "110 000 €")["Location"]
    form = form_to(client.get(url), url.partition("?")[0])
    left = {name: value for name, value in form.values.items() if not name.startswith(("annexe", "texte"))}
    before = [line.figures for line in AnnexLine.objects.order_by("pk")]
    assert client.post(url, left).status_code == 302
    assert [line.figures for line in AnnexLine.objects.order_by("pk")] == before
    stored = Convention.objects.get(pk=convention.pk)
    assert stored.part_etat == 150_000
    assert stored.planned_actions.filter(listed=False).order_by("position")[0].euros == 110_000


def test_what_changed_meanwhile_is_read_again(client: Client, convention: Convention) -> None:
    url = changed_budget(client, convention, "110 000 €")["Location"]
    form = form_to(client.get(url), url.partition("?")[0])
    amounts = {**convention.amounts, "part_etat": {"raw": "170 000 €", "amount": 170_000}}
    Convention.objects.filter(pk=convention.pk).update(amounts=amounts)
    answer = client.post(url, form.values)
    assert answer.status_code == 200
    assert "ont changé pendant que vous lisiez" in answer.content.decode()
    assert Convention.objects.get(pk=convention.pk).part_etat == 170_000
    again = form_to(answer, url.partition("?")[0])
    assert client.post(url, again.values).status_code == 302
    assert Convention.objects.get(pk=convention.pk).part_etat == 180_000


def test_an_amount_that_did_not_move_leads_back_to_the_sheet(client: Client, convention: Convention) -> None:
    assert changed_budget(client, convention, "100 000 €")["Location"].endswith("#budget")
    sheet = convention.commitments.order_by("position")[0]
    url = f"/conventions/{convention.slug}/fiches/{sheet.public_id}/budget/reporter/?part_etat=oui&x=1&total=1e99"
    assert client.get(url).status_code == 302

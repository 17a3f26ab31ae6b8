"""The chain of the money: what the real file holds, what a sound one holds, what is unknown."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jalons import demonstration
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.exchange.reading import read
from jalons.conventions.models import Payment
from jalons.conventions.money.reconciliation import Chain, MoneyLinkState, chain
from jalons.conventions.money.reconciliation.vote import makes
from tests.conventions.samples import Json, sample, two_departements

REAL = Path(demonstration.__file__).parent / "data" / "calpae-2022.json"


def dossier_of(told: Json) -> Dossier:
    reading = read(told)
    dossier = reading.file.dossiers[0]
    dossier.deliberations = [
        content
        for content in reading.file.deliberations
        if any(amount.convention_key == dossier.convention.slug for amount in content.amounts)
    ]
    return dossier


@pytest.fixture(scope="module")
def real() -> Chain:
    return chain(dossier_of(json.loads(REAL.read_text())))


def warnings(found: Chain, key: str) -> list[tuple[str, Any]]:
    return [(link.where, link.gap) for link in found.step(key).links if link.state == MoneyLinkState.WARNING]


def test_the_sums_of_the_real_convention_head_the_page(real: Chain) -> None:
    told = [equation.replace("\u202f", " ").replace("\u00a0", " ") for equation in real.equations]
    assert told[0] == (
        "13 197 804 € (part de l’État) + 13 517 040 € (part du Département) = 26 714 844 € (total)"
    )
    assert told[1].startswith("8 839 578 €")
    assert "+ 4 358 226 €" in told[1]
    assert told[1].endswith("= 13 197 804 € (part de l’État)")


def test_the_remainders_of_the_real_sheets_are_said(real: Chain) -> None:
    found = dict(warnings(real, "sheets"))
    assert found == {"Fiche 5, sous-budgets": 1_288_238, "Fiches 7 et 8, budgets des thèmes": 85_000}


def test_a_missing_budget_is_unknown_and_never_zero(real: Chain) -> None:
    [link] = [each for each in real.step("annex_lines").links if each.where.startswith("Fiche 2,")]
    assert (link.expected, link.found, link.state) == (174_140, None, MoneyLinkState.WARNING)


@pytest.mark.parametrize("key", ["annex_sums", "announced", "actions", "heading", "vote"])
def test_what_ties_in_the_real_convention_is_right(real: Chain, key: str) -> None:
    assert real.step(key).state == MoneyLinkState.RIGHT


def test_the_accounting_lines_of_the_real_vote_are_not_explained(real: Chain) -> None:
    links = real.step("accounts").links
    assert [(link.found, link.state) for link in links] == [
        (5_661_418, MoneyLinkState.WARNING),
        (8_036_386, MoneyLinkState.WARNING),
        (13_697_804, MoneyLinkState.RIGHT),
    ]


def test_the_other_convention_of_the_vote_is_named(real: Chain) -> None:
    [note] = real.step("vote").notes
    assert "bassin-minier-2022" in note
    assert "500\u202f000" in note


def test_a_sound_convention_is_right_up_to_its_payments() -> None:
    dossier = dossier_of(sample())
    found = chain(dossier, [Payment(label="Versement", amount=Decimal(150_000), paid_on="2022-07-01")])
    wrong = [(step.key, link.where) for step in found.steps for link in step.links if link.gap]
    assert wrong == []
    assert found.step("payments").state == MoneyLinkState.RIGHT
    assert found.step("accounts").state == MoneyLinkState.RIGHT


def test_one_euro_is_a_rounding_and_two_are_a_gap() -> None:
    for more, state in ((1, MoneyLinkState.WARNING), (2, MoneyLinkState.GAP)):
        told = sample()
        told["fiches"][0]["budget"][0]["part_etat"]["amount"] += more
        told["fiches"][0]["budget"][0]["total"]["amount"] += more
        assert chain(dossier_of(told)).step("annex_lines").state == state


def test_a_convention_without_anything_has_nothing_to_compare() -> None:
    told = sample()
    told["conventions"][0] = {"id": "exemple-2022", "short_title": "Vide"}
    told["fiches"], told["annexes_financieres"], told["deliberation"] = [], [], None
    found = chain(dossier_of(told))
    assert {link.state for link in found.links} == {MoneyLinkState.UNKNOWN}
    assert not found.is_right
    assert not found.equations


def test_a_payment_to_come_is_not_a_payment() -> None:
    found = chain(dossier_of(sample()), [Payment(label="Solde", amount=Decimal(150_000))]).step("payments")
    assert found.links[0].found is None
    assert found.notes == ["1 versement n’est pas encore fait."]


def test_two_votes_that_each_allow_the_whole_are_not_added_up() -> None:
    found = chain(dossier_of(two_departements())).step("vote")
    assert [link.gap for link in found.links] == [0, 0]


@pytest.mark.parametrize(
    ("amount", "pieces", "answer"),
    [(30, [10, 20, 25], True), (31, [10, 20, 25], False), (0.3, [Decimal("0.1"), Decimal("0.2")], False)],
)
def test_sheets_are_chosen_whole(amount: Any, pieces: list[Any], answer: bool) -> None:
    assert makes(amount, pieces) is answer


def test_too_many_sheets_to_try_is_said_and_not_guessed() -> None:
    assert makes(10**30 + 1, [10**12 + 2**n for n in range(60)]) is None


@pytest.mark.django_db
def test_the_page_says_each_gap_in_words(client: Client, pilot: Any, convention: Any) -> None:
    client.force_login(pilot, "jalons.accounts.backends.SessionBackend")
    page = client.get(f"/conventions/{convention.slug}/rapprochement/").content.decode()
    assert "Sous-totaux et totaux" in page
    assert "Juste" in page
    assert "None" not in page

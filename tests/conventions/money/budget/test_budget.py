"""The money of a fiche, typed: amounts are facts, only what changes is a new version."""

from decimal import Decimal
from typing import Any

import pytest

from jalons.conventions.models import BudgetAmount, BudgetLine, Commitment, SubBudget
from tests.conventions.samples import sample
from tests.conventions.sheets.pages import address, sent, signed_in, stored, words
from tests.factories import Cast
from tests.forms import form_to

# `make_convention` then finds them made: see tests/conventions/conftest.py.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stored_convention")]
FIRST, SECOND = "exemple-2022-f01", "exemple-2022-f02-03"


def known(sheet: Commitment, part: str) -> BudgetAmount | None:
    return BudgetAmount.objects.known().filter(line__commitment=sheet, line__dropped=False, part=part).first()


def money(cast: Cast, sheet: Commitment, **changes: Any) -> Any:
    told = {name.replace("__", "-"): value for name, value in changes.items()}
    return sent(signed_in(cast.council), address(sheet, "budget/"), told)


def test_only_the_amount_that_changes_makes_a_version(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    before = BudgetAmount.objects.count()
    assert (
        money(cast, sheet, lignes__0__m_part_etat="100 001 €", reason="erreur de saisie").status_code == 302
    )
    assert BudgetAmount.objects.count() == before + 1
    amount = known(sheet, "part_etat")
    assert amount
    assert (amount.amount, amount.raw, amount.reason) == (100_001, "100 001 €", "erreur de saisie")
    assert "écart : 1 €" in words(signed_in(cast.council).get(address(sheet)))


@pytest.mark.parametrize(
    ("typed", "raw", "euros"),
    [
        ("13 197 804 €", "13 197 804 €", 13_197_804),
        ("13197804", "13 197 804 €", 13_197_804),
        ("12,5", "12,50 €", Decimal("12.5")),
        ("0", "0 €", 0),
        ("-", "-", None),
        ("ND", "ND", None),
    ],
)
def test_amounts_as_people_type_them(cast: Cast, typed: str, raw: str, euros: Any) -> None:
    sheet = stored(cast)[FIRST]
    assert money(cast, sheet, lignes__0__m_part_etat=typed).status_code == 302
    amount = known(sheet, "part_etat")
    assert amount
    assert (amount.raw, amount.amount) == (raw, euros)


def test_what_cannot_be_read_is_said_and_kept(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    answer = money(cast, sheet, lignes__0__m_part_etat="280 80", lignes__0__label="Autre")
    assert answer.status_code == 200
    assert "280 80" in words(answer)
    assert "plusieurs nombres" in words(answer)
    amount = known(sheet, "part_etat")
    assert amount
    assert amount.amount == 100_000


def test_an_emptied_amount_is_withdrawn_and_zero_is_not_empty(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    money(cast, sheet, lignes__0__m_part_departement="")
    assert known(sheet, "part_departement") is None
    assert BudgetAmount.objects.filter(part="part_departement", withdrawn=True).exists()


def test_a_line_is_added_and_removed(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    answer = money(
        cast, sheet, lignes__1__label="Montant 2021", lignes__1__year="2021", lignes__1__m_total="10 €"
    )
    assert answer.status_code == 302
    assert money(cast, sheet, lignes__0__remove="on").status_code == 302
    assert [line.label for line in BudgetLine.objects.filter(commitment=sheet, dropped=False)] == [
        "Montant 2021"
    ]
    assert BudgetLine.objects.filter(commitment=sheet, dropped=True).count() == 1


def test_another_funder_is_one_more_column(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    client, url = signed_in(cast.council), address(sheet, "budget/")
    form = form_to(client.get(url), url)
    answer = client.post(
        url, form.filled({"funder": "Région", "lignes-0-notes": "à suivre", "ajouter": "financeur"})
    )
    assert answer.status_code == 200
    assert "à suivre" in words(answer)
    again = form_to(answer, url)
    assert client.post(url, again.filled({"lignes-0-m_part_region": "5 000"})).status_code == 302
    amount = known(sheet, "part_region")
    assert amount
    assert amount.amount == 5_000
    shown = words(client.get(address(sheet)))
    assert "Part region" in shown
    assert "5 000 €" in shown


def test_two_people_on_one_amount(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    client, url = signed_in(cast.council), address(sheet, "budget/")
    form = form_to(client.get(url), url)
    money(cast, sheet, lignes__0__m_part_etat="111 €", lignes__0__m_total="222 €")
    answer = client.post(url, form.filled({"lignes-0-m_part_etat": "333 €"}))
    assert answer.status_code == 409
    assert "111 €" in words(answer)
    assert "333 €" in words(answer)
    again = form_to(answer, url)
    assert client.post(url, again.filled({"conflit-lignes-0-m_part_etat": "mine"})).status_code == 302
    mine, theirs = known(sheet, "part_etat"), known(sheet, "total")
    assert mine
    assert theirs
    assert (mine.amount, theirs.amount) == (333, 222)


def test_sub_budgets_nest_and_leave_a_rest(cast: Cast) -> None:
    sheet = stored(cast)[SECOND]
    url = address(sheet, "sous-budgets/")
    answer = sent(
        signed_in(cast.council),
        url,
        {
            "lignes-3-label": "repas",
            "lignes-3-amount": "4 000",
            "lignes-3-level": "1",
            "lignes-0-amount": "50 000",
        },
    )
    assert answer.status_code == 302
    inner = SubBudget.objects.get(label="repas")
    assert inner.parent
    assert inner.parent.label == "Insertion"
    shown = words(signed_in(cast.council).get(address(sheet)))
    assert "26 000 €" in shown  # of 40 000, once 10 000 and 4 000 are named
    assert "Reste non réparti<div" in shown.replace("réparti <", "réparti<")
    assert "10 000 €" in shown


def test_a_part_is_removed_with_what_is_under_it(cast: Cast) -> None:
    sheet = stored(cast)[SECOND]
    url = address(sheet, "sous-budgets/")
    answer = sent(signed_in(cast.council), url, {"lignes-1-remove": "on", "lignes-2-remove": "on"})
    assert answer.status_code == 302
    assert [part.label for part in SubBudget.objects.filter(commitment=sheet)] == ["Logement"]
    # An inner one whose parent goes becomes one of the fiche.
    again = stored(cast, sample("autre-2022"))["autre-2022-f02-03"]
    assert (
        sent(signed_in(cast.council), address(again, "sous-budgets/"), {"lignes-1-remove": "on"}).status_code
        == 302
    )
    assert {part.label for part in SubBudget.objects.filter(commitment=again)} == {"Logement", "mobilité"}

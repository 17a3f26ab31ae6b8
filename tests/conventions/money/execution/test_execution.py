"""Planned, committed, spent: sums that say what they lack, rates that are never averaged, five absences."""

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from jalons.actions.enums import FundingType
from jalons.actions.services import Money, set_money
from jalons.conventions.enums import ConventionRole, Stage
from jalons.conventions.models import BudgetAmount, BudgetLine, Convention
from jalons.conventions.money.execution.selectors import execution_page
from jalons.conventions.money.execution.services import Spent, set_execution
from jalons.core.values import Value
from jalons.history.services import Stale, save_record
from tests import factories
from tests.conventions.people import pilot_of, seated, signed_in
from tests.conventions.samples import make_convention, two_departements
from tests.forms import form_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def convention(stored_alone: int, db: None) -> Convention:
    return Convention.objects.get(pk=stored_alone)


def lines_of(convention: Convention) -> list[BudgetLine]:
    found = BudgetLine.objects.filter(commitment__convention=convention, commitment__parent=None)
    return list(found.select_related("commitment").order_by("commitment__position", "position"))


def spend(convention: Convention, *told: tuple[BudgetLine, str, Value], reason: str = "") -> int:
    facts = BudgetAmount.objects.known().filter(stage=Stage.EXECUTED)
    current = {(fact.line_id, fact.part): fact.pk for fact in facts}
    return set_execution(
        convention=convention,
        amounts=[
            Spent(line, part, Stage.EXECUTED, value, current.get((line.pk, part)))
            for line, part, value in told
        ],
        by=factories.actor(pilot_of(convention)),
        reason=reason,
    )


def address(convention: Convention, name: str) -> str:
    return reverse(f"conventions:{name}", args=[convention.slug])


def test_the_rate_comes_from_the_amounts_and_is_never_a_mean(convention: Convention) -> None:
    first, second, _ = lines_of(convention)  # the State brings 100 000, 25 000 and 25 000
    spend(convention, (first, "part_etat", Value.amount(50_000)), (second, "part_etat", Value.amount(25_000)))
    page = execution_page(pilot_of(convention), convention)
    state = page.funders[0]
    # 75 000 of 125 000; a mean of 50 % and 100 % would be 75 %.
    assert state.rate == "60\u00a0%"
    assert "75\u202f000\u00a0€ sur 125\u202f000\u00a0€, 2 lignes sur 3" in state.fraction
    assert page.funders[1].rate == ""


def test_sums_say_what_they_lack(convention: Convention) -> None:
    first, second, third = lines_of(convention)
    spend(
        convention,
        (first, "part_etat", Value.amount(1_000)),
        (second, "part_etat", Value.nd()),
        (third, "part_etat", Value.dash()),
    )
    executed = execution_page(pilot_of(convention), convention).funders[0].values[2]
    assert (executed.total, executed.known, executed.nd, executed.dash) == (1_000, 1, 1, 1)
    page = signed_in(pilot_of(convention)).get(address(convention, "execution")).content.decode()
    assert "≥\u00a01\u202f000\u00a0€ (1\u00a0ND)" in page


@pytest.mark.parametrize("typed", ["0", "ND", "/", "–", ""])
def test_the_five_states_come_back_as_they_were_typed(convention: Convention, typed: str) -> None:
    line = lines_of(convention)[0]
    client, url = signed_in(seated(convention, ConventionRole.FINANCE)), address(convention, "edit_execution")
    name = f"l{line.pk}-0-executed"
    assert client.post(url, form_to(client.get(url), url).filled({name: typed})).status_code == 302
    assert form_to(client.get(url), url).values[name] == [typed]
    count = BudgetAmount.objects.filter(line=line, stage=Stage.EXECUTED).count()
    assert count == (0 if typed == "" else 1)


def test_what_is_typed_twice_the_same_writes_nothing(convention: Convention) -> None:
    line = lines_of(convention)[0]
    assert spend(convention, (line, "part_etat", Value.amount(10))) == 1
    assert spend(convention, (line, "part_etat", Value.amount(10))) == 0
    assert BudgetAmount.objects.filter(line=line, stage=Stage.EXECUTED).count() == 1


def test_a_correction_wants_a_reason_and_keeps_the_old_amount(convention: Convention) -> None:
    line = lines_of(convention)[0]
    spend(convention, (line, "part_etat", Value.amount(10)))
    client, url = signed_in(pilot_of(convention)), address(convention, "edit_execution")
    name = f"l{line.pk}-0-executed"
    page = form_to(client.get(url), url)
    answer = client.post(url, page.filled({name: "20"}))
    assert answer.status_code == 200
    assert "dites pourquoi" in answer.content.decode()
    assert form_to(answer, url).values[name] == ["20"]
    assert client.post(url, page.filled({name: "20", "reason": "facture arrivée"})).status_code == 302
    versions = BudgetAmount.objects.filter(line=line, stage=Stage.EXECUTED).order_by("recorded_at")
    assert [(each.euros, each.reason) for each in versions] == [(10, ""), (20, "facture arrivée")]


def test_an_amount_that_is_emptied_is_withdrawn(convention: Convention) -> None:
    line = lines_of(convention)[0]
    spend(convention, (line, "part_etat", Value.amount(10)))
    spend(convention, (line, "part_etat", Value.empty()), reason="pas encore payé")
    assert not BudgetAmount.objects.known().filter(line=line, stage=Stage.EXECUTED).exists()
    assert spend(convention, (line, "part_etat", Value.amount(12))) == 1


def test_two_people_on_one_amount(convention: Convention) -> None:
    line = lines_of(convention)[0]
    client, url = signed_in(pilot_of(convention)), address(convention, "edit_execution")
    name, other = f"l{line.pk}-0-executed", f"l{line.pk}-1-executed"
    page = form_to(client.get(url), url)
    assert client.post(url, page.filled({name: "10"})).status_code == 302
    answer = client.post(url, {**page.filled({name: "20", other: "5"}), "submission_key": ""})
    assert answer.status_code == 409
    assert "10\u00a0€" in answer.content.decode()
    assert BudgetAmount.objects.known().filter(stage=Stage.EXECUTED).count() == 1
    chosen = form_to(answer, url).filled({f"conflit-{name}": "theirs"})
    assert client.post(url, chosen).status_code == 302
    found = {fact.part: fact.euros for fact in BudgetAmount.objects.known().filter(stage=Stage.EXECUTED)}
    assert found == {"part_etat": 10, "part_departement": 5}


def test_different_amounts_of_two_people_do_not_meet(convention: Convention) -> None:
    first, second, _ = lines_of(convention)
    client, url = signed_in(pilot_of(convention)), address(convention, "edit_execution")
    page = form_to(client.get(url), url)
    assert client.post(url, page.filled({f"l{first.pk}-0-executed": "10"})).status_code == 302
    late = {**page.filled({f"l{second.pk}-0-executed": "20"}), "submission_key": ""}
    assert client.post(url, late).status_code == 302
    assert BudgetAmount.objects.known().filter(stage=Stage.EXECUTED).count() == 2


def test_the_service_refuses_what_it_did_not_see(convention: Convention) -> None:
    line = lines_of(convention)[0]
    spend(convention, (line, "part_etat", Value.amount(10)))
    with pytest.raises(Stale):
        set_execution(
            convention=convention,
            amounts=[Spent(line, "part_etat", Stage.EXECUTED, Value.amount(11), None)],
            by=factories.actor(pilot_of(convention)),
        )


def test_each_departement_fills_its_own_lines(territories: Any) -> None:
    convention = make_convention(two_departements())
    south = pilot_of(convention, "62")
    names = form_to(signed_in(south).get(address(convention, "edit_execution")), "").values
    first = lines_of(convention)[0]
    assert not any(name.startswith(f"l{first.pk}-") for name in names)
    page = signed_in(south).get(address(convention, "execution")).content.decode()
    assert "maraudes" not in page.lower()
    assert "PREVENIR LES SORTIES SECHES" not in page  # a page does not shout as the paper does
    assert re.search("Pr[ée]venir les sorties s[èe]ches", page)


def test_what_the_dispositif_spent_is_proposed_and_counted_once(convention: Convention) -> None:
    sheet = convention.commitments.order_by("position")[0]
    pilot = pilot_of(convention)
    action = factories.make_action("MOUS Lille", by=factories.actor(pilot))
    amounts = {"executed": Value.amount(7_000)}
    money = Money(year=2022, kind=FundingType.DEDICATED, amounts=amounts)
    set_money(action=action, lines=[money], by=factories.actor(pilot), on=dt.date(2022, 1, 1))
    sheet.action = action
    save_record(record=sheet, by=None)
    reader = factories.make_user("correspondent", "59")
    page = execution_page(reader, convention)
    [proposal] = page.sheets[0].proposals
    assert "7\u202f000\u00a0€" in proposal.words
    assert page.whole is not None
    assert page.whole.values[2].known == 0
    assert execution_page(seated(convention, ConventionRole.READER), convention).sheets[0].proposals == ()


def test_the_page_costs_the_same_with_more_sheets(
    convention: Convention, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(pilot_of(convention))
    client.get(address(convention, "execution"))
    with django_assert_max_num_queries(45):
        client.get(address(convention, "execution"))


def test_sheets_of_which_nothing_is_told_fold(convention: Convention) -> None:
    first = lines_of(convention)[0]
    before = execution_page(pilot_of(convention), convention)
    assert all(sheet.is_blank for sheet in before.sheets)
    spend(convention, (first, "part_etat", Value.amount(10)))
    after = execution_page(pilot_of(convention), convention)
    assert [sheet.commitment for sheet in after.sheets if not sheet.is_blank] == [first.commitment]
    text = signed_in(pilot_of(convention)).get(address(convention, "execution")).content.decode()
    assert text.count('<details class="v-blank">') == len(after.sheets) - 1
    # Folded, all of it is in the page: without a script, and on paper.
    assert all(sheet.commitment.quiet_heading in unescape(text) for sheet in after.sheets)

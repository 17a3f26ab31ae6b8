"""Amendments: old → new, the money first, and what no more adds up because of them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

import jalons.demonstration
from jalons.conventions.alerts.after_write import touched
from jalons.conventions.enums import EditionKind
from jalons.conventions.models import Amendment, BudgetAmount, Convention
from jalons.conventions.versions.editions import freeze
from jalons.conventions.versions.selectors import amendment_shown
from jalons.history.services import correct
from tests import factories
from tests.conventions.people import pilot_of, signed_in
from tests.conventions.samples import make_convention, two_departements
from tests.forms import form_to

pytestmark = pytest.mark.django_db
REAL = Path(jalons.demonstration.__file__).parent / "data" / "calpae-2022.json"


@pytest.fixture
def convention(stored_alone: int, db: None) -> Convention:
    return Convention.objects.get(pk=stored_alone)


def address(convention: Convention, name: str, *more: str) -> str:
    return reverse(f"conventions:{name}", args=[convention.slug, *more])


def opened(convention: Convention, code: str = "59") -> Amendment:
    pilot = pilot_of(convention, code)
    freeze(convention=convention, kind=EditionKind.VOTE, title="Version votée", by=factories.actor(pilot))
    client, url = signed_in(pilot), address(convention, "add_amendment")
    answer = client.post(
        url, form_to(client.get(url), url).filled({"subject": "Un euro de plus", "dated": "1/9/2022"})
    )
    assert answer.status_code == 302, answer.content.decode()
    return convention.amendments.get()


def one_euro_more(convention: Convention, key: str, year: int = 2022) -> None:
    """On the part of the State of a sheet, as its page would write it."""
    by = factories.actor(pilot_of(convention))
    amount = BudgetAmount.objects.known().get(
        line__commitment__key=key, line__commitment__convention=convention, line__year=year, part="part_etat",
        line__position=BudgetAmount.objects.filter(line__commitment__key=key, line__year=year).order_by(
            "line__position").values("line__position")[:1],
    )  # fmt: skip
    more = (amount.amount or 0) + 1
    correct(fact=amount, by=by, reason="avenant", amount=more, raw="")
    touched(convention=convention, sheets=[amount.line.commitment])


def test_nothing_is_said_to_change_when_nothing_did(convention: Convention) -> None:
    amendment = opened(convention)
    page = signed_in(pilot_of(convention)).get(address(convention, "amendment", amendment.public_id))
    assert "Rien n’a changé" in page.content.decode()


def test_one_euro_more_is_one_euro_of_that_funder(convention: Convention) -> None:
    amendment = opened(convention)
    key = convention.commitments.order_by("position")[0].key
    one_euro_more(convention, key)
    pilot = pilot_of(convention)
    shown = amendment_shown(pilot, amendment)
    assert {each.share: each.delta for each in shown.funders} == {"etat": 1, "departement": 0, "total": 1}
    [chapter] = shown.chapters
    assert chapter.sheet == key
    assert [each.delta_words for each in chapter.money] == ["+1\u00a0€"]
    page = signed_in(pilot).get(address(convention, "amendment", amendment.public_id)).content.decode()
    assert "100\u202f001\u00a0€" in page
    assert "aucun montant n’a suivi" in page


def test_what_no_more_adds_up_is_told_and_not_what_never_did(convention: Convention) -> None:
    amendment = opened(convention)
    one_euro_more(convention, convention.commitments.order_by("position")[0].key)
    shown = amendment_shown(pilot_of(convention), amendment)
    assert shown.alerts
    assert {alert.rule for alert in shown.alerts} >= {"budget_total"}


def test_a_frozen_amendment_never_changes_again(convention: Convention) -> None:
    amendment = opened(convention)
    key = convention.commitments.order_by("position")[0].key
    one_euro_more(convention, key)
    pilot = pilot_of(convention)
    client, url = signed_in(pilot), address(convention, "freeze_amendment", amendment.public_id)
    page = form_to(client.get(url), url).filled({"reason": "voté ainsi"})
    assert client.post(url, page).status_code == 302
    amendment.refresh_from_db()
    assert amendment.result is not None
    assert (amendment.result.kind, amendment.result.number) == (EditionKind.AMENDMENT, 2)
    one_euro_more(convention, key)
    shown = amendment_shown(pilot, amendment)
    assert [each.delta for each in shown.funders] == [1, 0, 1]
    edit = address(convention, "edit_amendment", amendment.public_id)
    assert client.get(edit).status_code == 302
    client.post(edit, {"number": "1", "subject": "Autre", "base": amendment.base_id})
    amendment.refresh_from_db()
    assert amendment.subject == "Un euro de plus"
    assert client.post(url, {"reason": "encore"}).status_code == 302
    assert convention.editions.count() == 2


def test_the_next_amendment_starts_from_the_last_version(convention: Convention) -> None:
    amendment = opened(convention)
    client = signed_in(pilot_of(convention))
    url = address(convention, "freeze_amendment", amendment.public_id)
    client.post(url, form_to(client.get(url), url).filled({"reason": "voté"}))
    add = address(convention, "add_amendment")
    form = form_to(client.get(add), add)
    assert form.values["number"] == ["2"]
    assert form.values["base"] == [str(convention.editions.get(number=2).pk)]
    assert client.post(add, form.filled({"number": "1", "subject": "Doublon"})).status_code == 200
    assert convention.amendments.count() == 1


def test_an_amendment_needs_a_version_to_start_from(convention: Convention) -> None:
    client = signed_in(pilot_of(convention))
    answer = client.get(address(convention, "add_amendment"))
    assert answer.status_code == 302
    assert answer["Location"] == address(convention, "freeze")


def test_its_deliberation_is_one_of_the_convention(convention: Convention) -> None:
    amendment = opened(convention)
    [vote] = convention.deliberations.all()
    client, url = signed_in(pilot_of(convention)), address(convention, "edit_amendment", amendment.public_id)
    page = form_to(client.get(url), url)
    assert client.post(url, page.filled({"deliberation": str(vote.pk)})).status_code == 302
    amendment.refresh_from_db()
    assert amendment.deliberation == vote
    answer = client.post(url, {**page.filled({"subject": "Autre objet"}), "submission_key": ""})
    assert answer.status_code == 409
    assert vote.number in answer.content.decode()
    chosen = form_to(answer, url).filled({"conflit-deliberation": "theirs"})
    assert client.post(url, chosen).status_code == 302
    amendment.refresh_from_db()
    assert (amendment.deliberation, amendment.subject) == (vote, "Autre objet")


def test_the_changes_of_another_departement_are_counted_not_shown(territories: Any) -> None:
    convention = make_convention(two_departements())
    amendment = opened(convention)
    one_euro_more(convention, convention.commitments.order_by("position")[0].key)
    south = pilot_of(convention, "62")
    shown = amendment_shown(south, amendment)
    assert (shown.count, shown.hidden) == (0, 1)
    page = signed_in(south).get(address(convention, "amendment", amendment.public_id)).content.decode()
    assert "100\u202f001" not in page
    assert amendment_shown(pilot_of(convention, "59"), amendment).count == 1


def test_the_real_convention_amended_by_one_euro(territories: Any) -> None:
    convention = make_convention(json.loads(REAL.read_text()))
    amendment = opened(convention)
    one_euro_more(convention, "calpae-2022-f05")
    shown = amendment_shown(pilot_of(convention), amendment)
    deltas = {each.share: (each.before.total, each.after.total) for each in shown.funders}
    assert shown.count == 1
    assert deltas["etat"] == (13_197_804, 13_197_805)
    [chapter] = shown.chapters
    assert chapter.money[0].after == "8\u202f566\u202f046\u00a0€"

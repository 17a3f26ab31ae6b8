"""The rules are run once a change is committed, never while the base waits, and no change is left unchecked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from jalons.conventions.alerts import checking
from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.enums import AlertScope
from jalons.conventions.importing.storing import transcriber
from jalons.conventions.models import Alert, BudgetAmount, Commitment, Convention, PendingCheck
from jalons.core.periodic import jobs, run
from jalons.history.services import correct
from tests.conventions.alerts.checking import check_now
from tests.factories import BACKEND, Cast
from tests.forms import form_to

FIRST, SECOND = "exemple-2022-f01", "exemple-2022-f02-03"
UNCHECKED = "n’est pas encore contrôlé"


def sheet(key: str) -> Commitment:
    return Commitment.objects.get(key=key)


def saved(convention: Convention, key: str, euros: int) -> None:
    """A total that is not the sum of its shares any more."""
    fact = BudgetAmount.objects.known().filter(line__commitment__key=key, part="total").first()
    correct(fact=fact, by=transcriber(), reason="Erreur", amount=euros)
    touched(convention=convention, sheets=[sheet(key)], scopes=[AlertScope.MONEY])


def alerts(convention: Convention) -> list[tuple[Any, ...]]:
    rows = Alert.objects.filter(convention=convention)
    return sorted(rows.values_list("rule", "commitment__key", "where", "found", "fingerprint"), key=str)


def full_run(convention: Convention) -> list[tuple[Any, ...]]:
    check_now(convention)
    return alerts(convention)


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Every process stops between its commit and its checks, until this is called."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda *told, **named: None)
    return monkeypatch.undo


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


@pytest.mark.django_db
def test_no_rule_is_run_while_the_base_is_held(
    convention: Convention, pilot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a page: the outermost transaction is that of the form, not that of the service."""
    held: list[bool] = []

    def looked(convention: Convention) -> Dossier:
        held.append(not connection.atomic_blocks[-1]._from_testcase)
        return read_dossier(convention)

    monkeypatch.setattr(checking, "read_dossier", looked)
    before, client = alerts(convention), client_of(pilot)
    url = f"/conventions/{convention.slug}/fiches/{sheet(FIRST).public_id}/budget/"
    form = form_to(client.get(url), url)
    total = next(name for name, value in form.values.items() if name.endswith("total") and "€" in value[0])
    assert client.post(url, form.filled({total: "987 654 €"})).status_code == 302
    assert held == [False]
    assert alerts(convention) != before, "le verdict attend : il n’est pas là à la page suivante"
    assert UNCHECKED not in client.get(f"/conventions/{convention.slug}/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("mended_by", ["the periodic job", "the button", "the next save"])
def test_a_process_that_dies_before_the_checks_loses_no_alert(
    mended_by: str, convention: Convention, pilot: Any, killed: Callable[[], None]
) -> None:
    before, client = alerts(convention), client_of(pilot)
    saved(convention, FIRST, 123_456)
    assert alerts(convention) == before
    for place in ("", "alertes/", f"fiches/{sheet(FIRST).public_id}/"):
        assert UNCHECKED in client.get(f"/conventions/{convention.slug}/{place}").content.decode()
    killed()
    if mended_by == "the periodic job":
        job = next(job for job in jobs() if job.name == "Contrôles en attente")
        assert run(job) == "1\u00a0convention contrôlée."
        assert run(job) == "0\u00a0convention contrôlée."
    elif mended_by == "the button":
        client.post(f"/conventions/{convention.slug}/alertes/controler/")
    else:
        touched(convention=convention, sheets=[sheet(SECOND)], scopes=[AlertScope.DATES])
    found = alerts(convention)
    assert found != before
    assert found == full_run(convention)
    assert UNCHECKED not in client.get(f"/conventions/{convention.slug}/alertes/").content.decode()


@pytest.mark.django_db
def test_several_changes_of_one_transaction_are_checked_in_one_run(
    convention: Convention, killed: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(convention, FIRST, 123_456)
    saved(convention, SECOND, 234_567)
    touched(convention=convention, scopes=())
    killed()
    reads: list[Convention] = []
    monkeypatch.setattr(checking, "read_dossier", lambda one: reads.append(one) or read_dossier(one))
    assert checking.run_pending(convention.pk)
    assert len(reads) == 1
    assert alerts(convention) == full_run(convention)


@pytest.mark.django_db
def test_what_was_saved_while_we_read_is_read_again(
    convention: Convention, killed: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the old convention and half of the new one would give an alert that is true of neither."""
    others = iter([lambda: saved(convention, SECOND, 234_567)])

    def disturbed(one: Convention) -> Dossier:
        dossier = read_dossier(one)
        next(others, lambda: None)()
        return dossier

    monkeypatch.setattr(checking, "read_dossier", disturbed)
    saved(convention, FIRST, 123_456)
    assert checking.run_pending(convention.pk)
    assert not PendingCheck.objects.exists()
    assert alerts(convention) == full_run(convention)


@pytest.mark.django_db
def test_always_disturbed_it_leaves_the_marks_to_the_last_one(
    convention: Convention, killed: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def disturbed(one: Convention) -> Dossier:
        dossier = read_dossier(one)
        saved(convention, SECOND, 234_567)
        return dossier

    before = alerts(convention)
    saved(convention, FIRST, 123_456)
    monkeypatch.setattr(checking, "read_dossier", disturbed)
    assert not checking.run_pending(convention.pk)
    assert alerts(convention) == before
    monkeypatch.setattr(checking, "read_dossier", read_dossier)
    assert checking.run_pending(convention.pk)
    assert alerts(convention) == full_run(convention)


@pytest.mark.django_db
def test_who_read_before_does_not_write_over_who_read_after(
    convention: Convention, killed: Callable[[], None]
) -> None:
    saved(convention, FIRST, 123_456)
    pending = list(PendingCheck.objects.all())
    slow = checking.run(convention, read_dossier(convention), checking.extent_of(pending))
    saved(convention, FIRST, 345_678)
    assert checking.run_pending(convention.pk)
    after = alerts(convention)
    checking.write_pending(slow, pending)
    assert alerts(convention) == after == full_run(convention)


@pytest.mark.django_db
def test_who_read_before_keeps_the_mark_of_who_saved_after(
    convention: Convention, killed: Callable[[], None]
) -> None:
    saved(convention, FIRST, 123_456)
    pending = list(PendingCheck.objects.all())
    found = checking.run(convention, read_dossier(convention), checking.extent_of(pending))
    saved(convention, SECOND, 234_567)
    checking.write_pending(found, pending)
    assert PendingCheck.objects.count() == 1
    assert checking.run_pending(convention.pk)
    assert alerts(convention) == full_run(convention)


@pytest.mark.django_db
def test_a_failing_rule_undoes_nothing_of_what_was_saved(
    convention: Convention, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said in the journal; what was saved keeps its mark."""

    def broken(*told: Any, **named: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(checking, "check", broken)
    with pytest.raises(ZeroDivisionError):  # a test hears of it; a server writes it in its journal
        saved(convention, FIRST, 123_456)
    assert PendingCheck.objects.filter(convention=convention).count() == 1
    revision = Convention.objects.get(pk=convention.pk).revision
    assert revision == convention.revision + 1

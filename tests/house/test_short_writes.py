"""No form of a convention reads the whole of it, or runs its rules, while the others wait to write. See ADR 0041.

Files, programs, e-mails and passwords are watched under every test: `tests/guards/short_writes.py`.
"""

from typing import Any

import pytest
from django.db import transaction

from jalons.conventions.alerts import checking
from jalons.conventions.alerts.after_write import touched
from jalons.conventions.changes.between import contracted
from jalons.conventions.changes.change import Change
from jalons.conventions.changes.pledge import Pledge
from jalons.conventions.dossier import from_base as dossiers
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.enums import EditionKind, ReportState
from jalons.conventions.exchange.reading import read
from jalons.conventions.exchange.writing import canonical
from jalons.conventions.importing.storing import store_file, transcriber
from jalons.conventions.models import Amendment, Commitment, Convention, ExecutionReport
from jalons.conventions.report import services as reports
from jalons.conventions.versions import editions
from jalons.history.services import save_record
from tests.conventions.samples import sample
from tests.forms import form_to
from tests.guards import short_writes
from tests.house.convention_pages import CONVENTION_PAGES
from tests.house.pages import Page, World
from tests.house.test_permissions import allowed, ids, path, signed_in, url
from tests.house.test_writing import typed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.first_database(reason="ce qui est fait dans la transaction est le même sur les deux"),
]
WRITING = [page for page in CONVENTION_PAGES if page.data or page.name == "conventions:next_year"]
# What the rules and the versions are made of: long, whatever the convention.
WHOLE = (
    (checking, "check", "les règles tournent"),
    (editions, "write_file", "la convention est écrite"),
    (reports, "objective_obstacles", "les objectifs sont relus"),
)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done with a whole convention while a transaction is held, in words."""
    done: list[str] = []

    def watched(work: Any, words: str) -> Any:
        def wrapper(*args: Any, **named: Any) -> Any:
            if short_writes.is_held():
                done.append(words)
            return work(*args, **named)

        return wrapper

    for module, name, words in WHOLE:
        monkeypatch.setattr(module, name, watched(getattr(module, name), words))
    reading = dossiers.read_sheets

    def read_sheets(dossier: Any, commitments: list[Commitment], at: Any) -> None:
        if short_writes.is_held() and len(commitments) > 1:
            done.append(f"{len(commitments)} fiches sont lues")
        reading(dossier, commitments, at)

    monkeypatch.setattr(dossiers, "read_sheets", read_sheets)
    return done


@pytest.fixture
def voted(still: World) -> World:
    """Voted, and no amendment is being written: what changes it is compared."""
    Amendment.objects.update(result=still.edition)
    checking.check_again(convention=still.convention)
    still.convention.refresh_from_db()
    assert still.convention.unamended == 0
    return still


def send(page: Page, world: World) -> Any:
    client, address = signed_in(allowed(world, page)), url(page, world)
    data = typed(page, world) if page.data else form_to(client.get(address), path(page, world)).filled({})
    return client.post(address, data)


@pytest.mark.parametrize("page", WRITING, **ids)
def test_a_form_reads_before_it_holds(page: Page, voted: World, held: list[str]) -> None:
    if page.name.endswith("_amendment"):
        Amendment.objects.update(result=None)
    answer = send(page, voted)
    assert answer.status_code in (200, 302)
    assert held == []


def test_a_write_changes_no_more_of_what_was_voted_than_it_says(
    voted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is compared in part says the same as if the whole convention had been compared."""
    found: list[set[Change]] = []
    partly = Pledge.changes

    def changes(self: Pledge, stored: Convention, edition: Dossier, *said: Any) -> list[Change]:
        part = partly(self, stored, edition, *said)
        assert set(part) == set(contracted(edition, read_dossier(stored)))
        found.append(set(part))
        return part

    monkeypatch.setattr(Pledge, "changes", changes)
    for page in WRITING:
        with transaction.atomic():
            send(page, voted)
            transaction.set_rollback(True)
    assert sum(map(bool, found)) > 8, (
        "presque aucun formulaire ne change ce qui est voté : le test ne prouve rien"
    )


def test_a_report_is_sent_from_what_was_read_before(voted: World, held: list[str]) -> None:
    ExecutionReport.objects.update(state=ReportState.VOTED)
    page = next(page for page in WRITING if page.name == "conventions:advance_report")
    address, client = path(page, voted), signed_in(allowed(voted, page))
    client.post(address, form_to(client.get(address), address).filled({}))
    assert ExecutionReport.objects.get().state in (ReportState.VOTED, ReportState.SENT)
    assert held == []


def test_a_file_is_compared_before_it_is_written(voted: World, held: list[str]) -> None:
    told = sample()
    told["fiches"][0]["title"] = "Autre titre"
    assert store_file(file=read(told).file, by=transcriber()).changed
    assert held == []


def test_what_was_written_meanwhile_is_read_again(voted: World, held: list[str]) -> None:
    """A snapshot that does not stand any more is not frozen."""
    convention = voted.convention
    older = editions.snapshot_of(convention)
    article = convention.articles.first()
    article.title = "AUTRE OBJET"
    save_record(record=article, by=transcriber())
    touched(convention=convention)
    frozen = editions.freeze(
        convention=convention, kind=EditionKind.VOTE, title="Deux", by=transcriber(), snapshot=older
    )
    assert "AUTRE OBJET" in canonical(frozen.content)
    assert "la convention est écrite" in held


def test_an_older_record_does_not_put_back_the_count_of_changes(voted: World) -> None:
    """Else two states of a convention would have one revision, and what was read before would be taken for it."""
    convention = Convention.objects.get(pk=voted.convention.pk)
    touched(convention=convention, scopes=())
    stored = Convention.objects.values_list("revision", flat=True)
    before = stored.get(pk=convention.pk)
    convention.short_title = "Autre titre"
    save_record(record=convention, by=transcriber())
    assert stored.get(pk=convention.pk) == before
    assert before > convention.revision

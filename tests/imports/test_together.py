"""Two people write two tables about the same sites at the same time."""

import datetime as dt
import threading

import pytest
from django.db import connection

from jalons.history.services import Actor
from jalons.imports.enums import BatchState
from jalons.imports.models import ImportBatch
from jalons.imports.services import apply_now, ask_to_apply, prepare
from jalons.sites.models import Survey
from tests import factories
from tests.imports.test_applying import given

HEAD = "Commune\tSite\tPers.\tVu le\n"


def table(people: int, own: str) -> str:
    """Two sites that both tables count, and one that only this one names (an operator may not declare it)."""
    return (
        f"{HEAD}Lille\tTalus nord\t{people}\t28/09/2026\nLille\tTalus sud\t7\t28/09/2026\n"
        f"Lille\t{own}\t{people}\t28/09/2026\n"
    )


@pytest.mark.both_databases(reason="ce que deux écritures attendent l’une de l’autre dépend de la base")
@pytest.mark.django_db(transaction=True)
def test_two_tables_at_once() -> None:
    """No deadlock; the second is asked again for what the first wrote, and for nothing else."""
    cast = factories.make_cast()
    for name in ("Talus nord", "Talus sud"):
        factories.make_survey(factories.make_site(name), dt.date(2026, 6, 1), 30)
    people = [factories.actor(person) for person in (cast.correspondent59, cast.operator_a)]
    batches = [given(by, table(40 + n, f"Berge {n}"))
               for n, by in enumerate(people)]  # fmt: skip
    assert all(ask_to_apply(batch=batch) for batch in batches)
    started, faults = threading.Barrier(2), []

    def work(batch: ImportBatch, by: Actor) -> None:
        try:
            started.wait()
            apply_now(batch=batch, by=by)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in zip(batches, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    first, second = sorted(ImportBatch.objects.all(), key=lambda batch: batch.state)
    assert (first.state, second.state) == (BatchState.APPLIED, BatchState.READY)
    assert "rien n’a été enregistré" in second.failure
    moved = second.lines.filter(moved=True).values_list("label", flat=True)
    assert sorted(moved) == ["Talus nord", "Talus sud"]
    assert Survey.objects.known().count() == 2 + first.done
    # Asked again, then written.
    by = next(person for person in people if person.user.pk == second.author_id)
    prepare(batch=second, by=by)
    assert ask_to_apply(batch=second)
    assert apply_now(batch=second, by=by)
    second.refresh_from_db()
    assert Survey.objects.known().count() == 2 + first.done + second.done
    assert min(first.done, second.done) >= 2

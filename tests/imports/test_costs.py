"""What a table costs, whatever the machine: queries by chunk of rows, and what is held at once for each row."""

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jalons.history.services import Actor
from jalons.imports import choices
from jalons.imports.models import ImportBatch
from jalons.imports.reading.layout import find_layout
from jalons.imports.services import apply_now, ask_to_apply, ask_to_undo, undo_now
from jalons.imports.services.drafts import all_tables
from tests import factories
from tests.imports.test_applying import given

pytestmark = pytest.mark.django_db
FEW, MORE = 5, 18  # in one insertion on either database, so that chunks do not count
# Bytes held at most for each row of seven cells while it is judged, written and taken back; these may only fall.
HELD_FOR_A_ROW = 24_000
LETTERS = "bdfghjklmnprst"


def name_for(number: int) -> str:
    """Two names that no rule takes for one another."""
    return " ".join(
        "".join(LETTERS[int(digit)] + vowel for digit in f"{number * step % 9_973:04d}")
        for step, vowel in ((1, "a"), (7, "o"), (31, "i"))
    )


def table(rows: int, people: int, day: str) -> str:
    lines = [f"Lille\tLieu {name_for(number)}\t{people}\t12\toui\t{day}" for number in range(1, rows + 1)]
    return "\n".join(["Commune\tSite\tPers.\tMineurs\tEau\tVu le", *lines])


Step = Callable[[Callable[[], Any]], Any]


def plainly(work: Callable[[], Any]) -> Any:
    return work()


def queries_of(rows: int, by: Actor) -> list[int]:
    """Of each step: new rows, known rows, and back."""
    counts = []

    def counted(work: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as context:
            result = work()
        counts.append(len(context))
        return result

    given_and_written(rows, by, counted)
    return counts


def given_and_written(rows: int, by: Actor, step: Step = plainly) -> None:
    batches: list[ImportBatch] = []
    for people, day in ((40, "07/09/2026"), (41, "14/09/2026")):
        batch = step(lambda people=people, day=day: given(by, table(rows, people, day)))
        assert ask_to_apply(batch=batch)
        assert step(lambda batch=batch: apply_now(batch=batch, by=by))
        batch.refresh_from_db()
        assert (batch.done, batch.failure) == (rows, "")
        batches.append(batch)
    for batch in reversed(batches):
        assert ask_to_undo(batch=batch)
        step(lambda batch=batch: undo_now(batch=batch, by=by))


@pytest.mark.both_databases(reason="les requêtes d’un tableau ne dépendent pas de la base")
def test_more_rows_ask_no_more_queries(cast: Any) -> None:
    by = factories.actor(cast.correspondent59)
    given_and_written(2, by)  # what is read once for the process
    assert queries_of(FEW, by) == queries_of(MORE, by)


def test_a_table_is_sorted_once(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """From one page to the next, its rows are what they were when it was given."""
    by = factories.actor(cast.correspondent59)
    batch = ImportBatch.objects.get(pk=given(by, table(3, 40, "07/09/2026")).pk)
    layout = find_layout(all_tables(batch)[0].grid, choices.knows)
    monkeypatch.setattr(choices, "read_table", None)
    batch = ImportBatch.objects.get(pk=batch.pk)
    assert all_tables(batch)[0].layout == layout


def objects_of_tables() -> int:
    """The cells, records and lines that the process holds; a count of all its objects would see those of others."""
    modules = (str(type(thing).__module__) for thing in gc.get_objects())  # no text for some compiled types
    return sum(module.startswith("jalons.imports.") for module in modules)


def test_a_row_is_not_held_for_ever(cast: Any) -> None:
    """The worker lives on: after a table, nothing of its rows stays; during it, a bounded weight for each."""
    by, rows = factories.actor(cast.correspondent59), 200
    given_and_written(rows, by)  # what is kept for the process, few words of the last tables among it
    gc.collect()
    before = objects_of_tables()
    tracemalloc.start()
    try:
        given_and_written(rows, by)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    gc.collect()
    held = objects_of_tables() - before
    assert held < rows / 10, f"{held} objets restent pour {rows} lignes"
    assert peak / rows < HELD_FOR_A_ROW, peak / rows

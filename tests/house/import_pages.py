"""The addresses where a table is given, read, written and taken back: see `pages`."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from jalons.accounts.decorators import SIGNED_IN
from jalons.accounts.enums import Right
from jalons.imports.enums import BatchState
from jalons.imports.models import ImportBatch
from jalons.imports.reading.texts import read_pasted
from jalons.imports.services import apply_now, ask_to_apply, give_file, prepare
from tests import factories
from tests.house.page import Page
from tests.house.world import World

TABLE = "Commune\tSite\tPers.\tVu le\nLille\tRue du Moulin\t41\t02/01/2020\nLille\tTalus\t~30\t02/01/2020\n"
GIVES = (Right.READ_SITES, Right.MANAGE_ACCOUNTS)


def on_batch(world: World) -> Mapping[str, Any]:
    """A table whose rows wait, made when it is first asked for."""
    return {"public_id": batch_named(world, "en-attente.txt").public_id}


def on_applied(world: World) -> Mapping[str, Any]:
    batch = batch_named(world, "enregistre.txt")
    if batch.state == BatchState.READY and ask_to_apply(batch=batch):
        apply_now(batch=batch, by=factories.actor(world.cast.correspondent59))
    return {"public_id": batch.public_id}


def on_workbook(world: World) -> Mapping[str, Any]:
    """A workbook whose annotated copy is ready."""
    batch = batch_named(world, "classeur.xlsx", "xlsx")
    ImportBatch.objects.filter(pk=batch.pk).update(annotated=b"copie")
    return {"public_id": batch.public_id}


def batch_named(world: World, name: str, kind: str = "txt") -> ImportBatch:
    found = ImportBatch.objects.filter(file_name=name).first()
    if found is not None:
        return found
    by = factories.actor(world.cast.correspondent59)
    sheets = [read_pasted(TABLE)]
    return prepare(batch=give_file(name=name, kind=kind, content=TABLE.encode(), sheets=sheets, by=by), by=by)


def pasted(world: World) -> Mapping[str, Any]:
    return {"pasted": TABLE}


def told_columns(world: World) -> Mapping[str, Any]:
    return {"on": f"{dt.date(2020, 1, 2):%d/%m/%Y}"}


def own_page(name: str, kwargs: Any, **told: Any) -> Page:
    """A page of a batch: for another organisation it does not exist."""
    return Page(name, SIGNED_IN, kwargs, about_subject=False, own=True, any_of=GIVES, **told)


IMPORT_PAGES = [
    Page("imports:start", SIGNED_IN, data=pasted, any_of=GIVES),
    Page("imports:sample", SIGNED_IN, query=lambda world: "cible=sites", any_of=GIVES),
    Page("imports:sites_to_edit", Right.UPDATE_SITE),
    Page("imports:dispositifs_to_edit", Right.EDIT_ACTION),
    Page(
        "imports:follow_up_to_edit", Right.FOLLOW_ACTION, lambda world: {"public_id": world.action.public_id}
    ),
    Page("imports:funding_to_edit", Right.WRITE_FUNDING, lambda world: {"public_id": world.action.public_id}),
    own_page("imports:batch", on_applied),
    own_page("imports:columns", on_batch, data=told_columns),
    # What is answered there is judged again: see tests/imports/test_pages.py.
    own_page("imports:lines", on_batch),
    own_page("imports:absents", on_batch),  # tests/imports/test_applying.py
    own_page("imports:apply", on_batch, data=lambda world: {}, reads=False),
    own_page("imports:undo", on_applied, data=lambda world: {}, reads=False),
    # It leaves a word to the worker, not a row: tests/imports/test_progress.py.
    own_page("imports:stop", on_applied, reads=False),
    own_page("imports:corrections", on_batch),
    own_page("imports:annotate", on_workbook),  # tests/imports/test_copies.py
    own_page("imports:annotated", on_workbook),
    own_page("imports:original", on_batch),
]

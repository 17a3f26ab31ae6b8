"""The list of dispositifs exported to be changed, and given back: three contents of each cell, asked when two moved."""

import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from jalons.actions.models import Action, Intervention
from jalons.actions.services import update_action
from jalons.exports.models import Download
from jalons.history.services import Actor
from jalons.imports.enums import BatchState, CellVerdict
from tests import factories
from tests.imports.leaving import FilledBook
from tests.imports.test_applying import applied, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.correspondent59)


def taken(client: Client, user: Any, query: str = "") -> bytes:
    client.force_login(user, factories.BACKEND)
    answer: Any = client.get(reverse("imports:dispositifs_to_edit") + query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def run_of(action: Action) -> tuple[dt.date, dt.date | None]:
    run = Intervention.objects.known().get(action=action)
    return run.valid_on, run.planned_end


def test_only_what_was_changed_is_written_and_all_of_it_is_taken_back(
    cast: Any, client: Client, by: Actor
) -> None:
    mous = factories.make_action(
        "MOUS Lille", themes=("health", "school"), objectives="Résorber.\nScolariser."
    )
    bus = factories.make_action("Bus santé", themes=("health",))
    factories.make_action("Ailleurs", departement="13")
    content = taken(client, cast.correspondent59)
    page = client.get(reverse("actions:list")).content.decode()
    assert reverse("imports:dispositifs_to_edit") in page
    assert Download.objects.get().rows == 2
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    opened = {head for head, cell in zip(heads, sheet[2], strict=True) if not cell.protection.locked}
    assert {"Début", "Santé", "Rythme du suivi"} <= opened
    assert not {"Repère Jalons", "Département", "Dispositif"} & opened
    offered = {validation.formula1 for validation in sheet.data_validations.dataValidation}
    assert '"oui,non"' in offered

    untouched = FilledBook(content).given(by)
    assert untouched.target == "descriptions"
    assert set(untouched.lines.values_list("verdict", "is_written")) == {(CellVerdict.SAME, False)}

    # A colleague says otherwise the goals of one, and the rhythm of the other, meanwhile.
    update_action(action=mous, by=by, expected_version=mous.version, objectives="Reloger.", rhythm="monthly")
    before = [(action.themes, action.objectives, action.rhythm) for action in (mous, bus)]
    days = [run_of(action) for action in (mous, bus)]
    book = FilledBook(content)
    book.type("MOUS Lille", Objectifs="Résorber.\nScolariser.\nSoigner.", Santé="non")
    book.row("MOUS Lille")[book.column("Formation et emploi")] = "Oui"
    book.type(
        "Bus santé", Santé="non", Fin_prévue=dt.datetime(2031, 5, 31), Rythme_du_suivi="chaque trimestre"
    )
    batch = book.given(by)
    asked = batch.lines.get(label="MOUS Lille").cell("objectives")
    assert (asked["verdict"], len(asked["options"])) == (CellVerdict.DOUBTFUL, 2)
    refused = batch.lines.get(label="Bus santé").cell("themes_health")
    assert (refused["verdict"], "au moins un champ" in refused["rule"]) == (CellVerdict.REFUSED, True)
    batch = applied(batch, by)
    assert (batch.state, batch.done) == (BatchState.APPLIED, 2)
    mous.refresh_from_db()
    bus.refresh_from_db()
    assert (mous.themes, mous.objectives, mous.rhythm) == (("school", "work"), "Reloger.", "monthly")
    assert (bus.themes, bus.rhythm) == (("health",), "quarterly")
    assert run_of(bus) == (days[1][0], dt.date(2031, 5, 31))
    assert "ligne" in str(bus.history.latest("pk").history_change_reason or bus.history.latest("pk").__dict__)

    assert undone(batch, by).left == []
    mous.refresh_from_db()
    bus.refresh_from_db()
    assert [(action.themes, action.objectives, action.rhythm) for action in (mous, bus)] == before
    assert [run_of(action) for action in (mous, bus)] == days


def test_what_somebody_changed_since_is_kept_and_named(cast: Any, client: Client, by: Actor) -> None:
    action = factories.make_action("MOUS Lille", themes=("health",))
    content = taken(client, cast.correspondent59)
    batch = applied(FilledBook(content).type("MOUS Lille", Objectifs="Soigner.").given(by), by)
    action.refresh_from_db()
    update_action(action=action, by=by, expected_version=action.version, objectives="Soigner mieux.")
    [kept] = undone(batch, by).left
    action.refresh_from_db()
    assert ("MOUS Lille" in kept, action.objectives) == (True, "Soigner mieux.")


def test_rows_that_are_not_theirs_are_not_read(cast: Any, client: Client, by: Actor) -> None:
    """Names mixed by a sort, a row added, the file given by somebody else: nothing of it is written."""
    factories.make_action("MOUS Lille", themes=("health",))
    factories.make_action("Bus santé", themes=("health",))
    content = taken(client, cast.correspondent59)
    mixed = FilledBook(content)
    mixed.type("MOUS Lille", Objectifs="A").row("MOUS Lille")[mixed.column("Dispositif")] = "Autre"
    mixed.add(Dispositif="Nouveau", Santé="oui")
    batch = mixed.given(by)
    whys = list(batch.lines.order_by("line").values_list("why", flat=True))
    assert [line.is_written for line in batch.lines.all()] == [False] * 3
    assert any("n’est plus celui" in why for why in whys)
    assert any("se déclare" in why for why in whys)
    stranger = factories.actor(cast.correspondent13)
    batch = FilledBook(content).type("MOUS Lille", Objectifs="A").given(stranger)
    assert not batch.lines.filter(is_written=True).exists()
    client.force_login(cast.observer, factories.BACKEND)
    assert client.get(reverse("imports:dispositifs_to_edit")).status_code in (403, 404)
    assert reverse("imports:dispositifs_to_edit") not in client.get(reverse("actions:list")).content.decode()


def test_many_dispositifs_cost_no_query_more(cast: Any, client: Client, by: Actor) -> None:
    counts = []
    factories.make_action("MOUS", themes=("health",))
    FilledBook(taken(client, cast.correspondent59)).given(by)  # what is read once for the process
    for many in (3, 12):
        while Action.objects.count() < many:
            factories.make_action(f"MOUS {Action.objects.count()}", themes=("health",))
        with CaptureQueriesContext(
            connection,
        ) as leaving:
            content = taken(client, cast.correspondent59)
        book = FilledBook(content)
        for row in book.rows[1:]:
            row[book.column("Objectifs")] = "Soigner."
        with CaptureQueriesContext(connection) as judging:
            assert book.given(by).lines.filter(is_written=True).count() == many
        counts.append((len(leaving), len(judging)))
    assert counts[0] == counts[1]

"""The money of a dispositif exported to be changed, and given back."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.accounts.enums import OrganisationKind
from jalons.actions.enums import FundingType
from jalons.actions.models import FundingLine
from jalons.exports.models import Download
from jalons.history.services import Actor, correct
from jalons.imports.enums import BatchState, CellVerdict
from tests import factories
from tests.imports.leaving import FilledBook
from tests.imports.test_applying import applied, undone

pytestmark = pytest.mark.django_db


def amounts() -> list[tuple[Any, ...]]:
    lines = FundingLine.objects.known().order_by("year", "note")
    return [(line.year, line.kind, str(line.value("planned")), str(line.value("executed"))) for line in lines]


def test_only_what_was_changed_is_written(cast: Any, client: Client) -> None:
    by: Actor = factories.actor(cast.correspondent59)
    action = factories.make_action("MOUS Lille")
    mel = factories.make_organisation("Métropole", acronym="MEL", kind=OrganisationKind.EPCI)
    factories.make_funding(action, 2025, 50_000, kind=FundingType.LOCAL, funder=mel)
    other = factories.make_funding(action, 2026, 7_000, kind=FundingType.OTHER, note="CAF")
    before = amounts()
    client.force_login(cast.correspondent59, factories.BACKEND)
    page = client.get(reverse("actions:funding", args=[action.public_id]), follow=True).content.decode()
    url = reverse("imports:funding_to_edit", args=[action.public_id])
    assert url in page
    content = b"".join(client.get(url).streaming_content)
    assert Download.objects.get().rows == 2
    untouched = FilledBook(content).given(by)
    assert untouched.target == "funding"
    assert set(untouched.lines.values_list("verdict", "is_written")) == {(CellVerdict.SAME, False)}
    # A colleague writes the other line meanwhile: it stays; the same cell by both is asked.
    correct(fact=other, by=by, reason="", planned=8_000)
    book = FilledBook(content).type("MEL", Exécuté=12_500.5).type("CAF", Prévu=9_000)
    batch = book.given(by)
    asked = batch.lines.get(label="CAF").cell("planned")
    assert (asked["verdict"], len(asked["options"])) == (CellVerdict.DOUBTFUL, 2)
    batch = applied(batch, by)
    assert (batch.state, batch.done) == (BatchState.APPLIED, 1)
    assert amounts() == [
        (2025, "local", "50\u202f000\u00a0€", "12\u202f500,50\u00a0€"),
        (2026, "other", "8\u202f000\u00a0€", "non renseigné"),
    ]
    assert undone(batch, by).left == []
    assert amounts()[0] == before[0]
    client.force_login(cast.operator_a, factories.BACKEND)
    assert client.get(url).status_code in (403, 404)

"""The rows of a table on their page: what is answered is read again, what is foreign is left aside."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jalons.accounts.models import Membership
from jalons.history.services import Actor
from jalons.imports import jobs
from jalons.imports.enums import BatchState
from jalons.imports.models import ImportBatch
from jalons.imports.services import apply_now, ask_to_apply
from jalons.sites.models import Occupation
from tests import factories
from tests.imports.test_applying import TABLE, given

pytestmark = pytest.mark.django_db


def test_answers_are_judged_again(cast: Any, client: Client) -> None:
    site = factories.make_site("Rue du Moulin")
    by: Actor = factories.actor(cast.correspondent59)
    batch = given(by)
    client.force_login(cast.correspondent59, factories.BACKEND)
    url = reverse("imports:lines", args=[batch.public_id])
    assert "Talus" in client.get(f"{url}?verdict=doubtful").content.decode()
    typed = {
        "valeur-5-people": "31",
        "site-4": "leave",
        "site-999": "new",
        "regle-minors": "x",
        "valeur-x-y": "1",
    }
    client.post(url, typed)
    line = batch.lines.get(line=5)
    assert (line.cell("people")["after"], line.is_written) == ("31", True)
    assert batch.lines.get(line=4).decision == "leave"
    assert not batch.lines.filter(decision="new").exists()
    assert site.surveys.count() == 0


def test_a_table_of_another_structure_does_not_exist(cast: Any, client: Client) -> None:
    batch = given(factories.actor(cast.correspondent59))
    client.force_login(cast.correspondent13, factories.BACKEND)
    assert client.get(reverse("imports:lines", args=[batch.public_id])).status_code == 404


@pytest.mark.parametrize("kind", ["sites", "conditions", "funding", "indicators", "organisations", "inconnu"])
def test_samples_are_read_by_jalons(cast: Any, client: Client, kind: str) -> None:
    client.force_login(cast.correspondent59, factories.BACKEND)
    content = client.get(reverse("imports:sample"), {"cible": kind}).content.decode("utf-8-sig")
    answer = client.post(reverse("imports:start"), {"pasted": content.replace(";", "\t")})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("person", "offered"), [("correspondent59", True), ("operator_a", True), ("observer", False)]
)
def test_the_home_offers_it_to_who_may_write(cast: Any, client: Client, person: str, offered: bool) -> None:
    client.force_login(getattr(cast, person), factories.BACKEND)
    assert (reverse("imports:start") in client.get("/").content.decode()) is offered


def test_a_merge_hands_the_tables_on(cast: Any, client: Client) -> None:
    """To the members of the structure that acts from now on; those of another one still find nothing."""
    batch = given(factories.actor(cast.correspondent59))
    heir = factories.organisation_of(cast.mairie)
    type(heir).objects.filter(pk=batch.organisation_id).update(merged_into=heir)
    client.force_login(cast.mairie, factories.BACKEND)
    assert client.get(reverse("imports:lines", args=[batch.public_id])).status_code == 200
    client.force_login(cast.correspondent13, factories.BACKEND)
    assert client.get(reverse("imports:lines", args=[batch.public_id])).status_code == 404


def test_money_is_not_offered_to_who_does_not_read_it(cast: Any, client: Client) -> None:
    """A forged choice is refused, and the table stays as it was."""
    batch = given(factories.actor(cast.operator_a))
    client.force_login(cast.operator_a, factories.BACKEND)
    url = reverse("imports:columns", args=[batch.public_id])
    assert 'value="funding"' not in client.get(url).content.decode()
    assert client.post(url, {"sheet": "0", "target": "funding"}).status_code == 403
    batch.refresh_from_db()
    assert batch.target == "sites"
    assert client.get(url).status_code == 200


def test_a_session_or_a_right_lost_while_the_table_is_looked_at(cast: Any, client: Client) -> None:
    client.force_login(cast.correspondent59, factories.BACKEND)
    by = factories.actor(cast.correspondent59)
    batch = given(by, TABLE)
    lines, apply = (reverse(f"imports:{name}", args=[batch.public_id]) for name in ("lines", "apply"))
    # The session ends: the address asks who one is, and brings back to the same rows, for a week.
    client.logout()
    away: Any = client.get(lines)
    assert away.status_code == 302
    assert lines in away.url
    assert client.post(apply).status_code == 401
    client.force_login(cast.correspondent59, factories.BACKEND)
    ImportBatch.objects.update(created_at=timezone.now() - dt.timedelta(days=6, hours=23))
    jobs.forget_previews()
    assert client.get(lines).status_code == 200
    assert batch.public_id in client.get(reverse("imports:start")).content.decode()
    # The right ends between the request and the worker: nothing is written, and the page says why row by row.
    assert ask_to_apply(batch=batch)
    Membership.objects.filter(user=cast.correspondent59).update(ends_on=dt.date(2026, 1, 1))
    user = type(cast.correspondent59).objects.get(pk=cast.correspondent59.pk)
    assert not apply_now(batch=batch, by=Actor(user, by.organisation))
    batch.refresh_from_db()
    assert batch.state == BatchState.READY
    assert not Occupation.objects.exists()
    assert not batch.lines.filter(is_written=True).exists()
    # And before it: who has no right left neither reads the table nor writes it.
    assert [client.get(lines).status_code, client.post(apply).status_code] == [403, 403]

"""Every form × every kind of person: what is refused writes nothing. See `test_permissions`, which reads."""

from typing import Any

import pytest
from django.test import Client

from jalons.accounts.decorators import OPEN
from jalons.accounts.enums import Right
from tests.factories import BACKEND
from tests.forms import Form, form_to
from tests.house.pages import Page, World
from tests.house.test_permissions import (
    WRITTEN,
    allowed,
    get,
    ids,
    path,
    people,
    refusal,
    rows,
    signed_in,
    url,
)


@pytest.fixture
def world(still: World, db: None) -> World:
    return still


def typed(page: Page, world: World) -> dict[str, Any]:
    """What the browser of the person allowed sends: the form of the page, filled."""
    assert page.data is not None
    client = Client() if page.access == OPEN else signed_in(allowed(world, page))
    form = form_to(get(client, page, world), path(page, world)) if page.reads else Form("post", "")
    return form.filled(page.data(world))


@pytest.mark.first_database(
    reason="qui peut écrire se décide sans la base ; `test_writing` écrit chaque page sur les deux"
)
@pytest.mark.parametrize("page", [page for page in WRITTEN if page.data and page.access != OPEN], **ids)
def test_writing_by_others(page: Page, world: World) -> None:
    address, data, before = url(page, world), typed(page, world), rows()
    assert Client().post(address, data).status_code == 401, "sans session, la saisie est gardée"
    for user in people(world, page):
        expected = refusal(user, page, world)
        if expected:
            assert signed_in(user).post(address, data).status_code == expected, user
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(allowed(world, page), BACKEND)
    assert forged.post(address, data).status_code == 403, "un formulaire venu d’ailleurs est passé"
    assert rows() == before, "un envoi refusé a écrit"


@pytest.mark.both_databases(reason="chaque page, sur les deux bases")
@pytest.mark.parametrize("page", [page for page in WRITTEN if page.data], **ids)
def test_writing(page: Page, world: World) -> None:
    address, data, before = url(page, world), typed(page, world), rows()
    writer = Client() if page.access == OPEN else signed_in(allowed(world, page))
    answer = writer.post(address, data)
    assert answer.status_code in (200, 204, 302), answer.content.decode()[:2000]
    if isinstance(page.access, Right):
        assert rows() != before, "l’envoi permis n’a rien écrit : ses données sont-elles valables ?"
    else:
        assert answer.status_code == page.done, "le formulaire est revenu : ses données sont-elles valables ?"

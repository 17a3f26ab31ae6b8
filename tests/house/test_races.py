"""Every form that writes, sent four times at once: nobody reads a fault, nothing is written twice.

The pages are those of `tests.house.pages`: a page that writes is raced without anyone thinking of it.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.test import Client

from jalons.accounts.decorators import OPEN
from jalons.accounts.enums import Right
from jalons.core.models import Submission
from tests.forms import Form, form_to
from tests.house.crowd import Answer, apart, copied, race, sent_by
from tests.house.pages import Page, World
from tests.house.test_permissions import WRITTEN, allowed, get, ids, path, signed_in, url

WRITING = [page for page in WRITTEN if page.data]
# A double click, and two others: each meets one alike and one unlike. Forty at once have their own test.
DOUBLE_CLICK, OTHERS = 2, 2
VERSIONS = ("seen", "expected_version")


@dataclass
class Race:
    form: Form
    answers: list[Answer]
    sendings: int  # how many are written down
    later: Answer  # to the same form sent once more, from a page that was left open
    reopened: int  # how the page answers afterwards

    @property
    def clicks(self) -> list[Answer]:
        return self.answers[:DOUBLE_CLICK]

    @property
    def is_edition(self) -> bool:
        """Somebody may have saved since: only one of those who saw the same version may win."""
        return any(value not in ("", "0") for name in VERSIONS for value in self.form.values.get(name, ()))


def opened(page: Page, world: World) -> Form:
    client = Client() if page.access == OPEN else signed_in(allowed(world, page))
    return form_to(get(client, page, world), path(page, world)) if page.reads else Form("post", "")


def typed_anew(form: Form, page: Page, world: World, key: str = "") -> dict[str, Any]:
    assert page.data is not None
    data = form.filled(page.data(world))
    return data | ({"submission_key": key or str(uuid.uuid4())} if "submission_key" in data else {})


def senders(page: Page, world: World, form: Form) -> list[Callable[[], Answer]]:
    address, click, found = url(page, world), str(uuid.uuid4()), []
    for place in range(DOUBLE_CLICK + OTHERS):
        data = typed_anew(form, page, world, click if place < DOUBLE_CLICK else "")
        client = Client() if page.access == OPEN else signed_in(allowed(world, page))
        found.append(partial(sent_by, client, address, data))
    return found


def raced(page: Page, world: World, source: str) -> Race:
    with copied("course", source):
        form = opened(page, world)
        runners = senders(page, world, form)
        before = Submission.objects.count()
        answers, sendings = race(runners), Submission.objects.count() - before
        client = Client() if page.access == OPEN else signed_in(allowed(world, page))
        later = sent_by(client, url(page, world), typed_anew(form, page, world))
        reopened = get(client, page, world).status_code if page.reads else 200
        return Race(form, answers, sendings, later, reopened)


def forty(world: World, source: str) -> list[Answer]:
    page = next(page for page in WRITING if page.name == "sites:event_add")
    with copied("file", source):
        form, address = opened(page, world), url(page, world)
        client = allowed(world, page)
        sent = [
            partial(sent_by, signed_in(client), address, typed_anew(form, page, world)) for _ in range(40)
        ]
        return race(sent)


pytestmark = [pytest.mark.django_db, pytest.mark.both_databases(reason="les verrous")]


def test_forty_people_write_at_once(crowded: tuple[World, str]) -> None:
    """Nobody is told that the base is locked."""
    answers = apart(lambda: forty(*crowded))
    assert [answer.error for answer in answers if answer.error] == []
    assert [answer.won for answer in answers] == [True] * 40


@pytest.mark.parametrize("page", WRITING, **ids)
def test_several_at_once(page: Page, crowded: tuple[World, str]) -> None:
    run = apart(lambda: raced(page, *crowded))
    assert [answer.error for answer in run.answers if answer.status >= 500] == []
    assert {answer.status for answer in run.answers} <= {200, 204, 302, 409, 410}
    held = {name for answer in run.answers for name in answer.held}
    assert held == set(), "une page est faite pendant que les autres attendent pour écrire"
    if not isinstance(page.access, Right):
        return
    winners = [answer for answer in run.answers if answer.won]
    assert winners, "personne n’a pu enregistrer"
    if "submission_key" in run.form.values:
        assert sum(answer.won for answer in run.clicks) <= 1, "un double clic a écrit deux fois"
        assert run.sendings <= 1 + OTHERS
    if run.is_edition:
        assert len(winners) == 1, "le dernier a écrasé les autres sans le savoir"
    silent = [answer for answer in run.answers if not answer.sentences and answer.status != 204]
    assert not silent, "quelqu’un ne sait pas ce qu’est devenu son envoi"
    # Closed, removed or merged since: said in words, no bare « not found », no fault.
    assert run.later.error == ""
    assert run.later.status in {200, 204, 302, 409, 410}
    assert run.later.sentences or run.later.status == 204, "rien ne dit ce qu’est devenu l’envoi d’après"
    assert run.reopened in {200, 302, 410}

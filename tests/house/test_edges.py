"""Every page in worlds where everything begins later, is over, or was never told: see `edges`."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction

from jalons.accounts.decorators import OPEN
from jalons.accounts.models import User
from tests.forms import Form, form_to
from tests.guards import commits
from tests.house.edges import EDGES, Edge
from tests.house.pages import Page, World
from tests.house.test_permissions import WRITTEN, allowed, path, refusal, signed_in, url

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Visit:
    """A page as one person finds it; `data` is what they would type in the ordinary world."""

    page: Page
    user: User
    address: str
    path: str
    data: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.page.name} pour {self.user}"


def visits(edge: Edge, world: World) -> list[Visit]:
    """Those of the pages that the edge may change, by who is allowed; of dispositifs, by an operator too."""
    found = []
    for page in WRITTEN:
        if not edge.touches(page.name):
            continue
        address, way, data = url(page, world), path(page, world), page.data(world) if page.data else {}
        people = [allowed(world, page)]
        people += [world.cast.operator_a] if page.on_an_action else []
        found += [Visit(page, user, address, way, data) for user in dict.fromkeys(people)]
    return found


def again(record: Any) -> Any:
    """The record as the edge left it."""
    return type(record)._default_manager.filter(pk=record.pk).first() or record


def bent(world: World) -> World:
    """The world as the edge left it: its subjects read again, with nothing computed before."""
    found = replace(world, site=again(world.site), action=again(world.action))
    agreed = world.agreed
    found.__dict__["agreed"] = replace(
        agreed, convention=again(agreed.convention), commitment=again(agreed.commitment)
    )
    return found


def answers(visit: Visit) -> list[int]:
    """What the page answers when it is opened, then when its form is sent; what that wrote is undone."""
    client = signed_in(visit.user)
    form, seen = Form("post", ""), []
    if visit.page.reads:
        answer = client.get(visit.address)
        seen.append(answer.status_code)
        if answer.status_code == 200 and not answer.streaming and b"<main" in answer.content:
            form = form_to(answer, visit.path)
    if visit.page.data is not None or not visit.page.reads:
        with commits.held():
            seen.append(client.post(visit.address, form.filled(visit.data)).status_code)
            transaction.set_rollback(True)
    return seen


def failure(visit: Visit) -> tuple[str, bool]:
    """What broke, in words; and whether a right was refused."""
    try:
        seen = answers(visit)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{visit} : {type(error).__name__} {error} ({frame.filename}:{frame.lineno})", False
    return (f"{visit} : {seen}" if max(seen) >= 500 else ""), 403 in seen


def lets_in(visit: Visit, world: World) -> bool:
    """The table lets this person in: a 403 would tell them of a right that they have."""
    return visit.page.access != OPEN and refusal(again(visit.user), visit.page, world) == 0


FIRST_ONLY = pytest.mark.first_database(
    reason="un coin d’un monde que les bords entiers tordent sur les deux bases"
)


@pytest.mark.parametrize(
    "edge",
    [pytest.param(edge, id=edge.name, marks=[FIRST_ONLY] if edge.around else []) for edge in EDGES],
)
def test_at_the_edge(edge: Edge, still: World) -> None:
    """No failure, and nobody whom the table lets in is told that they have no right."""
    broken, refused = [], []
    planned = visits(edge, still)
    assert planned
    with commits.held():
        edge.bend(still)
        world = bent(still)
        for visit in planned:
            words, forbidden = failure(visit)
            broken += [words] if words else []
            refused += [visit] if forbidden and lets_in(visit, world) else []
        transaction.set_rollback(True)
    # Some rights the table does not say: to withdraw a comment, one must have written it.
    misleading = [f"{visit} : 403" for visit in refused if not failure(visit)[1]]
    assert broken + misleading == [], "\n".join(broken + misleading)

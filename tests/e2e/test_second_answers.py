"""What no address gives: a vote that would change, someone who wrote in between, what is no longer there.

Each is shown in a browser as it was answered. `test_every_page` walks the others.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from playwright.sync_api import Page as Tab
from playwright.sync_api import Route

from jalons.conventions.models import Amendment
from tests.e2e.browser import Watch, axe, sign_in
from tests.factories import Cast
from tests.forms import form_to
from tests.house.pages import PAGES, Page, World, make_world
from tests.house.test_pairs import another
from tests.house.test_permissions import allowed, path, signed_in, url

pytestmark = pytest.mark.django_db(transaction=True)
LINES = {page.name: page for page in PAGES}
ASKED = 200  # the form again, with the question
AGREED = {"malgre_le_vote": "1"}
# One of each frame that a form of a convention has.
VOTED = [
    "conventions:edit_identity",
    "conventions:edit_articles",
    "conventions:edit_labels",
    "conventions:edit_budget",
    "conventions:edit_rows",
    "conventions:grid",
    "conventions:cell",
    "conventions:carry_amounts",
]
WRITTEN_TWICE = ["sites:edit", "sites:owner_add", "actions:edit", "actions:contact_edit", "actions:funding"]
WRITTEN_TWICE += ["conventions:edit_articles", "conventions:edit_labels", "conventions:grid"]
GONE = ["actions:contact_remove", "actions:funding_remove"]


def sent(page: Page, world: World, form: Any, typed: dict[str, Any]) -> HttpResponse:
    return signed_in(allowed(world, page)).post(url(page, world), form.filled(typed))


def form_of(page: Page, world: World) -> Any:
    return form_to(signed_in(allowed(world, page)).get(url(page, world)), path(page, world))


def second_answers(world: World) -> Iterator[tuple[str, int, HttpResponse]]:
    """(name, status, answer), in an order where each finds what it needs."""
    Amendment.objects.all().delete()  # while one is being written, nothing is asked
    for page in map(LINES.__getitem__, VOTED):
        assert page.data is not None
        yield page.name, ASKED, sent(page, world, form_of(page, world), dict(page.data(world)))
    for page in map(LINES.__getitem__, WRITTEN_TWICE):
        assert page.data is not None
        first, second = form_of(page, world), form_of(page, world)
        told = dict(page.data(world))
        sent(page, world, first, told | AGREED)
        typed = {name: another(name, value, second.options) for name, value in told.items()}
        yield page.name, 409, sent(page, world, second, typed)
    for page in map(LINES.__getitem__, GONE):
        assert page.data is not None
        form, told = form_of(page, world), dict(page.data(world))
        sent(page, world, form, told)
        yield page.name, 410, sent(page, world, form, {**told, "reason": "Saisi deux fois, le 12 mars."})


def shown(tab: Tab, name: str, answer: HttpResponse) -> None:
    here = f"/ailleurs/{name.replace(':', '-')}/"
    headers = {header: value for header, value in answer.items() if header != "Content-Length"}

    def fulfil(route: Route) -> None:
        route.fulfill(status=200, headers=headers, body=answer.content.decode())

    tab.route(f"**{here}", fulfil)
    tab.goto(here)


def test_second_answers_are_within_reach(phone: Tab, cast: Cast, watch: Watch) -> None:
    world = make_world(cast)
    assert world.agreed
    sign_in(phone, cast.council)
    for name, status, answer in second_answers(world):
        assert answer.status_code == status, name
        assert ("malgre_le_vote" in answer.content.decode()) is (status == ASKED), name
        shown(phone, name, answer)
        alert = phone.get_by_role("alert").first
        assert alert.evaluate(
            "alert => alert === document.activeElement || alert.contains(document.activeElement)"
        ), f"{name} : ce qui s’est passé n’est pas lu d’abord"
        axe(phone)
        for width in (390, 320):
            phone.set_viewport_size({"width": width, "height": 844})
            wide = phone.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{name} déborde de {wide} pixels sur {width}"

"""Every page of the table, at both widths: axe finds nothing, nothing overflows, the console stays silent."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import ViewportSize

from jalons.accounts.decorators import OPEN
from tests.e2e.browser import Watch, axe, sign_in
from tests.e2e.layout import straight
from tests.factories import BACKEND, Cast
from tests.house.pages import PAGES, Page, World, make_world

PHONE, DESKTOP = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
pytestmark = pytest.mark.django_db(transaction=True)


def addresses(world: World, cast: Cast) -> list[tuple[Page, str]]:
    """The pages that answer HTML to the person who is allowed."""
    found = []
    for page in PAGES:
        if not page.reads or page.answers != 200:
            continue
        path = reverse(page.name, kwargs=page.kwargs(world) if page.kwargs else None)
        path += f"?{page.query(world)}" if page.query else ""
        client = Client()
        if page.access != OPEN:
            client.force_login(getattr(cast, page.person), BACKEND)
        answer = client.get(path)
        whole = not answer.streaming and b"<html" in answer.content[:200]
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and whole:
            found.append((page, path))
    return found


# What a person sees at the width of now. Kept in the page, so that the other width tells what only this one shows.
SEEN = "window.seenHere = [...document.body.querySelectorAll('*')].filter(node => node.checkVisibility())"
ONLY_HERE = "window.seenHere = window.seenHere.filter(node => !node.checkVisibility())"


def overflow(tab: Tab) -> int:
    return tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def check(tab: Tab, path: str) -> None:
    """At 390 wide, then at 1280. Colours, the longest to judge, are judged once for what both widths show."""
    tab.set_viewport_size(PHONE)
    tab.goto(path)
    assert overflow(tab) <= 0, f"{path} déborde de {overflow(tab)} pixels sur un téléphone"
    straight(tab)
    axe(tab, without=["color-contrast"])
    tab.evaluate(SEEN)
    tab.set_viewport_size(DESKTOP)
    assert overflow(tab) <= 0, f"{path} déborde de {overflow(tab)} pixels"
    straight(tab)
    axe(tab)
    if tab.evaluate(f"{ONLY_HERE}; window.seenHere.length"):
        tab.set_viewport_size(PHONE)
        axe(tab, context="{include: window.seenHere}", only=["color-contrast"])


def walk(tab: Tab, world: World, cast: Cast, part: slice) -> None:
    signed: str | None = None
    pages = addresses(world, cast)
    assert len(pages) > 30
    # Those that need no session come first: signing in leads some of them elsewhere.
    for page, path in sorted(pages, key=lambda found: (found[0].access != OPEN, found[0].person))[part]:
        if page.access != OPEN and signed != page.person:
            sign_in(tab, getattr(cast, page.person))
            signed = page.person
        check(tab, path)


@pytest.mark.parametrize("part", [slice(0, None, 2), slice(1, None, 2)], ids=["even", "odd"])
def test_every_page(phone: Tab, cast: Cast, watch: Watch, part: slice) -> None:
    walk(phone, make_world(cast), cast, part)

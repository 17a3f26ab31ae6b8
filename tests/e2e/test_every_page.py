"""Every page of the table, at both widths: axe finds nothing, nothing overflows, the console stays silent."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page as Tab

from jalons.accounts.decorators import OPEN
from tests.e2e.browser import Watch, axe, sign_in
from tests.factories import BACKEND, Cast
from tests.house.pages import PAGES, Page, World, make_world

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


def walk(tab: Tab, world: World, cast: Cast) -> None:
    signed: str | None = None
    pages = addresses(world, cast)
    assert len(pages) > 30
    # Those that need no session come first: signing in leads some of them elsewhere.
    for page, path in sorted(pages, key=lambda found: (found[0].access != OPEN, found[0].person)):
        if page.access != OPEN and signed != page.person:
            sign_in(tab, getattr(cast, page.person))
            signed = page.person
        tab.goto(path)
        axe(tab)
        wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} déborde de {wide} pixels"


def test_desktop(page: Tab, cast: Cast, watch: Watch) -> None:
    walk(page, make_world(cast), cast)


def test_phone(phone: Tab, cast: Cast, watch: Watch) -> None:
    walk(phone, make_world(cast), cast)

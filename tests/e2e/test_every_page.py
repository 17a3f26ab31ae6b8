"""Every page of the table, at both widths: axe finds nothing, nothing overflows, the console stays silent."""

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Error, ViewportSize
from playwright.sync_api import Page as Tab

from jalons.accounts.decorators import OPEN
from tests.e2e.browser import AXE, Watch, axe, sign_in
from tests.e2e.layout import straight
from tests.factories import Cast
from tests.house.pages import PAGES, Page, World, make_world

PHONE, DESKTOP = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
# Chromium lays out an image opened alone; the policy of our files refuses its styles, and the image is still seen.
IMAGE_ALONE = r"Applying inline style violates .*/(documents/\w+/apercu/|rapports/logo/\w+\.png)\)$"
pytestmark = pytest.mark.django_db(transaction=True)


def address(page: Page, world: World) -> str:
    path = reverse(page.name, kwargs=page.kwargs(world) if page.kwargs else None)
    return path + (f"?{page.query(world)}" if page.query else "")


def opened(tab: Tab, path: str) -> bool:
    """Whether `path` is a whole page of its own: neither a file, nor a piece of a page, nor a way to another page."""
    try:
        answer = tab.goto(path)
    except Error as error:
        if "Download is starting" in error.message or "ERR_ABORTED" in error.message:
            return False
        raise
    assert answer is not None
    whole = answer.headers["content-type"].startswith("text/html") and "<html" in answer.text()[:200]
    return whole and answer.status == 200 and answer.request.redirected_from is None


def overflow(tab: Tab) -> int:
    return tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def check(tab: Tab, path: str) -> bool:
    """At 390 wide, then at 1280; False when it is no page."""
    tab.set_viewport_size(PHONE)
    if not opened(tab, path):
        return False
    assert overflow(tab) <= 0, f"{path} déborde de {overflow(tab)} pixels sur un téléphone"
    straight(tab)
    axe(tab)
    tab.set_viewport_size(DESKTOP)
    assert overflow(tab) <= 0, f"{path} déborde de {overflow(tab)} pixels"
    straight(tab)
    axe(tab)
    return True


def walk(tab: Tab, world: World, cast: Cast, part: slice) -> None:
    signed: str | None = None
    pages = [page for page in PAGES if page.reads and page.answers == 200]
    # Those that need no session come first: signing in leads some of them elsewhere.
    found = 0
    for page in sorted(pages, key=lambda page: (page.access != OPEN, page.person))[part]:
        if page.access != OPEN and signed != page.person:
            sign_in(tab, getattr(cast, page.person))
            signed = page.person
        found += check(tab, address(page, world))
    assert found > 100, "presque rien n’est une page : ce test ne prouve rien"


@pytest.mark.parametrize("part", [slice(0, None, 2), slice(1, None, 2)], ids=["even", "odd"])
def test_every_page(phone: Tab, cast: Cast, watch: Watch, part: slice) -> None:
    watch.expect(IMAGE_ALONE)
    # Sent once: half a megabyte for each page was a tenth of the time.
    phone.context.add_init_script(AXE)
    with transaction.atomic():  # one commit, not one a row
        world = make_world(cast)
    walk(phone, world, cast, part)

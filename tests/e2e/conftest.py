"""Fixtures of the journeys in Chromium: `page` (1280 wide), `phone` (390 wide), `watch`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils.module_loading import import_string
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.browser import ARGUMENTS, Watch
from tests.guards.chromium import chromium

HERE = Path(__file__).parent
# A machine of two cores that also runs everything else: what must come may come late, and a failure still fails.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def cast(transactional_db: None) -> Any:
    """Committed: the live server reads it from its own thread."""
    with transaction.atomic():  # one commit, not one a row
        return import_string("tests.factories.make_cast")()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("Chromium est introuvable (sous Debian : apt install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What went wrong on the pages of this test, which fails in the end if anything remains."""
    watch = Watch()
    yield watch
    assert not watch.remaining(), "la page a échoué :\n" + "\n".join(watch.remaining())


def opened(browser: Browser, live_server: Any, watch: Watch, **options: Any) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url, locale="fr-FR", timezone_id="Europe/Paris", **options
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    watch.over(page)
    yield page
    context.close()


@pytest.fixture
def page(browser: Browser, live_server: Any, watch: Watch) -> Iterator[Page]:
    yield from opened(browser, live_server, watch, viewport={"width": 1280, "height": 900})


@pytest.fixture
def phone(browser: Browser, live_server: Any, watch: Watch) -> Iterator[Page]:
    screen = {"width": 390, "height": 844}
    yield from opened(browser, live_server, watch, viewport=screen, has_touch=True, is_mobile=True)

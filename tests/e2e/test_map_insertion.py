"""Insertion sites in Chromium: a mark of their own, that leads to the dispositif and can be switched off."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from jalons.actions.models import Action
from tests.e2e.browser import axe, sign_in
from tests.factories import LILLE, ROUBAIX, Cast, make_action, make_insertion_site, make_site

pytestmark = pytest.mark.django_db(transaction=True)
MARK = re.compile("^Terrain d’insertion Les tilleuls, Roubaix")


@pytest.fixture
def action(cast: Cast) -> Action:
    make_site("Rue du Général", LILLE, latitude=50.63, longitude=3.06)
    action = make_action("MOUS Roubaix")
    make_insertion_site(action, "Les tilleuls", ROUBAIX, latitude=50.695, longitude=3.18)
    return action


def test_mark_leads_to_the_dispositif(page: Page, cast: Cast, action: Action) -> None:
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, cast.correspondent59)
    page.goto("/carte/")
    expect(page.get_by_text("1 site affiché", exact=True)).to_be_visible()  # they are not counted as sites
    page.get_by_role("button", name=MARK).click()
    popup = page.locator(".leaflet-popup")
    expect(popup).to_contain_text("Terrain d’insertion, Roubaix (59)")
    axe(page)
    popup.get_by_role("link", name="MOUS Roubaix").click()
    expect(page).to_have_url(re.compile(f"/dispositifs/{action.public_id}/$"))


def test_a_mark_never_hides_how_many_sites_there_are(page: Page, cast: Cast, action: Action) -> None:
    for rank in range(3):
        make_site(f"Bois {rank}", ROUBAIX, latitude=50.695, longitude=3.18)
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, cast.correspondent59)
    page.goto("/carte/")
    expect(page.get_by_text("4 sites affichés", exact=True)).to_be_visible()
    number = page.locator(".j-cluster b").filter(has_text="3")
    over = number.evaluate(
        """one => {
            const {x, y, width, height} = one.getBoundingClientRect();
            return document.elementFromPoint(x + width / 2, y + height / 2).closest(".leaflet-marker-icon").className;
        }"""
    )
    assert "j-cluster" in over


def test_layer_is_switched_off_with_the_keyboard(page: Page, cast: Cast, action: Action) -> None:
    sign_in(page, cast.correspondent59)
    page.goto("/carte/")
    expect(page.get_by_role("button", name=MARK)).to_have_count(1)
    box = page.get_by_role("checkbox", name="Terrain d’insertion (1)")
    box.focus()
    box.press(" ")
    expect(page.get_by_role("button", name=MARK)).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Rue du Général"))).to_have_count(1)
    box.press(" ")
    expect(page.get_by_role("button", name=MARK)).to_have_count(1)


def test_without_javascript(browser: Browser, live_server: Any, cast: Cast, action: Action) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.correspondent59)
    page.goto("/carte/")
    row = page.get_by_role("row").filter(has_text="Les tilleuls")
    expect(row.get_by_role("link", name="MOUS Roubaix")).to_be_visible()
    expect(page.locator("[data-map-layer]")).to_be_hidden()
    context.close()

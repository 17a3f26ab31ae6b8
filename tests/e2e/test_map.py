"""The map in a real browser: with the mouse, with the keyboard, on a phone, without tiles, without JavaScript."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from jalons.sites.models import Site
from jalons.territories.models import Outline
from tests.e2e.browser import Watch, axe, sign_in
from tests.factories import LILLE, ROUBAIX, Cast, make_site, make_survey
from tests.maps.conftest import days_ago

pytestmark = pytest.mark.django_db(transaction=True)
NORD = [[[[2.0, 49.9], [4.3, 49.9], [4.3, 51.2], [2.0, 51.2], [2.0, 49.9]]]]


@pytest.fixture
def sites(cast: Cast) -> list[Site]:
    """Two sites side by side in Lille, a third alone in Roubaix, a fourth nowhere."""
    Outline.objects.create(departement_id="59", geometry={"type": "MultiPolygon", "coordinates": NORD})
    made = [
        make_site("Rue du Général", LILLE, latitude=50.6300, longitude=3.0600),
        make_site("Quai Nord", LILLE, latitude=50.6301, longitude=3.0601),
        make_site("Bois Joli", ROUBAIX, latitude=50.6950, longitude=3.1800),
        make_site("Impasse des Lilas", LILLE),
    ]
    make_survey(made[0], days_ago(10), 112, minors=36)
    make_survey(made[2], days_ago(300), 8)
    return made


def marks(page: Page) -> Any:
    return page.locator(".j-spot")


def test_marks_clusters_and_popups(page: Page, cast: Cast, sites: list[Site], watch: Watch) -> None:
    page.emulate_media(reduced_motion="reduce")  # a popup that fades in has no contrast yet
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, cast.correspondent59)
    page.goto("/sites/?au=" + days_ago(1).isoformat())
    page.get_by_role("link", name="Carte", exact=True).click()
    expect(page.get_by_text("3 sites affichés")).to_be_visible()
    expect(page.locator(".j-cluster")).to_have_count(1)
    expect(page.locator(".j-cluster b")).to_have_text("2")
    expect(page.locator(".j-outline")).to_have_count(1)
    expect(page.get_by_text("1 site n’a pas de point")).to_be_visible()
    axe(page)
    page.get_by_role("button", name=re.compile("^Bois Joli, Roubaix")).click()
    popup = page.locator(".leaflet-popup")
    expect(popup).to_contain_text("8 personnes")
    expect(popup).to_contain_text(f"le {days_ago(300):%d/%m/%Y}, Diagnostic d’un opérateur, déclaré")
    axe(page)
    popup.get_by_role("link", name="Bois Joli").click()
    expect(page).to_have_url(re.compile(f"/sites/{sites[2].public_id}/\\?au={days_ago(1).isoformat()}$"))
    assert all(url.startswith("http://localhost:") or url.startswith("data:") for url in asked)


def test_with_the_keyboard_alone(page: Page, cast: Cast, sites: list[Site]) -> None:
    sign_in(page, cast.correspondent59)
    page.goto("/carte/")
    expect(page.get_by_role("button", name="Zoom avant")).to_be_visible()
    lone = page.get_by_role("button", name="Bois Joli, Roubaix (59), 8 personnes")
    for _ in range(60):
        page.keyboard.press("Tab")
        if lone.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup").get_by_role("link", name="Bois Joli")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(lone).to_be_focused()
    page.get_by_role("button", name=re.compile("^2 sites")).focus()
    page.keyboard.press("Space")
    expect(marks(page).filter(visible=True)).not_to_have_count(1)
    page.get_by_role("button", name="Revoir tous les sites").press("Enter")
    expect(page.get_by_text("3 sites affichés", exact=True)).to_be_visible()


def test_on_a_phone(phone: Page, cast: Cast, sites: list[Site]) -> None:
    sign_in(phone, cast.correspondent59)
    phone.emulate_media(reduced_motion="reduce")
    phone.goto("/carte/?statut=ouverts")
    expect(phone.get_by_text("3 sites affichés")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name=re.compile("^Bois Joli")).tap()
    expect(phone.locator(".leaflet-popup")).to_contain_text("8 personnes")
    axe(phone)


def test_tiles_that_do_not_come(
    page: Page, cast: Cast, sites: list[Site], watch: Watch, settings: Any
) -> None:
    settings.MAP_TILE_URL = "/fond/{z}/{x}/{y}.png"
    watch.expect("status of 404")
    sign_in(page, cast.correspondent59)
    page.goto("/carte/")
    note = page.get_by_text("Le fond de carte ne répond pas")
    expect(note).to_be_visible()
    canvas, words = page.locator("[data-map-canvas]").bounding_box(), note.bounding_box()
    assert canvas is not None
    assert words is not None
    assert words["y"] >= canvas["y"] + canvas["height"]  # it does not cover the map
    expect(page.locator(".j-outline")).to_have_count(1)
    expect(page.locator(".j-cluster")).to_have_count(1)


def test_points_that_do_not_come(page: Page, cast: Cast, sites: list[Site], watch: Watch) -> None:
    watch.expect("ERR_FAILED")
    sign_in(page, cast.correspondent59)
    page.route("**/sites.geojson*", lambda route: route.abort())
    page.goto("/carte/")
    expect(page.get_by_text("Les sites n’ont pas pu être chargés")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Bois Joli")).to_be_visible()


def test_without_javascript(browser: Browser, live_server: Any, cast: Cast, sites: list[Site]) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.correspondent59)
    page.goto("/carte/")
    drawing = page.get_by_role("img", name=re.compile("^4 sites ouverts au "))
    expect(drawing).to_be_visible()
    assert page.request.get(drawing.get_attribute("src") or "").ok
    expect(page.locator("[data-map-sites]")).to_be_hidden()
    expect(page.get_by_role("row").filter(has_text="Rue du Général")).to_contain_text("112")
    context.close()


def test_point_is_picked(page: Page) -> None:
    page.goto("/composants")
    canvas = page.get_by_role("application", name="Carte pour situer le site")
    latitude, longitude = page.get_by_label("Latitude"), page.get_by_label("Longitude")
    page.evaluate(
        "() => { window.told = []; document.addEventListener('change', ({target}) => window.told.push(target.name)); }"
    )
    canvas.focus()
    page.keyboard.press("Enter")
    expect(latitude).to_have_value(re.compile(r"^50,636\d{3}$"))
    expect(longitude).to_have_value(re.compile(r"^3,063\d{3}$"))
    assert page.evaluate("window.told") == ["lieu-longitude"]
    before = longitude.input_value()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".leaflet-pan-anim")).to_have_count(0)  # the map has arrived
    page.keyboard.press("Enter")
    expect(longitude).not_to_have_value(before)
    canvas.click(position={"x": 300, "y": 60})
    expect(page.get_by_text(re.compile("^Point posé : 50,"))).to_be_visible()
    expect(page.locator(".j-near-point")).to_have_count(2)
    page.get_by_role("button", name="Retirer le point").click()
    expect(latitude).to_have_value("")
    expect(page.get_by_text("Aucun point n’est posé.")).to_be_visible()


def test_point_is_not_picked_from_afar(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/composants")
    box = page.locator("[data-map-picker]")
    for _ in range(5):
        box.get_by_role("button", name="Zoom arrière").click()
    box.get_by_role("button", name="Poser le point au centre").click()
    expect(box.get_by_text("visez de plus près")).to_be_visible()
    expect(page.get_by_label("Latitude")).to_have_value("")
    box.get_by_role("button", name="Poser le point au centre").click()
    expect(page.get_by_label("Latitude")).to_have_value(re.compile("^50,6"))


def test_point_follows_what_is_typed(page: Page) -> None:
    page.goto("/composants")
    page.get_by_label("Latitude").fill("48,8566")
    page.get_by_label("Longitude").fill("2.3522")
    page.get_by_label("Longitude").press("Tab")
    expect(page.get_by_text("Point posé : 48,85660 ; 2,35220")).to_be_visible()
    page.get_by_label("Latitude").fill("au nord")
    page.get_by_label("Latitude").press("Tab")
    expect(page.get_by_text("Aucun point n’est posé.")).to_be_visible()


def test_fields_are_enough_without_javascript(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/composants")
    expect(page.get_by_label("Latitude")).to_be_visible()
    expect(page.locator("[data-map-picker]")).to_be_hidden()
    expect(page.locator("[data-map]")).to_be_hidden()
    context.close()


def test_site_on_its_sheet(page: Page, cast: Cast, sites: list[Site]) -> None:
    sign_in(page, cast.correspondent59)
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(f"/sites/{sites[0].public_id}/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("typeof window.L") == "undefined"  # out of sight: neither Leaflet nor outlines
    page.locator("[data-map]").scroll_into_view_if_needed()
    expect(page.get_by_role("region", name="Rue du Général").locator(".j-pin")).to_be_visible()
    outline = page.locator("[data-map] .j-outline")
    expect(outline).to_have_count(1)
    seen = outline.evaluate(
        "one => { const box = one.getBoundingClientRect(); return [box.width, box.height]; }"
    )
    assert min(seen) > 0
    assert max(seen) < 700  # its border is in sight, not a plain colour
    axe(page)
    page.get_by_role("link", name="Voir sur la carte").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("112 personnes, dont 36 mineurs")


def test_click_on_the_map_of_a_declaration(page: Page, cast: Cast, sites: list[Site]) -> None:
    sign_in(page, cast.correspondent59)
    page.goto("/sites/nouveau/")
    page.locator("summary", has_text="Préciser le point").click()
    page.get_by_label("Latitude").fill("50,6303")
    page.get_by_label("Longitude").fill("3,0604")
    page.get_by_label("Longitude").press("Tab")
    expect(page.get_by_role("heading", name="Est-ce l’un de ceux-ci ?")).to_be_visible()
    expect(page.locator(".j-near-point")).to_have_count(2)
    expect(page.locator(".j-pin.chosen")).to_be_visible()

"""A layer in a real browser: given, saved, ticked under the map, seen near a site; on a phone; without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from jalons.layers.models import MapLayer, ShownLayer
from jalons.territories.models import Outline
from tests.e2e.browser import axe, sign_in
from tests.factories import Cast, actor, make_site
from tests.layers.making import make_layer, point

pytestmark = pytest.mark.django_db(transaction=True)
NORD = [[[[2.0, 49.9], [4.3, 49.9], [4.3, 51.2], [2.0, 51.2], [2.0, 49.9]]]]
TABLE = (
    "exploitation;culture;lat;lon\nSerres Martin;tomates;50,632;3,062\nLes Prés;blé;50,9;2,6\nAilleurs;;0;0\n"
)


def outlines() -> None:
    Outline.objects.create(departement_id="59", geometry={"type": "MultiPolygon", "coordinates": NORD})


def test_from_a_file_to_the_sheet_of_a_site(page: Page, cast: Cast) -> None:
    page.emulate_media(reduced_motion="reduce")
    outlines()
    site = make_site("Rue du Moulin", latitude=50.63, longitude=3.06)
    sign_in(page, cast.operator_a)
    page.goto("/carte/")
    page.get_by_role("link", name="Couches", exact=True).click()
    page.get_by_role("link", name="Ajouter une couche").first.click()
    file = {"name": "maraichers.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    page.get_by_label("Fichier").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Lire ces lieux").click()
    expect(page.locator("[data-layer-alone] .j-layer-spot")).to_have_count(2)
    expect(page.get_by_text("ligne 4")).to_be_visible()
    axe(page)
    page.get_by_label("Source").fill("Chambre d’agriculture")
    page.get_by_label("Date des données").fill("1/3/2020")
    page.get_by_label("Nom de chaque objet").select_option("exploitation")
    page.get_by_role("button", name="Enregistrer la couche").click()
    expect(page.get_by_role("link", name="maraichers", exact=True)).to_be_visible()
    page.goto("/carte/")
    box = page.get_by_label("maraichers")
    expect(box).to_be_checked()
    expect(page.locator(".j-layer-spot")).to_have_count(2)
    with page.expect_response(re.compile("affichees")):
        box.uncheck()
    expect(page.locator(".j-layer-spot")).to_have_count(0)
    assert not ShownLayer.objects.exists()
    with page.expect_response(re.compile("affichees")):
        box.check()
    page.locator(".j-layer-spot").last.dispatch_event("click")
    expect(page.locator(".leaflet-popup")).to_contain_text("Chambre d’agriculture")
    axe(page)
    page.goto(f"/sites/{site.public_id}/")
    expect(page.locator("#couches")).to_contain_text("Serres Martin")
    page.locator(".j-map-small").scroll_into_view_if_needed()
    expect(page.locator(".j-map-small .j-layer-spot")).not_to_have_count(0)
    axe(page)


def test_on_a_phone(phone: Page, cast: Cast) -> None:
    """A layer of outlines and points; what is ticked on the sheet is drawn on its small map."""
    phone.emulate_media(reduced_motion="reduce")
    outlines()
    layer = make_layer(by=actor(cast.correspondent59), shared="59")
    site = make_site("Rue du Moulin", latitude=50.63, longitude=3.06)
    sign_in(phone, cast.mairie)
    phone.goto(f"/couches/{layer.public_id}/")
    expect(phone.locator(".leaflet-layers-pane path.leaflet-interactive")).to_have_count(1)
    axe(phone)
    phone.goto(f"/sites/{site.public_id}/")
    box = phone.get_by_label("Maraîchers")
    with phone.expect_response(re.compile("affichees")):
        box.check()
    phone.locator(".j-map-small").scroll_into_view_if_needed()
    expect(phone.locator(".j-map-small .j-layer-spot")).to_have_count(1)
    assert list(ShownLayer.objects.filter(user=cast.mairie).values_list("layer", flat=True)) == [layer.pk]


def test_without_javascript(browser: Browser, live_server: object, cast: Cast) -> None:
    outlines()
    make_site("Rue du Moulin", latitude=50.63, longitude=3.06)
    make_layer(by=actor(cast.correspondent59), shared="59", features=[point("Serres Martin")])
    context = browser.new_context(base_url=str(live_server), java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    sign_in(page, cast.mairie)
    page.goto("/carte/")
    page.get_by_label("Maraîchers").check()
    page.get_by_role("button", name="Afficher ces couches").click()
    expect(page.get_by_label("Maraîchers")).to_be_checked()
    drawing = page.request.get("/carte/sites.svg").text()
    assert "Chambre d’agriculture" in drawing
    page.goto(f"/couches/{MapLayer.objects.get().public_id}/")
    expect(page.locator(".j-layer-drawing")).to_be_visible()
    context.close()

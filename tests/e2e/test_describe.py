"""Declaring, editing at the same time and merging, in a browser: with the keyboard alone, and on a phone."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from jalons.sites.geocoding import Address, Unavailable
from jalons.sites.models import Site, Survey
from jalons.sites.services import update_site
from jalons.sites.views import declare
from tests.e2e.browser import axe, sign_in
from tests.factories import LILLE, Cast, actor, make_site, make_survey

PONT = Address(
    "12 Rue du Pont 59000 Lille", "12 Rue du Pont", LILLE, 50.62, 3.05, "59, Nord, Hauts-de-France"
)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declare, "search_addresses", lambda *args, **options: [PONT])


@pytest.fixture
def known(cast: Cast) -> Site:
    site = make_site("Les Tilleuls", address="3 rue du Pont", latitude=50.6203, longitude=3.05)
    make_survey(site, dt.date(2020, 1, 10), 40)
    return site


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_site_is_declared_with_the_keyboard_alone(page: Page, cast: Cast, found: None, known: Site) -> None:
    sign_in(page, cast.correspondent59)
    page.goto("/sites/nouveau/")
    axe(page)
    page.get_by_label("Adresse", exact=True).focus()
    page.keyboard.type("12 rue du p")
    expect(page.locator("li[role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Adresse", exact=True)).to_have_value("12 Rue du Pont")
    expect(page.get_by_label("Commune")).to_have_value("Lille")
    expect(page.locator("#id_latitude")).to_have_value("50,62")
    # The neighbour is shown at once, and said to a screen reader.
    expect(page.get_by_role("heading", name="Est-ce l’un de ceux-ci")).to_be_visible()
    expect(page.locator("#proches-dit")).to_contain_text("1 site proche")
    axe(page)
    page.get_by_label("Date d’installation").fill("mars 2017")
    page.keyboard.press("Tab")
    expect(page.locator("#installation-comprise")).to_contain_text("à partir du 1er mars 2017")
    page.get_by_label("Date de l’observation").focus()
    page.keyboard.press("Control+a")  # the day is proposed
    page.keyboard.type("12/03/2020")
    # « Entrée » sends the declaration, not the first neighbour.
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("est déclaré à Lille")
    site = Site.objects.get(name="12 Rue du Pont")
    assert (site.commune_id, site.latitude) == (LILLE, 50.62)


def test_it_was_that_one_and_nothing_typed_is_lost(phone: Page, cast: Cast, found: None, known: Site) -> None:
    sign_in(phone, cast.correspondent59)
    phone.goto("/sites/nouveau/")
    phone.get_by_label("Adresse", exact=True).fill("12 rue du pont")
    phone.locator("li[role=option]").click()
    phone.get_by_label("Date de l’observation").fill("12/03/2020")
    phone.get_by_label("Personnes", exact=True).fill("52")
    axe(phone)
    assert fits(phone)
    phone.get_by_role("button", name="C’est celui-ci").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Nouveau recensement")
    expect(phone.locator("[name=people]")).to_have_value("52")
    expect(phone.locator("[name=observed_on]")).to_have_value("12/03/2020")
    assert Survey.objects.count() == 1


def test_without_the_address_service_the_commune_is_enough(
    page: Page, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **options: object) -> list[Address]:
        raise Unavailable

    monkeypatch.setattr(declare, "search_addresses", broken)
    sign_in(page, cast.correspondent59)
    page.goto("/sites/nouveau/")
    page.get_by_label("Adresse", exact=True).fill("rue du pont")
    expect(page.get_by_text("ne peut pas être cherchée pour l’instant")).to_be_visible()
    page.get_by_label("Commune").fill("roub")
    page.locator("li[role=option]").first.click()
    expect(page.get_by_label("Commune")).to_have_value("Roubaix")
    page.get_by_label("Date de l’observation").fill("12/03/2020")
    page.get_by_role("button", name="Déclarer le site").click()
    expect(page.get_by_role("status").first).to_contain_text("est déclaré à Roubaix")


def test_two_people_edit_and_the_second_chooses(phone: Page, cast: Cast, known: Site, watch: object) -> None:
    watch.expect("status of 409")  # type: ignore[attr-defined]
    sign_in(phone, cast.correspondent59)
    phone.goto(f"/sites/{known.public_id}/modifier/")
    axe(phone)
    update_site(site=known, by=actor(cast.operator_a), expected_version=1, name="Canal nord", kind="land")
    phone.get_by_label("Nom du site").fill("Le Canal")
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_text("Quelqu’un d’autre a enregistré pendant que vous écriviez")).to_be_visible()
    axe(phone)
    assert fits(phone)
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_role("status").first).to_contain_text("Le site est modifié")
    known.refresh_from_db()
    assert (known.name, known.kind) == ("Le Canal", "land")


def test_two_sites_become_one(page: Page, phone: Page, cast: Cast, known: Site) -> None:
    near = make_site("Camp du canal", latitude=50.6204, longitude=3.0501)
    for screen in (phone, page):
        sign_in(screen, cast.correspondent59)
        screen.goto(f"/sites/{known.public_id}/fusionner/")
        axe(screen)
        screen.get_by_role("link", name="Camp du canal").click()
        expect(screen.get_by_role("heading", level=1)).to_contain_text("Est-ce bien le même site")
        axe(screen)
        assert fits(screen)
    page.get_by_label("Pourquoi est-ce le même site").fill("même terrain")
    page.get_by_role("button", name="Fusionner les deux sites").click()
    expect(page.get_by_role("status").first).to_contain_text("est fusionné dans")
    near.refresh_from_db()
    assert near.merged_into == known
    page.goto(f"/sites/{near.public_id}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Les Tilleuls")

"""The sheet in a browser: wide, on a phone, its menus, its past, without anything that the policy refuses."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from jalons.core.values import Value
from jalons.sites.models import Site
from jalons.sites.services import link_resettlement
from tests import factories as make
from tests.e2e.browser import Watch, axe, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(db: None) -> Site:
    make.make_territories()
    today = timezone.localdate()
    site = make.make_site("Rue du Général", address="45 rue du Général", latitude=50.63, longitude=3.05)
    for months, people in ((14, 84), (9, 120), (4, 96)):
        make.make_survey(site, today - dt.timedelta(days=30 * months), people, minors=people // 3)
    make.make_survey(
        site, today - dt.timedelta(days=12), 112, minors=36, minors_at_school=18, source_kind="police"
    )
    make.make_conditions(site, today, answers={"water": {"access": "no"}, "waste": {"regular": "yes"}})
    make.make_procedure(site, today, evacuation_on=today + dt.timedelta(days=20))
    make.make_ownership(site, today)
    make.make_event(site, today, description="Visite avec la mairie")
    other = make.make_site("Ancienne friche")
    link_resettlement(origin=other, site=site, on=today, by=make.an_author(site), people=Value.of(12))
    return site


def test_a_correspondent_reads_and_acts(page: Page, watch: Watch, site: Site) -> None:
    sign_in(page, make.make_user("correspondent", "59"))
    page.goto(f"/sites/{site.public_id}/")
    expect(page.get_by_role("heading", name="Combien de personnes")).to_be_visible()
    axe(page)
    page.get_by_text("Mettre à jour", exact=True).first.click()
    expect(page.get_by_role("link", name="Une étape de procédure")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Une étape de procédure")).to_be_hidden()
    page.get_by_text("Voir la fiche à une autre date").click()
    page.get_by_label("La situation au").fill("1er janvier 2019")
    page.get_by_role("button", name="Voir la fiche à cette date").click()
    expect(page.get_by_text("Vous regardez la situation")).to_be_visible()
    expect(page.get_by_text("Nouveau recensement")).to_have_count(0)
    axe(page)
    page.get_by_role("link", name="Historique").click()
    expect(page.get_by_role("heading", name="Historique", level=1)).to_be_visible()
    axe(page)


def test_a_phone_keeps_the_actions_at_hand(phone: Page, watch: Watch, site: Site) -> None:
    sign_in(phone, make.make_user("operator", "59"))
    phone.goto(f"/sites/{site.public_id}/")
    expect(phone.get_by_role("link", name="Nouveau recensement")).to_be_in_viewport()
    expect(phone.get_by_role("button", name="Rien n’a changé")).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_text("Mettre à jour", exact=True).first.click()
    expect(phone.get_by_role("link", name="Les conditions de vie")).to_be_in_viewport()
    axe(phone)


def test_one_click_says_that_nothing_changed(phone: Page, watch: Watch, site: Site) -> None:
    sign_in(phone, make.make_user("operator", "59"))
    phone.goto(f"/sites/{site.public_id}/")
    phone.get_by_role("button", name="Rien n’a changé").click()
    expect(phone.get_by_role("status").first).to_be_visible()
    expect(phone.get_by_text("Recensé aujourd’hui")).to_be_visible()
    expect(phone.get_by_text("sans nouveau comptage").first).to_be_visible()

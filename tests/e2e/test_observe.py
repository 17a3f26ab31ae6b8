"""A social worker counts on a phone; a correspondent closes a site with the keyboard alone."""

import datetime as dt

import pytest
from playwright.sync_api import Page

from jalons.sites import services
from jalons.sites.models import LivingConditions, Occupation, Site, Survey
from tests import factories
from tests.e2e.browser import axe, sign_in
from tests.factories import Cast

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.date(2021, 2, 3)


@pytest.fixture
def site(cast: Cast) -> Site:
    site = factories.make_site("Rue du Port", opened=dt.date(2020, 1, 1))
    factories.make_survey(site, DAY, 36, households=9, blanks={"minors": "nd"})
    services.add_conditions(
        site=site, observed_on=DAY, answers={"water": {"access": "yes"}}, by=factories.an_author(site)
    )
    return site


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_counting_on_a_phone(phone: Page, cast: Cast, site: Site) -> None:
    sign_in(phone, cast.operator_a)
    phone.goto(f"/sites/{site.public_id}/recensements/nouveau/")
    axe(phone)
    assert fits(phone)
    phone.get_by_role("link", name="Reprendre les derniers chiffres").click()
    phone.get_by_label("Personnes", exact=True).fill("quarante")
    phone.get_by_label("Compté").check()
    phone.get_by_role("button", name="Enregistrer").click()
    axe(phone)
    assert fits(phone)
    assert "à corriger" in phone.evaluate("document.activeElement.innerText")
    phone.get_by_label("Personnes", exact=False).first.fill("40")
    phone.get_by_role("button", name="Enregistrer").click()
    phone.wait_for_url(f"**/sites/{site.public_id}/")
    used = Survey.objects.in_force().get(site=site)
    assert (used.people, used.households, used.minors, used.reliability) == (40, 9, None, 3)


def test_the_states_change_with_the_answers(phone: Page, cast: Cast, site: Site) -> None:
    sign_in(phone, cast.operator_a)
    phone.goto(f"/sites/{site.public_id}/conditions/nouvelles/")
    phone.locator("#etats dt").first.wait_for()
    water = phone.get_by_role("group", name="Les habitants ont-ils accès à l’eau ?")
    assert water.get_by_label("Oui").is_checked()
    water.get_by_label("Non").check()
    phone.get_by_text("pas d’accès à l’eau").wait_for()
    axe(phone)
    assert fits(phone)
    phone.get_by_role("button", name="Enregistrer").click()
    phone.wait_for_url(f"**/sites/{site.public_id}/")
    assert LivingConditions.objects.in_force().get(site=site).answers == {"water": {"access": "no"}}


def test_closing_with_the_keyboard_alone(page: Page, cast: Cast, site: Site) -> None:
    sign_in(page, cast.correspondent59)
    page.goto(f"/sites/{site.public_id}/fermer/")
    axe(page)
    keys = page.keyboard

    def reach(name: str) -> None:
        for _ in range(80):
            keys.press("Tab")
            if page.evaluate("document.activeElement.id || document.activeElement.innerText") == name:
                return
        raise AssertionError(f"le clavier n’atteint pas {name}")

    reach("id_reason_code_0")
    keys.press("Space")
    reach("id_shelter_people")
    keys.type("30")
    reach("id_housing_people")
    keys.type("12")
    keys.press("Tab")
    page.get_by_text("plus que les 36").wait_for()
    axe(page)
    reach("Fermer le site")
    keys.press("Enter")
    page.wait_for_url(f"**/sites/{site.public_id}/")
    closed = Occupation.objects.known().get(site=site)
    assert closed.closing_reason == "resorbed"
    assert {one.kind: one.people for one in closed.orientations.all()} == {"shelter": 30, "housing": 12}


@pytest.mark.parametrize(
    "end",
    [
        "diagnostic/",
        "evenements/nouveau/",
        "proprietaire/",
        "procedures/nouvelle/",
        "procedures/nouvelle/?etape=cfp",
    ],
)
def test_the_small_pages_are_accessible(page: Page, cast: Cast, site: Site, end: str) -> None:
    sign_in(page, cast.correspondent59)
    page.goto(f"/sites/{site.public_id}/{end}")
    axe(page)

"""A correspondent follows the preparation of a resorption: on a wide screen and on a phone."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from jalons.core import clock
from jalons.sites.enums import DiagnosisStatus, StepKind, StepState
from jalons.sites.models import PreparatoryStep, Site
from tests import factories
from tests.e2e.browser import axe, sign_in
from tests.factories import Cast

DAY = dt.timedelta(days=1)


@pytest.fixture
def site(cast: Cast) -> Site:
    """A target, a social diagnosis that is done, a contract that is late."""
    site = factories.make_site("Rue du Port", opened=dt.date(2025, 1, 1))
    Site.objects.filter(pk=site.pk).update(resorption_target=2027)
    today = clock.today()
    factories.make_diagnosis(site, today - 40 * DAY, DiagnosisStatus.DONE, led_by="Les amis")
    late = {"planned_on": today - DAY}
    factories.make_step(site, today - 90 * DAY, StepKind.PROCUREMENT, StepState.FORESEEN, **late)
    return site


def follow(page: Page, site: Site) -> None:
    """From the late step to the two that are taken, as their numbers say on the way."""
    today = clock.today()
    page.goto(f"/sites/{site.public_id}/")
    steps = page.locator("#resorption .s-line > li")
    expect(steps).to_have_count(9)
    expect(steps.nth(4)).to_contain_text("En retard")
    axe(page)

    page.get_by_role("link", name="Vérifier et enregistrer").click()
    expect(page.get_by_label("À quelle date", exact=False)).to_have_value(f"{today - 40 * DAY:%d/%m/%Y}")
    page.get_by_role("button", name="Enregistrer").click()
    expect(steps.nth(2)).to_contain_text("Faite")
    expect(page.locator(".s-proposals")).to_have_count(0)

    steps.nth(4).get_by_role("link").click()
    page.get_by_label("En cours").check()
    page.get_by_label("Date prévue").fill(f"{today + 20 * DAY:%d/%m/%Y}")
    page.get_by_label("Personne").select_option(label="Camille Nord (DDETS du Nord)")
    axe(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(steps.nth(4)).to_contain_text("En cours")
    expect(steps.nth(4)).to_contain_text("Camille Nord")
    expect(page.locator("#resorption")).to_contain_text("1 étape faite sur 9")

    page.get_by_role("link", name="Le dire").click()
    page.get_by_label("À étudier").check()
    page.get_by_label("Zone inondable").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#resorption")).to_contain_text(
        "Aménageable : à étudier (contraintes : zone inondable)"
    )
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"]  # type: ignore[index]  # the fixtures set it
    assert PreparatoryStep.objects.known().filter(site=site).count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_steps_are_followed_on_a_wide_screen(page: Page, cast: Cast, site: Site) -> None:
    sign_in(page, cast.correspondent59)
    follow(page, site)
    tops = page.locator("#resorption .s-line > li").evaluate_all(
        "items => items.map(item => Math.round(item.getBoundingClientRect().top))"
    )
    assert len(set(tops)) == 1, "les neuf étapes tiennent sur une ligne"
    page.goto("/sites/?etape=procurement&etat=under_way")
    expect(page.get_by_role("row").filter(has_text="Rue du Port")).to_contain_text("fin prévue le")


@pytest.mark.django_db(transaction=True)
def test_the_steps_are_followed_on_a_phone(phone: Page, cast: Cast, site: Site) -> None:
    sign_in(phone, cast.correspondent59)
    follow(phone, site)

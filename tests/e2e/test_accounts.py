"""Signing in, one's account, the table of rights: in a browser, without a fault of accessibility."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import Watch, axe, sign_in
from tests.factories import PASSWORD, Cast


@pytest.mark.both_databases(reason="la session et les essais de connexion s’écrivent à chaque page")
def test_signing_in_and_out(page: Page, cast: Cast, watch: Watch) -> None:
    watch.expect("favicon|status of 429")
    page.goto("/mon-compte/")
    axe(page)
    page.get_by_label("Adresse électronique").fill("CAMILLE.NORD@exemple.test")
    page.get_by_label("Mot de passe").fill("pas le bon")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("n’est pas le bon")
    axe(page)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Camille Nord")
    axe(page)
    page.locator(".j-account summary").click()
    page.locator(".j-account").get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status").first).to_contain_text("Vous êtes déconnecté")


def test_session_over_while_typing(page: Page, cast: Cast, watch: Watch) -> None:
    watch.expect("status of 401")
    sign_in(page, cast.operator_a)
    page.goto("/mon-compte/mot-de-passe/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Changer le mot de passe").click()
    expect(page.get_by_role("alert")).to_contain_text("Votre session a expiré")
    axe(page)
    page.get_by_label("Adresse électronique").fill("sacha.amis@exemple.test")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("reprenez l’enregistrement")
    axe(page)
    page.get_by_role("button", name="Reprendre l’enregistrement").click()
    # A password is never carried: it is asked again.
    expect(page).to_have_url(re.compile("/mon-compte/mot-de-passe/$"))
    expect(page.get_by_role("alert").first).to_contain_text("obligatoire")


def test_the_other_pages(page: Page, phone: Page, cast: Cast) -> None:
    for screen in (page, phone):
        for address in (
            "/mot-de-passe/oublie/",
            "/mot-de-passe/oublie/envoye/",
            "/mot-de-passe/nouveau/MQ/x/",
        ):
            screen.goto(address)
            axe(screen)
        screen.goto("/qui-peut-voir-quoi/")
        axe(screen)
        assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")

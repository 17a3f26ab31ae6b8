"""Two proofs in a browser: a phone's codes, and a passkey with Chromium's virtual authenticator."""

import re
from typing import Any

import pytest
from django_otp_webauthn.models import WebAuthnCredential
from playwright.sync_api import Page, expect

from jalons.accounts.models import User
from jalons.second_factor.models import CodeApplication
from tests.e2e.browser import Watch, axe, sign_in
from tests.factories import PASSWORD, Cast
from tests.second_factor.making import code

OWN = "/mon-compte/double-authentification/"


def authenticator(page: Page) -> None:
    """A key in the browser, which answers by itself as if its owner touched it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.locator(".j-account summary").click()
    page.locator(".j-account").get_by_role("button", name="Se déconnecter").click()


def give_password(page: Page, user: User, then: str) -> None:
    page.goto(f"/connexion/?next={then}")
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


@pytest.fixture
def at_home(settings: Any, live_server: Any) -> None:
    """Passkeys belong to the address that serves the pages of this test."""
    settings.OTP_WEBAUTHN_RP_ID = "localhost"
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [live_server.url]
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.both_databases(reason="la clé s’écrit en octets, son compteur aussi")
def test_a_passkey_opens_the_administration(page: Page, cast: Cast, at_home: None, watch: Watch) -> None:
    authenticator(page)
    sign_in(page, cast.admin)
    page.goto("/administration/")
    expect(page.get_by_role("alert")).to_contain_text("Gérer des comptes donne accès à ceux des autres")
    axe(page)
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    axe(page)
    page.get_by_label("Nom").fill("Ordinateur du bureau")
    page.get_by_role("button", name="Créer la clé").click()
    expect(page.get_by_role("status").first).to_contain_text("« Ordinateur du bureau » est ajoutée")
    page.get_by_role("button", name="Afficher dix nouveaux codes").click()
    codes = page.get_by_role("list", name="Vos dix codes de secours").get_by_role("listitem")
    expect(codes).to_have_count(10)
    axe(page)
    page.get_by_role("link", name="Je les ai notés").click()
    page.get_by_role("link", name="Continuer vers la page demandée").click()
    expect(page).to_have_url(re.compile("/administration/$"))
    assert WebAuthnCredential.objects.get().name == "Ordinateur du bureau"

    sign_out(page)
    give_password(page, cast.admin, "/administration/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Prouvez que c’est bien vous")
    axe(page)
    page.get_by_role("button", name="Employer ma clé").click()
    expect(page).to_have_url(re.compile("/administration/$"))
    assert WebAuthnCredential.objects.get().last_used_at is not None


def test_a_key_of_another_person_is_refused(page: Page, cast: Cast, at_home: None, watch: Watch) -> None:
    """The browser holds it, and offers it only to whom it belongs."""
    authenticator(page)
    sign_in(page, cast.admin)
    page.goto(f"{OWN}cle/")
    page.get_by_role("button", name="Créer la clé").click()
    expect(page.get_by_role("status").first).to_contain_text("est ajoutée")
    made = WebAuthnCredential.objects.get()
    WebAuthnCredential.objects.filter(pk=made.pk).update(user=cast.mairie)
    sign_out(page)
    give_password(page, cast.mairie, "/")
    WebAuthnCredential.objects.filter(pk=made.pk).update(user=cast.admin)
    page.get_by_role("button", name="Employer ma clé").click()
    expect(page.get_by_role("alert").first).to_contain_text("n’est pas l’une des vôtres")
    axe(page)


def test_an_application_on_a_phone(phone: Page, cast: Cast, at_home: None, watch: Watch) -> None:
    sign_in(phone, cast.correspondent59)
    phone.goto(f"{OWN}application/")
    axe(phone)
    key = phone.locator(".second-key").inner_text().replace(" ", "")
    assert len(key) == 32
    phone.get_by_label("Code affiché par l’application").fill("000000")
    phone.get_by_role("button", name="Ajouter l’application").click()
    expect(phone.get_by_role("alert").first).to_contain_text("n’est pas le bon")
    CodeApplication.objects.create(user=cast.correspondent59, name="Téléphone", key="11" * 20)
    phone.context.clear_cookies(name="sessionid")
    give_password(phone, cast.correspondent59, "/sites/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Prouvez que c’est bien vous")
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.get_by_label("Code de l’application").fill(code(key="11" * 20))
    phone.get_by_role("button", name="Entrer", exact=True).click()
    expect(phone).to_have_url(re.compile("/sites/"))

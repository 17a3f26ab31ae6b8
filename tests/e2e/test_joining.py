"""From the door to the first page: ask on a phone, be accepted, choose a password, see one's sites."""

import re
from typing import Any

from django.core import mail
from playwright.sync_api import Page, expect

from jalons.accounts.models import User
from tests.e2e.browser import axe, sign_in
from tests.factories import PASSWORD


def test_from_the_door_to_the_first_page(phone: Page, page: Page, cast: Any) -> None:
    ask(phone)
    accept(page, cast)
    link = re.search(r"(/activation/\S+)", str(mail.outbox[-1].body))
    assert link
    phone.goto(link[1])
    axe(phone)
    phone.get_by_label("Mot de passe").fill(PASSWORD)
    phone.get_by_label("Le même, une seconde fois").fill(PASSWORD)
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Votre compte est ouvert")).to_be_visible()
    phone.goto("/sites/")
    expect(phone.get_by_role("heading", level=1)).to_have_text(re.compile("Sites"))
    assert User.objects.get(email="lou@exemple.test").memberships.count() == 1


def ask(phone: Page) -> None:
    phone.goto("/connexion/")
    phone.get_by_role("link", name="Demander un accès").click()
    axe(phone)
    phone.get_by_label("Prénom et nom").fill("Lou Nouvelle")
    phone.get_by_label("Adresse électronique professionnelle").fill("lou@exemple.test")
    phone.get_by_label("Votre structure").press_sequentially("les amis")
    phone.get_by_role("option", name=re.compile("Les amis de Lille")).click()
    phone.get_by_label("Territoire").press_sequentially("lille")
    phone.get_by_role("option", name=re.compile(r"^Lille \(59350\)")).click()
    phone.get_by_label("Ce que vous faites").fill("Médiation en santé.")
    phone.get_by_label("Pourquoi vous voulez un accès").fill("Suivre les sites où nous intervenons.")
    phone.get_by_role("button", name="Envoyer la demande").click()
    expect(phone.get_by_role("heading", name="C’est envoyé")).to_be_visible()


def accept(page: Page, cast: Any) -> None:
    """Three clicks for whoever manages accounts: role and territory are proposed."""
    sign_in(page, cast.local_admin)
    page.goto("/administration/demandes/")
    page.get_by_role("link", name="Lou Nouvelle").click()
    axe(page)
    page.get_by_role("link", name="Accepter").click()
    axe(page)
    page.get_by_role("button", name="Accepter et envoyer l’invitation").click()
    expect(page.get_by_text("La demande est acceptée")).to_be_visible()

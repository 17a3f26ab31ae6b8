"""From the door to the first page: ask, be accepted, choose a password, accept the charter, see one's sites.

With a finger on a phone, answered at a desk; then by keyboard alone at a desk, answered by keyboard on a narrow screen.
"""

import re
from typing import Any

from django.core import mail
from playwright.sync_api import Page, expect

from jalons.accounts.models import User
from jalons.charter.enums import TextKind
from jalons.charter.models import CharterSignature
from jalons.charter.services import publish
from tests import factories
from tests.e2e.browser import axe, sign_in
from tests.e2e.keyboard import Keyboard
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


# What the person who asks presses (47, and 149 letters in 8 fields, the day this was written), and who answers (35). At
# two presses a second and 200 letters a minute: 24 + 45 + 18 seconds, under the ninety that the whole way may take.
MOST_PRESSES, MOST_LETTERS, MOST_FIELDS, MOST_ANSWER = 50, 150, 8, 36


def test_the_same_way_with_a_keyboard_alone(phone: Page, page: Page, cast: Any) -> None:
    publish(kind=TextKind.CHARTER, body="Je n’écris le nom de personne.", by=None)
    User.objects.filter(pk=cast.local_admin.pk).update(charter_due=False)
    factories.make_site("Rue du Moulin")
    person, admin = Keyboard(page), Keyboard(phone)
    ask_with_keys(person)
    accept_with_keys(admin, cast)
    link = re.search(r"(/activation/\S+)", str(mail.outbox[-1].body))
    assert link
    page.goto(link[1])
    person.write("Mot de passe", PASSWORD)
    person.write("Le même, une seconde fois", PASSWORD)
    person.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Charte d’engagement")
    axe(page)
    person.activate(page.get_by_role("checkbox"), "Space")
    person.activate(page.get_by_role("button", name="Accepter et continuer"))
    expect(page.get_by_role("link", name="Rue du Moulin").first).to_be_visible()
    assert CharterSignature.objects.get().user.email == "lou@exemple.test"
    assert person.presses <= MOST_PRESSES, person
    assert person.letters <= MOST_LETTERS, person
    assert person.fields <= MOST_FIELDS, person
    assert admin.presses <= MOST_ANSWER, admin
    search_from_anywhere(person)


def search_from_anywhere(person: Keyboard) -> None:
    """« / » leads to the search, and is not written there."""
    box = person.page.locator("#chercher")
    person.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    person.page.keyboard.type("moulin")
    person.press("Enter")
    expect(person.page.locator("#dans-sites")).to_be_visible()
    expect(person.page.get_by_role("link", name="Rue du Moulin")).to_be_visible()


def ask_with_keys(person: Keyboard) -> None:
    page = person.page
    page.goto("/connexion/")
    person.activate(page.get_by_role("link", name="Demander un accès"))
    page.wait_for_url("**/demande-acces/")
    person.write("Prénom et nom", "Lou Nouvelle")
    person.write("Adresse électronique professionnelle", "lou@exemple.test")
    person.choose("Votre structure", "les amis", "Les amis de Lille")
    person.choose("Territoire", "lille", "Lille (59350)")
    person.write("Ce que vous faites", "Médiation en santé.")
    person.write("Pourquoi vous voulez un accès", "Suivre les sites où nous intervenons.")
    person.activate(page.get_by_role("button", name="Envoyer la demande"))
    expect(page.get_by_role("heading", name="C’est envoyé")).to_be_visible()


def accept_with_keys(admin: Keyboard, cast: Any) -> None:
    page = admin.page
    sign_in(page, cast.local_admin)
    page.goto("/administration/demandes/")
    admin.activate(page.get_by_role("link", name="Lou Nouvelle"))
    admin.activate(page.get_by_role("link", name="Accepter"))
    admin.activate(page.get_by_role("button", name="Accepter et envoyer l’invitation"))
    expect(page.get_by_text("La demande est acceptée")).to_be_visible()

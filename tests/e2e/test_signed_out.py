"""After signing out on a shared computer, nothing of what was read comes back; nothing of what is typed is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import Watch, axe, sign_in
from tests.factories import Cast, make_site


def test_back_shows_nothing_after_signing_out(page: Page, cast: Cast, watch: Watch) -> None:
    watch.expect("favicon")
    site = make_site("Rue du Moulin")
    sign_in(page, cast.correspondent59)
    sheet = f"/sites/{site.public_id}/"
    for address in ("/sites/", sheet, "/mon-compte/"):
        page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Camille Nord")
    page.locator(".j-account summary").click()
    page.locator(".j-account").get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status").first).to_contain_text("Vous êtes déconnecté")
    for _ in range(3):
        page.go_back()
        expect(page).to_have_url(re.compile("/connexion/"))
        expect(page.locator("body")).not_to_contain_text("Rue du Moulin")
        expect(page.locator("body")).not_to_contain_text("Camille Nord")


def test_a_comment_refused_by_a_full_disk_stays(
    page: Page, phone: Page, cast: Cast, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With htmx the page says so above what was typed; without it, the page of the failure holds it."""
    watch.expect("favicon|503")
    site = make_site("Rue du Moulin")

    def full(**given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jalons.discussions.views.comments.add_comment", full)
    thread = f"/commentaires/site/{site.public_id}/"
    for screen in (page, phone):
        screen.on("dialog", lambda dialog: dialog.accept())  # leaving a form that was typed in
        sign_in(screen, cast.correspondent59)
        screen.goto(thread)
        box = screen.get_by_label("Écrire un commentaire")
        box.fill("Trois familles arrivées hier")
        screen.get_by_role("button", name="Ajouter le commentaire").click()
        alert = screen.get_by_role("alert").first
        expect(alert).to_contain_text("Plus de place sur le serveur")
        expect(alert).to_contain_text(re.compile(r"\w{4}-\w{4}"))
        expect(box).to_have_value("Trois familles arrivées hier")
        axe(screen)
        # As a browser without JavaScript sends it.
        box.evaluate("(box) => HTMLFormElement.prototype.submit.call(box.form)")
        expect(screen.get_by_role("heading", level=1)).to_contain_text("Plus de place sur le serveur")
        expect(screen.get_by_role("button", name="Envoyer de nouveau")).to_be_visible()
        screen.get_by_text("Relire ou copier").click()
        expect(screen.get_by_role("listitem").first).to_have_text("Trois familles arrivées hier")
        axe(screen)


def test_the_pages_of_the_link(page: Page, phone: Page, cast: Cast) -> None:
    for screen in (page, phone):
        for address in ("/connexion/lien/", "/connexion/lien/envoye/", "/connexion/lien/x-y/"):
            screen.goto(address)
            axe(screen)

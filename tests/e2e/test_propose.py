"""From what presses most to a diagnosis that somebody will do, on a desk; the answer on a phone; what is shared."""

import datetime as dt
import re

from playwright.sync_api import Page, expect

from jalons.actions.models import Action
from jalons.proposals.models import ActionProposal
from jalons.urgency.services import handling_of
from tests import factories
from tests.e2e.browser import axe, sign_in
from tests.factories import Cast, actor, organisation_of
from tests.urgency.cases import BAD, conditions

HURRIED = 8  # clicks: under a minute for who hesitates seven seconds before each


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_the_most_urgent_site_is_taken_and_a_diagnosis_ordered(page: Page, cast: Cast) -> None:
    quiet, dry = factories.make_site("Rue Calme"), factories.make_site("Rue Sèche")
    for site in (quiet, dry):
        factories.make_survey(site, dt.date.today() - dt.timedelta(days=9), 30)
    conditions(water=BAD)(dry)
    by, operators = actor(cast.correspondent59), [organisation_of(cast.operator_a)]
    factories.make_action("Médiation", by=by, operators=operators, sites=[quiet])
    sign_in(page, cast.correspondent59)
    page.goto("/priorites/")
    clicks = 0

    def click(role: str, name: str | re.Pattern[str]) -> None:
        nonlocal clicks
        clicks += 1
        page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    page.locator("tbody tr").first.get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Rue Sèche", level=1)).to_be_visible()
    click("button", "Je m’en occupe")
    expect(page.get_by_text("vous vous occupez de ce site")).to_be_visible()
    click("link", "Demander un diagnostic")
    expect(page.get_by_label("Un diagnostic social")).to_be_checked()
    expect(page.get_by_label("Pourquoi")).to_have_value(re.compile("accès correct à l’eau"))
    axe(page)
    assert fits(page)
    click("button", "Envoyer la proposition")
    expect(page.get_by_text("C’est envoyé à Les amis de Lille")).to_be_visible()
    assert clicks + 1 <= HURRIED
    handling = handling_of(dry)
    assert handling is not None
    assert handling.author == cast.correspondent59
    proposal = ActionProposal.objects.get()
    assert list(proposal.sites.all()) == [dry]
    assert proposal.pilot == organisation_of(cast.operator_a)
    axe(page)


def test_the_pilot_accepts_on_a_phone(phone: Page, cast: Cast) -> None:
    site = factories.make_site("Rue Sèche")
    proposal = factories.make_proposal(site, cast.operator_a, cast.correspondent59)
    sign_in(phone, cast.correspondent59)
    phone.goto("/")
    assert fits(phone)
    axe(phone)
    phone.get_by_role("link", name=re.compile("^Répondre")).first.click()
    assert fits(phone)
    axe(phone)
    phone.get_by_role("link", name="Accepter et déclarer").click()
    expect(phone.get_by_label("Nom du dispositif")).to_have_value(re.compile("Diagnostic social"))
    assert fits(phone)
    phone.locator("input[name=themes][value=health]").check()
    phone.get_by_role("button", name="Valider").last.click()
    expect(phone.get_by_text("est déclaré")).to_be_visible()
    proposal.refresh_from_db()
    assert proposal.action == Action.objects.get()


def test_a_dispositif_is_shown_and_found_from_elsewhere(phone: Page, cast: Cast) -> None:
    by, operators = actor(cast.correspondent59), [organisation_of(cast.operator_a)]
    action = factories.make_action("MOUS rue du Moulin", by=by, operators=operators)
    sign_in(phone, cast.operator_a)
    phone.goto(f"/dispositifs/annuaire/montrer/{action.public_id}/")
    axe(phone)
    assert fits(phone)
    phone.get_by_label("Oui, avec ce qui est écrit").check()
    phone.get_by_label("Nom montré").fill("Médiation en santé")
    phone.get_by_label("Ce qu’il fait").fill("Deux médiatrices.")
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_text("est montré dans l’annuaire")).to_be_visible()
    sign_in(phone, cast.operator13)
    phone.goto("/dispositifs/annuaire/?q=mediatrices")
    axe(phone)
    assert fits(phone)
    phone.get_by_role("link", name="Médiation en santé").click()
    expect(phone.get_by_text("Deux médiatrices.")).to_be_visible()
    axe(phone)
    assert fits(phone)

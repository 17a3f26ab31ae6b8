"""Looking for what worked elsewhere, then for territories to compare with; wide, and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from jalons.sites.enums import ClosingReason, Condition
from jalons.sites.models import Site
from tests import factories as make
from tests.alike.world import ago
from tests.e2e.browser import Watch, axe, sign_in
from tests.e2e.layout import straight

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(db: None) -> Site:
    make.make_territories()
    here, gone = make.make_site("Moulin"), make.make_site("Quai", opened=ago(900))
    for place, days in ((here, 20), (gone, 60)):
        make.make_survey(place, ago(days), 60, minors=30, huts=12)
        make.make_conditions(place, ago(days), water=Condition.BAD)
    make.close_site(gone, ago(30), reason=ClosingReason.RESORBED)
    make.make_action("MOUS", sites=[gone], operators=[make.make_organisation("Les amis", "59")])
    return here


def test_from_a_site_to_what_was_done_elsewhere(page: Page, watch: Watch, site: Site) -> None:
    sign_in(page, make.make_user("correspondent", "59"))
    page.goto(f"/sites/{site.public_id}/")
    page.get_by_role("link", name="Situations passées semblables").click()
    expect(page.get_by_role("heading", name="1 situation semblable")).to_be_visible()
    expect(
        page.get_by_text("Même taille (50 à 99 personnes), eau absente ou mauvaise, cabanes")
    ).to_be_visible()
    page.get_by_role("checkbox", name="Taille").uncheck()
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_text("Eau absente ou mauvaise, cabanes")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Taille")).not_to_be_checked()
    straight(page)
    axe(page)
    page.get_by_role("link", name="MOUS").click()
    expect(page.get_by_role("heading", name="MOUS", level=1)).to_be_visible()


def test_territories_are_compared_on_a_phone(phone: Page, watch: Watch, site: Site) -> None:
    sign_in(phone, make.make_user("correspondent", "59"))
    phone.goto("/tableau-de-bord/")
    phone.get_by_role("link", name="Comparer avec d’autres territoires").click()
    phone.get_by_label("Ajouter un territoire").select_option(label="62 · Pas-de-Calais")
    phone.get_by_role("button", name="Comparer").click()
    expect(phone.get_by_role("link", name="Retirer Pas-de-Calais (62)")).to_be_visible()
    expect(phone.get_by_text("moins de trois structures").first).to_be_visible()
    straight(phone)
    axe(phone)
    phone.get_by_role("link", name="Retirer Pas-de-Calais (62)").click()
    expect(phone.get_by_role("link", name="Retirer")).to_have_count(0)

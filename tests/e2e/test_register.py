"""A social worker on a phone: opens the register, two taps to a family, notes a visit, fills the follow-up from it."""

import pytest
from playwright.sync_api import Page

from bench.families import add_families
from jalons.accounts.enums import Role
from jalons.core import clock
from jalons.demonstration.register import REGISTER_CODE
from jalons.households.models import Household
from jalons.households.services import create_register
from tests.e2e.browser import axe, sign_in
from tests.e2e.layout import straight
from tests.factories import (
    Cast,
    make_action,
    make_indicator,
    make_membership,
    make_site,
    make_socle,
    organisation_of,
)
from tests.households.imports.worn import WORN
from tests.imports.writing import write_xlsx

pytestmark = pytest.mark.django_db(transaction=True)
# Each page of an opened register: the walk over every page sees them locked only (tests/house/household_pages.py).
PAGES = (
    "menages/", "menages/nouveau/", "menages/parties/", "chiffres/", "equipe/", "journal/", "mon-code/",
    "conservation/", "indicateurs/", "tableaux/",
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def looked_at(page: Page) -> None:
    axe(page)
    straight(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def take_a_table(page: Page, name: str) -> None:
    """A worn table from the file to its families; the first is put in the register."""
    page.goto("/registre/tableaux/")
    file = {"name": "familles.xlsx", "mimeType": XLSX, "buffer": write_xlsx(WORN[name].sheets)}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Lire ce tableau").click()
    page.get_by_role("heading", name="Les colonnes").wait_for()
    looked_at(page)
    page.get_by_role("button", name="Voir les familles").click()
    page.get_by_role("heading", name="Les familles du tableau").wait_for()
    looked_at(page)
    if name == "merged":
        page.get_by_role("button", name="Enregistrer ces familles").click()
        page.get_by_text("2 familles ajoutées").wait_for()
        looked_at(page)


def test_from_a_family_to_the_follow_up(phone: Page, cast: Cast) -> None:
    make_socle()
    user = cast.operator_a
    organisation, site = organisation_of(user), make_site("Rue du Port")
    action = make_action("Médiation", operators=[organisation], sites=[site])
    make_indicator(action, "Enfants à la cantine", nature="stock")
    register, _ = create_register(user=user, organisation=organisation, code=REGISTER_CODE)
    add_families(register, user, sites=[site.public_id], actions=[action.public_id], number=8)
    sign_in(phone, user)
    phone.goto("/registre/")
    looked_at(phone)
    phone.get_by_label("Code").first.fill(REGISTER_CODE)
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/registre/menages/")
    looked_at(phone)
    phone.locator("tbody a").first.tap()
    phone.get_by_role("heading", name="Noter une visite").wait_for()
    looked_at(phone)
    sheet = phone.url
    phone.get_by_label("Sur place").check()
    phone.get_by_label("Ce qui s’est dit").fill("Vaccins à jour.")
    phone.get_by_label("Ce qui s’est dit").press("Control+Enter")
    phone.get_by_text("Enregistré.").wait_for()
    assert phone.url.startswith(sheet)
    phone.get_by_text("Vaccins à jour.").wait_for()
    for path in PAGES:
        answer = phone.goto(f"/registre/{path}")
        assert answer is not None
        assert answer.ok, path
        assert "Registre fermé" not in phone.title(), path
        looked_at(phone)
    for name in ("merged", "rows"):
        take_a_table(phone, name)
    assert Household.objects.count() == 10
    phone.goto(f"{sheet.partition('#')[0].partition('?')[0]}?connu-le={clock.today():%Y-%m-%d}")
    phone.get_by_text("Vous regardez la situation").wait_for()
    looked_at(phone)
    phone.goto(f"/dispositifs/{action.public_id}/suivi/nouveau/")
    looked_at(phone)
    boxes = phone.locator("main input[inputmode=numeric]")
    empty = [box.input_value() for box in boxes.all()].count("")
    phone.get_by_role("button", name="Reprendre").first.click()
    looked_at(phone)
    assert [box.input_value() for box in boxes.all()].count("") < empty
    assert Household.objects.count() == 10
    phone.goto(sheet)
    phone.get_by_role("button", name="Fermer le registre").click()
    phone.goto(sheet)
    assert "Registre fermé" in phone.title()

    # Who works for two structures chooses, in a session that has not chosen yet.
    north = organisation_of(cast.operator_b)
    make_membership(user, Role.OPERATOR, "59", organisation=north)
    sign_in(phone, user)
    phone.goto("/registre/")
    phone.get_by_role("heading", name="Quel registre ouvrir").wait_for()
    looked_at(phone)
    phone.get_by_role("button", name=f"Registre de {organisation}").tap()
    phone.get_by_role("heading", name="Le registre est fermé").wait_for()
    looked_at(phone)
    phone.get_by_label("Code").first.fill(REGISTER_CODE)
    phone.keyboard.press("Enter")
    phone.get_by_role("button", name=f"Passer à celui de {north}").wait_for()
    looked_at(phone)

"""Declaring a dispositif in a browser: with the keyboard alone, on a phone, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from jalons.actions.models import Action, FundingLine, Participation
from tests.e2e.browser import Watch, axe, sign_in
from tests.factories import Cast, make_organisation, make_site

ADDRESS = "/dispositifs/nouveau/"


@pytest.fixture
def croix(cast: Cast) -> Any:
    make_site("Les Tilleuls")
    return make_organisation("Croix du Nord", "59")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def pick(page: Page, text: str) -> None:
    """Types in the field that has the focus, and takes the first proposal."""
    page.keyboard.type(text)
    expect(page.locator("li[role=option]").first).to_be_visible()
    press(page, "ArrowDown", "Enter")


def test_a_dispositif_is_declared_with_the_keyboard_alone(page: Page, cast: Cast, croix: Any) -> None:
    sign_in(page, cast.correspondent59)
    page.goto(ADDRESS)
    axe(page)
    page.get_by_label("Nom du dispositif").focus()
    page.keyboard.type("MOUS Lille")
    press(page, "Tab")
    page.keyboard.type("1/1/2020")
    press(page, "Tab", "Tab", "Space")  # planned end, then the first theme
    expect(page.get_by_role("checkbox", name="Santé").first).to_be_checked()
    page.get_by_label("Opérateur", exact=True).focus()
    pick(page, "amis")
    expect(page.get_by_label("Opérateur", exact=True)).to_have_value(
        "Les amis de Lille – Métropole Européenne de Lille"
    )
    page.get_by_role("button", name="Ajouter un opérateur").focus()
    press(page, "Enter")
    # The new row takes the focus, and nothing typed is lost.
    expect(page.get_by_label("Opérateur 2")).to_be_focused()
    pick(page, "croix")
    expect(page.get_by_label("Nom du dispositif")).to_have_value("MOUS Lille")
    for number in (0, 1):
        page.locator(f"#id_financements-{number}-kind").focus()
        press(page, "ArrowDown", "Tab", "Tab")
        page.keyboard.type("2 000")
    expect(page.locator("#totaux")).to_have_text("TOTAL\u00a0: 4\u202f000\u00a0€", use_inner_text=True)
    expect(page.locator("#part-1")).to_have_text("soit 50\u00a0%")
    expect(page.locator("#part-2")).to_have_text("soit 50\u00a0%")
    axe(page)
    page.get_by_role("button", name="Ajouter une ligne").focus()
    press(page, "Enter")
    expect(page.locator("#id_financements-2-kind")).to_be_focused()
    expect(page.locator("#totaux")).to_contain_text("4\u202f000")
    expect(page.locator("#part-1")).to_have_text("soit 50\u00a0%")
    # « Entrée » in a field declares: it adds no row.
    page.get_by_label("Nom du dispositif").focus()
    with page.expect_navigation(url="**/dispositifs/**"):
        press(page, "Enter")
    action = Action.objects.get()
    operators = Participation.objects.filter(action=action, role="operator")
    assert {str(one.participant) for one in operators} == {"Les amis de Lille", "Croix du Nord"}
    assert [line.planned for line in FundingLine.objects.all()] == [2000, 2000]


def test_on_a_phone_a_mistake_loses_nothing(phone: Page, cast: Cast, croix: Any) -> None:
    sign_in(phone, cast.correspondent59)
    phone.goto(ADDRESS)
    phone.get_by_label("Chercher un site").fill("tilleuls")
    expect(phone.locator("#choix-liste")).to_contain_text("1 site ouvert pour")
    phone.get_by_label("Les Tilleuls, Lille").check()
    phone.get_by_label("Nom du dispositif").fill("MOUS Lille")
    phone.get_by_text("Quelle est l’adresse du terrain d’insertion").click()
    phone.get_by_label("Commune").fill("Roubaix")
    phone.locator("li[role=option]").first.click()
    assert fits(phone)
    phone.get_by_role("button", name="Valider").click()
    expect(phone.get_by_role("alert").first).to_contain_text("Il y a 2 erreurs à corriger")
    axe(phone)
    assert fits(phone)
    expect(phone.get_by_label("Les Tilleuls, Lille")).to_be_checked()
    expect(phone.get_by_label("Commune")).to_have_value("Roubaix")
    phone.get_by_label("Début").fill("1/1/2020")
    phone.get_by_label("Médiation").check()
    with phone.expect_navigation():
        phone.get_by_role("button", name="Valider").click()
    action = Action.objects.get()
    assert [link.site.name for link in action.site_links.all()] == ["Les Tilleuls"]
    assert [ground.commune.name for ground in action.insertion_sites.all()] == ["Roubaix"]


def test_without_javascript_rows_are_added_too(
    browser: Browser, live_server: Any, watch: Watch, cast: Cast, croix: Any
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.correspondent59)
    page.goto(ADDRESS)
    page.get_by_label("Nom du dispositif").fill("MOUS Lille")
    page.get_by_label("Opérateur", exact=True).fill("Les amis de Lille")
    page.get_by_role("button", name="Ajouter un opérateur").click()
    page.get_by_label("Opérateur 2").fill("croix du nord")
    page.locator("#id_financements-0-kind").select_option("local")
    page.locator("#id_financements-0-planned").fill("2000")
    page.get_by_role("button", name="Ajouter une ligne").click()
    expect(page.locator("#totaux")).to_contain_text("2\u202f000")
    page.get_by_label("Début").fill("1/1/2020")
    page.get_by_label("Médiation").check()
    page.get_by_role("button", name="Valider", exact=True).last.click()
    assert Participation.objects.filter(role="operator").count() == 2
    assert FundingLine.objects.get().planned == 2000
    context.close()

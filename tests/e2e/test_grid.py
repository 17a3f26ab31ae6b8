"""The grid in Chromium: with the keyboard alone, by paste, on a phone, after a reload."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jalons.conventions.models import Cell, Commitment, MatrixRow
from tests.conventions.samples import make_convention, sample
from tests.e2e.browser import axe, sign_in
from tests.factories import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sheet(cast: Cast) -> Commitment:
    told = sample()
    table = told["fiches"][0]["indicator_table"]
    table["columns"].insert(
        0, {"key": "bilan_2020", "header": "BILAN 2020", "year": 2020, "measure": "bilan"}
    )
    return make_convention(told).commitments.order_by("position")[0]


def address(sheet: Commitment, end: str = "") -> str:
    return f"/conventions/{sheet.convention.slug}/fiches/{sheet.public_id}/indicateurs/{end}"


def box(page: Page, sheet: Commitment, row: str, column: str) -> Any:
    found = MatrixRow.objects.get(key=f"{sheet.key}-{row}")
    return page.locator(f"#c-{found.pk}-{sheet.columns.get(key=column).pk}")


def cell_at(sheet: Commitment, row: str, column: str) -> Cell:
    return Cell.objects.known().get(row__key=f"{sheet.key}-{row}", column__key=column, row__commitment=sheet)


PASTE = """([element, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
COPY = """(element) => {
  const data = new DataTransfer();
  element.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
  return data.getData("text/plain");
}"""


def paste(page: Page, where: Any, text: str) -> None:
    where.focus()
    page.evaluate(PASTE, [where.element_handle(), text])
    expect(page.locator(".g-panel")).to_be_visible()


def test_with_the_keyboard_alone(page: Page, cast: Cast, sheet: Commitment) -> None:
    sign_in(page, cast.council)
    page.goto(address(sheet))
    axe(page)
    first = box(page, sheet, "i01", "bilan_2021")
    first.focus()
    keys = page.keyboard
    keys.type("41 familles")  # what one types replaces
    keys.press("ArrowRight")
    keys.type("60")
    keys.press("Enter")
    expect(box(page, sheet, "i01.1", "objectif_2022")).to_be_focused()
    keys.type("ND")
    keys.press("ArrowDown")
    keys.type("12")
    keys.press("Escape")  # what stood comes back
    expect(box(page, sheet, "i01.2", "objectif_2022")).to_have_value("")
    keys.press("End")
    keys.press("ArrowDown")
    keys.press("F2")
    keys.press("Backspace")
    keys.press("ArrowLeft")  # within the text
    expect(box(page, sheet, "i02", "objectif_2022")).to_be_focused()
    expect(box(page, sheet, "i02", "objectif_2022")).to_have_value("15 jour")
    keys.press("Control+Home")  # while one edits, within the text too
    keys.press("Enter")
    keys.press("Control+Home")
    expect(first).to_be_focused()
    keys.press("Tab")
    expect(box(page, sheet, "i01", "objectif_2022")).to_be_focused()
    expect(page.locator("[data-save]")).to_have_text("Enregistrer 4 cases")
    keys.press("Control+Enter")
    expect(page.get_by_text("3 cases enregistrées.")).to_be_visible()
    assert cell_at(sheet, "i01", "bilan_2021").qualifier == "familles"
    assert cell_at(sheet, "i01", "objectif_2022").number == 60
    assert cell_at(sheet, "i01.1", "objectif_2022").kind == "nd"
    # « 15 jour » says what « 15 jours » said.
    assert cell_at(sheet, "i02", "objectif_2022").raw == "15 jours"


def test_a_block_is_copied_and_pasted(page: Page, cast: Cast, sheet: Commitment) -> None:
    sign_in(page, cast.council)
    page.goto(address(sheet))
    first = box(page, sheet, "i01", "bilan_2021")
    first.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    copied = page.evaluate(COPY, first.element_handle())
    assert copied == "40 familles\t50\n25\t"
    paste(page, first, '41 familles\t1 234\r\n=1+1\tND\r\n"deux\nlignes"\t9\tdehors\r\n')
    expect(page.locator(".g-panel")).to_contain_text("C’est une formule")
    expect(page.locator(".g-panel")).to_contain_text("hors du tableau")
    expect(page.locator("[data-save]")).to_have_text("Enregistrer 5 cases")
    expect(page.locator(".g-changed")).to_have_count(5)
    assert Cell.objects.known().filter(raw="1 234").count() == 0
    axe(page)
    page.locator("[data-save]").click()
    expect(page.get_by_text("5 cases enregistrées.")).to_be_visible()
    assert cell_at(sheet, "i01", "objectif_2022").number == 1234
    assert cell_at(sheet, "i01.2", "bilan_2021").kind == "text"
    assert cell_at(sheet, "i01.1", "bilan_2021").number == 25


def test_a_draft_survives_a_reload_until_it_is_saved(page: Page, cast: Cast, sheet: Commitment) -> None:
    sign_in(page, cast.council)
    page.goto(address(sheet))
    page.on("dialog", lambda dialog: dialog.accept())
    aim = box(page, sheet, "i01", "objectif_2022")
    aim.fill("400")
    expect(page.locator(f"#{aim.get_attribute('aria-describedby')}")).to_contain_text("Plus du double")
    page.reload()
    expect(aim).to_have_value("400")
    expect(page.locator("[data-save]")).to_have_text("Enregistrer 1 case")
    page.locator("[data-save]").click()
    expect(page.get_by_text("1 case enregistrée.")).to_be_visible()
    page.reload()
    expect(page.locator("[data-save]")).to_have_text("Enregistrer")
    assert cell_at(sheet, "i01", "objectif_2022").number == 400


def test_a_draft_survives_an_expired_session(page: Page, cast: Cast, sheet: Commitment) -> None:
    sign_in(page, cast.council)
    page.goto(address(sheet))
    page.on("dialog", lambda dialog: dialog.accept())
    box(page, sheet, "i01", "objectif_2022").fill("61")
    page.context.clear_cookies()
    page.goto("/connexion/")
    sign_in(page, cast.council)
    page.goto(address(sheet))
    expect(box(page, sheet, "i01", "objectif_2022")).to_have_value("61")


def test_one_column_at_a_time_on_a_phone(phone: Page, cast: Cast, sheet: Commitment) -> None:
    sign_in(phone, cast.council)
    phone.goto(address(sheet))
    aim, account = box(phone, sheet, "i04", "objectif_2022"), box(phone, sheet, "i04", "bilan_2021")
    expect(aim).to_be_visible()
    expect(account).to_be_hidden()
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    aim.fill("7")
    phone.get_by_role("link", name="BILAN 2021", exact=True).click()
    expect(account).to_be_visible()
    expect(aim).to_be_hidden()
    account.fill("5")
    paste(phone, box(phone, sheet, "i01.1", "bilan_2021"), "26\n12")
    phone.locator("[data-save]").click()
    expect(phone.get_by_text(re.compile("4 cases enregistrées"))).to_be_visible()
    assert cell_at(sheet, "i04", "objectif_2022").number == 7
    assert cell_at(sheet, "i04", "bilan_2021").number == 5


CELL = "?ligne={row}&colonne=bilan_2021"


@pytest.mark.parametrize(
    "end", ["coller/", f"cellule/{CELL}", f"cellule/versions/{CELL}", "colonnes/", "lignes/"]
)
def test_the_pages_around_are_accessible(page: Page, cast: Cast, sheet: Commitment, end: str) -> None:
    sign_in(page, cast.council)
    page.goto(address(sheet, end.format(row=f"{sheet.key}-i03")))
    axe(page)

"""A list taken away, changed in a spreadsheet while a colleague writes, and given back."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from jalons.imports.models import ImportBatch
from tests import factories
from tests.e2e.browser import axe, sign_in
from tests.e2e.layout import straight
from tests.factories import Cast


@pytest.mark.django_db(transaction=True)
def test_both_sides_moved(phone: Page, cast: Cast, tmp_path: Path) -> None:
    site = factories.make_site("Friche du canal")
    factories.make_survey(site, dt.date(2020, 6, 1), 40, minors=19)
    page = phone
    sign_in(page, cast.correspondent59)
    page.goto("/sites/")
    page.get_by_text("Exporter", exact=True).click()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Exporter pour modifier").click()
    file = tmp_path / "sites.xlsx"
    download.value.save_as(file)
    change(file, "Personnes", 42)
    factories.make_survey(site, dt.date(2020, 9, 1), 55, minors=19)
    page.goto("/imports/")
    page.get_by_label("Fichier").set_input_files(file)
    page.get_by_role("button", name="Lire ce tableau").click()
    expect(page.get_by_role("heading", name="Les lignes")).to_be_visible()
    axe(page)
    straight(page)
    page.get_by_label("Personnes, ligne 2").select_option(index=1)
    page.get_by_role("button", name="Relire avec ces réponses").click()
    expect(page.get_by_role("button", name="Enregistrer ces lignes")).to_be_visible()
    assert ImportBatch.objects.get().lines.get(line=2).cell("people")["after"] == "42"


def change(file: Path, header: str, value: int) -> None:
    """In the only row, as a spreadsheet does: everything else is saved with it."""
    workbook = load_workbook(file)
    sheet = workbook.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index(header) + 1).value = value
    workbook.save(file)

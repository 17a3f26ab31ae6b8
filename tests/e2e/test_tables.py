"""A table of the month, from the page of a person to the sheets of the sites, and back."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jalons.core import clock
from jalons.core.values import format_date
from jalons.sites.models import Site, Survey
from tests import factories
from tests.e2e.browser import axe, sign_in
from tests.e2e.keyboard import Keyboard
from tests.factories import Cast
from tests.imports.writing import DrawnSheet, write_xlsx

pytestmark = pytest.mark.django_db(transaction=True)


def observatory() -> bytes:
    """As an association keeps it: a title, a known site, one that is new, one whose figure must be said."""
    today = format_date(clock.today())
    rows: list[list[Any]] = [
        ["Observatoire des sites", "", "", "", ""],
        ["Commune", "Site", "Pers.", "dt mineurs", "Passage le"],
        ["Lille", "Rue du Moulin", 42, 19, today],
        ["Roubaix", "Friche du canal", 12, 4, today],
        ["Lille", "Talus", "~30", "", today],
        ["", "TOTAL", 84, 23, ""],
    ]
    return write_xlsx([DrawnSheet("Septembre", rows)])


def people_of(name: str) -> list[int | None]:
    return list(
        Survey.objects.known().filter(site__name=name).order_by("pk").values_list("people", flat=True)
    )


def test_the_table_of_the_month_comes_in_and_goes_back(page: Page, cast: Cast) -> None:
    """The button of the columns is reached by the keyboard alone; the doubtful figure is answered, not guessed."""
    factories.make_survey(factories.make_site("Rue du Moulin"), factories.OPENED, people=30)
    sign_in(page, cast.correspondent59)
    page.goto("/")
    page.get_by_role("link", name="Reprendre un tableau").click()
    axe(page)
    file = {"name": "observatoire.xlsx", "mimeType": "application/octet-stream", "buffer": observatory()}
    page.get_by_label("Fichier").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Lire ce tableau").click()
    axe(page)
    keyboard = Keyboard(page)
    keyboard.reach(page.get_by_role("button", name="Voir les lignes"))
    keyboard.press("Enter")
    expect(page.get_by_text("2 lignes seront enregistrées sur 3.")).to_be_visible()
    expect(page.get_by_text("30 → 42")).to_be_visible()
    axe(page)
    page.get_by_label("Personnes, ligne 5").fill("28")
    page.get_by_role("button", name="Relire avec ces réponses").click()
    expect(page.get_by_text("3 lignes seront enregistrées sur 3.")).to_be_visible()
    assert people_of("Rue du Moulin") == [30]
    page.get_by_role("button", name="Enregistrer ces lignes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enregistré")
    axe(page)
    assert (people_of("Rue du Moulin"), people_of("Friche du canal"), people_of("Talus")) == (
        [30, 42],
        [12],
        [28],
    )


def test_it_is_taken_back_on_a_phone(phone: Page, cast: Cast) -> None:
    site = factories.make_site("Rue du Moulin")
    factories.make_survey(site, factories.OPENED, people=30)
    sign_in(phone, cast.correspondent59)
    phone.goto("/imports/")
    today = format_date(clock.today())
    phone.get_by_label("Ou collez").fill(f"Commune\tSite\tPers.\tVu le\nLille\tRue du Moulin\t42\t{today}\n")
    phone.get_by_role("button", name="Lire ce tableau").click()
    phone.get_by_role("button", name="Voir les lignes").click()
    axe(phone)
    expect(phone.get_by_role("button", name="Relire avec ces réponses")).to_have_count(0)  # nothing is asked
    phone.get_by_role("button", name="Enregistrer ces lignes").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Enregistré")
    phone.goto(f"/sites/{site.public_id}/")
    expect(phone.get_by_text("42 personnes").first).to_be_visible()
    phone.go_back()
    phone.get_by_role("button", name="Annuler tout ce tableau").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Annulé")
    expect(phone.get_by_text("ce qu’il avait corrigé est comme avant")).to_be_visible()
    axe(phone)
    assert people_of("Rue du Moulin") == [30]
    assert Site.objects.count() == 1

"""The life of a site, from its declaration to the file that leaves: what the first main job promises."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from jalons.history.models import Fact
from jalons.sites.models import Site, Survey
from tests.e2e.browser import axe, sign_in
from tests.factories import Cast


def french(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def let_days_pass(days: int) -> None:
    """What was recorded so far becomes older, as if the journey went on later: knowledge has dates too."""
    shift = dt.timedelta(days=days)
    for model in apps.get_models():
        if issubclass(model, Fact):
            # The bounds move together, or a version would end before it began.
            model._default_manager.update(
                recorded_at=F("recorded_at") - shift, superseded_at=F("superseded_at") - shift
            )


def add_survey(page: Page, site: Site, day: dt.date, people: str, minors: str, reliability: str) -> None:
    page.goto(f"/sites/{site.public_id}/")
    page.get_by_role("link", name="Nouveau recensement").first.click()
    page.get_by_label("Date", exact=False).first.fill(french(day))
    choose(page, "source_kind", "operator")
    page.locator("[name=people]").fill(people)
    page.locator("[name=minors]").fill(minors)
    choose(page, "reliability", reliability)
    page.locator("form button[type=submit]").filter(has_text=re.compile("Enregistrer|Valider")).first.click()
    expect(page.get_by_role("status").first).to_be_visible()


def choose(page: Page, name: str, value: str) -> None:
    """A radio button or a list, whichever the form shows."""
    field = page.locator(f"select[name={name}]")
    if field.count():
        field.select_option(value)
    else:
        page.locator(f"input[name={name}][value='{value}']").check()


def figure_on_list(page: Page, query: str, name: str) -> str:
    page.goto(f"/sites/?{query}")
    row = page.get_by_role("row").filter(has_text=name)
    return row.locator("td[data-l=Personnes]").inner_text().strip()


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases(reason="tout le parcours d’un site, recherche comprise")
def test_life_of_a_site(page: Page, cast: Cast, tmp_path: Path) -> None:
    today = timezone.localdate()
    month_ago = today - dt.timedelta(days=30)
    first, second = today - dt.timedelta(days=45), today - dt.timedelta(days=5)
    sign_in(page, cast.correspondent59)

    # Declare: only where, when and who.
    page.goto("/sites/")
    page.get_by_role("link", name="Déclarer un site").first.click()
    page.locator("[name=name]").fill("Friche du canal")
    page.locator("[name=commune]").fill("Roubaix")
    page.locator("[name=observed_on]").fill(french(first - dt.timedelta(days=1)))
    choose(page, "source_kind", "state")
    axe(page)
    page.get_by_role("button", name="Déclarer le site").click()
    expect(page.get_by_role("heading", name="Friche du canal", level=1)).to_be_visible()
    site = Site.objects.get(name="Friche du canal")
    axe(page)

    # Two counts, then the list of today and of last month.
    add_survey(page, site, first, "80", "30", "3")
    add_survey(page, site, second, "112", "ND", "3")
    assert figure_on_list(page, "", "Friche du canal") == "112"
    assert figure_on_list(page, f"au={month_ago.isoformat()}", "Friche du canal") == "80"
    expect(page.get_by_text("Vous regardez la situation")).to_be_visible()
    axe(page)

    # A correction, ten days later: the old figure is still what we knew then.
    let_days_pass(10)
    wrong = Survey.objects.known().get(site=site, people=80)
    page.goto(f"/sites/{site.public_id}/recensements/{wrong.lineage}/")
    page.locator("[name=people]").fill("86")
    page.locator("[name=reason]").fill("une famille avait été oubliée")
    page.locator("form button[type=submit]").filter(
        has_text=re.compile("orriger|Enregistrer|Valider")
    ).first.click()
    expect(page.get_by_role("status").first).to_be_visible()
    known = (today - dt.timedelta(days=3)).isoformat()
    assert figure_on_list(page, f"au={month_ago.isoformat()}", "Friche du canal") == "86"
    assert figure_on_list(page, f"au={month_ago.isoformat()}&connu-le={known}", "Friche du canal") == "80"

    # Close it, saying where people went.
    page.goto(f"/sites/{site.public_id}/")
    page.get_by_role("link", name="Fermer le site").first.click()
    fill_closing(page, today)
    expect(page.get_by_role("status").first).to_be_visible()
    page.goto("/sites/?statut=fermes")
    expect(page.get_by_role("link", name="Friche du canal")).to_be_visible()

    # The file that leaves says what the screen says.
    page.get_by_text("Exporter", exact=True).click()
    page.get_by_role("link", name="Exporter pour lire").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger").click()
    file = tmp_path / "sites.xlsx"
    download.value.save_as(file)
    rows = read_sheet(file)
    assert [row["Nom du site"] for row in rows] == ["Friche du canal"]
    assert rows[0]["Personnes"] == 112
    assert rows[0]["Mineurs"] == "ND"
    assert rows[0]["Fermé le"] == today
    assert rows[0]["Logement (personnes)"] == 40
    page.goto("/sites/?statut=fermes")
    total = page.locator("tr.sum td[data-l=Personnes]").inner_text()
    assert total.strip() == str(int(sum(row["Personnes"] for row in rows)))


def fill_closing(page: Page, day: dt.date) -> None:
    page.locator("input[name=closed_on]").first.fill(french(day))
    choose(page, "reason_code", "resorbed")
    page.locator("input[name*=housing][name*=people]").fill("40")
    page.locator("form button[type=submit]").filter(has_text=re.compile("Fermer")).first.click()


def read_sheet(path: Path) -> list[dict[str, Any]]:
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(1).to_python(skip_empty_area=True)
    header = next(index for index, row in enumerate(sheet) if "Nom du site" in row)
    rows = [dict(zip(sheet[header], row, strict=True)) for row in sheet[header + 1 :]]
    return [row for row in rows if row["Nom du site"]]

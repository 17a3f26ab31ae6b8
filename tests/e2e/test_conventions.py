"""The year of a convention, on the real CALPAE 2022: amended, opened for 2023, filled by paste, frozen, reported."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from jalons.conventions.models import Cell, Commitment, Convention, MatrixRow
from jalons.history.services import Actor
from tests.conventions.samples import make_convention
from tests.e2e.browser import axe, sign_in
from tests.e2e.test_grid import paste
from tests.factories import Cast, actor

pytestmark = pytest.mark.django_db(transaction=True)
REAL = Path(__file__).parents[2] / "jalons" / "demonstration" / "data" / "calpae-2022.json"


@pytest.fixture
def calpae(cast: Cast) -> Convention:
    by: Actor = actor(cast.council)
    return make_convention(json.loads(REAL.read_bytes()), by=by)


def number(convention: Convention, wanted: int) -> Commitment:
    sheets = convention.commitments.filter(parent=None)
    return next(sheet for sheet in sheets if wanted in sheet.numbers)


def freeze(page: Page, slug: str, title: str) -> None:
    page.goto(f"/conventions/{slug}/versions/figer/")
    page.get_by_label("Nom de la version").fill(title)
    why = page.get_by_label("Pourquoi ces erreurs restent")
    if why.count():
        why.fill("Connu, voté ainsi.")
    page.get_by_role("button", name="Figer").click()
    expect(page.get_by_text(title).first).to_be_visible()


def test_amending_fiche_5_by_one_euro(page: Page, cast: Cast, calpae: Convention, tmp_path: Path) -> None:
    sign_in(page, cast.council)
    freeze(page, calpae.slug, "Version votée le 27 juin 2022")
    fifth = number(calpae, 5)

    page.goto(f"/conventions/{calpae.slug}/avenants/nouveau/")
    page.get_by_label("Objet").fill("Un euro de plus pour la fiche 5")
    page.locator("main").get_by_role("button", name="Ouvrir").click()
    page.goto(f"/conventions/{calpae.slug}/fiches/{fifth.public_id}/budget/")
    page.locator("[name=lignes-1-m_part_etat]").fill("8 566 046 €")
    page.locator("main").get_by_role("button", name="Enregistrer").click()

    page.goto(f"/conventions/{calpae.slug}/alertes/")
    main = page.locator("main")
    found = set(calpae.alerts.filter(gap__in=[1, -1]).values_list("rule", flat=True))
    # Parity, annex, article 4, heading, deliberation: each says its euro.
    assert len(found) >= 5, found
    expect(main).to_contain_text("8 566 046")
    axe(page)

    amendment = calpae.amendments.get()
    page.goto(f"/conventions/{calpae.slug}/avenants/{amendment.public_id}/")
    expect(main).to_contain_text("8 566 045")
    expect(main).to_contain_text("8 566 046")
    axe(page)
    page.goto(f"/conventions/{calpae.slug}/avenants/{amendment.public_id}/figer/")
    why = page.get_by_label("Pourquoi ces erreurs restent")
    if why.count():
        why.fill("L’annexe suivra.")
    page.locator("main").get_by_role("button", name="Figer").click()
    amendment.refresh_from_db()
    assert amendment.result is not None
    assert amendment.result.number == 2
    path = download(
        page,
        f"/conventions/{calpae.slug}/documents/fichier/?document=avenant&format=docx&version=2",
        tmp_path,
    )
    words = words_of(path)
    assert "8\u202f566\u202f045" in words
    assert "8\u202f566\u202f046" in words


@pytest.mark.both_databases(reason="la plus longue : contraintes et verrous de toute la convention")
def test_from_2022_to_the_report_of_2023(page: Page, cast: Cast, calpae: Convention, tmp_path: Path) -> None:
    sign_in(page, cast.council)
    before = list(
        Cell.objects.known().filter(row__commitment__convention=calpae).values_list("pk", flat=True)
    )
    page.goto(f"/conventions/{calpae.slug}/annee-suivante/")
    axe(page)
    page.get_by_role("button", name="Ouvrir l’année 2023").click()
    opened = Convention.objects.get(previous=calpae)
    assert opened.year == 2023
    assert (
        list(Cell.objects.known().filter(row__commitment__convention=calpae).values_list("pk", flat=True))
        == before
    )

    # The grid of fiche 3, by paste: what 2022 gave, then what 2023 aims at.
    third = number(opened, 3)
    columns = list(third.columns.filter(dropped=False))
    assert [column.header for column in columns][-2:] == ["BILAN 2022", "OBJECTIF 2023"]
    page.goto(f"/conventions/{opened.slug}/fiches/{third.public_id}/indicateurs/")
    first = MatrixRow.objects.filter(commitment=third, dropped=False).order_by("position")[0]
    box = page.locator(f"#c-{first.pk}-{columns[-2].pk}")
    paste(page, box, "100 %\t100 %\r\n45\t46\r\n240\t300\r\n26 000\t35 000\r\nND\t/\r\n")
    expect(page.locator("[data-save]")).to_have_text("Enregistrer 10 cases")
    page.locator("[data-save]").click()
    expect(page.get_by_text("10 cases enregistrées.")).to_be_visible()
    kinds = set(
        Cell.objects.known()
        .filter(row__commitment=third, column__in=columns[-2:])
        .values_list("kind", flat=True)
    )
    assert kinds == {"percent", "number", "nd", "not_applicable"}

    # The comparison follows the indicator from one year to the other.
    page.goto(f"/conventions/{opened.slug}/comparaison/")
    page.get_by_label("Fiche", exact=True).select_option(index=2)
    page.get_by_role("button", name="Voir").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"26\s000"))
    axe(page)

    freeze(page, opened.slug, "Version votée en 2023")
    page.goto(f"/conventions/{opened.slug}/rapport/")
    page.get_by_role("button", name="Commencer le rapport").click()
    expect(page.get_by_text("Rédiger les textes")).to_be_visible()
    axe(page)
    path = download(
        page, f"/conventions/{opened.slug}/documents/fichier/?document=rapport&format=docx", tmp_path
    )
    assert "PREMIER ACCUEIL SOCIAL" in words_of(path).upper()


def download(page: Page, address: str, folder: Path) -> Path:
    answer = page.request.get(address)
    assert answer.ok, answer.status
    path = folder / "document.docx"
    path.write_bytes(answer.body())
    return path


def words_of(path: Path) -> str:
    opened: Any = Document(str(path))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])

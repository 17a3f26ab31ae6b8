"""« Copie annotée »: the workbook that was given, with what Jalons says of each cell; made in a child."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from jalons.history.services import Actor
from jalons.imports import jobs
from jalons.imports.models import ImportBatch
from jalons.imports.reading.files import read_content
from jalons.imports.services import copies, give_file, prepare
from jalons.sites.models import Site
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.correspondent59)


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sept. 2026"
    for row in (
        ("Commune", "Site", "Pers.", "Mineurs", "Vu le"),
        ("Lille", "Rue du Moulin", 42, 19, "28/09/2026"),
        ("Lille", "Talus", "~30", "=1+1", "28/09/2026"),
        ("Nulle part", "Ru", 3, 1, "28/09/2026"),
    ):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def given(by: Actor, content: bytes) -> ImportBatch:
    sheets = read_content(content, "xlsx", "")
    batch = give_file(name="obs/sept.xlsx", kind="xlsx", content=content, sheets=sheets, by=by)
    return prepare(batch=batch, by=by)


def test_each_judged_cell_has_its_colour_and_its_remark(by: Actor, client: Client) -> None:
    site: Site = factories.make_site("Rue du Moulin")
    factories.make_survey(site, factories.OPENED, 40)
    content = workbook()
    batch = given(by, content)
    client.force_login(by.user, factories.BACKEND)
    page = reverse("imports:annotate", args=[batch.public_id])
    assert page in client.get(reverse("imports:lines", args=[batch.public_id])).content.decode()
    file = reverse("imports:annotated", args=[batch.public_id])
    assert client.get(file).status_code == 302
    assert "Prendre la copie annotée" in client.post(page, follow=True).content.decode()
    answer = client.get(file)
    assert 'filename="obs-sept-annote.xlsx"' in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answer.content))["Sept. 2026"]
    changed = sheet["C2"]
    assert (changed.value, changed.fill.fgColor.rgb[-6:]) == (42, "FFE699")
    assert changed.comment.text.startswith("Changé\u00a0: 40 → 42")
    assert "une approximation" in sheet["C3"].comment.text
    assert sheet["A4"].comment.text.startswith("À décider")
    assert sheet["D3"].value == "=1+1"  # formulas stay
    assert client.get(reverse("imports:original", args=[batch.public_id])).content == content


def test_a_copy_that_cannot_be_made_says_why(by: Actor, client: Client, monkeypatch: Any) -> None:
    batch = given(by, workbook())
    monkeypatch.setattr(copies, "MOST_CELLS", 3)
    client.force_login(by.user, factories.BACKEND)
    page = client.post(reverse("imports:annotate", args=[batch.public_id]), follow=True).content.decode()
    assert "contenu démesuré" in page
    assert "Prendre la copie" not in page


def test_what_is_no_workbook_has_none(by: Actor, client: Client) -> None:
    batch = given(by, workbook())
    ImportBatch.objects.update(file_kind="csv")
    client.force_login(by.user, factories.BACKEND)
    answer = client.post(reverse("imports:annotate", args=[batch.public_id]), follow=True)
    assert "n’a pas de copie annotée" in answer.content.decode()


def test_the_copy_of_another_structure_does_not_exist(by: Actor, cast: Any, client: Client) -> None:
    batch = given(by, workbook())
    client.force_login(cast.correspondent13, factories.BACKEND)
    assert client.post(reverse("imports:annotate", args=[batch.public_id])).status_code == 404
    assert ImportBatch.objects.get().copy_asked_at is None


def test_a_copy_whose_worker_died_is_asked_again(by: Actor, client: Client, monkeypatch: Any) -> None:
    batch = given(by, workbook())
    page = reverse("imports:annotate", args=[batch.public_id])
    client.force_login(by.user, factories.BACKEND)
    ImportBatch.objects.update(copy_asked_at=timezone.now())
    assert "La copie se prépare" in client.get(page).content.decode()
    assert not copies.ask_for_copy(batch=batch)
    ImportBatch.objects.update(copy_asked_at=timezone.now() - 2 * copies.SILENCE)
    assert "Préparer la copie" in client.get(page).content.decode()

    def failing(**told: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(jobs, "annotate_now", failing)
    client.raise_request_exception = False
    assert "Une erreur imprévue a arrêté la copie" in client.post(page, follow=True).content.decode()
    assert ImportBatch.objects.get().copy_asked_at is None

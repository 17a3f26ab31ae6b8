"""The list of sites on paper: the first sheet of the Excel file has ten columns, sums, and says what is not known."""

import io
import re
import zipfile

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.factories import BACKEND, LILLE, ROUBAIX, Cast, make_site, make_survey
from tests.maps.conftest import days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(cast: Cast) -> bytes:
    for rank, people in enumerate((40, 12)):
        make_survey(make_site(f"Rue {rank}", LILLE), days_ago(10), people, minors=people // 4)
    make_site("Jamais recensé", ROUBAIX)
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    answer = client.get("/sites/export?format=xlsx")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_first_sheet_is_made_for_paper(content: bytes) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["À imprimer", "Sites ouverts", "À propos"]
    rows, data = (book.get_sheet_by_index(at).to_python() for at in (0, 1))
    assert len(rows[0]) == 10
    assert len(data[0]) > 30
    assert rows[0][:3] == ["Nom du site", "Commune", "Département"]
    total = dict(zip(rows[0], rows[-1], strict=True))
    assert total["Nom du site"] == "Total\u00a0: 3 lignes"
    assert "≥\u00a052 (1 inconnu)" in rows[-1]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        names = archive.read("xl/workbook.xml")
    assert b'orientation="landscape"' in sheet
    assert b'fitToHeight="0"' in sheet
    assert b"<f>" not in sheet
    assert "'À imprimer'!$1:$1".encode() in names  # the head on each page


def test_a_row_is_as_high_as_its_words(content: bytes) -> None:
    """LibreOffice makes no room for the lines of a cell by itself: they would be printed one over the other."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    rows = re.findall(r"<row [^>]*>", sheet)
    heights = [float(height) for row in rows for height in re.findall(r' ht="([\d.]+)"', row)]
    assert len(rows) == 5
    assert heights[-1] > 15  # « ≥ 52 (1 inconnu) » in a narrow column
    assert all("customHeight" in row for row in rows if " ht=" in row)

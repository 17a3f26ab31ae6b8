"""« Chiffres de l’équipe »: the same on screen, in Word, in PDF, in Excel; never anybody; in no journal but its own."""

import datetime as dt
import io
from typing import Any

import docx
import openpyxl
from pypdf import PdfReader

from jalons.exports.models import Download
from jalons.households.enums import RegisterAct
from jalons.households.families.content import FamilyFact
from jalons.households.models import RegisterReading
from tests.factories import make_action, make_socle, organisation_of
from tests.households.opening import client_of, opened_for
from tests.households.sheets.test_family_pages import family_in, text_of

PERIOD = {"first": "1/1/2026", "last": "30/6/2026"}


def test_the_figures_of_a_team_over_its_own_period(cast: Any) -> None:
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    make_socle()
    action = make_action("Passerelle", operators=[organisation_of(cast.operator_a)])
    day = dt.date(2026, 2, 1)
    family_in(
        register,
        "Ana",
        FamilyFact(
            "d",
            "dispositif",
            since=day,
            until=dt.date(2026, 6, 1),
            value=action.public_id,
            detail="abandoned",
        ),
        FamilyFact("v", "visit", since=day, value="office"),
    )
    page = client.get("/registre/chiffres/", {**PERIOD, "action": action.public_id})
    words = text_of(page)
    for expected in (
        "1 famille rencontrée",
        "1 famille sortie",
        "Parti sans solution connue 1",
        "À la permanence 1",
        "Entrées 1",
        "Entrées, femmes 1",
    ):
        assert expected in words, expected
    assert "Popescu" not in words
    assert "avant le début" in text_of(
        client.get("/registre/chiffres/", {"first": "1/1/2026", "last": "1/1/2025"})
    )
    assert "Aucune famille" in text_of(
        client.get("/registre/chiffres/", {"first": "1/1/2020", "last": "1/2/2020"})
    )
    files = {
        fmt: client.post(f"/registre/chiffres/emporter/{fmt}/", {**PERIOD, "action": action.public_id})
        for fmt in ("docx", "pdf", "xlsx")
    }
    word = docx.Document(io.BytesIO(files["docx"].content))
    tables = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content))
    rows = list(book["Chiffres"].iter_rows(values_only=True))
    pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"].content)).pages)
    for label in ("Parti sans solution connue", "À la permanence", "Entrées, femmes"):
        assert [label, "1"] in tables, label
        assert any(row[1:3] == (label, 1) for row in rows), label
        assert label in " ".join(pdf.split())
    curve = [row[:2] for row in book["Mois par mois"].iter_rows(min_row=2, values_only=True)]
    assert [people for _, people in curve] == [0, 0, 1, 1, 1, 1, 0]
    assert curve[-1][0] == dt.datetime(2026, 6, 30)
    everything = f"{tables} {rows} {pdf} {[p.text for p in word.paragraphs]}"
    assert "Popescu" not in everything
    assert "peut désigner une famille" in everything
    assert not Download.objects.exists()
    assert RegisterReading.objects.filter(act=RegisterAct.TAKEN, household=None).count() == 3
    assert client.post("/registre/chiffres/emporter/csv/", PERIOD).status_code == 404
    refused = client.post("/registre/chiffres/emporter/docx/", {**PERIOD, "last": "1/1/2025"})
    assert "avant le début" in text_of(refused)

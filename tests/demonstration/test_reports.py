"""The reports and the open figures of the demonstration, by those who did not write them: counted again, attacked."""

import datetime as dt
import re

import pytest

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import has
from jalons.demonstration import world as worlds
from jalons.demonstration.open_figures import publish_figures
from jalons.editions.making.content import content_of
from jalons.editions.making.values import values_of
from jalons.history.querysets import AsOf
from jalons.public.counting import country
from jalons.public.half_years import last_over
from jalons.public.models import OpenHalfYear
from jalons.public.preparing import tables_out
from jalons.territories.models import Commune
from tests.editions.making import make_edition
from tests.editions.parsing import (
    docx_rows,
    docx_texts,
    pdf_text,
    pptx_slides,
    screen_text,
    spaced,
    xlsx_rows,
)
from tests.editions.test_reports import words_of
from tests.figures.by_hand import ByHand, Reach
from tests.figures.world import World
from tests.public.attacker import exposed_figures

pytestmark = pytest.mark.django_db
ELSEWHERE = True
NORD, FRANCE = "departement-59", "nation"
HALF_YEAR = dt.timedelta(days=180)


@pytest.mark.parametrize(
    ("kind", "area", "language"),
    [
        ("observatoire", NORD, "fr"),
        ("bilan", FRANCE, "fr"),
        ("bilan", FRANCE, "en"),
        ("cotech", NORD, "fr"),
        ("dialogue", NORD, "fr"),
    ],
)
def test_each_figure_of_a_report_is_counted_again(
    world: worlds.Built, today: dt.date, kind: str, area: str, language: str
) -> None:
    national = User.objects.get(email="national@demo.example")
    day = today - HALF_YEAR
    edition = make_edition(national, kind=kind, area=area, day=day, language=language, made=False)
    rows = World(cast=None)  # type: ignore[arg-type]
    rows.load()
    nord = frozenset(Commune.objects.filter(departement="59").values_list("pk", flat=True))
    places = (nord, frozenset({"59"})) if area == NORD else (None, None)
    at = AsOf(edition.at)
    counted = ByHand(rows, Reach(None, None, None), *places, None, at, edition.first_day).everything()
    checked = 0
    for figure in values_of(content_of(edition))["figures"]:
        if expected := words_of(counted[figure["key"]]):
            said = re.sub(r"[\s,€]", "", spaced(figure["words"]))
            assert said == expected.replace(" ", "").removesuffix(".00"), figure
            checked += 1
    assert checked >= 8


def test_without_the_right_to_read_it_money_is_in_no_file(world: worlds.Built, today: dt.date) -> None:
    reader = User.objects.get(email="observateur@demo.example")
    assert not has(reader, Right.READ_FUNDING)
    edition = make_edition(reader, kind="bilan", area=NORD, day=today - HALF_YEAR)
    slides = " ".join(
        cell.text_frame.text
        for slide in pptx_slides(edition)
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    )
    sheets = ("À imprimer", "Chiffres", "Données des dispositifs")
    texts = {
        "docx": f"{docx_texts(edition)} {docx_rows(edition)}",
        "pdf": pdf_text(edition),
        "html": screen_text(edition),
        "pptx": slides,
        "xlsx": str([xlsx_rows(edition, sheet) for sheet in sheets]),
    }
    for fmt, text in texts.items():
        assert not re.search(r"€|Engagé|Exécuté", text), fmt
        assert fmt == "pptx" or "L’argent" in spaced(text), fmt  # it is told that it is not there


def test_a_departement_is_open_and_nothing_hidden_is_found_again(world: worlds.Built, today: dt.date) -> None:
    publish_figures(today)
    shape, last, hidden = country(), last_over(today), 0
    people = OpenHalfYear.objects.get(half_year=last.code, is_out=True).content["figures"]["personnes"]
    assert people[NORD][0] > people["departement-93"][0] > 100
    assert people["departement-62"] == people["departement-95"] == ["c", None]
    for back in range(4):
        tables = tables_out(shape, last.back(back), 99)
        hidden += sum(len(table.hidden) for table in tables)
        assert exposed_figures(shape, tables) == []
    assert hidden > 100

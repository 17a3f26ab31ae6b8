"""The slides of a committee: counted by hand, the same in each file; charts to edit; what has nothing to show."""

import datetime as dt
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import docx
import openpyxl
import pytest
from django.db import transaction
from pypdf import PdfReader

from jalons.core.charts import Bar, BarChart, LineChart, Point, Series
from jalons.editions.blocks import MadeSection, ReportChart, ReportContent, ReportTable, SlideMessage
from jalons.editions.enums import ReportRhythm
from jalons.editions.making.content import content_of
from jalons.editions.models import ReportEdition
from jalons.editions.periods import period_of
from jalons.editions.services.making import check_identical
from jalons.editions.writing.paper import write_docx, write_pdf
from jalons.editions.writing.screen import write_screen
from jalons.editions.writing.slides import write_pptx
from jalons.editions.writing.workbook import write_xlsx
from jalons.exports.document import Grid, Head
from jalons.figures.areas import find_area
from jalons.history.querysets import AsOf
from tests.editions.making import make_edition
from tests.editions.parsing import (
    content_of_file,
    docx_rows,
    pdf_text,
    pptx_charts,
    pptx_rows,
    pptx_slides,
    screen_rows,
    slides_of,
    spaced,
    xlsx_rows,
)
from tests.editions.test_reports import words_of
from tests.factories import Cast
from tests.figures.by_hand import ByHand, Reach
from tests.figures.test_recount import grounds
from tests.figures.world import DAYS, World, make_world
from tests.guards import commits

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(reason="les mêmes diapositives sur les deux bases"),
]
LONG_AGO = dt.date(2015, 6, 1)  # nothing is known of then
DAY = DAYS[5]  # in a month that is over


@pytest.fixture(scope="module")
def world(people: Cast, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), commits.held():
        yield make_world(people)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def edition(world: World) -> ReportEdition:
    return make_edition(world.cast.correspondent59, kind="cotech", day=DAY)


def titles(slides: list[Any]) -> list[str]:
    return [spaced(slide.shapes.title.text) for slide in slides]


def notes(slides: list[Any]) -> str:
    return spaced(" ".join(slide.notes_slide.notes_text_frame.text for slide in slides))


def test_figures_are_those_counted_by_hand_in_every_file(world: World, edition: ReportEdition) -> None:
    period, area = period_of(ReportRhythm.MONTH, DAY), find_area("departement-59")
    assert area is not None
    reach = Reach(None, frozenset({"59"}), frozenset({"59"}))
    counted = ByHand(world, reach, *grounds(area), None, AsOf(period.last), period.first).everything()
    word, screen, slides = docx_rows(edition), screen_rows(edition), pptx_rows(edition)
    book, paper, said = xlsx_rows(edition, "Chiffres"), pdf_text(edition), notes(pptx_slides(edition))
    checked = 0
    for figure in edition.values["figures"]:
        words, label = spaced(figure["words"]), spaced(figure["label"])
        for rows in (word, screen, slides):
            assert any(row[:2] == [label, words] for row in rows), figure
        [line] = [row for row in book if row[1] == figure["key"]]
        assert spaced(line[4]) == words
        assert words in paper
        assert f"{label} : {words}." in said
        if expected := words_of(counted[figure["key"]]):
            assert words.replace(" ", "").removesuffix("€") == expected.replace(" ", ""), figure
            checked += 1
    assert checked >= 15, "presque rien n’est compté : le monde est trop pauvre"


def test_charts_are_edited_and_hold_the_same_numbers(edition: ReportEdition) -> None:
    charts = pptx_charts(edition)
    numbers = {row[1]: row[3] for row in xlsx_rows(edition, "Chiffres")[1:]}
    values = charts["Sites ouverts et fermés"]
    assert next(iter(values)) == period_of(ReportRhythm.MONTH, DAY).title.capitalize()
    moved = next(iter(values.values()))
    names = ("Sites ouverts", "Sites fermés", "dont résorbés", "dont évacués")
    keys = ("ouvertures", "fermetures", "resorptions", "evacuations")
    assert [moved.get(name, moved.get(f"{name} (au moins)")) for name in names] == [
        numbers[key] for key in keys
    ]
    [people] = [chart for title, chart in charts.items() if title.startswith("Habitants")]
    assert list(people["Personnes"].values())[-1] == numbers["personnes"]


def test_a_message_a_slide_and_its_figure(edition: ReportEdition) -> None:
    slides = pptx_slides(edition)
    numbers = {value["key"]: spaced(value["words"]) for value in edition.values["figures"]}
    first = titles(slides)[1]
    assert first.startswith(f"{numbers['sites-ouverts']} sites ouverts et ")
    assert numbers["personnes"].replace("≥", "au moins") in first
    assert all(titles(slides))
    assert all(slide.notes_slide.notes_text_frame.text.strip() for slide in slides)
    [picture] = [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    assert "placé" in picture._element.nvPicPr.cNvPr.get("descr")


def test_the_one_figure_of_a_table_stands_above_it(world: World, edition: ReportEdition) -> None:
    [count] = [figure["words"] for figure in edition.values["figures"] if figure["key"] == "sans-recensement"]
    slides = [slide for slide in pptx_slides(edition) if "recensement récent" in slide.shapes.title.text]
    first, *_ = [[shape for shape in slide.shapes if shape.has_table] for slide in slides]
    figures, sites = first
    assert [spaced(cell.text) for cell in figures.table.rows[1].cells][1] == spaced(count)
    assert figures.top + sum(row.height for row in figures.table.rows) < sites.top
    assert sites.table.cell(0, 0).text == "Site"


def test_the_same_again_whatever_was_corrected_since(edition: ReportEdition) -> None:
    assert check_identical(edition=edition) == []
    content = content_of(edition)
    assert write_pptx(content) == content_of_file(edition, "pptx")


def test_without_the_right_to_read_funding_no_money_and_it_is_told(
    world: World, edition: ReportEdition
) -> None:
    poor = make_edition(world.cast.operator_a, kind="cotech", day=DAY)
    everything = spaced(" ".join(shape.text_frame.text for slide in pptx_slides(poor)
                                 for shape in slide.shapes if shape.has_text_frame))  # fmt: skip
    assert "« Financements » n’est pas dans cet exemplaire" in everything
    assert "prevu" not in {value["key"] for value in poor.values["figures"]}
    assert not any(title.startswith("Financements") for title in titles(pptx_slides(poor)))
    assert any(title.startswith("Financements") for title in titles(pptx_slides(edition)))
    assert "€" not in everything + pdf_text(poor) + notes(pptx_slides(poor))


def test_a_territory_without_anything(cast: Cast) -> None:
    edition = make_edition(cast.correspondent13, kind="copil", area="departement-13", day=LONG_AGO)
    slides = pptx_slides(edition)
    assert titles(slides)[1].startswith("Aucun site ouvert au ")
    assert check_identical(edition=edition) == []


def line_of(*values: int | None, at_least: bool = False) -> LineChart:
    days = [dt.date(2026, month, 1) for month in range(1, len(values) + 1)]
    points = [Point(day, value, at_least=at_least) for day, value in zip(days, values, strict=True)]
    return LineChart("Une courbe", [Series("=1+1", points)])


@pytest.mark.parametrize(
    ("chart", "drawn"),
    [
        (line_of(), False),
        (line_of(None, None), False),
        (line_of(7), True),
        (line_of(None, 7, None), True),
        (line_of(7, 9, at_least=True), True),
        (LineChart("Une courbe", []), False),
        (BarChart("Une courbe", []), False),
        (BarChart("Une courbe", [Bar("x" * 80, [None])]), False),
        (BarChart("Une courbe", [Bar("https://exemple.fr/\x07", [0]), Bar("=A1", [None])]), True),
    ],
)
def test_charts_with_one_point_none_or_nothing_known(chart: Any, drawn: bool) -> None:
    slides = slides_of(write_pptx(made_of(ReportChart("c", chart))))
    shapes = [shape for shape in slides[1].shapes if shape.has_chart]
    assert bool(shapes) is drawn
    words = spaced(" ".join(shape.text_frame.text for shape in slides[1].shapes if shape.has_text_frame))
    assert ("rien n’est connu à ces dates" in words) is not drawn


def test_such_charts_on_paper_and_in_a_workbook() -> None:
    """Each says its title, then what is known or that nothing is."""
    charts = [
        replace(line_of(), title="Sans point"), replace(line_of(None, None), title="Rien de connu"),
        replace(line_of(7), title="Un point"), replace(line_of(None, 7, None), title="Un point entouré"),
        BarChart("Sans barre", []), BarChart("Barre inconnue", [Bar("x" * 80, [None])]),
        BarChart("Une barre à zéro", [Bar("=A1", [0])]),
    ]  # fmt: skip
    content = made_of(*(ReportChart(f"c{place}", chart) for place, chart in enumerate(charts)))
    pdf = spaced(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(write_pdf(content))).pages))
    word = docx.Document(io.BytesIO(write_docx(content)))
    drawings = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    screen = spaced(write_screen(content).decode())
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(content)))
    cells = [
        spaced(str(value)) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
    ]
    for chart in charts:
        nothing = f"{chart.title} : rien n’est connu à ces dates, rien n’est dessiné."
        is_drawn = chart.title in ("Un point", "Un point entouré", "Une barre à zéro")
        assert (nothing in pdf) is not is_drawn, chart.title
        assert (nothing in screen) is not is_drawn, chart.title
        assert (nothing in [spaced(p.text) for p in word.paragraphs]) is not is_drawn, chart.title
        assert chart.title in pdf
        assert chart.title in screen
        assert chart.title in book.sheetnames
        assert (nothing in cells) is not is_drawn, chart.title
    assert len(drawings) == 3
    assert "7" in drawings[0]
    assert "7" in drawings[1]


def made_of(*blocks: Any) -> ReportContent:
    section = MadeSection("a", "Une partie", [SlideMessage("Un message"), *blocks])
    return ReportContent(
        name="copil", title="Pack COPIL", subtitle="Année 2026", perimeter="N" * 80, author="Une personne",
        language="fr", at=dt.date(2026, 6, 30), known_at=dt.datetime(2026, 7, 1, 8, tzinfo=dt.UTC), sections=[section],
    )  # fmt: skip


def test_a_long_table_goes_on_and_says_what_it_leaves_out() -> None:
    rows = [[f"{number} " + "nom très long " * 6, number] for number in range(400)]
    grid = Grid([Head("Site", weight=3), Head("Personnes", numeric=True)], rows, sums=[["Total", 79800]])
    content = made_of(ReportTable("sites", grid))
    data = write_pptx(replace(content, provisional=True))
    slides = slides_of(data)
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    assert len(tables) == 4
    words = spaced(" ".join(shape.text_frame.text for shape in slides[-1].shapes if shape.has_text_frame))
    assert "lignes sur 400" in words
    assert "PROVISOIRE" in words
    again = write_pptx(replace(content, provisional=True))
    assert hashlib.sha256(data).hexdigest() == hashlib.sha256(again).hexdigest()
    [table] = docx.Document(io.BytesIO(write_docx(content))).tables
    assert len(table._tbl.tr_lst) == 402
    paper = PdfReader(io.BytesIO(write_pdf(content)))
    assert all("Personnes" in page.extract_text() for page in paper.pages), "une tête qui ne suit pas"
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(content)))["Une partie"]
    assert [sheet.max_row, sheet.cell(402, 2).value] == [402, 79800]

"""The account in English: nothing of our own words is left in French, the same figures in English form."""

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.core.values import format_date, format_euros, format_number, format_percent
from jalons.editions.blocks import KeyFigures, Note, Paragraph, ReportTable
from jalons.editions.kinds.half_year import KIND
from jalons.editions.making.content import content_of
from jalons.editions.making.english import english, in_figures, untranslated
from jalons.editions.models import ReportEdition
from jalons.figures.registry import figures
from tests import factories
from tests.editions.making import make_edition
from tests.editions.parsing import docx_rows, pdf_text, pptx_rows, pptx_slides, screen_rows, spaced, xlsx_rows
from tests.factories import LILLE, Cast


@given(st.integers(0, 10**9))
@example(999)
@example(1000)
def test_numbers(number: int) -> None:
    assert in_figures(format_number(number)) == f"{number:,}"
    assert in_figures(format_euros(number)) == f"€{number:,}"
    assert in_figures(format_percent(number % 101, 0)) == f"{number % 101}%"


def test_sentences_with_something_in_them() -> None:
    assert english("29 sites recensés sur 1\u202f232") == "29 of 1,232 settlements surveyed"
    assert english("1er semestre 2026") == "First half of 2026"
    assert english(f"Au {format_date(dt.date(2026, 6, 30))}") == "At 30 June 2026"
    assert english("≥\u00a02\u202f082 (3 non renseignés)") == "≥ 2,082 (3 not reported)"
    assert in_figures("30 juin 2026") == "30 June 2026"
    assert english("Terrain vague du port") == "Terrain vague du port"  # a name


@pytest.mark.django_db
def test_nothing_of_ours_stays_in_french(cast: Cast) -> None:
    site = factories.make_site(code=LILLE, name="Sous le pont")
    factories.make_survey(site, dt.date(2026, 5, 1), people=1240)
    day = dt.date(2026, 6, 30)
    french = make_edition(cast.correspondent59, kind="bilan", day=day)
    ours = [section.title for section in KIND.sections]
    for table in content_of(french).data:
        ours += words_of(table)
    for section in content_of(french).sections:
        for block in section.blocks:
            ours += words_of(block)
    keys = {figure["key"] for figure in french.values["figures"]}
    ours += [text for key in keys for text in (figures()[key].label, figures()[key].sentence)]
    assert untranslated(ours) == []
    written = make_edition(cast.correspondent59, kind="bilan", day=day, language="en")
    same_figures(french, written)
    paper = pdf_text(written)
    assert "Informal settlements inhabited" in paper
    assert "Page 1 of" in paper


def words_of(block: Any) -> list[str]:
    if isinstance(block, KeyFigures):
        words = [block.before, block.earlier, block.caption, *block.words]
        for row in block.rows:
            words += [row.text, row.missing, row.coverage, row.earlier, row.before, row.change]
        return words
    if isinstance(block, ReportTable):
        return [block.grid.caption, *(head.label for head in block.grid.columns)]
    return [block.text] if isinstance(block, Note | Paragraph) else []


def same_figures(french: ReportEdition, written: ReportEdition) -> None:
    """In both languages, and in each file of the English one."""
    then = {row[1]: row[3] for row in xlsx_rows(french, "Chiffres")[1:]}
    now = {row[1]: row[3] for row in xlsx_rows(written, "Figures")[1:]}
    assert then == now
    word, screen, slides = docx_rows(written), screen_rows(written), pptx_rows(written)
    for figure in written.values["figures"]:
        line = [spaced(figure["label"]), spaced(figure["words"])]
        assert any(row[:2] == line for row in word), figure
        assert any(row[:2] == line for row in screen), figure
        assert any(row[:2] == line for row in slides), figure
    [first, second, *_] = pptx_slides(written)
    words = [
        shape.text_frame.text for slide in (first, second) for shape in slide.shapes if shape.has_text_frame
    ]
    words += [slide.notes_slide.notes_text_frame.text for slide in (first, second)]
    assert "Situation at 30 June 2026" in spaced(" ".join(words))
    assert not re.search(r"Situation au|Ce qui est compté|BROUILLON|suite", " ".join(words))

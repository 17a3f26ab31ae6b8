"""Documents that a person signs: read aloud, in French, faithful to what was written."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from jalons.core.charts import Bar, BarChart, render_svg
from jalons.core.values import Ratio, Sum, Value
from jalons.exports.acts import row, slot
from jalons.exports.contract import About
from jalons.exports.document import (
    Block,
    Document,
    Facts,
    Figure,
    Grid,
    Head,
    Heading,
    Note,
    Paragraph,
    Signatures,
    cell_words,
    levels,
)
from jalons.exports.docx import to_docx
from jalons.exports.docx_acts import rows_xml
from jalons.exports.fonts import fonts, plain_font
from jalons.exports.pdf import DRAWN, UNDRAWN, to_pdf, to_png

ABOUT = About(
    "Nord",
    "Camille Nord, DDETS du Nord",
    as_of=dt.date(2026, 7, 1),
    made_at=dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC),
)
CHART = render_svg(BarChart("Financements", [Bar("Département", [60_000]), Bar("Ville", [None])]))
ALT = "Le Département finance 60 000\u00a0€ et la Ville, elle, ne dit rien."
GRID = Grid(
    [Head("Date"), Head("Personnes", numeric=True), Head("Remarque", weight=3)],
    [[dt.date(2019, 1, 8), 1240, ""], [dt.date(2019, 2, 8), Value.nd(), "trois familles"]],
    "Recensements",
    [["Total", Sum(1240, known=1, nd=1), None]],
)
EVERYTHING: list[Block] = [
    Heading("Ce que l’on sait"),
    Paragraph("Un paragraphe.\n\nUn autre\nsur deux lignes."),
    Facts([("Type", "Terrain"), ("Propriétaire", None), ("Mineurs", Value.na())]),
    Note("Ce document ne nomme personne."),
    Note("Une évacuation est prévue.", warning=True),
    Heading("Chiffres", 2),
    GRID,
    Figure(CHART, ALT, "Par financeur"),
    Signatures(["La préfète", "Le président"]),
]


def document(*blocks: Block, title: str = "Situation du site", subtitle: str = "") -> Document:
    return Document(title, list(blocks), ABOUT, subtitle)


def pdf(made: Document) -> PdfReader:
    return PdfReader(io.BytesIO(to_pdf(made)))


def pdf_text(made: Document) -> str:
    return "\n".join(page.extract_text() for page in pdf(made).pages)


def word(made: Document) -> Any:
    return docx.Document(io.BytesIO(to_docx(made)))


def word_text(made: Document) -> str:
    return "\n".join("".join(part.itertext()) for part in word(made).element.body.iter(qn("w:p")))


def letters(text: str) -> str:
    """Without blanks, which a line of PDF does not keep; ligatures undone."""
    return "".join(text.replace("ﬁ", "fi").replace("ﬂ", "fl").split())


def test_the_pdf_is_tagged_and_says_its_language() -> None:
    reader = pdf(document(*EVERYTHING))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()
    assert reader.metadata["/Title"] == "Situation du site"
    assert reader.metadata["/Author"] == "Jalons"


def tags(reader: PdfReader) -> list[Any]:
    """Every element of the structure, in reading order."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node)
            walk(node.get("/K", []))

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_the_pdf_has_headings_tables_and_words_for_drawings() -> None:
    found = tags(pdf(document(*EVERYTHING)))
    kinds = [node["/S"] for node in found]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= set(kinds)
    assert [node["/Alt"] for node in found if "/Alt" in node][-1] == ALT


def test_both_say_the_same_things() -> None:
    made = document(*EVERYTHING, subtitle="Lille")
    told = [
        "Situation du site", "Lille", "Ce que l’on sait", "sur deux lignes", "Terrain", "non renseigné",
        "sans objet", "À vérifier", "Une évacuation", "08/01/2019", "1\u202f240", "ND", "Total",
        "≥\u00a01\u202f240 (1\u00a0ND)", "Recensements", "La préfète", "Fait à",
    ]  # fmt: skip
    for text in (pdf_text(made), word_text(made)):
        assert [words for words in told if letters(words) not in letters(text)] == []
        assert "None" not in text
    assert "Situation au 01/07/2026" in pdf_text(made)


HOSTILE = [
    "#eval(1)", "$x^2$", "@ref", "\\", "*gras*", "<étiquette>", "#panic()", "`code`", "// non", "/* */",
    "#import \"a\"", "#{1}", "[x]", "= titre", "- liste", "~", "<w:p/>", "&amp;", "{{ 7 }}", "\\u{41}", "#sys.inputs",
]  # fmt: skip


def test_no_text_is_markup() -> None:
    text = " ".join(HOSTILE)
    blocks: list[Block] = [
        Heading(text), Paragraph(text), Facts([(text, text)]), Note(text), Grid([Head(text)], [[text]], text, [[text]]),
        Figure(CHART, text, text), Signatures([text]),
    ]  # fmt: skip
    made = document(*blocks, title=text, subtitle=text)
    reader = pdf(made)
    whole = letters("".join(page.extract_text() for page in reader.pages)).replace("-", "")
    assert reader.metadata["/Title"] == text
    for words in HOSTILE:
        assert whole.count(letters(words).replace("-", "")) >= 8, words
        assert word_text(made).count(words) >= 8, words


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=40))
@example("😀 العربية 中文")
@example("\x00\x07\ud800\ufffe")
@example("\u0301\u202e\u200b\n\n\n")
def test_any_text_makes_a_document(text: str) -> None:
    made = document(Heading(text), Paragraph(text), Facts([(text, text)]), Grid([Head(text)], [[text]]))
    assert to_pdf(made).startswith(b"%PDF")
    assert to_docx(made).startswith(b"PK")


def test_the_family_is_that_of_the_pages() -> None:
    made = pdf(document(Paragraph("Voix ambiguë"), Paragraph("Ștefan Dvořák")))
    used = {
        str(font["/BaseFont"])
        for page in made.pages
        for font in (f.get_object() for f in page["/Resources"]["/Font"].values())
    }
    assert used
    assert all("SourceSans3" in name for name in used)


def test_only_woff2_is_unpacked() -> None:
    with pytest.raises(ValueError, match="WOFF2"):
        plain_font(b"wOFF" + bytes(60))


def test_documents_do_without_our_family(settings: Any, tmp_path: Path) -> None:
    """The package of fonts is there to make the pages; a server may have only what was collected from it."""
    settings.NODE_MODULES = tmp_path
    fonts.cache_clear()
    try:
        assert "Voix" in pdf_text(document(Paragraph("Voix")))
    finally:
        fonts.cache_clear()


def test_what_no_font_draws_becomes_a_box() -> None:
    text = pdf_text(document(Paragraph("Famille 中 partie"), Figure(CHART.replace("Ville", "中"), ALT)))
    assert "Famille □ partie" in text


def test_every_sign_said_to_be_drawn_is_drawn() -> None:
    every = "".join(letter for letter in map(chr, range(0x20, 0x2300)) if not UNDRAWN.match(letter))
    assert len(every) > 500
    assert DRAWN
    assert "□" not in pdf_text(document(Paragraph(every)))


def test_headings_do_not_skip_a_level() -> None:
    blocks = [
        Heading("a", 3),
        Paragraph("x"),
        Heading("b", 3),
        Heading("c", 3),
        Heading("d", 1),
        Heading("e", 9),
    ]
    assert levels(blocks) == [1, 0, 2, 3, 1, 2]
    assert to_pdf(document(*blocks))


def test_heads_of_tables_are_repeated_and_rows_stay_whole() -> None:
    long = Grid(GRID.columns, [[f"ligne {number}", number, "mot " * 40] for number in range(40)], "Longue")
    pages = [page.extract_text() for page in pdf(document(long)).pages]
    assert len(pages) > 2
    assert all("Remarque" in page for page in pages)
    rows = word(document(long)).tables[0].rows
    assert rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_the_word_file_is_ours() -> None:
    made = word(document(*EVERYTHING))
    told = made.core_properties
    assert (told.title, told.author, told.language, told.comments) == (
        "Situation du site",
        "Jalons",
        "fr-FR",
        "",
    )
    assert told.created == dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
    assert {lang.get(qn("w:val")) for lang in made.styles.element.iter(qn("w:lang"))} == {"fr-FR"}
    assert [paragraph.style.name for paragraph in made.paragraphs[:3]] == ["Title", "Source", "Heading 1"]
    (picture,) = made.inline_shapes
    assert picture._inline.docPr.get("descr") == ALT
    names = [str(part.partname) for part in made.part.package.iter_parts()]
    assert not [name for name in names if "thumbnail" in name]
    assert "Page" in made.sections[0].footer.paragraphs[0].text


@pytest.mark.parametrize(
    ("told", "words", "missing"),
    [
        (None, "non renseigné", True),
        ("  ", "non renseigné", True),
        (0, "0", False),
        (1240, "1\u202f240", False),
        (Value.nd(), "ND", True),
        (Value.na(), "sans objet", True),
        (Value.amount(12), "12\u00a0€", False),
        (Sum(nd=1), "ND", True),
        (Ratio(1, 4, known=1, expected=1), "25\u00a0%", False),
        (True, "oui", False),
        (["eau", "santé"], "eau, santé", False),
        (dt.date(2020, 1, 2), "02/01/2020", False),
        (dt.datetime(2020, 1, 2, 9, 0, tzinfo=dt.UTC), "2 janvier 2020 à 10:00", False),
        ("Qui ?", "Qui\u00a0?", False),
    ],
)
def test_cells_in_words(told: object, words: str, missing: bool) -> None:
    assert (cell_words(told).words, cell_words(told).missing) == (words, missing)


def test_mistakes_of_those_who_write_documents_are_seen() -> None:
    with pytest.raises(ValueError, match="do not see"):
        Figure(CHART, " ")
    with pytest.raises(ValueError, match="2 cells in a table of 1"):
        document(Grid([Head("a")], [["x", "y"]]))
    with pytest.raises(ValueError, match="title"):
        document(title=" ")


def test_a_drawing_as_an_image() -> None:
    assert to_png(CHART).startswith(b"\x89PNG")


def test_a_total_stands_on_the_page_of_the_row_before_it() -> None:
    rows = [row(slot("Fiche 1"), slot("1 €")), row(slot("Total", tone="sum"), slot("1 €", tone="sum"))]
    xml = rows_xml(tuple(rows), [1000, 1000], header=False)
    first, last = xml.split("</w:tr>")[:2]
    assert "<w:keepNext/>" in first
    assert "<w:keepNext/>" not in last

"""Tables in Word, measured: no head and no figure is parted inside a word, heads come back on each page, a total stands
with its table, and every style that is named exists.
"""

import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from jalons.conventions.documents.make import make
from jalons.conventions.exchange.reading import read
from jalons.exports.contract import About
from jalons.exports.document import (
    Document,
    Facts,
    Figure,
    Grid,
    Head,
    Heading,
    Note,
    Paragraph,
    Said,
    Signatures,
)
from jalons.exports.docx import to_docx
from jalons.exports.measures import SIGNS, UNITS, WIDTHS, longest_word, widened, word_width
from tests.exports.carlito import BOLD, advances

REAL = Path(__file__).parents[2] / "jalons" / "demonstration" / "data" / "calpae-2022.json"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TWIPS = 20  # in a point
GRID = Grid(
    [
        Head("Établissement", weight=1),
        Head("Accompagnements", numeric=True),
        Head("N°", numeric=True),
        Head("Date"),
        Head("Ce qui a été fait", weight=8),
    ],
    [["Rue du Moulin", 12, "13\u202f197\u202f804\u00a0€", "15/10/2026", "x" * 60]] * 3,
    caption="Essai",
    sums=[["Total", 36, None, None, None]],
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10"><title>t</title></svg>'


def measured() -> dict[str, float]:
    """Ems of each sign: from the font where it is installed, else from our own table, which another test compares."""
    if BOLD.exists():
        return advances(BOLD.read_bytes())
    return {sign: width / UNITS for sign, width in WIDTHS.items()}


EMS = measured()
EMS["\u00a0"] = EMS[" "]  # drawn with the glyph of the space


def points_of(word: str, size: float) -> float:
    return sum(EMS.get(sign, EMS["W"]) for sign in word) * size


def part(content: bytes, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(name))


def sizes_of(content: bytes) -> dict[str, float]:
    """Points of each style."""
    found = {}
    for style in part(content, "word/styles.xml").iter(f"{W}style"):
        size = style.find(f"{W}rPr/{W}sz")
        if size is not None:
            found[style.get(f"{W}styleId", "")] = int(size.get(f"{W}val", "0")) / 2
    return found


def narrow_words(content: bytes) -> list[str]:
    """Words of heads, and figures, that are wider than their cell."""
    sizes, found = sizes_of(content), []
    for table in part(content, "word/document.xml").iter(f"{W}tbl"):
        for row in table.iter(f"{W}tr"):
            is_head = row.find(f"{W}trPr/{W}tblHeader") is not None
            for cell in row.iter(f"{W}tc"):
                width = int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) / TWIPS  # type: ignore[union-attr]
                if cell.find(f"{W}tcPr/{W}gridSpan") is not None:
                    continue
                for line in cell.iter(f"{W}p"):
                    found += too_wide(line, width, sizes, is_head=is_head)
    return found


def too_wide(line: ElementTree.Element, width: float, sizes: dict[str, float], *, is_head: bool) -> list[str]:
    right = line.find(f"{W}pPr/{W}jc")
    if not is_head and (right is None or right.get(f"{W}val") != "right"):
        return []
    style = line.find(f"{W}pPr/{W}pStyle")
    assert style is not None
    size = sizes[style.get(f"{W}val", "")]
    given = line.find(f"{W}r/{W}rPr/{W}sz")
    if given is not None:
        size = int(given.get(f"{W}val", "0")) / 2
    text = "".join(each.text or "" for each in line.iter(f"{W}t"))
    return [
        word for word in re.split(r"[ \n]|(?<=-)", text) if points_of(word, size) > width - 2 * 4.25 + 0.5
    ]


def convention(part_name: str) -> bytes:
    dossier = read(json.loads(REAL.read_bytes())).file.dossiers[0]
    return make(dossier, part_name, "docx")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    found = {name: convention(name) for name in ("annexe-financiere", "engagements", "convention", "fiches")}
    blocks = [
        Heading("Titre"),
        Paragraph("Un texte."),
        Note("À savoir."),
        Facts([(Said("dont femmes", level=1), 3)]),
        GRID,
        Figure(SVG, "Un dessin"),
        Signatures(["Le préfet"]),
    ]
    return {**found, "fiche": to_docx(Document("Essai", blocks, About("Nord", "Moi")))}


NAMES = ("annexe-financiere", "engagements", "convention", "fiches", "fiche")


@pytest.mark.parametrize("name", NAMES)
def test_no_head_and_no_figure_is_parted_inside_a_word(files: dict[str, bytes], name: str) -> None:
    assert narrow_words(files[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_style_that_is_named_exists(files: dict[str, bytes], name: str) -> None:
    """LibreOffice drops a table of which a cell names a style that is not there."""
    styles = {style.get(f"{W}styleId") for style in part(files[name], "word/styles.xml").iter(f"{W}style")}
    body = part(files[name], "word/document.xml")
    used = {style.get(f"{W}val") for style in body.iter(f"{W}pStyle")}
    assert used <= styles


@pytest.mark.parametrize("name", ["annexe-financiere", "engagements", "fiche"])
def test_heads_come_back_rows_are_whole_and_totals_stand_with_their_table(
    files: dict[str, bytes], name: str
) -> None:
    for table in part(files[name], "word/document.xml").iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        if not any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows):
            continue
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        words = ["".join(each.text or "" for each in row.iter(f"{W}t")) for row in rows]
        for before, row in zip(rows, range(1, len(rows)), strict=False):
            if words[row].startswith("Total"):
                assert before.find(f".//{W}keepNext") is not None, words[row]


def test_our_table_of_widths_is_that_of_the_font() -> None:
    ours = {sign: width / UNITS for width, signs in SIGNS.items() for sign in signs}
    assert {sign: round(EMS[sign], 4) for sign in ours} == {sign: round(em, 4) for sign, em in ours.items()}


def test_widths_give_room_to_the_longest_words() -> None:
    assert word_width("mm", 10) == pytest.approx(2 * 1666 / 2048 * 10 * 2.54 / 72)
    assert longest_word(["un deux", "trois-quarts"], 9) == pytest.approx(word_width("quarts", 9))
    assert longest_word(["13\u202f197\u00a0€ net"], 9) == pytest.approx(word_width("13\u202f197\u00a0€", 9))
    assert widened([5, 5], [1, 1]) == [5, 5]
    assert widened([1, 9], [3, 1]) == [3, 7]
    assert sum(widened([1, 1], [8, 8])) == pytest.approx(2)

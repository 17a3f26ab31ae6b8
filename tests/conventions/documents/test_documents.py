"""Documents to sign: what they say, that nothing of them is lost, and that they hold on any convention."""

import copy
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from jalons.conventions.documents.changed import Updated
from jalons.conventions.documents.make import PARTS, document_of, make
from jalons.conventions.documents.sheets import sheet_blocks
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.exchange.reading import read
from jalons.exports.acts import ActLine, Ruled, Slot, Text
from tests.conventions.samples import DASH, EMPTY, NA, ND, money, number, sample, two_departements

REAL = Path(__file__).parents[3] / "jalons" / "demonstration" / "data" / "calpae-2022.json"
Json = dict[str, Any]


def real_file() -> Json:
    return json.loads(REAL.read_bytes())


def dossier_of(told: Json) -> Dossier:
    reading = read(told)
    assert reading.is_sound, [str(problem) for problem in reading.log.problems]
    return reading.file.dossiers[0]


@pytest.fixture(scope="module")
def real() -> Dossier:
    return dossier_of(real_file())


def folded(text: str) -> str:
    """Whatever spaces were used, and none at all: a PDF breaks its lines where it likes."""
    return re.sub(r"\s", "", text)


def pdf_text(content: bytes) -> str:
    return folded("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))


def word(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def word_text(content: bytes) -> str:
    body = word(content).element.body
    return folded("".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))


def slots(blocks: Any) -> Iterator[Slot]:
    for block in blocks:
        if isinstance(block, Ruled):
            for row in (*block.head, *block.rows):
                yield from row.slots


def words_of(lines: tuple[ActLine, ...]) -> str:
    return "\n".join(line.words for line in lines)


def cells(dossier: Dossier, part: str, **more: Any) -> list[str]:
    return [words_of(slot.lines) for slot in slots(document_of(dossier, part, **more).blocks)]


def sentences(dossier: Dossier, part: str) -> str:
    return "\n".join(
        words_of(block.lines) for block in document_of(dossier, part).blocks if isinstance(block, Text)
    )


# Every part, every convention ----------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_every_document_of_the_real_convention(real: Dossier, part: str) -> None:
    assert make(real, part, "pdf").startswith(b"%PDF")
    assert word(make(real, part, "docx")).sections


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("told", [sample, two_departements])
def test_every_document_of_other_conventions(told: Any, part: str) -> None:
    dossier = dossier_of(told())
    assert make(dossier, part, "pdf", before=dossier).startswith(b"%PDF")
    assert word(make(dossier, part, "docx", before=dossier)).sections


def without(told: Json, *names: str) -> Json:
    """The same file with these keys gone, wherever they stand under a convention or a sheet."""
    left = copy.deepcopy(told)
    for thing in (*left["conventions"], *left["fiches"], *left["annexes_financieres"]):
        for name in names:
            thing.pop(name, None)
    return left


@pytest.mark.parametrize(
    "names",
    [
        ("parties", "preamble", "legal_references", "articles", "payment", "signature", "year", "amounts"),
        ("budget", "sub_budgets", "indicator_table", "tracking_tables"),
        ("title", "famille", "famille_label", "axe_theme", "axe_annexe", "numbers", "sheet_label"),
        ("resume", "sub_actions", "headings_raw", "budget_headers", "sub_action_headers", "resume_headers"),
        ("tables", "heading_amount", "clauses", "short_title"),
    ],
)
def test_a_half_empty_convention_prints(names: tuple[str, ...]) -> None:
    dossier = dossier_of(without(sample(), *names))
    for part in PARTS:
        assert make(dossier, part, "docx")
        assert make(dossier, part, "pdf").startswith(b"%PDF")


def test_a_convention_with_nothing_prints() -> None:
    told = {"meta": {"schema": "jalons-conventions/1"}, "conventions": [{"id": "vide-2022"}]}
    dossier = dossier_of(told)
    for part in PARTS:
        assert make(dossier, part, "pdf").startswith(b"%PDF")
        assert make(dossier, part, "docx")


def test_the_same_dossier_gives_the_same_bytes(real: Dossier) -> None:
    for part, fmt in (("annexe-financiere", "docx"), ("annexe-financiere", "pdf"), ("convention", "docx")):
        assert make(real, part, fmt) == make(dossier_of(real_file()), part, fmt)


# Words ---------------------------------------------------------------------------------------------------


def verbatim(told: Any) -> Iterator[str]:
    """Every text of the sheets that is printed: bullets, summaries, labels of indicators, account."""
    for sheet in told["fiches"]:
        for action in sheet.get("sub_actions") or ():
            yield action["action"]
            for name in ("etat_avancement", "calendrier", "partenaires"):
                yield from (item["text"] for item in (action.get(name) or {}).get("items") or ())
        for row in sheet.get("resume") or ():
            yield from (item["text"] for item in row["description"]["items"])
        for row in sheet["indicator_table"]["indicators"]:
            yield row["label"]
            yield from (
                cell["raw"] for cell in row["values"].values() if cell["kind"] in ("text", "composite")
            )
        yield from (each["text"] for each in (sheet.get("narrative") or {}).get("paragraphs") or ())


def test_no_word_of_a_sheet_is_lost(real: Dossier) -> None:
    in_word = word_text(make(real, "fiches", "docx"))
    in_pdf = pdf_text(make(real, "fiches", "pdf"))
    lost = [text for text in verbatim(real_file()) if folded(text) not in in_word]
    assert lost == []
    # A line may be cut between two pages of a PDF, where its head and its foot stand: short texts are enough.
    short = [text for text in verbatim(real_file()) if len(text) < 40]
    assert [text for text in short if folded(text) not in in_pdf] == []


def test_the_text_of_the_convention(real: Dossier) -> None:
    said = word_text(make(real, "convention", "docx"))
    for paragraph in (
        each for article in real_file()["conventions"][0]["articles"] for each in article["paragraphs"]
    ):
        assert folded(paragraph["text"]) in said
    for words in ("Il est convenu ce qui suit", "030450191905", "0304-19-01", "Article 1er", "Pour l'État"):
        assert folded(words) in said
    assert "coordonnéesbancaires" not in said
    assert "13\u202f197\u202f804\u00a0€" in "\n".join(cells(real, "convention"))


def test_fields_are_filled_and_blanks_stand_out() -> None:
    told = sample()
    told["conventions"][0]["articles"][0]["paragraphs"] = [
        {"text": "En {annee}, l’État verse {montant_etat} ; {inconnu} et xxxx restent à écrire."}
    ]
    blocks = document_of(dossier_of(told), "convention").blocks
    runs = [run for block in blocks if isinstance(block, Text) for line in block.lines for run in line.runs]
    assert any("En 2022, l’État verse 150\u202f000\u00a0€" in run.words for run in runs)
    assert [run.words for run in runs if run.mark] == ["{inconnu}", "xxxx"]
    highlighted = [
        run for each in word(make(dossier_of(told), "convention", "docx")).paragraphs for run in each.runs
    ]
    assert [run.text for run in highlighted if run.font.highlight_color] == ["{inconnu}", "xxxx"]


def test_the_pages_are_headed_and_numbered() -> None:
    content = make(dossier_of(sample()), "fiches", "docx", title_version="version 2 – 27 juin 2022")
    [header] = {section.header.paragraphs[0].text for section in word(content).sections}
    assert header == "Exemple 2022 – Fiches-actions – version 2 – 27 juin 2022"
    assert "NUMPAGES" in word(content).sections[0].footer.paragraphs[0]._p.xml
    pages = pypdf.PdfReader(
        io.BytesIO(make(dossier_of(sample()), "fiches", "pdf", title_version="version 2"))
    ).pages
    for at, page in enumerate(pages, 1):
        assert folded(f"{at} / {len(pages)}") in folded(page.extract_text())
        assert folded("Fiches-actions – version 2") in folded(page.extract_text())


# Tables --------------------------------------------------------------------------------------------------


def test_heads_are_repeated_and_rows_are_not_cut(real: Dossier) -> None:
    tables = word(make(real, "complet", "docx")).tables
    headed = [table for table in tables if "w:tblHeader" in table.rows[0]._tr.xml]
    assert len(headed) == len(tables) - 1  # the signatures have no head
    for table in headed:
        assert all("w:cantSplit" in row._tr.xml for row in table.rows)


def test_the_head_of_a_long_table_stands_on_each_page() -> None:
    told = sample()
    row = told["fiches"][0]["indicator_table"]["indicators"][1]
    told["fiches"][0]["indicator_table"]["indicators"] = [
        {**copy.deepcopy(row), "id": f"i{at}", "label": f"Indicateur {at}"} for at in range(90)
    ]
    pages = pypdf.PdfReader(io.BytesIO(make(dossier_of(told), "matrice", "pdf"))).pages
    long = [folded(page.extract_text()) for page in pages if "Indicateur" in page.extract_text()]
    assert len(long) > 2
    assert all("OBJECTIF2022" in text for text in long)


def test_a_row_higher_than_a_page_loses_nothing() -> None:
    told = sample()
    words = [f"mot{at}" for at in range(3000)]
    told["fiches"][0]["sub_actions"][0]["partenaires"] = {"raw": " ".join(words), "items": []}
    text = pdf_text(make(dossier_of(told), "fiches", "pdf"))
    assert [each for each in words if each not in text] == []


def test_two_levels_of_heads(real: Dossier) -> None:
    [table] = [
        block
        for block in sheet_blocks(real, Updated())
        if isinstance(block, Ruled)
        and any("REALISE MAI 2022" in words_of(slot.lines) for slot in slots([block]))
    ]
    above, below = (
        [(words_of(slot.lines), slot.columns, slot.rows) for slot in row.slots] for row in table.head
    )
    assert above[1:] == [("BILAN 2019", 1, 2), ("BILAN 2020", 2, 1), ("BILAN 2021", 2, 1), ("2022", 2, 1)]
    assert [words for words, _, _ in below][-2:] == ["OBJECTIF", "REALISE MAI 2022"]


def test_five_emptinesses_are_told_apart() -> None:
    told = sample()
    values = told["fiches"][0]["indicator_table"]["indicators"][3]["values"]
    said = {}
    for name, cell in (("nd", ND), ("na", NA), ("dash", DASH), ("empty", EMPTY), ("zero", number(0))):
        values["objectif_2022"] = cell
        table = [block for block in sheet_blocks(dossier_of(told), Updated()) if isinstance(block, Ruled)]
        [row] = [row for row in table[3].rows if "ateliers" in words_of(row.slots[0].lines)]
        said[name] = words_of(row.slots[-1].lines)
    assert said == {"nd": "ND", "na": "/", "dash": "-", "empty": "non renseigné", "zero": "0"}


def test_figures_keep_their_words_and_get_thin_spaces(real: Dossier) -> None:
    said = cells(real, "matrice")
    assert "29\u202f263 convoqués\n20\u202f151 présents" in said
    assert "15\u202f212" in said
    assert "280\n80" in said  # two operators: never joined


def test_a_detail_without_value_stands_under_its_label() -> None:
    told = sample()
    told["fiches"][0]["indicator_table"]["indicators"][0]["children"][0]["values"] = {}
    said = cells(dossier_of(told), "matrice")
    assert "Nombre de familles suivies\nDont :\nDTML" in [words.replace("\u00a0", " ") for words in said]
    assert said.count("DTML") == 2  # on the two other sheets, where it has values


def test_bullets_that_answer_each_other_stay_aligned(real: Dossier) -> None:
    tables = [block for block in sheet_blocks(real, Updated()) if isinstance(block, Ruled)]
    rows = [[words_of(slot.lines) for slot in row.slots] for table in tables for row in table.rows]
    assert ["Tourcoing antenne Roubaix", "2021"] in rows
    assert ["PUBLIK (centre d'appel)", "Opérationnel"] in rows


def test_the_remainder_of_sub_budgets_is_said(real: Dossier) -> None:
    said = cells(real, "fiches", remarks=True)
    for words in ("1\u202f288\u202f238\u00a0€", "85\u202f000\u00a0€"):
        assert words in said
        assert said[said.index(words) - 1] == "Reste non affecté"


def test_follow_up_tables_have_totals() -> None:
    said = cells(dossier_of(sample()), "fiches")
    at = said.index("Total")
    assert said[at : at + 3] == ["Total", "180", "106,5"]


# Versions ------------------------------------------------------------------------------------------------


def amended() -> Json:
    told = sample()
    budget = told["fiches"][0]["budget"][0]
    budget["part_etat"], budget["total"] = money(100_001), money(200_001)
    told["fiches"][0]["indicator_table"]["indicators"][0]["values"]["objectif_2022"] = number(60)
    return told


def test_what_was_updated_is_in_bold() -> None:
    bold = [
        run.words
        for slot in slots(document_of(dossier_of(amended()), "fiches", before=dossier_of(sample())).blocks)
        for line in slot.lines
        for run in line.runs
        if run.bold and not slot.tone
    ]
    assert bold == ["200\u202f001\u00a0€", "100\u202f001\u00a0€", "60"]


def test_an_amendment_says_old_and_new() -> None:
    said = cells(dossier_of(amended()), "avenant", before=dossier_of(sample()))
    for old, new, gap in (
        ("100\u202f000\u00a0€", "100\u202f001\u00a0€", "+1\u00a0€"),
        ("200\u202f000\u00a0€", "200\u202f001\u00a0€", "+1\u00a0€"),
    ):
        at = said.index(new)
        assert (said[at - 1], said[at + 1]) == (old, gap)
    assert "Aucune modification" in sentences_between(sample(), sample())


def sentences_between(after: Json, before: Json) -> str:
    blocks = document_of(dossier_of(after), "avenant", before=dossier_of(before)).blocks
    return "\n".join(words_of(block.lines) for block in blocks if isinstance(block, Text))


def test_the_execution_report() -> None:
    told = sample()
    budget = told["fiches"][0]["budget"][0]
    dossier = dossier_of(told)
    said = cells(dossier, "rapport")
    assert "Ensemble de la convention" in said
    assert budget["total"]["raw"].replace(" ", "") in {folded(words) for words in said}
    assert "À compléter" in sentences(dossier, "rapport")


def test_each_departement_has_its_commitments() -> None:
    titles = [
        getattr(block, "text", "")
        for block in document_of(dossier_of(two_departements()), "engagements").blocks
    ]
    assert any("Pas-de-Calais" in title for title in titles) or "Engagements communs" in titles

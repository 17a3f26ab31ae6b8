"""What is printed is read whatever stands there; screen and paper lay a table out alike."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from jalons.conventions.documents.sheets import narrative_blocks
from jalons.conventions.documents.tracking import tracking_table
from jalons.conventions.documents.words import item_lines
from jalons.conventions.dossier.bullets import lines_of
from jalons.conventions.dossier.content import Sheet, Tracking
from jalons.conventions.dossier.matrix_layout import head_groups, printed_lines
from jalons.conventions.models import (
    Commitment,
    MatrixColumn,
    MatrixGroup,
    MatrixRow,
    TrackingRow,
    TrackingTable,
)
from jalons.conventions.models.printed import (
    Printed,
    PrintedParagraph,
    account_paragraphs,
    code_of,
    euros,
    items_of,
    objects_in,
    paragraphs_of,
    raw_of,
)
from jalons.conventions.workbook.tables import bulleted

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["raw", "amount", "rule", "party", "text", "items", "paragraphs", "level", "bullet", "code"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(JSON)
@example({"amount": True})
@example({"items": ["sans niveau", None, {"text": "a", "level": "deux", "bullet": 1}]})
@example({"paragraphs": {"text": "seul"}})
@example([None, "a", {"text": None, "level": 1, "bullet": True}])
def test_anything_is_read(value: Any) -> None:
    """No value of a file stops a page, a document or a workbook; true is no amount."""
    printed = Printed.of(value)
    assert printed.euros == euros(value) is not True
    assert all(isinstance(words, str) for words in (printed.raw, printed.rule, raw_of(value), code_of(value)))
    assert all(isinstance(item, dict) for item in (*items_of(value), *account_paragraphs(value)))
    assert all(item in (value if isinstance(value, list) else ()) for item in objects_in(value))
    assert all(paragraph.text.strip() for paragraph in paragraphs_of(value))
    # As many bullets on the screen and on paper.
    if items_of(value):
        assert len(lines_of(value)) == len(item_lines(value)) == len(items_of(value))
    assert isinstance(bulleted(value), str)


def test_a_paragraph_says_what_it_is() -> None:
    told = [
        {"text": "Titre", "heading": True},
        {"text": "puce", "bullet": True, "level": 2},
        "mots",
        {"text": ""},
    ]
    assert list(paragraphs_of(told)) == [
        PrintedParagraph("Titre", heading=True),
        PrintedParagraph("puce", bullet="–", level=2),
        PrintedParagraph("mots"),
    ]
    assert [each.kind for each in paragraphs_of(told)] == ["heading", "bullet", ""]


def test_what_a_screen_shows_is_printed() -> None:
    """An account kept as plain text; the total of numbers written as texts."""
    account = Sheet(Commitment(narrative={"raw": "Une action utile.\nReconduite."}))
    assert [line.words for line in narrative_blocks(account)[-1].lines] == [  # type: ignore[attr-defined]
        "Une action utile.",
        "Reconduite.",
    ]
    columns = [
        {"key": "lieu", "header": "Lieu"},
        {"key": "heures", "header": "Heures", "kind": "number"},
        "perdu",
    ]
    rows = [TrackingRow(cells={"lieu": "Lille", "heures": hours}) for hours in ("12", 30, {"number": 8})]
    printed = tracking_table(Tracking(TrackingTable(columns=columns), rows))
    assert "50" in printed.rows[-1].slots[1].lines[0].words


def test_heads_and_sections_stand_in_the_printed_order() -> None:
    columns = [
        MatrixColumn(key="a", header="2021"),
        MatrixColumn(key="b", header="2022", subheader="OBJECTIF"),
        MatrixColumn(key="c", header="2022", subheader="REALISE"),
        MatrixColumn(key="d", header="2022"),
    ]
    groups = [(words, [column.key for column in group]) for words, group in head_groups(columns)]
    assert groups == [("2021", ["a"]), ("2022", ["b", "c"]), ("2022", ["d"])]
    empty, first, last = (MatrixGroup(key=key) for key in ("vide", "une", "autre"))
    row = MatrixRow(key="1", group=first)
    lines = [
        row,
        MatrixRow(key="2", parent=row),
        MatrixRow(key="3", group=last),
        MatrixRow(key="4", group=first),
    ]
    sheet = Sheet(Commitment(), groups=[empty, first, last], rows=lines)
    keys = [line.key for line in printed_lines(sheet)]
    assert keys == [
        "vide",
        "une",
        "1",
        "2",
        "autre",
        "3",
        "une",
        "4",
    ]  # a section that comes back says its name

"""Three contents of one cell: when the file left, in the file that comes back, in Jalons now."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.spreadsheets.comparing import (
    TWICE,
    ExportedCell,
    Movement,
    ReturnedCells,
    compare,
    movement,
    same,
)
from jalons.spreadsheets.typed import FORMULA, NOTHING, Typed

A, B, C = Typed(40), Typed(41), Typed("ND")
# Two writings of each content, so that equality is not that of the objects.
CONTENTS = st.sampled_from(
    [
        (NOTHING, Typed(" ")),
        (Typed(0), Typed("0")),
        (Typed(40), Typed("40 ")),
        (Typed(Decimal("2.5")), Typed("2.5")),
        (C, Typed("ND\u00a0")),
        (Typed("oui"), Typed("oui\n")),
    ]
)
SIDE = st.booleans()


@pytest.mark.parametrize(
    ("exported", "typed", "now", "expected"),
    [
        (A, A, A, Movement.NONE),
        (A, A, B, Movement.NONE),  # a colleague wrote since, nobody touched the file
        (A, B, A, Movement.FILE),
        (A, B, B, Movement.ALREADY),
        (A, B, C, Movement.BOTH),
        (A, NOTHING, A, Movement.FILE),  # erased in the file
        (A, NOTHING, B, Movement.BOTH),
        (NOTHING, A, NOTHING, Movement.FILE),  # never told before
        (NOTHING, A, B, Movement.BOTH),
        (Typed(0), NOTHING, Typed(0), Movement.FILE),  # zero is not nothing
        (Typed(0), Typed("0"), B, Movement.NONE),  # a number saved as text
        (A, Typed(refused=FORMULA), A, Movement.FILE),  # cannot be read: told, never taken for unchanged
    ],
)
def test_each_case(exported: Typed, typed: Typed, now: Typed, expected: Movement) -> None:
    assert compare(exported=exported, typed=typed, now=now) is expected


@given(CONTENTS, CONTENTS, CONTENTS, SIDE, SIDE, SIDE)
@example((NOTHING, NOTHING), (A, A), (A, A), True, True, True)
def test_nobody_is_overwritten_unasked(
    exported: tuple[Typed, Typed],
    typed: tuple[Typed, Typed],
    now: tuple[Typed, Typed],
    one: bool,
    other: bool,
    third: bool,
) -> None:
    """Whatever the writing: only the file → written, both → asked, and what agrees is never asked."""
    found = compare(exported=exported[one], typed=typed[other], now=now[third])
    untouched, agree, still = typed == exported, typed == now, now == exported
    assert (found is Movement.NONE) == untouched
    assert (found is Movement.ALREADY) == (not untouched and agree)
    assert (found is Movement.FILE) == (not untouched and still)
    assert (found is Movement.BOTH) == (not untouched and not agree and not still)


@given(SIDE, SIDE, SIDE)
def test_a_digest_may_say_that_it_moved_here(in_file: bool, here: bool, agree: bool) -> None:
    found = movement(in_file=in_file, here=here, agree=agree)
    assert (found is Movement.BOTH) == (in_file and here and not agree)
    assert (found is Movement.FILE) == (in_file and not here and not agree)


def returned() -> ReturnedCells[str]:
    return ReturnedCells(
        {"a": ExportedCell(A, "m", {"Liste": Typed("quarante")}), "b": ExportedCell(NOTHING)}
    )


def test_a_cell_that_stands_in_two_sheets_says_one_thing() -> None:
    cells = returned()
    assert cells.read("a", "Fiche", B)
    assert cells.read("a", "Liste", Typed("quarante"))
    [change] = cells.changes()
    assert (change.told, change.mark, change.place, change.refused) == (41, "m", "Fiche", "")
    cells.read("a", "Liste", Typed("trente"))
    [change] = cells.changes()
    assert (
        change.refused == "le classeur dit deux choses : « 41 » dans « Fiche » et « trente » dans « Liste »"
    )


def test_a_row_copied_in_its_sheet_is_refused() -> None:
    cells = returned()
    cells.read("b", "Fiche", B)
    cells.read("b", "Fiche", B)
    assert [change.refused for change in cells.changes()] == [TWICE]


def test_what_did_not_leave_is_not_read_and_what_is_gone_is_told() -> None:
    cells = returned()
    assert not cells.read("z", "Fiche", B)
    assert list(cells.missing()) == ["a", "b"]
    cells.read("a", "Liste", A)
    assert list(cells.missing()) == ["b"]
    assert list(cells.missing(outside=frozenset({"Liste"}))) == ["a", "b"]


@given(CONTENTS, CONTENTS, SIDE, SIDE)
def test_two_writings_of_one_content_are_the_same(
    content: tuple[Typed, Typed], other: tuple[Typed, Typed], one: bool, two: bool
) -> None:
    assert same(content[one], other[two]) == same(other[two], content[one]) == (content == other)

"""Workbooks read in a child: the same values as before it, a verdict in French when it cannot."""

import contextlib
import datetime as dt
import io
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bench.hostile import measure
from bench.hostile_files import ONE, WORKBOOKS, ods, ods_cell, xlsx
from jalons.core.confined import SECONDS, VERDICTS, Reason, UnreadFile
from jalons.spreadsheets.limits import Limits
from jalons.spreadsheets.reading import WorkbookKind, read_sheets, value_of

MEGABYTE = 1024 * 1024


def read(content: bytes, kind: str = "xlsx", limits: Limits | None = None) -> Any:
    return read_sheets(io.BytesIO(content), WorkbookKind(kind), limits)


def written() -> bytes:
    """What Excel would write: texts, numbers, formulas, dates, an empty sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        sheet = workbook.add_worksheet("Suivi « A & B »")
        sheet.write_row(0, 0, ["Site", "Ménages", True])
        sheet.write(2, 1, 12.5)
        sheet.write_formula(3, 3, "=1+1", value=2)
        sheet.write_datetime(4, 0, dt.datetime(2020, 1, 2), workbook.add_format({"num_format": "dd/mm/yyyy"}))
        workbook.add_worksheet("Vide")
    return buffer.getvalue()


def test_values_come_back_with_their_types() -> None:
    first, second = read(written())
    assert (first.title, second.title, second.rows) == ("Suivi « A & B »", "Vide", [])
    assert first.rows[0] == ["Site", "Ménages", True, ""]
    assert first.rows[2][1] == 12.5
    assert first.rows[4][0] == dt.date(2020, 1, 2)
    assert first.formulas == {(3, 3)}


def test_a_workbook_of_libreoffice() -> None:
    [sheet] = read(ods(ods_cell() + ods_cell("2", "2", more='table:formula="of:=1"')), "ods")
    assert sheet.rows == [[1.0, ""], [1.0, 1.0], [1.0, 1.0]]
    assert sheet.formulas == {(1, 0), (1, 1), (2, 0), (2, 1)}


@pytest.mark.parametrize(
    "answer", [{}, {"date": "x"}, {"date": 3}, {"a": 1, "b": 2}, {"other": "x"}, None, []]
)
def test_what_the_child_answers_is_not_trusted(answer: Any) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        value_of(answer)


# Nothing but verdicts ---------------------------------------------------------------------------------------

SAMPLES = {"xlsx": written(), "ods": ods(ods_cell() + ods_cell("2", "2"), ods_cell())}


def mutated(content: bytes, edits: list[tuple[int, bytes]]) -> bytes:
    """Some bytes written over, at places that wrap round the file."""
    changed = bytearray(content)
    for place, noise in edits:
        at = place % len(content)
        changed[at : at + len(noise)] = noise
    return bytes(changed)


@example("xlsx", [(10, b"\x0e")])  # another compression, in the first local header
@example("xlsx", [(60, b"\xff" * 8)])  # inside what is compressed: `zlib.error`
@example("xlsx", [(14, b"\0\0\0\0")])
@example("ods", [(-30, b"\xff\xff\xff\xff")])
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4),
)
@settings(derandomize=True, max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_workbook_is_read_or_refused(kind: str, edits: list[tuple[int, bytes]]) -> None:
    with contextlib.suppress(UnreadFile):
        read(mutated(SAMPLES[kind], edits), kind)


# Memory -----------------------------------------------------------------------------------------------------

REFUSED = [name for name in WORKBOOKS if "honnête" not in name]


@pytest.mark.parametrize("name", WORKBOOKS)
def test_memory_of_each_hostile_file(name: str) -> None:
    """Peaks as the system counts them: of the child, of the process that asked."""
    file = measure(name)
    assert file.verdict in (("damaged", "oversized") if name in REFUSED else ("",))
    assert file.size < (700_000 if name in REFUSED else 2 * MEGABYTE)
    assert file.growth < 100 * MEGABYTE
    assert file.child < (120 if name in REFUSED else 300) * MEGABYTE


def test_the_sentences_say_what_to_do() -> None:
    assert set(VERDICTS) == set(Reason)
    assert str(SECONDS) in VERDICTS[Reason.TIME]
    assert all(text.endswith(".") for text in VERDICTS.values())
    with pytest.raises(UnreadFile, match="démesuré"):
        read(xlsx(ONE), limits=Limits(cells=0))

"""The blocks of an act as the PDF template reads them."""

from collections.abc import Callable
from typing import Any

from jalons.exports.acts import (
    ActLine,
    ActRow,
    Band,
    NewPage,
    Ruled,
    Signing,
    Slot,
    Text,
    kept_with_next,
    ruled_widths,
)
from jalons.exports.document import in_french
from jalons.exports.docx_acts import signature_lines

SIZE, SMALL = 9, 7.5  # points, as in `document.typ`
EDGES = 0.3  # centimetres: the margins of a cell
STRETCH = 1.08  # our family beside Calibri


def line(act_line: ActLine) -> dict[str, Any]:
    runs = [
        {"words": in_french(run.words), "bold": run.bold, "missing": run.missing, "mark": run.mark}
        for run in act_line.runs
    ]
    return {"runs": runs, "level": act_line.level, "bullet": in_french(act_line.bullet)}


def slot(cell: Slot, *, whole: bool) -> dict[str, Any]:
    return {
        "lines": [line(act_line) for act_line in cell.lines],
        "columns": cell.columns,
        "rows": cell.rows,
        "right": cell.right,
        "centre": cell.centre,
        "bold": cell.bold,
        "tone": cell.tone,
        "joined": cell.joined,
        "going_on": cell.going_on,
        "whole": whole,
    }


def row(act_row: ActRow) -> list[dict[str, Any]]:
    return [slot(act_slot, whole=act_row.whole) for act_slot in act_row.slots]


def holds(rows: tuple[ActRow, ...]) -> list[int]:
    """How many rows are held together from each on, 0 for those that one above holds; nothing when none is."""
    counts: list[int] = []
    with_next = kept_with_next(rows)
    for at, row in enumerate(rows):
        held = at and with_next[at - 1] and rows[at - 1].whole and row.whole
        if held:
            counts[at - next(back for back in range(1, at + 1) if counts[at - back])] += 1
        counts.append(0 if held else 1)
    return counts if 0 in counts else []


def ruled(block: Ruled) -> dict[str, Any]:
    size = SMALL if block.small else 0
    widths = ruled_widths(block, head=size or SIZE, cell=size or SIZE, edges=EDGES, stretch=STRETCH)
    return {
        "caption": block.caption,
        "widths": widths,
        "small": block.small,
        "holds": holds(block.rows),
        "head": [row(act_row) for act_row in block.head],
        "rows": [row(act_row) for act_row in block.rows],
    }


def text(block: Text) -> dict[str, Any]:
    return {"lines": [line(act_line) for act_line in block.lines], "centre": block.centre}


def band(block: Band) -> dict[str, Any]:
    return {"text": in_french(block.text), "strong": block.strong}


def new_page(block: NewPage) -> dict[str, Any]:
    return {"landscape": block.landscape}


def signing(block: Signing) -> dict[str, Any]:
    blocks = [
        [{**line(act_line), "bold": bold} for act_line, bold in signature_lines(person)]
        for person in block.people
    ]
    at = range(0, len(blocks), block.per_row)
    return {"groups": [blocks[start : start + block.per_row] for start in at]}


ACT_CONTENT: dict[type, Callable[[Any], dict[str, Any]]] = {
    Ruled: ruled,
    Text: text,
    Band: band,
    NewPage: new_page,
    Signing: signing,
}

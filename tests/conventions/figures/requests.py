"""What a person sends to the pages of figures, in the table of pages."""

from collections.abc import Mapping
from typing import Any


def last_cell(world: Any) -> tuple[Any, Any]:
    """A row of the sheet, and the column of its objective."""
    return world.commitment.rows.order_by("position")[0], world.commitment.columns.order_by("position").last()


def a_cell(world: Any) -> str:
    row, column = last_cell(world)
    return f"ligne={row.key}&colonne={column.key}"


def a_figure(world: Any) -> Mapping[str, Any]:
    row, column = last_cell(world)
    return {f"c-{row.pk}-{column.pk}": "1 234"}


def a_block(world: Any) -> Mapping[str, Any]:
    row, column = last_cell(world)
    return {"row": row.pk, "column": column.pk, "text": "1 234", "confirmer": "1"}

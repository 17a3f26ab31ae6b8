"""Every figure and every cell of an edition under its key, as they were written: two editions are compared by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jalons.editions.blocks import ReportContent
from jalons.exports.document import cell_words


def values_of(content: ReportContent) -> dict[str, Any]:
    """JSON: figures and rows in the order of the report."""
    figures = [
        {"key": figure.key, "section": section.title, "label": figure.label, "words": figure.words}
        for section, figure in content.figures
    ]
    rows = (
        [
            {
                "key": f"{table.key}/{key}",
                "section": section.title,
                "label": cell_words(row[0]).words,
                "cells": [
                    [head.label, cell_words(cell).words]
                    for head, cell in zip(table.grid.columns[1:], row[1:], strict=True)
                ],
            }
            for section, table in content.tables
            for key, row in zip(table.row_keys, table.grid.rows, strict=True)
        ]
        if content.tables
        else []
    )
    return {"figures": figures, "rows": rows}


@dataclass(frozen=True, slots=True)
class ValueChange:
    """`before` or `after` is empty for what is only in one of the two. `thing`: the key of the row, of a table."""

    section: str
    label: str
    before: str
    after: str
    key: str = ""


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ValueChange]:
    """Figure by figure then row by row, in the order of the newer one; what went comes last."""
    return [*figure_changes(old, new), *row_changes(old, new)]


def by_key(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {value["key"]: value for value in values.get(name, ())}


def all_keys(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """In the order of the newer, then what is only in the older."""
    return [*now.items(), *((key, value) for key, value in then.items() if key not in now)]


def figure_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ValueChange]:
    then, now = by_key(old, "figures"), by_key(new, "figures")
    changes = []
    for key, value in all_keys(then, now):
        before = then[key]["words"] if key in then else ""
        after = now[key]["words"] if key in now else ""
        if before != after:
            changes.append(ValueChange(value["section"], value["label"], before, after, key))
    return changes


def row_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ValueChange]:
    then, now = by_key(old, "rows"), by_key(new, "rows")
    changes = []
    for key, value in all_keys(then, now):
        before, after = then.get(key), now.get(key)
        if before is None or after is None:
            changes.append(
                ValueChange(
                    value["section"],
                    value["label"],
                    "présent" if before else "",
                    "présent" if after else "",
                    key,
                )
            )
            continue
        if before["label"] != after["label"]:
            changes.append(ValueChange(value["section"], "Nom", before["label"], after["label"], key))
        for (head, was), (_, is_now) in zip(before["cells"], after["cells"], strict=False):
            if was != is_now:
                changes.append(
                    ValueChange(value["section"], f"{after['label']}, {head.lower()}", was, is_now, key)
                )
    return changes

"""The indicators of a sheet."""

from jalons.conventions.dossier.content import TRACES
from jalons.conventions.exchange.codec import NUMBER, OBJECT, TRUTH, YEAR, Key, Shape, Type, label, text
from jalons.conventions.exchange.shapes.types import read_kind, read_measure, read_parts
from jalons.conventions.models import Cell, Commitment, MatrixColumn, MatrixGroup, MatrixRow

COLUMN = Shape(
    MatrixColumn,
    [
        Key("key", "key", text(120)),
        Key("header", "header", text(300)),
        Key("subheader", "subheader", text(300)),
        Key("year", "year", YEAR),
        Key("measure", "measure", Type(read_measure)),
        Key("as_of", "as_of", text(10)),
        Key("period_start", "period_start", text(10)),
        Key("period_end", "period_end", text(10)),
        Key("partial", "partial", TRUTH),
    ],
    carried=frozenset(["note", "notes", "scope", "cohort", "measure_inferred"]) | TRACES,
)
GROUP = Shape(
    MatrixGroup,
    [Key("key", "key", text(120)), Key("label", "label", text(400)), Key("cells", "cells", OBJECT)],
    carried=frozenset(["notes"]) | TRACES,
)
TABLE = Shape(
    Commitment,
    [Key("row_header", "row_header", text(300))],
    nested=frozenset(["columns", "groups", "indicators"]),
    carried=frozenset(["notes", "title", "split_tables"]) | TRACES,
    inside="indicator_table",
)
ROW = Shape(
    MatrixRow,
    [
        Key("id", "key", text(120)),
        Key("label", "label", text()),
        Key("children_relation", "children_relation", text(80)),
    ],
    nested=frozenset(["group", "breakdown", "values", "children"]),
    carried=frozenset(["notes", "note", "unit", "direction"]) | TRACES,
)
BREAKDOWN = Shape(
    MatrixRow,
    [Key("dimension", "dimension", text(120)), Key("value", "breakdown", label(200))],
    inside="breakdown",
)
CELL = Shape(
    Cell,
    [
        Key("raw", "raw", text()),
        Key("kind", "kind", Type(read_kind)),
        Key("number", "number", NUMBER),
        Key("unit", "unit", text(30)),
        Key("qualifier", "qualifier", text(300)),
        Key("main", "main", text(10)),
        Key("parts", "parts", Type(read_parts, empty=list)),
        Key("note", "note", text()),
        Key("source", "source", text(300)),
    ],
    carried=frozenset(
        [
            "unit_source",
            "lower_bound",
            "share",
            "markup",
            "gras",
            "sum_of_parts",
            "cell_raw",
            "as_of",
            "period",
            "period_start",
            "period_end",
            "scope",
            "upper_bound",
            "approx",
            "notes",
        ]
    )
    | TRACES,
)

"""The indicators of a sheet."""

from jalons.conventions.dossier.content import TRACES
from jalons.conventions.exchange.codec import NUMBER, OBJECT, TRUTH, YEAR, Shape, ShapeKey, Type, label, text
from jalons.conventions.exchange.shapes.types import read_kind, read_measure, read_parts
from jalons.conventions.models import Cell, Commitment, MatrixColumn, MatrixGroup, MatrixRow

COLUMN = Shape(
    MatrixColumn,
    [
        ShapeKey("key", "key", text(120)),
        ShapeKey("header", "header", text(300)),
        ShapeKey("subheader", "subheader", text(300)),
        ShapeKey("year", "year", YEAR),
        ShapeKey("measure", "measure", Type(read_measure)),
        ShapeKey("as_of", "as_of", text(10)),
        ShapeKey("period_start", "period_start", text(10)),
        ShapeKey("period_end", "period_end", text(10)),
        ShapeKey("partial", "partial", TRUTH),
    ],
    carried=frozenset(["note", "notes", "scope", "cohort", "measure_inferred"]) | TRACES,
)
GROUP = Shape(
    MatrixGroup,
    [
        ShapeKey("key", "key", text(120)),
        ShapeKey("label", "label", text(400)),
        ShapeKey("cells", "cells", OBJECT),
    ],
    carried=frozenset(["notes"]) | TRACES,
)
TABLE = Shape(
    Commitment,
    [ShapeKey("row_header", "row_header", text(300))],
    nested=frozenset(["columns", "groups", "indicators"]),
    carried=frozenset(["notes", "title", "split_tables"]) | TRACES,
    inside="indicator_table",
)
ROW = Shape(
    MatrixRow,
    [
        ShapeKey("id", "key", text(120)),
        ShapeKey("label", "label", text()),
        ShapeKey("children_relation", "children_relation", text(80)),
    ],
    nested=frozenset(["group", "breakdown", "values", "children"]),
    carried=frozenset(["notes", "note", "unit", "direction"]) | TRACES,
)
BREAKDOWN = Shape(
    MatrixRow,
    [ShapeKey("dimension", "dimension", text(120)), ShapeKey("value", "breakdown", label(200))],
    inside="breakdown",
)
CELL = Shape(
    Cell,
    [
        ShapeKey("raw", "raw", text()),
        ShapeKey("kind", "kind", Type(read_kind)),
        ShapeKey("number", "number", NUMBER),
        ShapeKey("unit", "unit", text(30)),
        ShapeKey("qualifier", "qualifier", text(300)),
        ShapeKey("main", "main", text(10)),
        ShapeKey("parts", "parts", Type(read_parts, empty=list)),
        ShapeKey("note", "note", text()),
        ShapeKey("source", "source", text(300)),
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

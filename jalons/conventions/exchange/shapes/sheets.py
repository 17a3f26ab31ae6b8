"""A sheet: words, budget, tracking."""

from jalons.conventions.dossier.content import TRACES
from jalons.conventions.exchange.codec import (
    DAY,
    HEADERS,
    LABELS,
    LIST,
    MAYBE_CELL,
    MAYBE_OBJECT,
    MONEY,
    OBJECT,
    TRUTH,
    YEAR,
    Shape,
    ShapeKey,
    label,
    text,
    whole,
)
from jalons.conventions.exchange.shapes.types import is_part
from jalons.conventions.models import (
    BudgetAmount,
    BudgetLine,
    Commitment,
    MissingSheet,
    ResumeRow,
    SubAction,
    SubBudget,
    TrackingRow,
    TrackingTable,
)

SHEET = Shape(
    Commitment,
    [
        ShapeKey("id", "key", text(120)),
        ShapeKey("numbers", "numbers", LABELS),
        ShapeKey("sheet_label", "sheet_label", text(120)),
        ShapeKey("famille", "family_words", text(200)),
        ShapeKey("famille_label", "family_label", text(300)),
        ShapeKey("axe_theme", "axis_theme", text()),
        ShapeKey("axe_annexe", "axis_annex", text(300)),
        ShapeKey("title", "title", text()),
        ShapeKey("headings_raw", "headings", HEADERS),
        ShapeKey("resume_headers", "resume_headers", HEADERS),
        ShapeKey("sub_action_headers", "sub_action_headers", HEADERS),
        ShapeKey("budget_headers", "budget_headers", HEADERS),
        ShapeKey("objectif_heading", "objective_heading", text(200)),
        ShapeKey("start_date", "start_on", DAY),
        ShapeKey("start_raw", "start_words", text(200)),
        ShapeKey("duration_raw", "duration_words", text(200)),
        ShapeKey("duration_months", "months", whole(0, 1200)),
        ShapeKey("end_date_computed", "end_on", DAY),
        ShapeKey("narrative", "narrative", MAYBE_OBJECT),
        ShapeKey("cross_refs", "cross_refs", MAYBE_OBJECT),
    ],
    nested=frozenset(
        [
            "convention",
            "parent",
            "resume",
            "sub_actions",
            "budget",
            "sub_budgets",
            "indicator_table",
            "tracking_tables",
        ]
    ),
    carried=frozenset(
        ["numbers_inferred", "completeness", "notes", "theme_number", "departement", "axes", "party"]
    )
    | TRACES,
)
RESUME = Shape(
    ResumeRow,
    [
        ShapeKey("description", "description", MAYBE_CELL),
        ShapeKey("date_mise_en_place", "start_words", text(300)),
        ShapeKey("duree", "duration_words", text(300)),
    ],
    carried=frozenset(["objectif", "notes"]) | TRACES,
)
SUB_ACTION = Shape(
    SubAction,
    [
        ShapeKey("id", "key", text(120)),
        ShapeKey("action", "action", text()),
        ShapeKey("etat_avancement", "progress", MAYBE_CELL),
        ShapeKey("calendrier", "calendar", MAYBE_CELL),
        ShapeKey("partenaires", "partners", MAYBE_CELL),
        ShapeKey("nouveau", "is_new", TRUTH),
    ],
    carried=frozenset(["action_items", "label", "objectif", "notes"]) | TRACES,
)
SUB_BUDGET = Shape(
    SubBudget,
    [
        ShapeKey("sub_action", "sub_action_key", text(120)),
        ShapeKey("label", "label", text()),
        ShapeKey("raw", "raw", text(200)),
        ShapeKey("amount", "amount", MONEY),
    ],
    nested=frozenset(["dont"]),
    carried=frozenset(["notes"]) | TRACES,
)
BUDGET = Shape(
    BudgetLine,
    [
        ShapeKey("label", "label", text(300)),
        ShapeKey("fiche_number", "number", label(20)),
        ShapeKey("year", "year", YEAR),
        ShapeKey("nature", "nature", text(80)),
        ShapeKey("notes", "notes", text()),
    ],
    carried=TRACES,
    figures=is_part,
)
AMOUNT = Shape(BudgetAmount, [ShapeKey("raw", "raw", text(200)), ShapeKey("amount", "amount", MONEY)])
TRACKING = Shape(
    TrackingTable,
    [
        ShapeKey("id", "key", text(120)),
        ShapeKey("title", "title", text(300)),
        ShapeKey("columns", "columns", LIST),
        ShapeKey("checks", "checks", LIST),
        ShapeKey("notes", "notes", LIST),
    ],
    nested=frozenset(["rows"]),
    carried=TRACES,
)
TRACKING_ROW = Shape(
    TrackingRow,
    [ShapeKey("id", "key", text(120)), ShapeKey("raw", "raw", text()), ShapeKey("cells", "cells", OBJECT)],
    carried=frozenset(["kind", "notes", "note"]) | TRACES,
)
MISSING = Shape(
    MissingSheet,
    [
        ShapeKey("number", "number", label(20)),
        ShapeKey("label", "label", text()),
        ShapeKey("reason", "why", text()),
    ],
    nested=frozenset(["convention"]),
    carried=frozenset(["annexe3_total", "notes"]) | TRACES,
)

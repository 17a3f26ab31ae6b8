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
    Key,
    Shape,
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
        Key("id", "key", text(120)),
        Key("numbers", "numbers", LABELS),
        Key("sheet_label", "sheet_label", text(120)),
        Key("famille", "family_words", text(200)),
        Key("famille_label", "family_label", text(300)),
        Key("axe_theme", "axis_theme", text()),
        Key("axe_annexe", "axis_annex", text(300)),
        Key("title", "title", text()),
        Key("headings_raw", "headings", HEADERS),
        Key("resume_headers", "resume_headers", HEADERS),
        Key("sub_action_headers", "sub_action_headers", HEADERS),
        Key("budget_headers", "budget_headers", HEADERS),
        Key("objectif_heading", "objective_heading", text(200)),
        Key("start_date", "start_on", DAY),
        Key("start_raw", "start_words", text(200)),
        Key("duration_raw", "duration_words", text(200)),
        Key("duration_months", "months", whole(0, 1200)),
        Key("end_date_computed", "end_on", DAY),
        Key("narrative", "narrative", MAYBE_OBJECT),
        Key("cross_refs", "cross_refs", MAYBE_OBJECT),
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
        Key("description", "description", MAYBE_CELL),
        Key("date_mise_en_place", "start_words", text(300)),
        Key("duree", "duration_words", text(300)),
    ],
    carried=frozenset(["objectif", "notes"]) | TRACES,
)
SUB_ACTION = Shape(
    SubAction,
    [
        Key("id", "key", text(120)),
        Key("action", "action", text()),
        Key("etat_avancement", "progress", MAYBE_CELL),
        Key("calendrier", "calendar", MAYBE_CELL),
        Key("partenaires", "partners", MAYBE_CELL),
        Key("nouveau", "is_new", TRUTH),
    ],
    carried=frozenset(["action_items", "label", "objectif", "notes"]) | TRACES,
)
SUB_BUDGET = Shape(
    SubBudget,
    [
        Key("sub_action", "sub_action_key", text(120)),
        Key("label", "label", text()),
        Key("raw", "raw", text(200)),
        Key("amount", "amount", MONEY),
    ],
    nested=frozenset(["dont"]),
    carried=frozenset(["notes"]) | TRACES,
)
BUDGET = Shape(
    BudgetLine,
    [
        Key("label", "label", text(300)),
        Key("fiche_number", "number", label(20)),
        Key("year", "year", YEAR),
        Key("nature", "nature", text(80)),
        Key("notes", "notes", text()),
    ],
    carried=TRACES,
    figures=is_part,
)
AMOUNT = Shape(BudgetAmount, [Key("raw", "raw", text(200)), Key("amount", "amount", MONEY)])
TRACKING = Shape(
    TrackingTable,
    [
        Key("id", "key", text(120)),
        Key("title", "title", text(300)),
        Key("columns", "columns", LIST),
        Key("checks", "checks", LIST),
        Key("notes", "notes", LIST),
    ],
    nested=frozenset(["rows"]),
    carried=TRACES,
)
TRACKING_ROW = Shape(
    TrackingRow,
    [Key("id", "key", text(120)), Key("raw", "raw", text()), Key("cells", "cells", OBJECT)],
    carried=frozenset(["kind", "notes", "note"]) | TRACES,
)
MISSING = Shape(
    MissingSheet,
    [Key("number", "number", label(20)), Key("label", "label", text()), Key("reason", "why", text())],
    nested=frozenset(["convention"]),
    carried=frozenset(["annexe3_total", "notes"]) | TRACES,
)

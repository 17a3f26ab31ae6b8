"""Annexes and deliberations."""

from jalons.conventions.dossier.content import TRACES
from jalons.conventions.exchange.codec import DAY, HEADERS, MAYBE_OBJECT, YEAR, Shape, ShapeKey, label, text
from jalons.conventions.exchange.shapes.types import is_amount, is_part
from jalons.conventions.models import (
    AccountingLine,
    Annex,
    AnnexLine,
    AnnexTable,
    AuthorisedAmount,
    Deliberation,
)

ANNEX = Shape(
    Annex,
    [
        ShapeKey("id", "key", text(120)),
        ShapeKey("label", "label", text(120)),
        ShapeKey("title", "title", text(500)),
        ShapeKey("subtitle", "subtitle", text(500)),
        ShapeKey("year", "year", YEAR),
    ],
    nested=frozenset(["convention", "tables"]),
    carried=frozenset(["notes"]) | TRACES,
)
ANNEX_TABLE = Shape(
    AnnexTable,
    [
        ShapeKey("id", "key", text(120)),
        ShapeKey("title", "title", text(500)),
        ShapeKey("headers", "headers", HEADERS),
    ],
    nested=frozenset(["rows"]),
    carried=frozenset(["notes"]) | TRACES,
)
ANNEX_LINE = Shape(
    AnnexLine,
    [
        ShapeKey("kind", "kind_words", text(40)),
        ShapeKey("label", "label", text()),
        ShapeKey("fiche_number", "number", label(20)),
        ShapeKey("action", "action_number", label(40)),
        ShapeKey("axe", "axis", label(200)),
        ShapeKey("rappel_colonne_4", "recall", text(200)),
    ],
    carried=frozenset(["notes", "departement"]) | TRACES,
    figures=is_part,
    column="figures",
)
DELIBERATION = Shape(
    Deliberation,
    [
        ShapeKey("number", "number", text(80)),
        ShapeKey("agenda_item", "agenda_item", label(40)),
        ShapeKey("assembly", "assembly", text(200)),
        ShapeKey("date", "session_on", DAY),
        ShapeKey("convocation_date", "convoked_on", DAY),
        ShapeKey("posted", "posted_on", DAY),
        ShapeKey("place", "place", text(120)),
        ShapeKey("object", "subject", text()),
        ShapeKey("decision", "decision", text(300)),
        ShapeKey("decisions", "decisions", HEADERS),
        ShapeKey("committee_opinion", "committee", MAYBE_OBJECT),
        ShapeKey("prefecture_receipt", "receipt", MAYBE_OBJECT),
        ShapeKey("membership", "membership", MAYBE_OBJECT),
        ShapeKey("quorum", "quorum", MAYBE_OBJECT),
        ShapeKey("vote", "vote", MAYBE_OBJECT),
        ShapeKey("report", "report", MAYBE_OBJECT),
    ],
    nested=frozenset(["authorised_amounts", "accounting"]),
    carried=frozenset(
        ["chair_role", "based_on", "previous_deliberation", "signed_by_role", "annexes", "notes", "id"]
    )
    | TRACES,
)
AUTHORISED = Shape(
    AuthorisedAmount,
    [ShapeKey("convention", "convention_key", text(80)), ShapeKey("meaning", "meaning", text(300))],
    nested=frozenset(["raw", "amount"]),
    carried=frozenset(["notes"]) | TRACES,
)
ACCOUNTING = Shape(
    Deliberation,
    [ShapeKey("system", "accounting_system", text(80)), ShapeKey("columns", "accounting_columns", HEADERS)],
    nested=frozenset(["lines"]),
    carried=frozenset(["notes"]) | TRACES,
    inside="accounting",
)
ACCOUNTING_LINE = Shape(
    AccountingLine,
    [ShapeKey("operation", "operation", label(80)), ShapeKey("enveloppe", "envelope", label(80))],
    carried=frozenset(["autorises", "deja_contractes", "proposes", "notes", "label"]) | TRACES,
    figures=is_amount,
    column="figures",
)

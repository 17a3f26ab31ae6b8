"""Annexes and deliberations."""

from jalons.conventions.dossier.content import TRACES
from jalons.conventions.exchange.codec import DAY, HEADERS, MAYBE_OBJECT, YEAR, Key, Shape, label, text
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
        Key("id", "key", text(120)),
        Key("label", "label", text(120)),
        Key("title", "title", text(500)),
        Key("subtitle", "subtitle", text(500)),
        Key("year", "year", YEAR),
    ],
    nested=frozenset(["convention", "tables"]),
    carried=frozenset(["notes"]) | TRACES,
)
ANNEX_TABLE = Shape(
    AnnexTable,
    [Key("id", "key", text(120)), Key("title", "title", text(500)), Key("headers", "headers", HEADERS)],
    nested=frozenset(["rows"]),
    carried=frozenset(["notes"]) | TRACES,
)
ANNEX_LINE = Shape(
    AnnexLine,
    [
        Key("kind", "kind_words", text(40)),
        Key("label", "label", text()),
        Key("fiche_number", "number", label(20)),
        Key("action", "action_number", label(40)),
        Key("axe", "axis", label(200)),
        Key("rappel_colonne_4", "recall", text(200)),
    ],
    carried=frozenset(["notes", "departement"]) | TRACES,
    figures=is_part,
    column="figures",
)
DELIBERATION = Shape(
    Deliberation,
    [
        Key("number", "number", text(80)),
        Key("agenda_item", "agenda_item", label(40)),
        Key("assembly", "assembly", text(200)),
        Key("date", "session_on", DAY),
        Key("convocation_date", "convoked_on", DAY),
        Key("posted", "posted_on", DAY),
        Key("place", "place", text(120)),
        Key("object", "subject", text()),
        Key("decision", "decision", text(300)),
        Key("decisions", "decisions", HEADERS),
        Key("committee_opinion", "committee", MAYBE_OBJECT),
        Key("prefecture_receipt", "receipt", MAYBE_OBJECT),
        Key("membership", "membership", MAYBE_OBJECT),
        Key("quorum", "quorum", MAYBE_OBJECT),
        Key("vote", "vote", MAYBE_OBJECT),
        Key("report", "report", MAYBE_OBJECT),
    ],
    nested=frozenset(["authorised_amounts", "accounting"]),
    carried=frozenset(
        ["chair_role", "based_on", "previous_deliberation", "signed_by_role", "annexes", "notes", "id"]
    )
    | TRACES,
)
AUTHORISED = Shape(
    AuthorisedAmount,
    [Key("convention", "convention_key", text(80)), Key("meaning", "meaning", text(300))],
    nested=frozenset(["raw", "amount"]),
    carried=frozenset(["notes"]) | TRACES,
)
ACCOUNTING = Shape(
    Deliberation,
    [Key("system", "accounting_system", text(80)), Key("columns", "accounting_columns", HEADERS)],
    nested=frozenset(["lines"]),
    carried=frozenset(["notes"]) | TRACES,
    inside="accounting",
)
ACCOUNTING_LINE = Shape(
    AccountingLine,
    [Key("operation", "operation", label(80)), Key("enveloppe", "envelope", label(80))],
    carried=frozenset(["autorises", "deja_contractes", "proposes", "notes", "label"]) | TRACES,
    figures=is_amount,
    column="figures",
)

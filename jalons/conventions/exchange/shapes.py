"""Every object of the exchange format: its keys, their types, and the columns that hold them."""

from typing import Any

from jalons.conventions.dossier.content import TRACES
from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.exchange.codec import (
    AMOUNTS,
    DAY,
    FIGURE,
    HEADERS,
    LABELS,
    LIST,
    MAYBE_CELL,
    MAYBE_OBJECT,
    MONEY,
    NUMBER,
    OBJECT,
    TRUTH,
    YEAR,
    Key,
    Shape,
    Type,
    Unfit,
    label,
    text,
    whole,
)
from jalons.conventions.models import (
    AccountingLine,
    Annex,
    AnnexLine,
    AnnexTable,
    Article,
    AuthorisedAmount,
    BudgetAmount,
    BudgetLine,
    Cell,
    Clause,
    Commitment,
    Convention,
    Deliberation,
    LegalReference,
    MatrixColumn,
    MatrixGroup,
    MatrixRow,
    MissingSheet,
    Party,
    PlannedAction,
    ResumeRow,
    SubAction,
    SubBudget,
    TrackingRow,
    TrackingTable,
)
from jalons.core.values import kind_named


def read_kind(told: Any) -> str:
    try:
        kind_named(told)
    except (ValueError, TypeError):
        raise Unfit(
            "un type de cellule connu (number, percent, duration, amount, text, composite, nd, not_applicable, "
            "dash, empty)"
        ) from None
    return str(told)


def read_measure(told: Any) -> str:
    if told not in ColumnMeasure.values:
        raise Unfit("bilan, objectif ou realise")
    return str(told)


def read_parts(told: Any) -> Any:
    """The parts of a composite, nested or not."""
    if not isinstance(told, list) or any(not isinstance(part, dict) for part in told):
        raise Unfit("une liste de parties {label, number, raw, relation}")
    for part in told:
        number, name = part.get("number"), part.get("label")
        if isinstance(number, bool) or not isinstance(number, int | float | None):
            raise Unfit("des parties dont « number » est un nombre")
        if number is not None:
            NUMBER.read(number)
        if not isinstance(name, str | None) or not isinstance(part.get("raw"), str | None):
            raise Unfit("des parties dont « label » et « raw » sont des textes")
        if part.get("kind") is not None:
            read_kind(part["kind"])
        if part.get("parts") is not None:
            read_parts(part["parts"])
    return told


def is_part(name: str, value: Any) -> bool:
    """A share of the money: `part_etat`, `part_cd62`, `total`…"""
    return name == "total" or name.startswith("part_")


def is_amount(name: str, value: Any) -> bool:
    return isinstance(value, dict) and ("amount" in value or "raw" in value)


CONVENTION = Shape(
    Convention,
    [
        Key("id", "slug", text(80)),
        Key("short_title", "short_title", text(120)),
        Key("title", "title", text(500)),
        Key("year", "year", YEAR),
        Key("nature", "nature_words", text(300)),
        Key("heading_amount", "heading_amount", FIGURE),
        Key("amounts", "amounts", AMOUNTS),
        Key("preamble", "preamble", LIST),
    ],
    nested=frozenset(
        ["parties", "legal_references", "clauses", "payment", "signature", "articles", "actions"]
    ),
    carried=frozenset(
        [
            "annexe_deliberation",
            "fiches_heading",
            "other_possible_parties",
            "axes",
            "joint_priorities",
            "notes",
        ]
    )
    | TRACES,
)
SIGNATURE = Shape(
    Convention,
    [Key("place", "place", text(120)), Key("date", "signed_on", DAY)],
    carried=frozenset(["raw", "notes"]) | TRACES,
    inside="signature",
)
PARTY = Shape(
    Party,
    [
        Key("role", "role", text(120)),
        Key("organisation", "name", text(300)),
        Key("representative_role", "representative", text(300)),
        Key("signature_role", "signatory", text(300)),
        Key("designation", "designation", text(120)),
        Key("side", "side_words", text(120)),
    ],
    carried=frozenset(["notes"]) | TRACES,
)
REFERENCE = Shape(
    LegalReference,
    [
        Key("raw", "raw", text()),
        Key("type", "kind", text(80)),
        Key("reference", "reference", text(200)),
        Key("dates", "dates", HEADERS),
        Key("placeholder", "placeholder", text(200)),
    ],
    carried=frozenset(["dates_raw", "notes"]) | TRACES,
)
ARTICLE = Shape(
    Article,
    [
        Key("number", "number", label(20)),
        Key("title", "title", text(300)),
        Key("paragraphs", "paragraphs", LIST),
    ],
    carried=frozenset(["notes"]) | TRACES,
)
CLAUSE = Shape(
    Clause,
    [
        Key("text", "text", text()),
        Key("article", "article", label(20)),
        Key("deadline", "deadline", text(5)),
        Key("deadline_for_this_convention", "due_on", DAY),
    ],
    carried=frozenset(
        [
            "months",
            "effective",
            "raw",
            "start",
            "end",
            "deadline_raw",
            "form",
            "addressee",
            "surviving_obligation",
            "document",
            "addressees",
            "periodicity",
            "requires",
            "contents",
            "publication",
            "presentation",
            "items",
            "court",
            "e_filing",
            "notes",
        ]
    )
    | TRACES,
)
CODES: tuple[str, ...] = (
    "mission",
    "programme",
    "action",
    "sous_action",
    "domaine_fonctionnel",
    "code_activite",
    "groupe_de_marchandises",
    "budget",
    "centre_de_couts",
)
PLANNED = Shape(
    PlannedAction,
    [
        Key("action_number", "number", label(20)),
        Key("label", "label", text()),
        Key("amount", "amount", FIGURE),
        Key("fiche_id", "sheet_key", text(120)),
        Key("fiche_number_annexe3", "sheet_number", label(20)),
        Key("axe", "axis", label(200)),
        Key("departement", "departement_words", label(120)),
    ],
    nested=frozenset(CODES),
    carried=frozenset(["year", "mapping", "notes", "beneficiary", "party", "part_etat", "number"]) | TRACES,
)
LISTED = Shape(
    PlannedAction,
    [
        Key("number", "number", label(20)),
        Key("label", "label", text()),
        Key("axe", "axis", label(200)),
        Key("departement", "departement_words", label(120)),
        Key("fiche_id", "sheet_key", text(120)),
    ],
    carried=frozenset(["notes"]) | TRACES,
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

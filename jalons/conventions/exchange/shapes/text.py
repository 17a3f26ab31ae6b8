"""The text of a convention."""

from jalons.conventions.dossier.content import TRACES
from jalons.conventions.exchange.codec import (
    AMOUNTS,
    DAY,
    FIGURE,
    HEADERS,
    LIST,
    YEAR,
    Shape,
    ShapeKey,
    label,
    text,
)
from jalons.conventions.models import Article, Clause, Convention, LegalReference, Party, PlannedAction

CONVENTION = Shape(
    Convention,
    [
        ShapeKey("id", "slug", text(80)),
        ShapeKey("short_title", "short_title", text(120)),
        ShapeKey("title", "title", text(500)),
        ShapeKey("year", "year", YEAR),
        ShapeKey("nature", "nature_words", text(300)),
        ShapeKey("heading_amount", "heading_amount", FIGURE),
        ShapeKey("amounts", "amounts", AMOUNTS),
        ShapeKey("preamble", "preamble", LIST),
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
    [ShapeKey("place", "place", text(120)), ShapeKey("date", "signed_on", DAY)],
    carried=frozenset(["raw", "notes"]) | TRACES,
    inside="signature",
)
PARTY = Shape(
    Party,
    [
        ShapeKey("role", "role", text(120)),
        ShapeKey("organisation", "name", text(300)),
        ShapeKey("representative_role", "representative", text(300)),
        ShapeKey("signature_role", "signatory", text(300)),
        ShapeKey("designation", "designation", text(120)),
        ShapeKey("side", "side_words", text(120)),
    ],
    carried=frozenset(["notes"]) | TRACES,
)
REFERENCE = Shape(
    LegalReference,
    [
        ShapeKey("raw", "raw", text()),
        ShapeKey("type", "kind", text(80)),
        ShapeKey("reference", "reference", text(200)),
        ShapeKey("dates", "dates", HEADERS),
        ShapeKey("placeholder", "placeholder", text(200)),
    ],
    carried=frozenset(["dates_raw", "notes"]) | TRACES,
)
ARTICLE = Shape(
    Article,
    [
        ShapeKey("number", "number", label(20)),
        ShapeKey("title", "title", text(300)),
        ShapeKey("paragraphs", "paragraphs", LIST),
    ],
    carried=frozenset(["notes"]) | TRACES,
)
CLAUSE = Shape(
    Clause,
    [
        ShapeKey("text", "text", text()),
        ShapeKey("article", "article", label(20)),
        ShapeKey("deadline", "deadline", text(5)),
        ShapeKey("deadline_for_this_convention", "due_on", DAY),
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
        ShapeKey("action_number", "number", label(20)),
        ShapeKey("label", "label", text()),
        ShapeKey("amount", "amount", FIGURE),
        ShapeKey("fiche_id", "sheet_key", text(120)),
        ShapeKey("fiche_number_annexe3", "sheet_number", label(20)),
        ShapeKey("axe", "axis", label(200)),
        ShapeKey("departement", "departement_words", label(120)),
    ],
    nested=frozenset(CODES),
    carried=frozenset(["year", "mapping", "notes", "beneficiary", "party", "part_etat", "number"]) | TRACES,
)
LISTED = Shape(
    PlannedAction,
    [
        ShapeKey("number", "number", label(20)),
        ShapeKey("label", "label", text()),
        ShapeKey("axe", "axis", label(200)),
        ShapeKey("departement", "departement_words", label(120)),
        ShapeKey("fiche_id", "sheet_key", text(120)),
    ],
    carried=frozenset(["notes"]) | TRACES,
)

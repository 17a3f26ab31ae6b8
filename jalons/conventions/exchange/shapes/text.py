"""The text of a convention."""

from jalons.conventions.dossier.content import TRACES
from jalons.conventions.exchange.codec import (
    AMOUNTS,
    DAY,
    FIGURE,
    HEADERS,
    LIST,
    YEAR,
    Key,
    Shape,
    label,
    text,
)
from jalons.conventions.models import Article, Clause, Convention, LegalReference, Party, PlannedAction

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

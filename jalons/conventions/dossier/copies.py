"""An unsaved copy of a record, without its relations nor what its old file said of itself."""

import copy
from typing import Any

from jalons.conventions.dossier.content import TRACES

# On each piece that a person must read again: a key of its own in the exchange file.
TO_REVIEW = "a_revoir"
LEFT_OUT = TRACES | {
    "notes",
    "completeness",
    "annexe_deliberation",
    "mapping",
    "note",
    "annexe3_total",
    TO_REVIEW,
}
RECORD_MACHINERY = {"id", "public_id", "version", "changed_at", "changed_by", "changed_for"}
FACT_MACHINERY = {"lineage", "recorded_at", "superseded_at", "withdrawn", "reason", "author", "organisation"}
MACHINERY = RECORD_MACHINERY | FACT_MACHINERY | {"valid_on", "dropped"}


def twin(record: Any, **changes: Any) -> Any:
    """An unsaved copy of a record or a fact, with none of its relations."""
    values = {
        concrete_field.name: copy.deepcopy(getattr(record, concrete_field.attname))
        for concrete_field in record._meta.concrete_fields
        if not concrete_field.is_relation and concrete_field.name not in MACHINERY
    }
    if "kept" in values:
        values["kept"] = cleaned(values["kept"])
    return type(record)(**{**values, **changes})


def cleaned(values: dict[str, Any]) -> dict[str, Any]:
    """Without what the transcription of the old file said of itself."""
    return {
        name: cleaned(value) if isinstance(value, dict) and name.startswith("@") else value
        for name, value in values.items()
        if name not in LEFT_OUT
    }


def flagged(piece: Any) -> Any:
    piece.kept = {**piece.kept, TO_REVIEW: True}
    return piece


def is_to_review(piece: Any) -> bool:
    """Taken from the year before, and not saved since."""
    return bool(piece.kept.get(TO_REVIEW)) and piece.version <= 1

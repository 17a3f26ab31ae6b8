"""Taking a piece out of a convention, and how deep one is."""

from typing import Any

from jalons.conventions.models.base import Droppable
from jalons.history.services import Actor, save_record

REASON = "Reprise d’un fichier"


def drop(piece: Droppable, by: Actor, reason: str = REASON) -> None:
    """Takes out what bears facts; its identifier is free for another."""
    piece.dropped = True
    key = getattr(piece, "key", None)
    if key is not None:
        piece.key = f"{key[:100]}~{piece.pk}"  # type: ignore[attr-defined]
    save_record(record=piece, by=by, reason=reason)


def depth_of(value: Any) -> int:
    depth, above = 0, value.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth

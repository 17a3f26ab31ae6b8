"""What a spreadsheet changes, carried by the page that shows it; what it was when it left, carried by itself.

Signed, so that nobody else writes it.
"""

from collections.abc import Iterable
from typing import Any

from django.core import signing

HOURS = 48
# Under what a form may send (`DATA_UPLOAD_MAX_MEMORY_SIZE`).
LONGEST = 1_500_000
PIECE = 30_000  # characters: a cell of a spreadsheet holds 32,767
LETTER = "j"  # before each piece, so that no spreadsheet takes it for a number or a formula


class TooMany(Exception):
    """More changes than one page can carry."""


class Lost(Exception):
    """What came back is not what the page carried, or too old."""


def sealed(content: Any, *, salt: str) -> str:
    """Signed and compressed. Raises `TooMany`."""
    text = signing.dumps(content, salt=salt, compress=True)
    if len(text) > LONGEST:
        raise TooMany
    return text


def opened(text: str, *, salt: str) -> Any:
    """The same content. Raises `Lost`."""
    try:
        return signing.loads(text, salt=salt, max_age=HOURS * 3600)
    except signing.BadSignature:
        raise Lost from None


def sealed_pieces(content: Any, *, salt: str) -> list[str]:
    """The same as texts that fit in cells. They are read as long as the key of the server stays."""
    text = signing.dumps(content, salt=salt, compress=True)
    return [LETTER + text[start : start + PIECE] for start in range(0, len(text), PIECE)]


def joined_pieces(pieces: Iterable[str], *, salt: str) -> Any:
    """Raises `Lost` when a sign of them was changed, or one is missing."""
    text = "".join(piece.strip().removeprefix(LETTER) for piece in pieces)
    try:
        return signing.loads(text, salt=salt)
    except signing.BadSignature:
        raise Lost from None

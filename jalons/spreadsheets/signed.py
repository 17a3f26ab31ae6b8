"""What a spreadsheet changes, carried by the page that shows it: signed, so that nobody else writes it."""

from typing import Any

from django.core import signing

HOURS = 48
# Under what a form may send (`DATA_UPLOAD_MAX_MEMORY_SIZE`).
LONGEST = 1_500_000


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

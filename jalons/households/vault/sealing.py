"""A payload sealed under a key for one place: moved elsewhere, altered or cut, it does not open.

Layout: one byte of format, twelve of nonce, then AES-256-GCM. What the place is (`context`) is authenticated with it.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class UnreadableSeal(Exception):
    """The key is missing or destroyed, or this is not what was sealed here. It never says more."""

    def __init__(self) -> None:
        super().__init__("clé détruite ou absente")


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, payload: bytes, context: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, payload, FORMAT + context.encode())


def unseal(key: bytes, sealed: bytes | memoryview | None, context: str) -> bytes:
    """What was sealed under `key` for `context`; `UnreadableSeal` for anything else, whatever it is."""
    return unseal_with(AESGCM(key), sealed, context)


def unseal_with(cipher: AESGCM, sealed: bytes | memoryview | None, context: str) -> bytes:
    """The same, for a key that opens thousands of payloads: made ready once."""
    blob = bytes(sealed or b"")
    if len(blob) < len(FORMAT) + NONCE_BYTES + TAG_BYTES or blob[:1] != FORMAT:
        raise UnreadableSeal
    nonce, body = blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, body, FORMAT + context.encode())
    except InvalidTag:
        raise UnreadableSeal from None

"""Who holds the key of a register: each member, and the recovery code, has a pair of keys.

The private half is sealed under the code; the key of the register is wrapped for the public half. So whoever has the
register open can wrap it for somebody else, and give everybody a new key, without knowing any code.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from jalons.households.vault.derivation import Derivation, DerivationCost
from jalons.households.vault.sealing import KEY_BYTES, UnreadableSeal, seal, unseal

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
FINGERPRINT_DIGITS = 12
FINGERPRINT_SALT = b"jalons.households.fingerprint"


@dataclass(frozen=True, slots=True)
class HolderPair:
    """What the base keeps of a holder: the public half, and the private one sealed under a code."""

    public: bytes
    private: bytes


def new_pair(code: str, context: str, cost: DerivationCost) -> HolderPair:
    private = X25519PrivateKey.generate()
    derivation = Derivation.new(cost)
    sealed = seal(derivation.key(code), private.private_bytes_raw(), context)
    return HolderPair(private.public_key().public_bytes_raw(), derivation.header() + sealed)


def open_private(sealed: bytes | memoryview | None, code: str, context: str) -> X25519PrivateKey:
    """The private half; `UnreadableSeal` when the code is not the right one."""
    derivation, body = Derivation.read(bytes(sealed or b""))
    return X25519PrivateKey.from_private_bytes(unseal(derivation.key(code), body, context))


def wrap_for(public: bytes | memoryview, key: bytes, context: str) -> bytes:
    """Sealed for who has the private half: the key of a register, or the copy of a household."""
    return SUITE.encrypt(key, X25519PublicKey.from_public_bytes(bytes(public)), context.encode())


def opened_for(private: X25519PrivateKey, wrapped: bytes | memoryview | None, context: str) -> bytes:
    try:
        return SUITE.decrypt(bytes(wrapped or b""), private, context.encode())
    except (InvalidTag, ValueError):
        raise UnreadableSeal from None


def unwrap(private: X25519PrivateKey, wrapped: bytes | memoryview | None, context: str) -> bytes:
    key = opened_for(private, wrapped, context)
    if len(key) != KEY_BYTES:
        raise UnreadableSeal
    return key


def proof(key: bytes, public: bytes | memoryview, context: str) -> bytes:
    """That somebody who had the register open took this public half for this person's: see `OpenRegister.vouch`."""
    return hmac.digest(key, b"holder|" + context.encode() + b"|" + bytes(public), "sha256")


def fingerprint(public: bytes | memoryview) -> str:
    """« 4821 9930 1706 »: read aloud before a key is wrapped for somebody, so that nobody stands between.

    Slow on purpose: eight digits of a fast digest are matched by another key in minutes, these not in a lifetime.
    """
    return digits_of(bytes(public))


@lru_cache(maxsize=256)
def digits_of(public: bytes) -> str:
    digest = hashlib.scrypt(public, salt=FINGERPRINT_SALT, n=2**14, r=8, p=1, dklen=16)
    digits = f"{int.from_bytes(digest) % 10**FINGERPRINT_DIGITS:0{FINGERPRINT_DIGITS}d}"
    return " ".join(digits[start : start + 4] for start in range(0, FINGERPRINT_DIGITS, 4))

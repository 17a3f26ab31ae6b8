"""A register that somebody opened: the only way to the content of a household."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from jalons.households.vault import holders
from jalons.households.vault.sealing import KEY_BYTES, UnreadableSeal, new_key, seal, unseal, unseal_with


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """The key of one household, wrapped by the key of the register of that version."""

    version: int
    wrapped: bytes


class OpenRegister:
    """Lives as long as a request. `keys`: the key of the register by version; more than one while it is renewed.

    It is never pickled, and says nothing of its keys when it is printed.
    """

    __slots__ = ("_ciphers", "_content_keys", "_keys", "organisation_id", "version")

    def __init__(self, organisation_id: int, keys: Mapping[int, bytes]) -> None:
        if not keys:
            raise UnreadableSeal
        self.organisation_id = organisation_id
        self.version = max(keys)
        self._keys = dict(keys)
        self._ciphers = {version: AESGCM(key) for version, key in keys.items()}
        self._content_keys: dict[UUID, tuple[int, bytes]] = {}

    def __repr__(self) -> str:
        return f"<OpenRegister {self.organisation_id}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("an opened register stays in its request")

    def __copy__(self) -> NoReturn:
        raise TypeError("an opened register stays in its request")

    __deepcopy__ = __copy__

    # Keys of households -----------------------------------------------------------------------------------------

    def new_household_key(self, household_id: UUID) -> WrappedKey:
        """A key for a household, which this register knows from now on; store what is returned."""
        key = new_key()
        self._content_keys[household_id] = (self.version, key)
        context = self._context("household_key", household_id, self.version)
        return WrappedKey(self.version, seal(self._keys[self.version], key, context))

    def learn(self, household_id: UUID, wrapped: WrappedKey | None) -> None:
        """The stored key of a household. One that does not open is as missing: its content will be unreadable."""
        self._content_keys.pop(household_id, None)
        if wrapped is None or wrapped.version not in self._keys:
            return
        context = self._context("household_key", household_id, wrapped.version)
        try:
            key = unseal_with(self._ciphers[wrapped.version], wrapped.wrapped, context)
        except UnreadableSeal:
            return
        self._content_keys[household_id] = (wrapped.version, key)

    def forget(self, household_id: UUID) -> None:
        self._content_keys.pop(household_id, None)

    # Content ----------------------------------------------------------------------------------------------------

    def seal(self, household_id: UUID, part: str, payload: bytes) -> bytes:
        """`part`: « content », « summary »…; it opens as that part of that household only."""
        version, key = self._content_key(household_id)
        return seal(key, payload, self._context(part, household_id, version))

    def open(self, household_id: UUID, part: str, sealed: bytes | memoryview | None) -> bytes:
        """`UnreadableSeal` when the key is destroyed or missing, or when this was not sealed here."""
        version, key = self._content_key(household_id)
        return unseal(key, sealed, self._context(part, household_id, version))

    def _content_key(self, household_id: UUID) -> tuple[int, bytes]:
        try:
            return self._content_keys[household_id]
        except KeyError:
            raise UnreadableSeal from None

    def _context(self, part: str, row: UUID | str, version: int) -> str:
        return f"{self.organisation_id}|{part}|{row}|{version}"

    # Holders ----------------------------------------------------------------------------------------------------

    def copies_for(self, public: bytes | memoryview, holder: str) -> list[WrappedKey]:
        """Every key of this register, wrapped for one holder."""
        return [
            WrappedKey(
                version, holders.wrap_for(public, key, holder_context(self.organisation_id, holder, version))
            )
            for version, key in sorted(self._keys.items())
        ]

    def vouch(self, public: bytes | memoryview, holder: str) -> bytes:
        """Proves later that this public key was put there by somebody who had the register open."""
        return holders.proof(
            self._keys[self.version], public, f"{self.organisation_id}|{holder}|{self.version}"
        )

    def vouched(self, public: bytes | memoryview, holder: str, proof: bytes | memoryview | None) -> bool:
        """False for a public key that somebody wrote in the base: no key is ever wrapped for it."""
        return any(
            hmac.compare_digest(
                bytes(proof or b""),
                holders.proof(key, public, f"{self.organisation_id}|{holder}|{version}"),
            )
            for version, key in self._keys.items()
        )

    # What other organisations seal for this one -----------------------------------------------------------------

    def new_box(self) -> holders.HolderPair:
        """A pair of the register itself: anybody seals for its public half, who has the register open reads."""
        private = X25519PrivateKey.generate()
        sealed = seal(
            self._keys[self.version],
            private.private_bytes_raw(),
            self._context("box", "register", self.version),
        )
        return holders.HolderPair(private.public_key().public_bytes_raw(), sealed)

    def open_box(
        self, box: bytes | memoryview | None, sealed: bytes | memoryview | None, context: str
    ) -> bytes:
        """What was sealed for the public half of `box`; `UnreadableSeal` for anything else."""
        for version, key in self._keys.items():
            try:
                private = unseal(key, box, self._context("box", "register", version))
            except UnreadableSeal:
                continue
            return holders.opened_for(X25519PrivateKey.from_private_bytes(private), sealed, context)
        raise UnreadableSeal

    def renewed(self) -> "OpenRegister":
        """The same with a new key besides: what is sealed from now on is sealed under it."""
        return OpenRegister(self.organisation_id, {**self._keys, self.version + 1: new_key()})

    def derived_keys(self, purpose: str) -> list[bytes]:
        """Keys for one purpose, out of every version, the newest first: they tell nothing of those of the register."""
        return [
            HKDF(
                hashes.SHA256(), KEY_BYTES, salt=None, info=f"{self.organisation_id}|{purpose}".encode()
            ).derive(key)
            for _, key in sorted(self._keys.items(), reverse=True)
        ]

    # Between two requests ---------------------------------------------------------------------------------------

    def sealed_under(self, key: bytes, context: str) -> bytes:
        """The keys of this register, for the session, under a key that the session does not hold."""
        payload = b"".join(version.to_bytes(4) + held for version, held in sorted(self._keys.items()))
        return seal(key, payload, f"{self.organisation_id}|session|{context}")

    @classmethod
    def unsealed(cls, organisation_id: int, key: bytes, sealed: bytes, context: str) -> "OpenRegister":
        payload = unseal(key, sealed, f"{organisation_id}|session|{context}")
        size = 4 + 32
        pieces = [payload[start : start + size] for start in range(0, len(payload), size)]
        return cls(organisation_id, {int.from_bytes(piece[:4]): piece[4:] for piece in pieces})


def holder_context(organisation_id: int, holder: str, version: int) -> str:
    return f"{organisation_id}|register_key|{holder}|{version}"


def new_register(organisation_id: int) -> OpenRegister:
    return OpenRegister(organisation_id, {1: new_key()})


def open_with(
    organisation_id: int, private: X25519PrivateKey, holder: str, copies: Mapping[int, bytes]
) -> OpenRegister:
    """The register as one holder opens it; copies that do not open are left aside. `UnreadableSeal` when none does."""
    keys: dict[int, bytes] = {}
    for version, wrapped in copies.items():
        try:
            keys[version] = holders.unwrap(private, wrapped, holder_context(organisation_id, holder, version))
        except UnreadableSeal:
            continue
    return OpenRegister(organisation_id, keys)

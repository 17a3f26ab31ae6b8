"""A key out of a code that people know: Argon2id, slow and heavy on purpose, a few at a time."""

import secrets
import struct
import threading
from dataclasses import dataclass
from typing import Self

from argon2.low_level import Type, hash_secret_raw

from jalons.households.vault.sealing import KEY_BYTES, UnreadableSeal

SALT_BYTES = 16
HEADER = struct.Struct(">IBB")  # KiB, passes, lanes
# Beyond, a blob put in the base by somebody would make the server fall.
MOST_KIB, MOST_PASSES, MOST_LANES = 1024 * 1024, 16, 16
# Of one process. Each takes its 64 MiB: a crowd waits its turn instead of taking the memory of the machine.
MOST_AT_ONCE = 2
PATIENCE = 10.0  # seconds
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)


class TooManyDerivations(Exception):
    """So many people open at once that this one did not get its turn."""


@dataclass(frozen=True, slots=True)
class DerivationCost:
    """What opening costs, to us and to who would try every code. Production: 64 MiB, as RFC 9106 advises."""

    memory_kib: int
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        if not (
            8 * self.lanes <= self.memory_kib <= MOST_KIB
            and 1 <= self.passes <= MOST_PASSES
            and 1 <= self.lanes <= MOST_LANES
        ):
            raise ValueError("a cost of derivation out of bounds")


@dataclass(frozen=True, slots=True)
class Derivation:
    """How one key is derived: kept beside what it seals, so that the cost may rise later."""

    cost: DerivationCost
    salt: bytes

    @classmethod
    def new(cls, cost: DerivationCost) -> Self:
        return cls(cost, secrets.token_bytes(SALT_BYTES))

    @classmethod
    def read(cls, blob: bytes) -> tuple[Self, bytes]:
        """The derivation that heads a blob, and the rest; `UnreadableSeal` when none does."""
        try:
            cost = DerivationCost(*HEADER.unpack_from(blob))
        except (struct.error, ValueError):
            raise UnreadableSeal from None
        body = HEADER.size + SALT_BYTES
        if len(blob) < body:
            raise UnreadableSeal
        return cls(cost, blob[HEADER.size : body]), blob[body:]

    def header(self) -> bytes:
        return HEADER.pack(self.cost.memory_kib, self.cost.passes, self.cost.lanes) + self.salt

    def key(self, code: str) -> bytes:
        """Takes a third of a second. `TooManyDerivations` when its turn does not come."""
        if not _turns.acquire(timeout=PATIENCE):
            raise TooManyDerivations
        try:
            return hash_secret_raw(
                code.encode(),
                self.salt,
                time_cost=self.cost.passes,
                memory_cost=self.cost.memory_kib,
                parallelism=self.cost.lanes,
                hash_len=KEY_BYTES,
                type=Type.ID,
            )
        finally:
            _turns.release()

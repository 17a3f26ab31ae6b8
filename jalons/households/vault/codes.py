"""The two codes: the one a person chooses, and the one that is printed and put away."""

import secrets
import unicodedata
from collections.abc import Iterable

# Crockford's base 32: read aloud and copied by hand, without I, L, O and U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKS_LIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
GROUPS, GROUP_SYMBOLS = 6, 4  # 120 bits, then one symbol of control a group
PROPOSED_GROUPS = 4  # 80 bits
PHRASE_GROUPS = 6  # 120 bits: a file is tried by who holds it, as fast as their machines go
# Of the field of 32 elements, modulo x⁵ + x² + 1.
MODULUS = 0b100101


class MistypedCode(ValueError):
    """A recovery code with a slip of the pen. `group`: which group holds it, from 1; 0 when one is missing."""

    def __init__(self, group: int) -> None:
        super().__init__("code de secours mal recopié")
        self.group = group


def new_recovery_code() -> str:
    """« 7K2MQ-… »: six groups of five, the last symbol of each controls the others."""
    return "-".join(group + control(group, rank) for rank, group in enumerate(random_groups(GROUPS)))


def proposed_code() -> str:
    """A register code that nobody else has, for who does not want to invent one."""
    return "-".join(group.lower() for group in random_groups(PROPOSED_GROUPS))


def proposed_phrase() -> str:
    """For a file that leaves, in letters that every program reads the same way."""
    return "-".join(group.lower() for group in random_groups(PHRASE_GROUPS))


def random_groups(count: int) -> list[str]:
    return ["".join(secrets.choice(ALPHABET) for _ in range(GROUP_SYMBOLS)) for _ in range(count)]


def read_recovery_code(typed: str) -> str:
    """The code as it was printed, whatever the case, the spaces and the dashes. `MistypedCode` says which group."""
    symbols = "".join(symbol for symbol in typed.upper() if symbol.isalnum()).translate(LOOKS_LIKE)
    size = GROUP_SYMBOLS + 1
    groups = [symbols[start : start + size] for start in range(0, len(symbols), size)]
    for rank, group in enumerate(groups[:GROUPS]):
        right = len(group) == size and set(group) <= set(ALPHABET) and control(group[:-1], rank) == group[-1]
        if not right:
            raise MistypedCode(rank + 1)
    if len(groups) != GROUPS:
        raise MistypedCode(0)
    return "-".join(groups)


def control(group: str, rank: int) -> str:
    """A symbol that changes with any one symbol, with two that change places, and with the rank of the group."""
    total = 0
    for place, symbol in enumerate(group):
        total ^= times(ALPHABET.index(symbol), power_of_two(place + 1 + rank * GROUP_SYMBOLS))
    return ALPHABET[total]


def times(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & len(ALPHABET):
            left ^= MODULUS
        right >>= 1
    return product


def power_of_two(exponent: int) -> int:
    power = 1
    for _ in range(exponent % (len(ALPHABET) - 1)):
        power = times(power, 2)
    return power


def normalized(code: str) -> str:
    """The same code typed on another keyboard is the same code."""
    return unicodedata.normalize("NFKC", code).strip()


def guesses_bits(code: str) -> int:
    """Roughly how many bits a code is worth: the alphabets it draws from, what it repeats counted once."""
    alphabets: Iterable[tuple[int, bool]] = (
        (26, any(symbol.islower() for symbol in code)),
        (26, any(symbol.isupper() for symbol in code)),
        (10, any(symbol.isdigit() for symbol in code)),
        (20, any(not symbol.isalnum() for symbol in code)),
    )
    size = sum(count for count, used in alphabets if used)
    fresh = sum(1 for rank, symbol in enumerate(code) if symbol not in code[max(0, rank - 2) : rank])
    return int(min(fresh, 2 * len(set(code))) * (size.bit_length() - 0.5)) if size else 0

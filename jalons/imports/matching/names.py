"""Names compared word by word: abbreviations spelt out, order and small words left aside."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from jalons.core.values import fold

WORDS = Path(__file__).resolve().parent.parent / "data" / "words.json"
LONG_WORD = 6  # letters from which one may be wrong


@cache
def vocabulary() -> dict[str, Any]:
    return dict(json.loads(WORDS.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class WrittenName:
    """`words`: what tells it from another; `streets`: « rue », « boulevard », which only count when both say one."""

    folded: str
    words: frozenset[str]
    streets: frozenset[str]
    number: str = ""

    @property
    def is_telling(self) -> bool:
        return bool(self.words)


NO_NAME = WrittenName("", frozenset(), frozenset())


def name_of(text: str) -> WrittenName:
    if not text:
        return NO_NAME
    known = vocabulary()
    plain = re.findall(r"\w+", fold(text))
    spelt = [part for word in plain for part in known["abbreviations"].get(word, word).split()]
    told = [word for word in spelt if word not in known["empty"]]
    streets = frozenset(word for word in told if word in known["streets"])
    number = next((word for word in plain[:1] if word.isdigit()), "")
    words = frozenset(
        singular(word) for word in told if word not in streets and not (number and word == number)
    )
    return WrittenName(" ".join(plain), words, streets, number)


def singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word[-1] in "sx" else word


def same_words(written_name: WrittenName, other: WrittenName) -> bool:
    """The same words in any order; a boulevard is not a street."""
    return (
        bool(written_name.words) and written_name.words == other.words and streets_agree(written_name, other)
    )


def streets_agree(written_name: WrittenName, other: WrittenName) -> bool:
    return not written_name.streets or not other.streets or bool(written_name.streets & other.streets)


def nearly_same(written_name: WrittenName, other: WrittenName) -> bool:
    """The same words but for one letter in a long one."""
    left, right = written_name.words - other.words, other.words - written_name.words
    if len(left) != 1 or len(right) != 1 or not streets_agree(written_name, other):
        return False
    (word,), (twin,) = left, right
    return min(len(word), len(twin)) >= LONG_WORD and Levenshtein.distance(word, twin) == 1


def within(written_name: WrittenName, other: WrittenName) -> bool:
    """All the words of one are in the other, either way."""
    return (
        bool(written_name.words)
        and bool(other.words)
        and (written_name.words <= other.words or other.words <= written_name.words)
    )


def same_street(written_name: WrittenName, other: WrittenName) -> bool:
    """Addresses of one street; when both have a number, the same."""
    if not written_name.words or written_name.words != other.words or not streets_agree(written_name, other):
        return False
    return not written_name.number or not other.number or written_name.number == other.number


def same_address(written_name: WrittenName, other: WrittenName) -> bool:
    return (
        bool(written_name.number) and written_name.number == other.number and same_street(written_name, other)
    )

"""Titles printed in capitals, read as a sentence: with the accents and the capitals that the same document writes."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from jalons.core.values.text import unaccent

WORD = re.compile(r"[^\W\d_]+")
ENDS = ".:;!?\n–—•|-"  # after them a sentence starts
SHOUTED = 0.6  # share of capitals from which a text is in capitals
IN_BRACKETS = re.compile(r"\(([A-Z]{2,6})\)")
Spellings = Mapping[str, str]


def spellings_of(texts: Iterable[str]) -> dict[str, str]:
    """How running text writes each word: « activité », « RSA », « Nord ».

    Key: the word without accents. A word that is once in lower case is not a name; at the start of a sentence, its
    accents alone are heard, and only when it stands nowhere else.
    """
    counts_by_word: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, str] = {}
    for text in texts:
        if is_shouted(text):
            continue
        for match in WORD.finditer(text):
            key = unaccent(match[0])
            before = text[: match.start()].rstrip(" «\u00a0\u202f")
            if before and before[-1] not in ENDS:
                counts_by_word[key][match[0]] += 1
            elif not match[0].isupper():
                first[key] = match[0].lower()
    return {**first, **{key: best(counts) for key, counts in counts_by_word.items()}}


def of_other_number(key: str, spellings: Spellings) -> str:
    """« mobilités » where the text only writes « mobilité », « sèche » where it only writes « sèches »."""
    if len(key) < 4:
        return ""
    singular = spellings.get(key[:-1], "") if key.endswith("s") else ""
    several = spellings.get(f"{key}s", "")
    candidate = f"{singular}s" if singular else several[:-1]
    return candidate if candidate.islower() else ""


def best(counts: Counter[str]) -> str:
    lower = [word for word in counts if word.islower()]
    return max(lower or counts, key=lambda word: (counts[word], word))


def is_shouted(text: str) -> bool:
    """Mostly in capitals, and more than an acronym."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 4 and sum(sign.isupper() for sign in letters) >= SHOUTED * len(letters)


def sentence_case(text: str, spellings: Spellings) -> str:
    """A shouted text as a sentence; any other text, or one whose words nothing spells, as it stands.

    A word in brackets stays an acronym.
    """
    if not is_shouted(text) or not spellings:
        return text
    acronyms = {unaccent(word): word for word in IN_BRACKETS.findall(text)}

    def written(match: re.Match[str]) -> str:
        word = match[0]
        if word.islower():
            return word
        key = unaccent(word)
        return acronyms.get(key) or spellings.get(key) or of_other_number(key, spellings) or word.lower()

    sentence = WORD.sub(written, text)
    first = WORD.search(sentence)
    return (
        sentence[: first.start()] + sentence[first.start()].upper() + sentence[first.start() + 1 :]
        if first
        else sentence
    )

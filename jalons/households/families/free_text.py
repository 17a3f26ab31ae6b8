"""What a free text should not hold: words that name an origin or a religion (a warning), numbers that name a person
or an account (refused). Nothing here logs, stores or repeats more of the text than the word itself.

Words and false friends: `data/words.json`, and nowhere else.
"""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

WORDS = Path(__file__).parent / "data" / "words.json"
# Sex, year, month (or the codes given when it is not known), place, order, key. Corsica has a letter.
NIR = re.compile(r"[123478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{8}", re.ASCII)
# What people put between the groups of a long number; the numbers are looked for from every place they may begin.
SEPARATOR = r"[\s.\-_/·,:;]"
BETWEEN = re.compile(SEPARATOR)
NIR_PLACES = re.compile(rf"(?<!\d)(?=([1-478](?:{SEPARATOR}{{0,2}}[0-9AB]){{14}})(?!\d))")
IBAN_PLACES = re.compile(
    rf"(?=([A-Z]{{2}}\d{SEPARATOR}{{0,2}}\d(?:{SEPARATOR}{{0,2}}[A-Z0-9]){{11,30}}))", re.ASCII
)
FEWEST_DIGITS = 10


class TextWarning(NamedTuple):
    code: str
    word: str
    message: str


class RefusedNumber(NamedTuple):
    code: str
    message: str


REFUSED_NIR = RefusedNumber(
    "nir",
    "Ce texte contient un numéro de sécurité sociale\u00a0: la loi interdit de le garder ici. Retirez-le.",
)
REFUSED_IBAN = RefusedNumber(
    "iban", "Ce texte contient un numéro de compte (IBAN)\u00a0: le registre ne le garde pas. Retirez-le."
)


@cache
def word_list() -> dict[str, Any]:
    return dict(json.loads(WORDS.read_text(encoding="utf-8")))


def plain_words(text: str) -> str:
    """Lower case, without accents, words with a single space between: how the list is written."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in letters if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join(re.findall(r"\w+", letters))


def any_of(phrases: list[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")


@cache
def patterns() -> tuple[re.Pattern[str], list[tuple[str, str, re.Pattern[str]]]]:
    words = word_list()
    groups = [(g["code"], g["message"], any_of(g["words"])) for g in words["groups"]]
    return any_of(words["false_friends"]), groups


def text_warnings(text: str) -> list[TextWarning]:
    """Words that ask « est-ce utile à l’accompagnement ? »: each one once, in the order of the text."""
    friends, groups = patterns()
    words = friends.sub(" . ", plain_words(text))
    matches = [
        (match.start(), TextWarning(code, match[0], message.replace("{word}", match[0])))
        for code, message, pattern in groups
        for match in pattern.finditer(words)
    ]
    return list(dict.fromkeys(warning for _, warning in sorted(matches)))


def refused_numbers(text: str) -> list[RefusedNumber]:
    """A social security number or an IBAN, by its shape **and** its checksum: a phone number passes."""
    letters = "".join(
        c for c in unicodedata.normalize("NFKC", text).upper() if unicodedata.category(c) != "Cf"
    )
    letters = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in letters)
    refused = []
    if any(is_nir(BETWEEN.sub("", match[1])) for match in NIR_PLACES.finditer(letters)):
        refused.append(REFUSED_NIR)
    if any(is_iban(BETWEEN.sub("", match[1])) for match in IBAN_PLACES.finditer(letters)):
        refused.append(REFUSED_IBAN)
    return refused


def is_nir(candidate: str) -> bool:
    if not NIR.fullmatch(candidate):
        return False
    place = {"2A": "19", "2B": "18"}.get(candidate[5:7], candidate[5:7])
    number = int(candidate[:5] + place + candidate[7:13])
    return 97 - number % 97 == int(candidate[13:])


def is_iban(candidate: str) -> bool:
    """The length is the country's; most of it is digits, or a sentence would pass for one by chance."""
    length = word_list()["iban_lengths"].get(candidate[:2], 0)
    number = candidate[:length]
    if not length or len(number) < length or sum(c.isdigit() for c in number) < FEWEST_DIGITS:
        return False
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1

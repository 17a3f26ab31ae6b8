"""French words around figures: search folding, agreement, lists, typography."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

# What XML 1.0 cannot hold, and half characters.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029")


def clean(text: str) -> str:
    """The text as every format can hold it: no control characters, lines that end with LF."""
    if text.isprintable():
        return text
    return _ILLEGAL.sub("", _LINE_ENDS.sub("\n", text))


NBSP = "\u00a0"
THIN = "\u202f"

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SEPARATORS = re.compile(r"[\s'’‘ʼ`´′\-\u2010-\u2015\u2212]+")
_SAINT = re.compile(r"(?<!\S)st(e?)\.?(?!\S)")
_SAINTS = {"saint": "st", "sainte": "ste"}
_WORD_START = r"(^|[ '’(«-])"
_MARKS = "[\u0300-\u036f]*"  # accents written as a letter and a mark
_SPELLINGS = {
    bare: "".join(letters + letters.upper())
    for bare, letters in {
        "a": "aàâäáãå", "c": "cç", "e": "eéèêë", "i": "iîïíì", "n": "nñ", "o": "oôöóòõ", "u": "uùûüú", "y": "yÿý",
    }.items()
}  # fmt: skip
_BEFORE_SIGN = re.compile(r" (?=[:;!?»€%])|(?<=«) ")


def without_unseen(text: str) -> str:
    """Without the signs that have no width (soft hyphen, byte order mark…), which copying brings along."""
    return text.translate(_INVISIBLE)


def unaccent(text: str) -> str:
    """Lower case without accents or ligatures; punctuation and spaces are kept."""
    if text.isascii():
        return text.casefold()  # nothing else below can change it, and most of what a table holds is so
    # NFKD on both sides of casefold: each can undo what the other settled.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.translate(_LIGATURES).translate(_INVISIBLE)


def fold(text: str) -> str:
    """The form in which two texts are compared in a search; `fold(fold(x)) == fold(x)`.

    Apostrophes, hyphens and every kind of space become one space; « St » and « Ste » as whole words are
    written « saint » and « sainte ».
    """
    spaced = _SEPARATORS.sub(" ", unaccent(text)).strip()
    return _SAINT.sub(r"saint\1", spaced)


def folded_pattern(word: str) -> str:
    """A regular expression, the same for both databases, of the texts whose folded form holds the folded `word`.

    For names that are not kept folded. Whatever the case and the French accents, composed or not.
    """
    if word in _SAINTS:
        return f"({_spelled(word)}|{_WORD_START}{_spelled(_SAINTS[word])}[. -])"
    return _spelled(word)


def _spelled(word: str) -> str:
    letters = "".join(f"[{_SPELLINGS.get(letter, _both_cases(letter))}]{_MARKS}" for letter in word)
    for pair, ligature in (("oe", "œŒ"), ("ae", "æÆ")):
        apart = "".join(f"[{_SPELLINGS[letter]}]{_MARKS}" for letter in pair)
        letters = letters.replace(apart, f"({apart}|[{ligature}])")
    return letters


def _both_cases(letter: str) -> str:
    """Inside the brackets of a regular expression."""
    return "".join(f"\\{case}" if case in r"\]^-[" else case for case in {letter: 0, letter.upper(): 0})


def french_spaces(text: str) -> str:
    """Make the spaces that French typography forbids to break unbreakable (before : ; ! ? » € %, after «)."""
    return _BEFORE_SIGN.sub(NBSP, text)


def plural(count: int | float | Decimal, singular: str, plural: str) -> str:
    """The word that agrees with `count`: in French 0, 1 and 1,5 are singular, 2 is plural."""
    return singular if abs(Decimal(count)) < 2 else plural


def join_and(words: Sequence[str]) -> str:
    """« a », « a et b », « a, b et c »."""
    return _joined(words, "et")


def join_or(words: Sequence[str]) -> str:
    """« a », « a ou b », « a, b ou c »."""
    return _joined(words, "ou")


def _joined(words: Sequence[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"

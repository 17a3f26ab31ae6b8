"""Headings as people shorten them: « dt min. », « Nbre pers. », « Mén. »."""

from collections.abc import Mapping
from functools import cache

from jalons.imports.reading.remembered import remembered
from jalons.imports.targets.fields import header_key, target_of, targets

WHOLE: Mapping[str, str] = {
    short: whole
    for whole, many in {
        "dont": "dt dts dts.",
        "nombre": "nb nbr nbre nbs",
        "personnes": "pers personne",
        "menages": "men menage mng",
        "familles": "fam famille",
        "enfants": "enf enfant",
        "mineurs": "min mineur",
        "scolarises": "scol scolarise",
        "caravanes": "carav caravane",
        "cabanes": "cab cabane",
        "electricite": "elec",
        "observations": "obs observation",
        "population": "pop",
        "dispositif": "dispo",
        "financeur": "financ",
        "prevu": "prev prevus prevue",
        "realise": "real realises",
        "execute": "exec executes",
        "engage": "eng engages",
        "paye": "payes",
    }.items()
    for short in many.split()
}
EMPTY_WORDS = ("dont", "montant", "montants")  # before others
ARTICLES = frozenset(["de", "du", "des", "d", "la", "le", "les", "l", "un", "une", "au", "aux", "en"])


@remembered
def whole_words(words: str) -> str:
    """Folded words written whole, without their articles, nor « dont » or « montant » before others."""
    whole = [WHOLE.get(word, word) for word in words.split() if word not in ARTICLES]
    return " ".join(whole[1:] if len(whole) > 1 and whole[0] in EMPTY_WORDS else whole)


@cache
def by_whole_words(kind: str) -> Mapping[str, str]:
    """The fields of a target by their synonyms written whole; those that two fields share are nobody's."""
    fields: dict[str, set[str]] = {}
    for synonym, key in target_of(kind).by_synonym.items():
        fields.setdefault(whole_words(synonym), set()).add(key)
    return {words: keys.pop() for words, keys in fields.items() if len(keys) == 1}


@cache
def known_whole_words() -> frozenset[str]:
    return frozenset(words for target in targets() for words in by_whole_words(target.kind))


def knows(words: str) -> bool:
    """The name of something that Jalons takes, written whole or shortened."""
    return whole_words(header_key(words)) in known_whole_words()

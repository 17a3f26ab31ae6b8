"""Headings that no synonym spells: the field that their words name, when they name one only."""

import re
from collections.abc import Mapping

from jalons.core.values.text import unaccent

_SITES = r"(?:sites?|campements?|lieux?|bidonvilles?|squats?|terrains?|implantations?)"
_SEEN = r"(?:visites?|passages?|maj|mise a jour|comptages?|recensements?|releves?|observations?|constats?|maraudes?)"
_COUNTED = r"(?:combien|nb|nbre|nombre|total|effectifs?|n°)"
# What makes of a count that of another thing.
_PART = re.compile(
    r"\b(?:adultes?|femmes?|hommes?|malades?|relog\w*|heberg\w*|suivi\w*|accompagn\w*|prevu\w*|nationalites?|departs?|"
    r"scol\w*|arriv\w*|entre\w*|sorti\w*|evacu\w*|enceint\w*|ages?|retraites?|emploi|ans)\b|\d"
)
_SCHOOL = re.compile(r"scolari|ecole|deschol")
# By field, what its headings hold; then what they do not.
PATTERNS: Mapping[str, tuple[re.Pattern[str], re.Pattern[str] | None]] = {
    "name": (
        re.compile(
            rf"\b(?:noms?|appellations?|denomination|designation|intitule)\b.*\b{_SITES}\b|^{_SITES} ?(?:/|\(|ou )"
        ),
        re.compile(r"\b(?:proprietaire|commune|referent|contact|agent)\b"),
    ),
    "commune": (
        re.compile(r"\b(?:quelle|nom de la|sur la) (?:commune|ville)\b"),
        re.compile(r"\b(?:site|lieu de vie|campement|adresse)\b"),
    ),
    "water": (
        re.compile(r"\b(?:acces|point|presence|raccord\w*).{1,12}\beau\b|\beau\b.*\?"),
        re.compile(rf"\b(?:{_COUNTED}|distance|type|eaux|stagnante|usees)\b"),
    ),
    "toilets": (
        re.compile(r"\b(?:acces|presence|y a t il|y a-t-il).*\b(?:toilettes?|sanitaires|wc|latrines)\b"),
        re.compile(rf"\b{_COUNTED}\b"),
    ),
    "electricity": (
        re.compile(r"\b(?:acces|presence|y a t il|y a-t-il|raccord\w*).*\b(?:electricite|electrique)\b"),
        re.compile(rf"\b{_COUNTED}\b"),
    ),
    "address": (
        re.compile(r"\b(?:adresse|localisation|situation geographique|emplacement)\b"),
        re.compile(r"\b(?:mail|courriel|electronique|gps|proprietaire|structure|nom ou)\b|^(?:sites?|nom) ?/"),
    ),
    "observed_on": (
        re.compile(rf"\b(?:dates?|jour|derniere?|dern)\b.*\b{_SEEN}\b"),
        re.compile(r"\b(?:prochaine?|prevue?|evacuation|fermeture|expulsion)\b"),
    ),
    "people": (re.compile(rf"\b{_COUNTED}\b.*\b(?:personnes?|pers|habitants?|hab|occupants?|individus?)\b"), _PART),
    "households": (re.compile(rf"\b{_COUNTED}\b.*\b(?:menages?|familles?|foyers?|fam)\b"), _PART),
    "minors": (
        re.compile(
            r"\b(?:dont|combien|nb|nbre|nombre|total)\b.*\b(?:enfants?|mineurs?|enf)\b|"
            r"(?:<|moins de|-|dont) ?18\b"
        ),
        re.compile(r"scolari|ecole|\b(?:filles?|suivi\w*|\d-\d+|[1-9] ?ans|0-3|3-6|6-12|6-16|12-16|16-18)\b"),
    ),
    "minors_at_school": (re.compile(r"\b(?:enfants?|mineurs?|dont|nb|nombre)\b.*\bscolarises\b"), re.compile(r"non")),
    "caravans": (re.compile(r"\bcaravanes?\b"), None),
    "huts": (re.compile(r"\b(?:cabanes?|baraques?|cabanons?)\b"), None),
    "note": (re.compile(r"\b(?:observations?|remarques?|commentaires?)\b"), re.compile(r"\bdate\b")),
    "funder": (re.compile(r"\b(?:co ?-?financeurs?|financeurs?|bailleurs?)\b"), re.compile(r"\bmontant\b")),
    "action": (re.compile(r"\b(?:nom|intitule|libelle)\b.*\b(?:dispositifs?|actions?|projets?)\b"), None),
    "indicator": (re.compile(r"\b(?:libelle|intitule|nom)s? (?:de l'|des |d')?indicateurs?\b"), None),
}  # fmt: skip


def key_in(words: str, fields: Mapping[str, object]) -> str:
    """The only field of a target that a heading names; nothing when it may name two."""
    plain = " ".join(unaccent(words).replace("’", "'").split())
    keys = [
        key
        for key, (held, not_held) in PATTERNS.items()
        if key in fields and held.search(plain) and not (not_held and not_held.search(plain))
    ]
    return keys[0] if len(keys) == 1 else ""

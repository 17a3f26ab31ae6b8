"""Columns that name people: never read. Jalons counts people on a site, and names none of them."""

import re
from collections.abc import Sequence

from jalons.core.values import fold, french_spaces
from jalons.imports.enums import TargetKind

_NAMES = re.compile(
    r"\b(?:prenoms?|nom et prenom|nom prenom|noms? de famille|nom patronymique|nom d(?:e naissance|usage)|"
    r"noms? d(?:es|u|e l|e la|e) ?(?:chefs? de famille|personnes?|habitants?|familles?|occupants?|enfants?|usagers?|"
    r"beneficiaires?|menages?|patients?)|identite|nom jeune fille|monsieur|madame)\b"
)
_BIRTH = re.compile(
    r"\b(?:nee?s?(?: le|\(e\) le| e le)|date(?:s)? (?:de )?naiss\w*|naissance|ddn|date naiss)\b|\bne\(e\)"
)
_NIR_NAME = re.compile(
    r"\b(?:nir|n° ?(?:de )?secu\w*|numero de secu\w*|securite sociale|num secu|n° ss|insee personne)\b"
)
_ETHNIC = re.compile(r"\b(?:ethnie|ethnique|origine ethnique|race|religion|communaute rom|roms?|tsiganes?)\b")
_NIR = re.compile(r"[12]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[ab])\d{6}(?:\d\d)?", re.IGNORECASE | re.ASCII)
_REFUSED = "cette colonne n’est pas lue : Jalons compte les personnes et n’en nomme aucune."


def private_reason(words: str, samples: Sequence[str], kind: TargetKind) -> str:
    """Why a column is refused, in French; nothing for an ordinary one. Structures have names and addresses."""
    folded = fold(words)
    if any(_NIR.fullmatch(re.sub(r"[\s.]", "", sample)) for sample in samples) or _NIR_NAME.search(folded):
        return sentence("des numéros de sécurité sociale")
    if kind is TargetKind.ORGANISATIONS:
        return ""
    if _BIRTH.search(folded):
        return sentence("des dates de naissance")
    if _NAMES.search(folded):
        return sentence("des noms de personnes")
    if _ETHNIC.search(folded):
        return french_spaces("Une origine ethnique ou une religion : la loi interdit de l’enregistrer.")
    return ""


def sentence(what: str) -> str:
    return french_spaces(f"On dirait {what} : {_REFUSED}")

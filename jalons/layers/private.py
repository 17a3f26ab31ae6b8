"""What a layer never takes: people. A column is refused by what it is called, or by what stands in it."""

import re
from collections.abc import Sequence

from jalons.core.values import fold, french_spaces
from jalons.imports.enums import TargetKind
from jalons.imports.targets.private import private_reason

_CONTACT = re.compile(
    r"\b(?:tel|telephone|portable|mobile|mail|mails|e ?mail|courriel|adresse electronique|contact|fax)\b"
)
_OWNER = re.compile(
    r"\b(?:proprietaires?|exploitants?|gerants?|locataires?|bailleurs?|responsables?|interlocuteurs?)\b"
)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)(?:\+33|0033|0)[\s.]*[1-9](?:[\s.-]*\d{2}){4}(?!\d)")
_SOCIAL = re.compile(
    r"(?<!\d)[12][\s.]?\d\d[\s.]?(?:0[1-9]|1[0-2]|[2-9]\d)[\s.]?(?:\d\d|2[ab])[\s.]?\d{3}[\s.]?\d{3}(?:[\s.]?\d\d)?(?!\d)",
    re.IGNORECASE,
)
NOT_TAKEN = "elle n’est pas reprise, une couche montre des lieux et ne dit rien des personnes."


def refusal_of(key: str, values: Sequence[str]) -> str:
    """Why a column is not taken, in French; nothing for an ordinary one. Every value is looked at."""
    words = re.sub(r"[\W_]+", " ", fold(key))
    if reason := private_reason(words, values, TargetKind.SITES):
        return (
            re.sub(r" : cette colonne.*", f" : {NOT_TAKEN}", reason) if "cette colonne" in reason else reason
        )
    for what, in_name, in_value in (
        ("des numéros de sécurité sociale", None, _SOCIAL),
        ("des adresses électroniques ou des téléphones", _CONTACT, _MAIL),
        ("des adresses électroniques ou des téléphones", None, _PHONE),
        ("des propriétaires ou des exploitants", _OWNER, None),
    ):
        if (in_name and in_name.search(words)) or (in_value and any(map(in_value.search, values))):
            return french_spaces(f"On dirait {what} : {NOT_TAKEN}")
    return ""

"""What a file says in words → the choices of Jalons."""

import re

from jalons.conventions.enums import ConventionNature, Family, LineKind, PartySide
from jalons.core.values import fold


def nature_of(words: str) -> str:
    folded = fold(words)
    if "avenant" in folded.split(" ") and not folded.startswith("convention"):
        return ConventionNature.AMENDMENT
    return ConventionNature.INITIAL if "initiale" in folded else ConventionNature.ANNUAL


def side_of(role: str, name: str) -> str:
    """Whose money a signatory brings."""
    folded = f"{fold(role)} {fold(name)}"
    if re.search(r"\betat\b", folded):
        return PartySide.STATE
    return PartySide.DEPARTEMENT if "departement" in folded else PartySide.OTHER


def family_of(words: str) -> str:
    folded = fold(words)
    if "socle" in folded:
        return Family.SOCLE
    return Family.INITIATIVE if "initiative" in folded else Family.OTHER


LINE_KINDS = {kind.value: kind for kind in LineKind}


def line_kind_of(words: str) -> str:
    return LINE_KINDS.get(words, LineKind.OTHER)

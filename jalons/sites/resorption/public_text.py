"""Texts that whoever reads a site reads: words that speak of a procedure or of an owner are pointed out."""

import re

from jalons.core.values import fold

# Folded. « procédure » alone is not here: a public contract has its own.
BEGINNINGS = (
    *("proprietaire", "bailleur", "indivis", "expuls", "evacu", "tribuna", "refere", "juge", "huissier"),
    *("commissaire de justice", "force publique", "cfp", "plainte", "plaignant", "assign", "ordonnance"),
    *("arrete prefectoral", "arrete municipal", "arrete de", "peril", "contentieux", "avocat"),
    *("mise en demeure", "procedure judiciaire", "procedure d expulsion"),
)
SENSITIVE = re.compile(rf"\b(?:{'|'.join(BEGINNINGS)})\w*")


def sensitive_words(text: str) -> list[str]:
    """What in `text` may belong to the procedures or to the owner, folded, in order; none of it is proof."""
    return list(dict.fromkeys(SENSITIVE.findall(fold(text))))

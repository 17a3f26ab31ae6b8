"""Documents of a convention, made of a `Dossier` and nothing else: a frozen version prints for ever the same words."""

from typing import Any

from jalons.conventions.dossier import Dossier

PARTS: dict[str, str] = {
    "convention": "Texte de la convention",
    "engagements": "Tableau des engagements",
    "fiches": "Fiches-actions",
    "annexe-financiere": "Annexe financière",
    "matrice": "Matrice des indicateurs",
    "rapport": "Rapport d’exécution",
    "avenant": "Avenant",
    "complet": "Convention et annexes",
}


def make(
    dossier: Dossier,
    part: str,
    format: str,
    *,
    title_version: str = "",
    before: Dossier | None = None,
    report: Any = None,
    amendment: Any = None,
) -> bytes:
    """`part` is a code of `PARTS`, `format` « docx » or « pdf ».

    `before`: the version it is compared with. `report`, `amendment`: the rows whose words are printed.
    """
    raise NotImplementedError

"""The documents about the register: their texts are files, shown as pages that print."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class RegisterDocument:
    """`slug` stands in its address; `about` says in one sentence what it is for."""

    slug: str
    file: str
    title: str
    about: str

    @property
    def text(self) -> str:
        return written(self.file)


@cache
def written(file: str) -> str:
    return (DATA / file).read_text(encoding="utf-8")


REGISTER_DOCUMENTS = (
    RegisterDocument(
        "confidentialite",
        "privacy.md",
        "Qui peut lire le registre",
        "Ce qui protège les familles, et ce qui ne les protège pas.",
    ),
    RegisterDocument(
        "information-des-familles",
        "notice.md",
        "Information des familles",
        "Le modèle à compléter, à lire et à remettre.",
    ),
    RegisterDocument(
        "analyse-d-impact",
        "dpia.md",
        "Analyse d’impact",
        "Le modèle de la CNIL, rempli de ce que Jalons sait.",
    ),
    RegisterDocument(
        "fiche-de-traitement",
        "processing.md",
        "Fiche de traitement",
        "À verser au registre des traitements de votre structure.",
    ),
)

"""Documents of a convention, made of a `Dossier` and nothing else: a frozen version prints for ever the same words."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from jalons.conventions.documents.amendment import amendment_blocks
from jalons.conventions.documents.annexes import annex_blocks
from jalons.conventions.documents.changed import Updated
from jalons.conventions.documents.engagements import engagement_blocks
from jalons.conventions.documents.execution import report_blocks
from jalons.conventions.documents.matrix import landscape, matrix_blocks
from jalons.conventions.documents.sheets import sheet_blocks
from jalons.conventions.documents.text import text_blocks
from jalons.conventions.documents.votable import votable
from jalons.conventions.dossier.content import Dossier
from jalons.exports.acts import NewPage
from jalons.exports.contract import About
from jalons.exports.document import Document, Heading
from jalons.exports.docx import to_docx
from jalons.exports.pdf import to_pdf

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
WRITERS: Mapping[str, Callable[[Document], bytes]] = {"docx": to_docx, "pdf": to_pdf}
# What a file says of the moment of its making: a frozen version must give the same bytes for ever.
MADE_AT = dt.datetime(2000, 1, 1, 12, tzinfo=dt.UTC)


def make(
    dossier: Dossier,
    part: str,
    format: str,
    *,
    title_version: str = "",
    before: Dossier | None = None,
    report: Any = None,
    amendment: Any = None,
    whole: bool = True,
    remarks: bool = False,
) -> bytes:
    """`part` is a code of `PARTS`, `format` « docx » or « pdf »; KeyError for any other.

    `title_version` heads each page (« version 2, votée le 27 juin 2022 »). `before`: the version it is compared with;
    what was updated since is in bold. `report`, `amendment`: the rows whose words are printed. `remarks`: with what
    Jalons remarks (gaps, amounts taken again, sheets without a page).
    """
    return WRITERS[format](
        document_of(
            dossier,
            part,
            title_version=title_version,
            before=before,
            report=report,
            amendment=amendment,
            whole=whole,
            remarks=remarks,
        )
    )


def document_of(
    dossier: Dossier,
    part: str,
    *,
    title_version: str = "",
    before: Dossier | None = None,
    report: Any = None,
    amendment: Any = None,
    whole: bool = True,
    remarks: bool = False,
) -> Document:
    """The document before it is written in a format. `whole` false: an extract, some sheets are not in it."""
    own, updated = dossier.convention, Updated(before)
    blocks: list[object]
    if part == "rapport":
        blocks = report_blocks(dossier, updated, report)
    elif part == "avenant":
        blocks = amendment_blocks(dossier, before, amendment, whole=whole)
    else:
        blocks = BLOCKS[part](dossier, updated)
    name = own.title or own.short_title
    headed = part in ("convention", "complet")
    return Document(
        title=name if headed else title_of(part, dossier, amendment),
        blocks=votable(blocks, remarks=remarks),
        about=About(own.short_title, "", made_at=MADE_AT),
        subtitle="" if headed else name,
        act=True,
        running=" – ".join(filter(None, (own.short_title, PARTS[part] if not headed else "", title_version))),
        landscape=part == "matrice",
    )


def title_of(part: str, dossier: Dossier, amendment: Any) -> str:
    if part == "avenant" and amendment is not None:
        return f"Avenant n° {amendment.number}"
    if part == "rapport" and dossier.year:
        return f"{PARTS[part]} {dossier.year}"
    return PARTS[part]


def whole_blocks(dossier: Dossier, updated: Updated) -> list[object]:
    """The text and its annexes, in one file."""
    return [
        *text_blocks(dossier),
        NewPage(),
        Heading("Annexe 1 – Tableau des engagements", 1),
        *engagement_blocks(dossier, level=2),
        NewPage(),
        Heading("Annexe 2 – Fiches-actions", 1),
        *sheet_blocks(dossier, updated, level=2),
        NewPage(),
        Heading("Annexe 3 – Annexe financière", 1),
        *annex_blocks(dossier, level=2),
        *landscape(
            [Heading("Annexe 4 – Matrice des indicateurs", 1), *matrix_blocks(dossier, updated, level=2)]
        ),
    ]


BLOCKS: Mapping[str, Callable[[Dossier, Updated], list[object]]] = {
    "convention": lambda dossier, updated: text_blocks(dossier),
    "engagements": lambda dossier, updated: engagement_blocks(dossier),
    "fiches": sheet_blocks,
    "annexe-financiere": lambda dossier, updated: annex_blocks(dossier),
    "matrice": matrix_blocks,
    "complet": whole_blocks,
}

"""What a row says of the site itself: its type, where its people come from, since when it stands.

A new site takes it; the sheet of a known one is changed by people, and the table only says where it differs.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from jalons.core.values import fold, format_date, french_spaces
from jalons.imports.enums import CellVerdict
from jalons.imports.judging.verdicts import JudgedCell
from jalons.imports.reading.typed import Meaning
from jalons.imports.targets.records import RecordCell, TableRecord
from jalons.sites.enums import Origin, SiteKind
from jalons.sites.models import Site

DESCRIBED = ("kind", "origins", "installed_on")
KIND_WORDS: Mapping[str, SiteKind] = {
    **{fold(kind.label): kind for kind in SiteKind},
    **dict.fromkeys(("terrain vague", "terrain nu", "friche"), SiteKind.LAND),
    **dict.fromkeys(("bati", "immeuble", "batiment", "squat bati", "maison", "hangar"), SiteKind.BUILDING),
}
# The three categories that the law allows, as the national platform and people name them.
ORIGIN_WORDS: Mapping[str, Origin] = {
    **{fold(origin.label): origin for origin in Origin},
    **dict.fromkeys(("francais", "francaise", "france"), Origin.FRENCH),
    **dict.fromkeys(
        ("europeens", "ue", "union europeenne", "ressortissants de l union europeenne"), Origin.EUROPEAN
    ),
    **dict.fromkeys(("extra communautaires", "ressortissants extracommunautaires", "hors ue"), Origin.OTHER),
}


def read_kind(words: str) -> SiteKind | None:
    return KIND_WORDS.get(fold(words))


def read_origins(words: str) -> list[Origin] | None:
    """« Ressortissants français;Ressortissants européens »; None when one of them is no category of Jalons."""
    found = [ORIGIN_WORDS.get(fold(part)) for part in words.replace(",", ";").split(";") if part.strip()]
    return None if None in found else [origin for origin in found if origin]


def described(record: TableRecord) -> dict[str, Any]:
    """Columns of `Site` that a new one takes of its row."""
    kind, origins = read_kind(record.text("kind")), read_origins(record.text("origins"))
    return {
        **({"kind": kind} if kind else {}),
        **({"origins": [origin.value for origin in origins]} if origins else {}),
    }


def installed_on(record: TableRecord) -> dt.date | None:
    cell = record.cells.get("installed_on")
    return cell.cell.day if cell and cell.cell.meaning is Meaning.DATE else None


def judge_description(record_cell: RecordCell, label: str, site: Site | None) -> JudgedCell:
    cell = record_cell.cell
    judged = JudgedCell(record_cell.key, label, record_cell.reference, record_cell.raw.text, CellVerdict.SAME)
    if cell.ask:
        judged.verdict, judged.rule = CellVerdict.DOUBTFUL, cell.reason
        return judged
    judged.after = written_words(record_cell)
    if not judged.after:
        words = french_spaces(f"« {record_cell.raw.text[:60]} » n’est pas une réponse de Jalons")
        judged.rule = french_spaces(f"{words} : à compléter sur la fiche")
    elif site is None:
        judged.verdict = CellVerdict.NEW
    else:
        judged.before = known_words(record_cell.key, site)
        if judged.before != judged.after:
            words = french_spaces(f"le tableau dit « {judged.after} »")
            judged.rule = f"{words}, et ne change pas la fiche d’un site connu"
            judged.differs = True
            judged.after = judged.before
    return judged


def written_words(record_cell: RecordCell) -> str:
    """As Jalons would show it; empty when it is no answer of Jalons."""
    words, cell = record_cell.raw.text, record_cell.cell
    if record_cell.key == "kind":
        kind = read_kind(words)
        return str(kind.label) if kind else ""
    if record_cell.key == "origins":
        return ", ".join(str(origin.label) for origin in read_origins(words) or ())
    return format_date(cell.day) if cell.day else ""


def known_words(key: str, site: Any) -> str:
    if key == "kind":
        return str(SiteKind(site.kind).label)
    if key == "origins":
        return ", ".join(str(Origin(code).label) for code in site.origins)
    return format_date(site.opened_on) if site.is_dated else ""

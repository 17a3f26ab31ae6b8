"""What leaves of the resorptions with the list of sites: the nine steps, and whether each site can be fitted out."""

from typing import Any

from jalons.exports.contract import ExportColumn
from jalons.exports.enums import ColumnKind
from jalons.sites.enums import StepKind, StepStatus
from jalons.sites.resorption.progress import StepLine

RESORPTION = "Résorption"


def line_of(row: Any, kind: StepKind) -> StepLine | None:
    lines = row.preparation.lines if row.preparation else ()
    return next((line for line in lines if line.kind == kind), None)


def step_words(row: Any, kind: StepKind) -> str:
    """« Faite le 12/03/2026 », « En retard, prévue le 12/03/2026 », « Sans objet : terrain déjà équipé »."""
    line = line_of(row, kind)
    if line is None or not line.is_known:
        return ""
    if line.status == StepStatus.NOT_NEEDED:
        return f"{line.status.label}\u00a0: {line.note}" if line.note else line.status.label
    return line.standing


def of_step(kind: StepKind) -> ExportColumn:
    return text(f"etape_{kind}", f"Étape\u00a0: {kind.label.lower()}", lambda row: step_words(row, kind))


def text(key: str, header: str, value: Any) -> ExportColumn:
    return ExportColumn(key, header, value, ColumnKind.TEXT, group=RESORPTION)


COLUMNS = (
    text(
        "avancement",
        "Où en est la résorption",
        lambda row: row.preparation.summary if row.preparation else "",
    ),
    *(of_step(kind) for kind in StepKind),
    text(
        "amenageable",
        "Aménageable",
        lambda row: row.suitability.get_answer_display() if row.suitability else "",
    ),
    text(
        "contraintes",
        "Contraintes d’aménagement",
        lambda row: row.suitability.get_constraints_display() if row.suitability else [],
    ),
    text(
        "amenageable_precision",
        "Aménageable, précision",
        lambda row: row.suitability.note if row.suitability else "",
    ),
    ExportColumn(
        "amenageable_le",
        "Aménageable, au",
        lambda row: row.suitability.valid_on if row.suitability else None,
        ColumnKind.DATE,
        group=RESORPTION,
    ),
)

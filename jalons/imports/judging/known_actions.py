"""What a row of the national export says of a known dispositif: its dates, its themes, its goals.

They are compared and shown; the sheet of a dispositif is changed by people, as that of a site.
"""

from collections.abc import Iterable

from jalons.actions.enums import ActionTheme
from jalons.actions.models import Action, Intervention
from jalons.core.values import fold, format_date, french_spaces
from jalons.imports.enums import CellVerdict
from jalons.imports.judging.national_plans import END, GOALS, GROUND, START, THEMES, themes_in
from jalons.imports.judging.verdicts import JudgedCell
from jalons.imports.targets.records import TableRecord

NOT_CHANGED = (
    "un tableau ne change pas la fiche d’un dispositif connu : à corriger là-bas si le tableau dit vrai"
)
EMPTY = "vide"


def described_cells(record: TableRecord, action: Action, run: Intervention | None) -> list[JudgedCell]:
    """Only of what the row says otherwise, word for word once spaces and case are put aside."""
    known = [
        (GOALS, "Objectifs", action.objectives, " ".join(record.words(GOALS).split())),
        (GROUND, "Lieu", action.place_note, " ".join(record.words(GROUND).split())),
        (THEMES, "Champs d’intervention", labels_of(action.themes), themes_of(record)),
    ]
    if run is not None:
        end = format_date(run.planned_end) if run.planned_end else ""
        known += [
            (START, "Début", format_date(run.valid_on), day_of(record, START)),
            (END, "Fin prévue", end, day_of(record, END)),
        ]
    return [
        different(record, key, label, before, after)
        for key, label, before, after in known
        if after and fold(" ".join(before.split())) != fold(after)
    ]


def different(record: TableRecord, key: str, label: str, before: str, after: str) -> JudgedCell:
    written = record.cells[key]
    cell = JudgedCell(key, label, written.reference, written.raw.text, CellVerdict.SAME)
    cell.differs = True
    cell.before = cell.after = before or EMPTY
    cell.rule = french_spaces(f"le tableau dit « {shortened(after)} » : {NOT_CHANGED}")
    return cell


def shortened(words: str, most: int = 120) -> str:
    return words if len(words) <= most else f"{words[:most]}…"


def labels_of(themes: Iterable[str]) -> str:
    held = set(themes)
    return ", ".join(str(theme.label) for theme in ActionTheme if theme.value in held)


def themes_of(record: TableRecord) -> str:
    """Nothing when a word of the row is no theme of Jalons: it says another thing than ours, or more."""
    themes, unknown = themes_in(record.words(THEMES))
    return "" if unknown else labels_of(themes)


def day_of(record: TableRecord, key: str) -> str:
    cell = record.cells.get(key)
    return format_date(cell.cell.day) if cell and cell.cell.day and not cell.cell.ask else ""

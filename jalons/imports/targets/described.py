"""What a list of dispositifs says of each, when it left to be changed: its dates, its themes, its goals, its rhythm."""

from dataclasses import dataclass

from django.db.models import TextChoices

from jalons.actions.enums import ActionPlace, ActionTheme
from jalons.imports.enums import TargetKind
from jalons.imports.reading.cells import ColumnNature, ReadAs
from jalons.imports.targets.fields import ImportTarget, TargetField, header_key

START, END, GOALS, PLACE, RHYTHM = "valid_on", "planned_end", "objectives", "place_note", "rhythm"
LONGEST = {GOALS: 4_000, PLACE: 300}


@dataclass(frozen=True, slots=True)
class CodeColumn:
    """One code of a column of codes: « oui » when the dispositif has it."""

    column: str
    code: str
    label: str


def code_columns() -> dict[str, CodeColumn]:
    """By key of field, in one word: a key in two is a field and its date."""
    several: tuple[tuple[str, type[TextChoices], str], ...] = (
        ("themes", ActionTheme, ""),
        ("place_kinds", ActionPlace, "Lieu : "),
    )
    return {
        f"{column}_{choice.value}": CodeColumn(column, choice.value, f"{lead}{choice.label}")
        for column, choices, lead in several
        for choice in choices
    }


def described_target() -> ImportTarget:
    """No table is recognised as one: it is that of a workbook that left from here."""
    text, day, yes_no = (
        ReadAs(nature) for nature in (ColumnNature.TEXT, ColumnNature.DATE, ColumnNature.YES_NO)
    )
    fields = [
        field("departement", "Département", text),
        field("action", "Dispositif", text),
        field(START, "Début", day),
        field(END, "Fin prévue", day),
        *(field(key, column.label, yes_no) for key, column in code_columns().items()),
        field(PLACE, "Précision sur le lieu", text),
        field(GOALS, "Objectifs", text),
        field(RHYTHM, "Rythme du suivi", text),
    ]
    return ImportTarget(
        TargetKind.DESCRIPTIONS,
        TargetKind.DESCRIPTIONS.label,
        "Une ligne par dispositif : dates, champs d’intervention, objectifs, rythme du suivi.",
        {column.key: column for column in fields},
        (("action",),),
        {header_key(column.label): column.key for column in fields},
    )


def field(key: str, label: str, kind: ReadAs) -> TargetField:
    return TargetField(key, label, kind, (header_key(label),))

"""The list of dispositifs as a workbook to be changed: a row a dispositif, its dates, its themes, its goals."""

from collections.abc import Mapping, Sequence

from jalons.actions.enums import Rhythm
from jalons.actions.models import Action, Intervention
from jalons.core.values import format_date, french_spaces, plural
from jalons.exports.writers.editable import EditableColumn, EditableTable
from jalons.imports.enums import TargetKind
from jalons.imports.targets.described import END, GOALS, PLACE, RHYTHM, START, code_columns
from jalons.imports.targets.fields import target_of
from jalons.imports.trips.contents import GIVE_BACK, text_of
from jalons.imports.trips.left import KEY, MEMORY, SHEET, LeftTable

NAMED = ("departement", "action")
YES_NO = ("oui", "non")
WIDTHS = {"departement": 18, "action": 34, START: 12, END: 12, PLACE: 30, GOALS: 60, RHYTHM: 26}
HOW_TO = (
    *GIVE_BACK,
    "Les champs d’intervention et les lieux se disent par « oui » ou « non ».",
    "Une case vidée n’efface rien. Une ligne ôtée du fichier ne change rien dans Jalons.",
    "Le nom dit de quel dispositif parle la ligne : il se change sur sa fiche, comme ses structures et ses sites.",
    "Un dispositif de plus se déclare dans Jalons. Son suivi et ses financements s’exportent depuis sa page.",
)


def contents(action: Action, run: Intervention | None) -> dict[str, str]:
    """What the cells of a dispositif show, by column."""
    end = run.planned_end if run else None
    return {
        START: format_date(run.valid_on) if run else "",
        END: format_date(end) if end else "",
        **{
            key: YES_NO[column.code not in getattr(action, column.column)]
            for key, column in code_columns().items()
        },
        PLACE: action.place_note,
        GOALS: action.objectives,
        RHYTHM: str(Rhythm(action.rhythm).label),
    }


def editable_dispositifs(
    actions: Sequence[Action], runs: Mapping[int, Intervention], today: str, left_out: int = 0
) -> EditableTable:
    """`left_out`: how many dispositifs of the list are not in it, because this person does not change them."""
    fields = target_of(TargetKind.DESCRIPTIONS).fields
    rows = {
        action.public_id: [
            action.departement.name,
            action.name,
            *contents(action, runs.get(action.pk)).values(),
        ]
        for action in actions
    }
    left = LeftTable(
        TargetKind.DESCRIPTIONS.value,
        today,
        [(key, column.label) for key, column in fields.items()],
        len(NAMED),
        {key: list(map(text_of, texts)) for key, texts in rows.items()},
    )
    columns = [
        EditableColumn(
            column.label,
            locked=key in NAMED,
            options=options_of(key),
            is_day=key in (START, END),
            width=WIDTHS.get(key, 14),
        )
        for key, column in fields.items()
    ]
    return EditableTable(
        SHEET, KEY, columns, iter(rows.items()), how_to(left_out), MEMORY, left.pieces(), may_add_rows=False
    )


def options_of(key: str) -> Sequence[str]:
    if key == RHYTHM:
        return [str(rhythm.label) for rhythm in Rhythm]
    return YES_NO if key in code_columns() else ()


def how_to(left_out: int) -> list[str]:
    sentences = list(HOW_TO)
    if left_out:
        words = plural(
            left_out, "dispositif de votre liste n’y est pas", "dispositifs de votre liste n’y sont pas"
        )
        sentences.append(f"{left_out} {words} : vous ne pouvez pas les modifier.")
    return [french_spaces(sentence) for sentence in sentences]

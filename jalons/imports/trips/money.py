"""The money of a dispositif as a workbook to be filled in: a row a line of funding."""

from jalons.actions.models import Action, FundingLine
from jalons.core.values import french_spaces
from jalons.exports.writers.editable import EditableColumn, EditableTable
from jalons.imports.enums import TargetKind
from jalons.imports.targets.fields import target_of
from jalons.imports.trips.contents import GIVE_BACK, SIGNS, content_of, text_of
from jalons.imports.trips.left import KEY, MEMORY, SHEET, LeftTable

NAMED = ("action", "funder", "kind", "year")
WIDTHS = {"action": 32, "funder": 32, "kind": 28, "year": 10}
HOW_TO = (
    *GIVE_BACK,
    "Les montants sont en euros.",
    *SIGNS,
    "Un financement de plus : une ligne sous le tableau, avec son dispositif, son financeur, son type et son année.",
    "Financeur, type et année d’une ligne qui existe se changent sur la page des financements.",
)


def key_of_line(line: FundingLine) -> str:
    return f"{line.action.public_id} {line.lineage.hex}"


def named_by(line: FundingLine) -> list[str]:
    return [line.action.name, str(line.funder or line.note), line.get_kind_display(), str(line.year)]


def editable_money(action: Action, today: str) -> EditableTable:
    """The lines that stand, the latest year first."""
    lines = FundingLine.objects.known().filter(action=action).select_related("action", "funder")
    fields = target_of(TargetKind.FUNDING).fields
    rows = {
        key_of_line(line): [*named_by(line), *(content_of(line.value(name)) for name in FundingLine.AMOUNTS)]
        for line in lines.order_by("-year", "pk")
    }
    left = LeftTable(
        TargetKind.FUNDING.value,
        today,
        [(key, fields[key].label) for key in (*NAMED, *FundingLine.AMOUNTS)],
        len(NAMED),
        {key: list(map(text_of, contents)) for key, contents in rows.items()},
    )
    columns = [
        *(EditableColumn(fields[key].label, locked=True, width=WIDTHS[key]) for key in NAMED),
        *(EditableColumn(fields[key].label) for key in FundingLine.AMOUNTS),
    ]
    how_to = [french_spaces(sentence) for sentence in HOW_TO]
    return EditableTable(SHEET, KEY, columns, iter(rows.items()), how_to, MEMORY, left.pieces())

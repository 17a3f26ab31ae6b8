"""The national platform's export of actions as a target: its columns are those that `indicators.national` writes."""

import re
from collections.abc import Mapping

from jalons.core.values import french_spaces
from jalons.core.values.text import unaccent
from jalons.imports.enums import TargetKind
from jalons.imports.reading.cells import ColumnNature, ReadAs
from jalons.imports.reading.layout import RowKind
from jalons.imports.reading.numbers import CellUnit
from jalons.imports.reading.table import SheetTable
from jalons.imports.targets.fields import ImportTarget, TargetField, header_key
from jalons.indicators.national import NATIONAL_COLUMNS, NationalColumn, NationalSection

ALL_OF_FRANCE = "tous"  # title of the sheet that holds every action
EUROS = CellUnit("euros", 1, stated=True)
DAYS = ("debut", "fin")
DESCRIBED = (
    "departement",
    "id",
    "operateur_principal",
    "nom",
    *DAYS,
    "lieu",
    "champs",
    "objectifs",
    "operateurs",
)
LEFT_OUT = {
    "region": "Jalons la connaît par le département",
    "code_region": "Jalons la connaît par le département",
    "commentaires": "un commentaire garde son auteur : il ne se reprend pas d’un tableau",
    "dernier_commentaire": "un commentaire garde son auteur : il ne se reprend pas d’un tableau",
    "date_commentaire": "un commentaire garde son auteur : il ne se reprend pas d’un tableau",
    "action_mise_a_jour": "dit quand la plateforme a été mise à jour",
    "indicateurs_mis_a_jour": "dit quand la plateforme a été mise à jour",
}
_YEAR = re.compile(r"\bactions de l.annee (20\d\d)\b", re.IGNORECASE | re.ASCII)


def national_target() -> ImportTarget:
    columns = [column for column in NATIONAL_COLUMNS if is_read(column)]
    fields = {column.key: field_of(column) for column in columns}
    return ImportTarget(
        TargetKind.ACTIONS,
        TargetKind.ACTIONS.label,
        "Une ligne par action et par opérateur, pour une année : indicateurs et financements.",
        fields,
        (("nom",), ("id",), ("operateur_principal", "operateurs")),
        {header_key(field.label): key for key, field in fields.items()},
        left_out=left_out(),
    )


def is_read(column: NationalColumn) -> bool:
    return column.key in DESCRIBED or bool(column.indicator or column.funding)


def field_of(column: NationalColumn) -> TargetField:
    """`weight`: what stands in no other table tells this one."""
    nature = ColumnNature.DATE if column.key in DAYS else ColumnNature.TEXT
    kind, weight = ReadAs(nature), 0 if column.key in ("departement", "lieu") else 2
    if column.funding:
        kind, weight = ReadAs(ColumnNature.AMOUNT, EUROS), 3
    elif column.indicator:
        kind, weight = ReadAs(ColumnNature.COUNT), 1 if column.section is NationalSection.GENERAL else 2
    return TargetField(column.key, column.label, kind, (header_key(column.label),), weight)


def left_out() -> Mapping[str, str]:
    """By folded header, why a column of this export is not read."""
    return {
        header_key(column.label): french_spaces(LEFT_OUT.get(column.key) or column.aside)
        for column in NATIONAL_COLUMNS
        if not is_read(column)
    }


def year_of(table: SheetTable) -> int | None:
    """« Actions de l'année 2025 », above the columns."""
    years = [
        int(match[1]) for title in table.texts(RowKind.TITLE) if (match := _YEAR.search(unaccent(title)))
    ]
    return years[0] if years else None

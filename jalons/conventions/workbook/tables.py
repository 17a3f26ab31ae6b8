"""The sheets of a workbook, from a dossier. Pure, but for the names of the organisations, which are given."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from jalons.conventions.alerts.rules import check
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.enums import AlertLevel
from jalons.conventions.models.printed import as_number, items_of, objects_in, raw_of
from jalons.conventions.workbook import layout
from jalons.conventions.workbook.row_tables import (
    NUMBER,
    TEXT,
    VALUE,
    Heads,
    Row,
    numbers_of,
    plain_cell,
    plain_table,
)
from jalons.exports.contract import About, Table

# The sheets in words ------------------------------------------------------------------------------------------

FICHES: Heads = [
    (layout.SHEET, TEXT),
    ("Numéros", TEXT),
    ("Numéro imprimé", TEXT),
    ("Famille", TEXT),
    ("Axe", TEXT),
    ("Intitulé de la fiche", TEXT),
    ("Fiche mère", TEXT),
    ("Description", TEXT),
    ("Début", TEXT),
    ("Durée", TEXT),
]


def fiches(dossier: Dossier, about: About) -> Table:
    def rows() -> Iterator[Row]:
        for sheet in dossier.sheets:
            commitment = sheet.commitment
            yield (
                sheet.key,
                numbers_of(sheet),
                commitment.sheet_label,
                commitment.family_words or commitment.get_family_display(),
                commitment.axis_annex or commitment.axis_theme,
                commitment.title,
                sheet.parent_key,
                "\n".join(filter(None, (bulleted(row.description) for row in sheet.resume))),
                commitment.start_words or " ; ".join(filter(None, (row.start_words for row in sheet.resume))),
                commitment.duration_words
                or " ; ".join(filter(None, (row.duration_words for row in sheet.resume))),
            )

    return plain_table("Fiches", FICHES, rows, about)


ACTIONS: Heads = [
    (layout.SHEET, TEXT),
    ("Numéros", TEXT),
    ("Intitulé de la fiche", TEXT),
    ("Action", TEXT),
    ("État d’avancement", TEXT),
    ("Calendrier", TEXT),
    ("Partenaires", TEXT),
    ("Nouveau", TEXT),
]


def actions(dossier: Dossier, about: About) -> Table:
    def rows() -> Iterator[Row]:
        for sheet in dossier.sheets:
            for action in sheet.sub_actions:
                yield (
                    sheet.key,
                    numbers_of(sheet),
                    sheet.commitment.title,
                    action.action,
                    bulleted(action.progress),
                    bulleted(action.calendar),
                    bulleted(action.partners),
                    action.is_new,
                )

    return plain_table("Actions", ACTIONS, rows, about)


def bulleted(value: Any) -> str:
    """Bullets on lines of their own, the second level a little further; what is not in bullets as it stands."""
    lines = []
    for item in items_of(value):
        level = int(as_number(item.get("level")) or 0)
        indent = "\u2003" * level if level < 10 else ""
        bullet = f"{item['bullet']} " if item.get("bullet") else ""
        lines.append(f"{indent}{bullet}{item.get('text') or ''}")
    return "\n".join(lines) or raw_of(value)


def trackings(dossier: Dossier, about: About) -> list[Table]:
    """One sheet for each tracking table, with the columns that its owner defined."""
    trackings = []
    for sheet in dossier.sheets:
        for tracking in sheet.tracking:
            columns = objects_in(tracking.table.columns)
            keys = [str(column.get("key") or "") for column in columns]
            heads: Heads = [
                (layout.SHEET, TEXT),
                *((str(column.get("header") or column.get("key") or ""), VALUE) for column in columns),
            ]
            rows = tracking_rows(sheet.key, keys, [row.cells for row in tracking.rows])
            title = f"Suivi {tracking.table.title or tracking.table.key}".strip()
            trackings.append(plain_table(title, heads, rows, about))
    return trackings


def tracking_rows(
    sheet: str, keys: Sequence[str], cells: Sequence[Mapping[str, Any]]
) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        for row in cells:
            yield sheet, *(plain_cell(row.get(key)) for key in keys)

    return rows


ALERTS: Heads = [
    ("Niveau", TEXT),
    ("Règle", TEXT),
    ("Où", TEXT),
    ("Attendu", TEXT),
    ("Trouvé", TEXT),
    ("Écart", NUMBER),
    ("Ce qui ne s’accorde pas", TEXT),
]


def alerts(dossier: Dossier, about: About) -> Table:
    def rows() -> Iterator[Row]:
        for finding in check(dossier):
            yield (
                AlertLevel(finding.level).label,
                finding.rule,
                finding.where,
                finding.expected,
                finding.found,
                finding.gap,
                finding.message,
            )

    return plain_table("Alertes", ALERTS, rows, about)

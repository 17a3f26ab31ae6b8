"""The sheets of a workbook, from a dossier. Pure, but for the names of the organisations, which are given."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from jalons.conventions.alerts.rules import check
from jalons.conventions.dossier.content import TOTAL, Dossier, Sheet
from jalons.conventions.dossier.ledger import STATE, share_of, share_words
from jalons.conventions.enums import ColumnMeasure, Level, LineKind, Stage
from jalons.conventions.models import AnnexLine, MatrixRow
from jalons.conventions.models.text import euros
from jalons.conventions.workbook import layout, unread
from jalons.conventions.workbook.cells import mark, parts_in_words, shown, words_of
from jalons.core.values import Value, exact
from jalons.exports.contract import About, Column, Table
from jalons.exports.enums import ColumnKind

TEXT, NUMBER, EUROS, VALUE = ColumnKind.TEXT, ColumnKind.DECIMAL, ColumnKind.EUROS, ColumnKind.VALUE
INTEGER = ColumnKind.INTEGER
Row = Sequence[Any]
Heads = Sequence[tuple[str, ColumnKind]]
Names = Mapping[int, str]  # of organisations, by primary key


def plain_table(title: str, heads: Heads, rows: Callable[[], Iterator[Row]], about: About) -> Table:
    """A sheet whose rows are tuples, one item a column."""
    columns = [
        Column(str(index), header, itemgetter(index), kind) for index, (header, kind) in enumerate(heads)
    ]
    return Table(title, columns, rows, about)


def numbers_of(sheet: Sheet) -> str:
    return ", ".join(map(str, sheet.commitment.numbers))


def years(year: int | None) -> str:
    """A year is a name: never grouped."""
    return "" if year is None else str(year)


# One row per value ------------------------------------------------------------------------------------------

VALUES: Heads = [
    (layout.SHEET, TEXT),
    ("Numéros", TEXT),
    ("Intitulé de la fiche", TEXT),
    (layout.ROW, TEXT),
    (layout.LABEL, TEXT),
    ("Section", TEXT),
    ("Ventilation", TEXT),
    (layout.COLUMN, TEXT),
    (layout.HEADER, TEXT),
    ("Année", TEXT),
    ("Mesure", TEXT),
    ("Arrêté au", TEXT),
    ("Nature", TEXT),
    (layout.WORDS, TEXT),
    ("Nombre", NUMBER),
    ("Unité", TEXT),
    ("Ce qui est compté", TEXT),
    ("Parties", TEXT),
    ("Note", TEXT),
    ("Source", TEXT),
    ("Dit par", TEXT),
]


def values(dossier: Dossier, about: About, names: Names) -> Table:
    """What the columns say of the rows: a detail printed in the cell of its row is not a value of its own."""

    def rows() -> Iterator[Row]:
        for sheet, row, column, header in layout.every_cell(dossier):
            cell = sheet.cell(row, column)
            if cell is None or not cell.kind:
                continue
            yield (
                sheet.key,
                numbers_of(sheet),
                sheet.commitment.title,
                row.key,
                row.label,
                row.group.label if row.group else "",
                " : ".join(filter(None, (row.dimension, row.breakdown))),
                column.key,
                header,
                years(column.year),
                ColumnMeasure(column.measure).label if column.measure else "",
                column.as_of or column.period_end,
                cell.kind,
                words_of(cell),
                None if cell.number is None else exact(cell.number),
                cell.unit,
                cell.qualifier,
                parts_in_words(cell.parts),
                cell.note,
                cell.source,
                names.get(cell.organisation_id or 0, ""),
            )

    return plain_table(layout.VALUES, VALUES, rows, about)


def matrices(dossier: Dossier, about: About) -> list[Table]:
    """One sheet for each fiche that has indicators, laid out as printed."""
    return [matrix(sheet, about) for sheet in dossier.sheets if sheet.columns and sheet.rows]


def matrix(sheet: Sheet, about: About) -> Table:
    heads: Heads = [
        (layout.SHEET, TEXT),
        (layout.ROW, TEXT),
        (layout.LABEL, TEXT),
        *((header, VALUE) for header in layout.headers_of(sheet)),
    ]

    def rows() -> Iterator[Row]:
        group = None
        for row in sheet.rows:
            if row.group is not None and row.group is not group:
                words = [row.group.cells.get(column.key) or "" for column in sheet.columns]
                yield sheet.key, layout.SECTION, row.group.label, *map(str, words)
            group = row.group or group
            figures = [shown(sheet.cell(row, column)) for column in sheet.columns]
            yield sheet.key, row.key, printed_label(sheet, row), *figures

    return plain_table(layout.matrix_title(sheet), heads, rows, about)


def printed_label(sheet: Sheet, row: MatrixRow) -> str:
    """A detail stands under its row, a little further."""
    return "\u2003" * sheet.depth(row) + (row.label or row.breakdown or row.key)


MARKS: Heads = [
    (layout.CONVENTION, TEXT),
    (layout.SHEET, TEXT),
    (layout.ROW, TEXT),
    (layout.COLUMN, TEXT),
    (layout.HEADER, TEXT),
    (layout.SHOWN, VALUE),
    (layout.RAW, TEXT),
    (layout.MARK, TEXT),
]


def marks(dossier: Dossier, about: About, others: Sequence[Table] = ()) -> Table:
    """What every cell said when the workbook left: without it nobody could tell what was changed, and by whom. Then a
    digest of each row of the `others` that is not read back (`unread`).
    """

    def rows() -> Iterator[Row]:
        for sheet, row, column, header in layout.every_cell(dossier):
            cell = sheet.cell(row, column)
            known = (dossier.convention.slug, sheet.key, row.key, column.key, header)
            yield *known, shown(cell), words_of(cell), mark(cell)
        slug = dossier.convention.slug
        for title, each in unread.marks_of(others, about):
            yield slug, unread.UNREAD, "", title, str(each.place), "", " ".join(each.cells), each.digest

    return plain_table(layout.MARKS, MARKS, rows, about)


# The money --------------------------------------------------------------------------------------------------

BUDGETS: Heads = [
    (layout.SHEET, TEXT),
    ("Numéros", TEXT),
    ("Intitulé de la fiche", TEXT),
    ("Ligne de budget", TEXT),
    ("Numéro", TEXT),
    ("Année", TEXT),
    ("Part", TEXT),
    ("Stade", TEXT),
    ("Montant", EUROS),
    ("Tel qu’imprimé", TEXT),
    ("Notes", TEXT),
    ("Dit par", TEXT),
]


def budgets(dossier: Dossier, about: About, names: Names) -> Table:
    def rows() -> Iterator[Row]:
        for sheet in dossier.sheets:
            for budget in sheet.budget:
                for (part, stage), amount in budget.amounts.items():
                    yield (
                        sheet.key,
                        numbers_of(sheet),
                        sheet.commitment.title,
                        budget.line.label,
                        budget.line.number,
                        years(budget.line.year),
                        share_words(share_of(part, dossier, sheet), dossier),
                        Stage(stage).label,
                        amount.euros,
                        amount.raw,
                        budget.line.notes,
                        names.get(amount.organisation_id or 0, ""),
                    )

    return plain_table("Budgets", BUDGETS, rows, about)


def annex(dossier: Dossier, about: About) -> Table:
    """Every printed line, whatever its sums; a column for each share that some line has."""
    lines = [
        (content.annex, table.table, line)
        for content in dossier.annexes
        for table in content.tables
        for line in table.lines
    ]
    # PostgreSQL keeps no order of keys: the State, the others, the total.
    parts = sorted({part for _, _, line in lines for part in line.figures}, key=rank)
    heads: Heads = [
        ("Annexe", TEXT),
        ("Tableau", TEXT),
        ("Type de ligne", TEXT),
        ("Numéro", TEXT),
        ("Action", TEXT),
        ("Axe", TEXT),
        ("Intitulé", TEXT),
        *((f"{capital(share_words(share_of(part, dossier), dossier))} [{part}]", VALUE) for part in parts),
        ("Rappel", TEXT),
    ]

    def rows() -> Iterator[Row]:
        for of, table, line in lines:
            yield (
                of.label or of.title,
                table.title or table.key,
                LineKind(line.kind).label,
                line.number,
                line.action_number,
                line.axis,
                line.label,
                *(printed_amount(line, part) for part in parts),
                line.recall,
            )

    return plain_table("Annexe financière", heads, rows, about)


def rank(part: str) -> tuple[int, str]:
    name = part.removeprefix("part_")
    return (2 if name == TOTAL else int(name != STATE)), part


def printed_amount(line: AnnexLine, part: str) -> object:
    """Euros, or what is printed where there is no amount."""
    figure = line.figures.get(part)
    amount = euros(figure)
    if amount is not None:
        return Value.amount(amount)
    return (figure or {}).get("raw") or ""


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


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
            told = sheet.commitment
            yield (
                sheet.key,
                numbers_of(sheet),
                told.sheet_label,
                told.family_words or told.get_family_display(),
                told.axis_annex or told.axis_theme,
                told.title,
                sheet.parent_key,
                "\n".join(filter(None, (bulleted(row.description) for row in sheet.resume))),
                told.start_words or " ; ".join(filter(None, (row.start_words for row in sheet.resume))),
                told.duration_words or " ; ".join(filter(None, (row.duration_words for row in sheet.resume))),
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


def bulleted(told: Any) -> str:
    """Bullets on lines of their own, the second level a little further; what is not in bullets as it stands."""
    if not isinstance(told, dict):
        return str(told or "")
    items = told.get("items")
    if not isinstance(items, list) or not items:
        return str(told.get("raw") or "")
    lines = []
    for item in items:
        if not isinstance(item, dict):
            lines.append(str(item))
            continue
        level = item.get("level")
        indent = "\u2003" * level if isinstance(level, int) and 0 < level < 10 else ""
        bullet = f"{item['bullet']} " if item.get("bullet") else ""
        lines.append(f"{indent}{bullet}{item.get('text') or ''}")
    return "\n".join(lines)


def trackings(dossier: Dossier, about: About) -> list[Table]:
    """One sheet for each tracking table, with the columns that its owner defined."""
    found = []
    for sheet in dossier.sheets:
        for tracking in sheet.tracking:
            columns = [each for each in tracking.table.columns if isinstance(each, dict)]
            keys = [str(each.get("key") or "") for each in columns]
            heads: Heads = [
                (layout.SHEET, TEXT),
                *((str(each.get("header") or each.get("key") or ""), VALUE) for each in columns),
            ]
            rows = tracking_rows(sheet.key, keys, [row.cells for row in tracking.rows])
            title = f"Suivi {tracking.table.title or tracking.table.key}".strip()
            found.append(plain_table(title, heads, rows, about))
    return found


def tracking_rows(
    sheet: str, keys: Sequence[str], cells: Sequence[Mapping[str, Any]]
) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        for row in cells:
            yield sheet, *(plain_cell(row.get(key)) for key in keys)

    return rows


def plain_cell(told: Any) -> object:
    """What stands in a tracking cell: a plain value, or a typed cell of the exchange format."""
    if isinstance(told, dict):
        number = told.get("number", told.get("amount"))
        told = number if number is not None and told.get("kind") in ("number", None) else told.get("raw")
    if isinstance(told, bool) or not isinstance(told, str | int | float):
        return None if told is None else str(told)
    return told if isinstance(told, str) else exact(told)


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
        for found in check(dossier):
            yield (
                Level(found.level).label,
                found.rule,
                found.where,
                found.expected,
                found.found,
                found.gap,
                found.message,
            )

    return plain_table("Alertes", ALERTS, rows, about)

"""A workbook, or the table of a csv, ready to be written for a person or for the server's operator."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import can
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import convention_at
from jalons.conventions.models import Commitment, Convention
from jalons.conventions.workbook import figure_tables, money_tables, tables
from jalons.conventions.workbook.storing import dossier_for
from jalons.conventions.workbook.unread import remembered
from jalons.core.values import french_spaces
from jalons.exports.contract import About, Book, Export, ExportColumn, Params, Table
from jalons.exports.enums import Format
from jalons.history.querysets import NOW, AsOf
from jalons.sites.exports import said_by

MAKER = "jalons.conventions.workbook.books.workbook_of"
ROW_MS = 0.3  # of processor, for a row of the workbook: 20 sheets × 15 indicators × 4 columns take 1.5 s
NAME, LABEL = "classeur", "Classeur d’une convention"
RULES = (
    "Une cellule se remplit dans la feuille de sa fiche (« Fiche 5 ») ou dans « Valeurs », colonne « Valeur ».",
    "Il se reprend dans Jalons, page « Classeur » de la convention : rien n’est écrit sans votre accord.",
    "Colonnes « Fiche », « Ligne », « Colonne » et feuille « Repères » : ne les changez pas, elles servent au retour.",
    "Budgets, annexe, actions, suivi et alertes sont là pour être lus : ce qui y est changé n’est pas repris.",
)


class ExportPart(StrEnum):
    """What of a convention is asked for. Named as in the command."""

    ANNEX = "annexe-financiere"
    SHEETS = "fiches"
    MATRIX = "matrice"
    REPORT = "rapport"
    ALL = "complet"


Content = Callable[[Dossier, About], Sequence[Table]]


def names_of(dossier: Dossier) -> dict[int, str]:
    """Organisations that said something of it, by primary key: the file says them, never the persons."""
    organisation_pks = {cell.organisation_id for sheet in dossier.sheets for cell in sheet.cells.values()}
    organisation_pks |= {
        amount.organisation_id
        for sheet in dossier.sheets
        for row in sheet.budget
        for amount in row.amounts.values()
    }
    organisations = Organisation.objects.filter(pk__in=organisation_pks - {None})
    return {organisation.pk: organisation.name for organisation in organisations}


def tables_of(dossier: Dossier, part: ExportPart, about: About) -> list[Table]:
    """The sheets of a workbook, the most asked for first."""
    names = names_of(dossier)
    matrix = [figure_tables.values(dossier, about, names), *figure_tables.matrices(dossier, about)]
    money = [money_tables.budgets(dossier, about, names)]
    annex = [money_tables.annex(dossier, about)]
    words = [tables.fiches(dossier, about), tables.actions(dossier, about)]
    tracking = tables.trackings(dossier, about)
    alerts = [tables.alerts(dossier, about)]
    chosen = {
        ExportPart.ANNEX: annex,
        ExportPart.SHEETS: [*words, *money, *tracking],
        ExportPart.MATRIX: matrix,
        ExportPart.REPORT: [*money, *matrix, *tracking, *alerts],
        ExportPart.ALL: [*matrix, *money, *annex, *words, *tracking, *alerts],
    }[part]
    if part in (ExportPart.ANNEX, ExportPart.SHEETS):
        return chosen  # no figure to give back
    remembered_tables = [remembered(table) for table in chosen]
    return [*remembered_tables, figure_tables.marks(dossier, about, remembered_tables)]


def counted(table: Table) -> Table:
    """The same, that says how many rows it has: they are made once, then written."""
    held = remembered(table)
    return replace(held, count=lambda: sum(1 for _ in held.rows()), row_ms=ROW_MS)


def csv_table(dossier: Dossier, part: ExportPart, about: About) -> Table:
    """The one table of a csv: one row per value, or what the part is about."""
    if part is ExportPart.ANNEX:
        return money_tables.annex(dossier, about)
    if part is ExportPart.SHEETS:
        return tables.fiches(dossier, about)
    return figure_tables.values(dossier, about, names_of(dossier))


def export_of(dossier: Dossier, part: ExportPart, author: str, fmt: Format | str, at: AsOf = NOW) -> Export:
    """What the exports answer with (`responses.respond`). `at`: when the dossier was known so."""
    rules = [french_spaces(rule) for rule in RULES]
    about = About(dossier.convention.short_title, author, as_of=at.valid, known_on=at.known, rules=rules)

    def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table | Sequence[Table]:
        if fmt == Format.CSV:
            return csv_table(dossier, part, about)
        return [counted(table) for table in tables_of(dossier, part, about)]

    return Export(name=NAME, label=LABEL, right=Right.EXPORT, every_column=(), make=make)


def workbook_of(params: Params) -> Export:
    """The whole convention named in `params`, for whoever the worker writes it for: see `exports.preparing`."""

    def opened(user: Any) -> Convention | None:
        seen = Convention.objects.visible_to(user).select_related("departement", "previous")
        convention: Convention | None = seen.filter(slug=params.get("convention", "")).first()
        return convention if convention is not None and can(user, Right.EXPORT, convention) else None

    def reaches(user: Any) -> Sequence[object]:
        """Seats say which sheets one reads."""
        convention = opened(user)
        sheets = Commitment.objects.filter(convention=convention).visible_to(user) if convention else ()
        return sorted(sheet.pk for sheet in sheets)

    def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table | Sequence[Table]:
        at, _ = AsOf.read(params)
        convention = opened(user)
        then = convention_at(convention, at) if convention else None
        if then is None:
            raise PermissionDenied("no such convention for this person")
        dossier = dossier_for(then, user, at)
        whole = export_of(dossier, ExportPart.ALL, said_by(user), params.get("format", ""), at)
        return whole.make(user, params, columns)

    return Export(NAME, LABEL, Right.EXPORT, every_column=(), make=make, reaches=reaches)


class OperatorExport(Export):
    """Written by a command: whoever runs it already reads the whole base."""

    def check(self, user: Any) -> None:
        return None


def operator_book(dossier: Dossier, part: ExportPart, fmt: Format | str) -> Book:
    plain = export_of(dossier, part, "la commande export_convention", fmt)
    export = OperatorExport(plain.name, plain.label, plain.right, plain.every_column, plain.make)
    return export.build(None, {})

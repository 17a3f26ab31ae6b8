"""Une comparaison de territoires, à emporter."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404

from jalons.accounts.enums import Right
from jalons.accounts.selectors import who_can
from jalons.core.values import Ratio, Sum, format_date
from jalons.exports.contract import About, Export, ExportColumn, Params, Table
from jalons.exports.enums import ColumnKind
from jalons.reports.selectors.asking import read_comparison
from jalons.reports.selectors.comparing import ComparedCell, comparison_of, rows_of_table
from jalons.sites.exports import said_by

RULES = (
    "Dans l’ordre choisi : ce n’est pas un classement.",
    "« c » : moins de trois structures (ou de trois sites) derrière ce chiffre.",
    "« environ » : un territoire que l’auteur du fichier ne lit pas en entier, arrondi, au dernier semestre entier.",
)


def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table:
    read = read_comparison(user, params)
    if read is None:
        raise Http404
    first, last = read.question.days
    table = comparison_of(read.question, read.areas)
    return Table(
        title="Comparaison",
        columns=columns,
        rows=lambda: rows_of_table(table),
        about=About(
            perimeter=", ".join(area.label for area in read.areas),
            author=said_by(user),
            as_of=read.question.at.valid,
            known_on=read.question.at.known,
            filters=[f"Période : du {format_date(first)} au {format_date(last)}"],
            rules=(*RULES, f"Peuvent lire les sites : {who_can(Right.READ_SITES)}."),
        ),
    )


def value_of(cell: ComparedCell) -> object:
    """The number when it is exact; else what the page says, which is never more than it knows."""
    if cell.reading is None or cell.reading.is_partial:
        return cell.text or cell.missing
    worth = cell.reading.worth
    if isinstance(worth, Ratio):
        return worth.value
    return worth if isinstance(worth, Sum) else worth.count


COMPARISON = Export(
    name="comparaison-de-territoires",
    label="Comparaison de territoires",
    right=Right.EXPORT,
    every_column=(
        ExportColumn("chiffre", "Chiffre", lambda row: row[1].label),
        ExportColumn("territoire", "Territoire", lambda row: row[0].label),
        ExportColumn("valeur", "Valeur", lambda row: value_of(row[2]), ColumnKind.VALUE),
        ExportColumn("couverture", "Couverture", lambda row: row[2].coverage),
        ExportColumn("phrase", "Ce qui est compté", lambda row: row[1].sentence),
    ),
    make=make,
)

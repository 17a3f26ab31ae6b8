"""What leaves of the dispositifs « comme sur la plateforme nationale »: one line an operator, its figures of a year."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.actions.forms.listing import read_list
from jalons.actions.selectors.listing import filtered_actions, ordered_actions
from jalons.core.clock import today
from jalons.core.values import Sum, format_date
from jalons.core.values.dates import local_day
from jalons.discussions.models import Comment
from jalons.exports.contract import About, Export, ExportColumn, Params, Table
from jalons.exports.enums import ColumnKind
from jalons.indicators.exports import ROW_MS, grounds, other_places
from jalons.indicators.forms.export import read_year
from jalons.indicators.models import Indicator
from jalons.indicators.national import NATIONAL_COLUMNS, NationalColumn, NationalSection
from jalons.indicators.selectors.operator_parts import OperatorPart, YearQuestion, operator_parts
from jalons.indicators.selectors.year import socle_of_years, year_end
from jalons.sites.exports import said_by
from jalons.territories.models import Departement

RULES = (
    "Une ligne par opérateur, avec ses propres chiffres\u00a0: leur somme est le chiffre du dispositif pour l’année.",
    "Qui a rempli le suivi sans être opérateur (le pilote, par exemple) a aussi sa ligne.",
    "L’argent et les commentaires sont ceux du dispositif\u00a0: sur la ligne de l’opérateur principal seulement.",
    "Stock (à la date)\u00a0: la dernière valeur connue à la fin de l’année.",
    "Flux (pendant la période)\u00a0: la somme de l’année, chaque jour compté une fois.",
    "Une case vide\u00a0: non renseigné, ND, sans objet, ou sans équivalent dans Jalons. Zéro veut dire compté.",
    "«\u00a0≥\u00a0»\u00a0: une période ou un financement manque\u00a0; complétez avant de recopier.",
    "Les commentaires sont ceux écrits dans l’année\u00a0; ceux réservés à certains lecteurs ne partent pas.",
)
Getter = Callable[[OperatorPart], object]


# --- the columns -------------------------------------------------------------------------------------------------


def place(part: OperatorPart) -> list[str]:
    sites = [f"{site.name} ({site.commune.name})" for site in part.row.sites]
    return [*sites, *grounds(part.row), *other_places(part.row)]


def comment_text(comment: Comment) -> str:
    return f"{format_date(local_day(comment.created_at))}, {comment.organisation}\u00a0: {comment.text}"


def of_last(read: Callable[[Comment], object]) -> Getter:
    """Something of the last comment, on the first line of the dispositif."""
    return lambda part: read(part.comments[-1]) if part.bears_whole and part.comments else None


def every_comment(part: OperatorPart) -> str:
    return "\n\n".join(comment_text(comment) for comment in part.comments) if part.bears_whole else ""


DESCRIBED: Mapping[str, tuple[Getter, ColumnKind]] = {
    "departement": (lambda part: part.action.departement.name, ColumnKind.TEXT),
    "code_region": (lambda part: part.action.departement.region_id, ColumnKind.TEXT),
    "region": (lambda part: part.action.departement.region.name, ColumnKind.TEXT),
    "id": (lambda part: part.action.public_id, ColumnKind.TEXT),
    "operateur_principal": (lambda part: part.main and str(part.main), ColumnKind.TEXT),
    "nom": (lambda part: part.action.name, ColumnKind.TEXT),
    "debut": (lambda part: part.row.run.valid_on, ColumnKind.DATE),
    "fin": (lambda part: part.row.closed_on or part.row.run.planned_end, ColumnKind.DATE),
    "lieu": (place, ColumnKind.TEXT),
    "champs": (lambda part: part.action.get_themes_display(), ColumnKind.TEXT),
    "objectifs": (lambda part: part.action.objectives, ColumnKind.TEXT),
    "operateurs": (lambda part: part.operator and str(part.operator), ColumnKind.TEXT),
    "commentaires": (every_comment, ColumnKind.TEXT),
    "dernier_commentaire": (of_last(lambda comment: comment.text), ColumnKind.TEXT),
    "date_commentaire": (of_last(lambda comment: local_day(comment.created_at)), ColumnKind.DATE),
    "action_mise_a_jour": (lambda part: part.changed_on, ColumnKind.DATE),
    "indicateurs_mis_a_jour": (lambda part: part.reported_on, ColumnKind.DATE),
}


def figure(code: str, part: OperatorPart) -> Sum | None:
    return part.figures.get(code)


def amount(column: NationalColumn, part: OperatorPart) -> Sum | None:
    """What is told of these types of funding; nothing when nothing is known, never « 0 »."""
    if not part.bears_whole:
        return None
    amounts = [part.row.amount(column.amount, kind) for kind in column.funding]
    whole = sum((amount for amount in amounts if isinstance(amount, Sum)), Sum())
    return whole if whole.is_known else None


def export_column(column: NationalColumn) -> ExportColumn:
    """One column of the file. Without an equivalent in Jalons it is there, and blank."""
    read: Getter
    right = Right.READ_FUNDING if column.section is NationalSection.FUNDING else None
    if column.is_figure:
        read, kind = partial(figure, column.indicator), ColumnKind.INTEGER
    elif column.funding:
        read, kind = partial(amount, column), ColumnKind.EUROS
    else:
        read, kind = DESCRIBED[column.key]
    note = f"Vide. {column.aside}" if column.has_no_equivalent else column.aside
    return ExportColumn(column.key, column.label, read, kind, right, column.section.value, note)


# --- the export --------------------------------------------------------------------------------------------------


def revisions(year: int) -> dict[str, list[Indicator]]:
    """The indicators of these columns, each with its revisions told that year."""
    codes = {column.indicator for column in NATIONAL_COLUMNS if column.indicator}
    by_code: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in socle_of_years(year, year):
        if indicator.code in codes:
            by_code[indicator.code].append(indicator)
    return by_code


def titles(year: int, day: str, departements: Mapping[str, Departement], title: str) -> list[str]:
    """The four lines over the columns, as the platform writes them, with our name."""
    where = departements.get(title)
    return [
        f"Actions de l'année {year}",
        f"Département {where.code} - {where.name}" if where else "Toutes les actions",
        "Export de Jalons, à la façon de la plateforme nationale",
        f"à la date du {day}",
    ]


def sheet_of(departement: Departement) -> str:
    return f"Dépt {departement.code}"


def ran_in(year: int, last: dt.date) -> Q:
    """Dispositifs with their dates (`intervention`) that were in progress some day of a year, up to `last`."""
    first = dt.date(year, 1, 1)
    still = Q(intervention__ended_on__isnull=True) | Q(intervention__ended_on__gt=first)
    return Q(intervention__valid_on__lte=last) & (still | Q(intervention__valid_on__gte=first))


def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table:
    """The list of the address, whatever its tab: every dispositif that ran in the year; its columns are all there."""
    asked, year = read_list(user, params), read_year(params)
    every = filtered_actions(user, asked.filter.with_status("any"), asked.at)
    actions = every.filter(ran_in(year, year_end(year, asked.at).day))
    keys = ordered_actions(user, actions, asked.filter.sort, asked.at).values_list("pk", "intervention__pk")
    departements = Departement.objects.filter(pk__in=actions.order_by().values("departement"))
    columns = EXPORT.columns(user)
    money = any(column.right == Right.READ_FUNDING for column in columns)
    by_sheet = {sheet_of(departement): departement for departement in departements.order_by("code")}
    question = YearQuestion(year, revisions(year), asked.at, money)
    about = About(
        perimeter=f"{asked.territory}, année {year}",
        author=said_by(user),
        as_of=asked.at.valid,
        known_on=asked.at.known,
        filters=[f"Dispositifs qui ont fonctionné en {year}", *(chip.label for chip in asked.form.chips())],
        rules=RULES,
    )
    day = format_date(asked.at.valid or today())
    return Table(
        title="Tous",
        columns=columns,
        rows=lambda: operator_parts(user, list(keys), question),
        about=about,
        located=lambda part: part.action,
        count=actions.count,
        row_ms=ROW_MS,
        parts=list(by_sheet),
        part=lambda part: sheet_of(part.action.departement),
        above=partial(titles, year, day, by_sheet),
    )


EXPORT = Export(
    name="dispositifs-plateforme-nationale",
    label="Dispositifs, comme sur la plateforme nationale",
    right=Right.EXPORT,
    every_column=[export_column(column) for column in NATIONAL_COLUMNS],
    make=make,
)

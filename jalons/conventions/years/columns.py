"""The columns of a sheet the year after: the objective becomes an account to fill, the oldest year goes away."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from jalons.conventions.dossier.columns import is_midyear
from jalons.conventions.dossier.content import Sheet
from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.models import MatrixColumn
from jalons.conventions.years.words import bears, renamed

OBJECTIVE, ACCOUNT, ACTUAL = ColumnMeasure.OBJECTIVE, ColumnMeasure.ACCOUNT, ColumnMeasure.ACTUAL
TOO_LONG = 110


@dataclass(frozen=True, slots=True)
class After:
    """A column of the year after. `source`: the column whose figures it keeps; None when it is to be filled in."""

    column: MatrixColumn
    source: MatrixColumn | None = None

    @property
    def becomes(self) -> str:
        if self.source is not None:
            return "chiffres repris"
        return "objectif à fixer" if self.column.is_objective else "bilan à remplir"


@dataclass(frozen=True, slots=True)
class Gone:
    column: MatrixColumn
    why: str


@dataclass
class ColumnPlan:
    before: list[MatrixColumn] = field(default_factory=list)
    after: list[After] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def next_columns(sheet: Sheet, year: int) -> ColumnPlan:
    """What the columns of a sheet of `year` become in that of `year + 1`. A sheet without indicators keeps none."""
    plan = ColumnPlan(before=list(sheet.columns))
    if not (sheet.columns or sheet.rows):
        return plan
    oldest = oldest_year(sheet.columns, year)
    objective = objective_of(sheet.columns, year)
    in_pairs = shows_pairs(sheet.columns, year)
    final: MatrixColumn | None = None
    for column in sheet.columns:
        if column is objective:
            if in_pairs:
                plan.after.append(After(past_objective(column, sheet.columns, year), column))
        elif column.year == oldest and oldest is not None:
            plan.gone.append(Gone(column, "la plus ancienne"))
        elif column.year != year or column.is_objective:
            plan.after.append(After(copy_of(column), column))
            if column.year is None:
                plan.doubts.append(
                    f"« {column.words} » ne dit pas son année : elle est reprise telle quelle."
                )
        elif is_midyear(column, year):
            plan.gone.append(Gone(column, "réalisé en cours d’année"))
        elif objective is None:
            plan.gone.append(Gone(column, "tient la place de l’objectif"))
            plan.doubts.append(
                f"« {column.words} » tient la place de l’objectif {year} : ses chiffres ne sont pas repris, "
                f"« BILAN {year} » est à remplir."
            )
        else:
            final = copy_of(column)
            if in_pairs:
                model = account_column(sheet.columns, year)
                final.header, final.subheader = model.header, model.subheader
            plan.after.append(After(final, column))
    if objective is not None and not in_pairs:
        plan.gone.append(Gone(objective, "devient le bilan" if final is None else "le bilan est déjà là"))
    if objective is None and not plan.doubts:
        plan.doubts.append(f"Aucune colonne ne porte l’objectif {year}.")
    if final is None:
        place = len(plan.after)
        while place and (plan.after[place - 1].column.year or 0) > year:
            place -= 1
        plan.after.insert(place, After(account_column(sheet.columns, year)))
    if not any(placed.column.year == year + 1 and placed.column.is_objective for placed in plan.after):
        plan.after.append(After(objective_column(objective, year)))
    named_once(plan.after)
    return plan


def oldest_year(columns: Sequence[MatrixColumn], year: int) -> int | None:
    """The first year that is past; None when no column is about the past."""
    return min((column.year for column in columns if column.year and column.year < year), default=None)


def objective_of(columns: Sequence[MatrixColumn], year: int) -> MatrixColumn | None:
    """The objective of the year; one that says no year is that of the year."""
    aims = [column for column in columns if column.is_objective]
    return next((column for column in aims if column.year == year), None) or next(
        (column for column in aims if column.year is None), None
    )


def shows_pairs(columns: Sequence[MatrixColumn], year: int) -> bool:
    """Does this sheet print the objective of a past year beside what was done (« BILAN 2021 : objectif, réalisé »)?"""
    last = [column for column in columns if column.year == year - 1]
    return any(column.is_objective for column in last) and any(not column.is_objective for column in last)


def copy_of(column: MatrixColumn) -> MatrixColumn:
    names = (
        "key",
        "header",
        "subheader",
        "year",
        "measure",
        "as_of",
        "period_start",
        "period_end",
        "partial",
    )
    return MatrixColumn(**{name: getattr(column, name) for name in names}, kept=dict(column.kept))


def model_of(columns: Sequence[MatrixColumn], year: int, *, objective: bool) -> MatrixColumn | None:
    """The column of last year that shows how this sheet prints a past year; None when it says a date of its own."""
    for column in columns:
        if column.year != year - 1 or column.is_objective is not objective or not column.measure:
            continue
        words = f"{column.header} {column.subheader}"
        if bears(words, year - 1) and not re.search(r"\d", words.replace(str(year - 1), "")):
            return column
    return None


def account_column(columns: Sequence[MatrixColumn], year: int) -> MatrixColumn:
    model = model_of(columns, year, objective=False)
    if model is None:
        two_level = any(column.subheader for column in columns if (column.year or year) >= year - 1)
        words = {"header": f"BILAN {year}", "subheader": "REALISE" if two_level else ""}
        return MatrixColumn(key=f"bilan_{year}", year=year, measure=ACCOUNT, **words)
    return MatrixColumn(
        key=f"bilan_{year}",
        header=renamed(model.header, year - 1),
        subheader=renamed(model.subheader, year - 1),
        year=year,
        measure=model.measure,
    )


def past_objective(column: MatrixColumn, columns: Sequence[MatrixColumn], year: int) -> MatrixColumn:
    """The objective of a year that is over, printed as those of the years before."""
    model = model_of(columns, year, objective=True)
    copy = copy_of(column)
    if model is not None:
        copy.header, copy.subheader = renamed(model.header, year - 1), renamed(model.subheader, year - 1)
    return copy


def objective_column(objective: MatrixColumn | None, year: int) -> MatrixColumn:
    header, subheader = "", ""
    if objective is not None:
        header, subheader = renamed(objective.header, year), renamed(objective.subheader, year)
    if not bears(f"{header} {subheader}", year + 1):
        header = f"{header or 'OBJECTIF'} {year + 1}"
    return MatrixColumn(
        key=f"objectif_{year + 1}", header=header, subheader=subheader, year=year + 1, measure=OBJECTIVE
    )


def named_once(after: Sequence[After]) -> None:
    """Positions, and a key of its own for each column."""
    seen: set[str] = {placed.column.key for placed in after if placed.source is not None}
    for position, placed in enumerate(after):
        placed.column.position = position
        if placed.source is None:
            key, count = placed.column.key, 2
            while placed.column.key in seen:
                placed.column.key = f"{key[:TOO_LONG]}_{count}"
                count += 1
            seen.add(placed.column.key)

"""Dispositifs over a year, one by one: what was done, what was told of it, its money as far as the rights go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from jalons.actions.figures import actions_of
from jalons.actions.models import Action, FundingLine
from jalons.core.values import Sum, fold, total
from jalons.editions.making.materials import ReportMaterials, named, structures_then
from jalons.exports.document import Said
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import described
from jalons.indicators.enums import ValueType
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.operator_parts import YearQuestion, told_figures
from jalons.indicators.selectors.year import socle_of_years
from jalons.indicators.selectors.year_rows import Wanted, YearRow, know_access, money_of, year_rows

UNREADABLE = Said("non lisible avec vos droits", missing=True)
NO_LINE = Said("aucune ligne", missing=True)
AMOUNTS = {"planned": "Prévu", "committed": "Engagé", "executed": "Exécuté"}


@dataclass(frozen=True, slots=True)
class YearLine:
    """One dispositif over the year. `figures`: by code of the socle, of the operator when there is one, else of all.

    `unasked`: the codes that its themes do not ask for. `money`: by year, None where the reader may not read it.
    `structures`: those that take part, by primary key, as they were named at the instant of the edition.
    """

    key: str
    name: str
    row: YearRow
    figures: Mapping[str, Sum]
    unasked: frozenset[str]
    money: Mapping[int, Sequence[FundingLine]] | None
    structures: Mapping[int, str]

    @property
    def departement(self) -> str:
        return f"{self.row.action.departement.name} ({self.row.action.departement_id})"

    def who(self, role: str) -> list[str]:
        """The names of those who have a role during the year, the main operator first."""
        parts = [part for part in self.row.parts if part.role == role]
        return list(
            dict.fromkeys(self.structures.get(part.participant_id, str(part.participant)) for part in parts)
        )

    def figure(self, code: str) -> Sum:
        """What was told; « sans objet » when it is not asked, « non renseigné » when it is."""
        if code in self.figures:
            return self.figures[code]
        return Sum(na=1) if code in self.unasked else Sum(empty=1)

    def amount(self, year: int, name: str) -> object:
        """A `Sum`, or why there is none."""
        if self.money is None:
            return UNREADABLE
        lines = self.money.get(year, ())
        return total(line.value(name) for line in lines) if lines else NO_LINE


def year_lines(materials: ReportMaterials, *, years: Sequence[int]) -> list[YearLine]:
    """Those that ran in the year of the report, in the order of their département then name. `years`: of the money.

    A number of queries that does not depend on the dispositifs, by batches of two hundred.
    """
    asked, year = materials.question, materials.question.at.day.year
    keys = list(
        actions_of(asked, ever=True).on(asked.at).order_by("pk").values_list("pk", "intervention__pk")
    )
    rows = list(year_rows(asked.user, keys, Wanted(frozenset({year}), money=False), asked.at))
    pks = [row.action.pk for row in rows]
    actions = {row.action.pk: row.action for row in rows}
    indicators = socle(year)
    blocks = {code: revisions[-1].block for code, revisions in indicators.items()}
    by_action = told_figures(pks, YearQuestion(year, indicators, asked.at, money=False)) if pks else {}
    know_access(asked.user, actions)
    money = money_of(asked.user, actions, years, asked.at)
    names = {action.pk: action for action in described(Action, asked.at, id__in=sorted(pks))}
    structures = structures_then((part.participant_id for row in rows for part in row.parts), asked.at)
    lines = [
        YearLine(
            key=row.action.public_id,
            name=named(names, row.action.pk),
            row=row,
            figures=figures_for(by_action.get(row.action.pk, {}), asked),
            unasked=unasked_by(names.get(row.action.pk, row.action), blocks),
            money=money.get(row.action.pk),
            structures=structures,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.row.action.departement_id, fold(line.name), line.key))


def unasked_by(action: Action, blocks: Mapping[str, str]) -> frozenset[str]:
    return frozenset(code for code, block in blocks.items() if block not in action.theme_blocks)


def figures_for(by_reporter: Mapping[int, Mapping[str, Sum]], asked: FigureQuestion) -> Mapping[str, Sum]:
    """Those of the operator, or those of all who told some, added up."""
    wanted = (
        [by_reporter.get(asked.area.operator, {})]
        if asked.area.operator is not None
        else list(by_reporter.values())
    )
    sums: dict[str, Sum] = defaultdict(Sum)
    for figures in wanted:
        for code, figure in figures.items():
            sums[code] += figure
    return dict(sums)


def socle(year: int) -> dict[str, list[Indicator]]:
    """Each number of the national core, with its revisions told that year."""
    by_code: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in socle_of_years(year, year):
        if indicator.value_type in (ValueType.NUMBER, ValueType.SUM):
            by_code[indicator.code].append(indicator)
    return by_code


def total_of(lines: Iterable[YearLine], code: str) -> Sum:
    """« ≥ 449 (2 non renseignés) »: of all those that are asked for it, or that told it."""
    return reduce(add, [line.figure(code) for line in lines], Sum())


def money_total(lines: Iterable[YearLine], year: int, name: str) -> Sum:
    amounts = [line.amount(year, name) for line in lines]
    return reduce(add, [amount for amount in amounts if isinstance(amount, Sum)], Sum())

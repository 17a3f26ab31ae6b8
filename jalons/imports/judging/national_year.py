"""The figures and the money of a year: what a row of the national export says, beside what Jalons knows."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping

from jalons.accounts.models import Organisation
from jalons.actions.enums import Block, FundingType, ParticipationRole
from jalons.actions.models import Action, FollowUp, FundingLine, Intervention, Participation
from jalons.actions.services import Money
from jalons.core.values import Sum, Value, fold, format_date, french_spaces, total
from jalons.history.querysets import NOW
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict
from jalons.imports.judging.dispositifs import Filled
from jalons.imports.judging.figures import reading_of, words_of
from jalons.imports.judging.follow_ups import ToldFigure
from jalons.imports.judging.money import typed_amount
from jalons.imports.judging.national_plans import COLUMNS, NAME, NewAction
from jalons.imports.judging.verdicts import JudgedCell, JudgedLine
from jalons.imports.reading.numbers import number_of
from jalons.imports.targets.records import RecordCell, TableRecord
from jalons.indicators.models import Indicator
from jalons.indicators.national import NATIONAL_COLUMNS, NationalColumn
from jalons.indicators.selectors.operator_parts import YearQuestion, operator_parts
from jalons.indicators.selectors.year import socle_of_years
from jalons.territories.models import Departement


class NationalYear:
    """`day`: that of the reports to write. What is known of the year is read once for a table."""

    chosen: ChosenTable
    by: Actor
    day: dt.date | None
    filled: Mapping[str, Filled]
    reads_money: set[int]
    writes_money: set[int]
    new_money: set[str]
    taken: dict[object, int]

    # What Jalons knows -------------------------------------------------------------------------------------------

    def read_known(self, actions: Mapping[int, Action]) -> None:
        """The year of these dispositifs, as the export of the same shape gives it."""
        pks = list(actions)
        self.runs = {run.action_id: run for run in Intervention.objects.known().filter(action__in=pks)}
        parts = Participation.objects.known().filter(action__in=pks, role=ParticipationRole.OPERATOR)
        self.operators: dict[int, set[int]] = defaultdict(set)
        for action, operator in parts.values_list("action_id", "participant_id"):
            self.operators[action].add(operator)
        self.year = self.day.year if self.day else 0
        self.revisions: dict[str, list[Indicator]] = defaultdict(list)
        self.figures: dict[tuple[int, int], Mapping[str, Sum]] = {}
        self.money: dict[int, list[FundingLine]] = defaultdict(list)
        self.days: dict[tuple[int, int], list[dt.date]] = defaultdict(list)
        if not self.day:
            return
        codes = {column.indicator for column in NATIONAL_COLUMNS if column.indicator}
        for indicator in socle_of_years(self.year, self.year):
            if indicator.code in codes:
                self.revisions[indicator.code].append(indicator)
        keys = [(pk, run.pk) for pk, run in self.runs.items()]
        question = YearQuestion(self.year, self.revisions, NOW, money=False)
        for part in operator_parts(self.by.user, keys, question):
            self.figures[part.action.pk, part.operator.pk if part.operator else 0] = part.figures
        lines = FundingLine.objects.known().filter(action__in=set(pks) & self.reads_money, year=self.year)
        for line in lines.order_by("pk"):
            self.money[line.action_id].append(line)
        reports = FollowUp.objects.known().filter(action__in=pks, valid_on__year=self.year)
        for action, reporter, on in reports.values_list("action_id", "reporter_id", "valid_on"):
            self.days[action, reporter].append(on)

    def indicator(self, code: str) -> Indicator | None:
        """The revision that is filled in on the day of the table."""
        revisions = self.revisions.get(code, [])
        return revisions[-1] if revisions else None

    # Figures of the year ------------------------------------------------------------------------------------------

    def year_figures(
        self,
        record: TableRecord,
        line: JudgedLine,
        action: Action | None,
        new: NewAction | None,
        reporter: Organisation | None,
    ) -> list[ToldFigure]:
        figures = []
        by = reporter.pk if reporter else 0
        standing = self.figures.get((action.pk, by), {}) if action else {}
        for key, record_cell in record.cells.items():
            column = COLUMNS.get(key)
            if column is None or not column.indicator or record_cell.cell.is_empty:
                continue
            cell = JudgedCell(
                key, column.label, record_cell.reference, record_cell.raw.text, CellVerdict.SAME
            )
            line.cells.append(cell)
            before = standing.get(column.indicator)
            cell.before = cell.after = "" if before is None else str(before)
            indicator = self.indicator(column.indicator)
            if before is not None and same_as(before, record_cell):
                continue
            if indicator is None:
                cell.verdict, cell.rule = (
                    CellVerdict.REFUSED,
                    french_spaces("cet indicateur n’est plus suivi"),
                )
                continue
            reading = reading_of(indicator, record_cell)
            if reading.ask:
                cell.verdict, cell.rule, cell.suggest = (
                    CellVerdict.DOUBTFUL,
                    french_spaces(reading.ask),
                    reading.suggest,
                )
                continue
            refusal = reading.refusal or self.refusal(action, new, reporter, indicator, before)
            if refusal or reading.value is None or self.day is None:
                cell.verdict, cell.rule = CellVerdict.REFUSED, french_spaces(refusal)
                continue
            cell.after = words_of(reading.value)
            cell.verdict = CellVerdict.NEW if before is None else CellVerdict.CHANGED
            figures.append(ToldFigure(indicator, self.day, self.since(action, new), reading.value))
        return figures

    def since(self, action: Action | None, new: NewAction | None) -> dt.date:
        """The year, from the day the dispositif began."""
        run = self.runs.get(action.pk) if action else None
        begun = run.valid_on if run else new.starts_on if new else dt.date(self.year, 1, 1)
        return max(dt.date(self.year, 1, 1), begun)

    def refusal(
        self,
        action: Action | None,
        new: NewAction | None,
        reporter: Organisation | None,
        indicator: Indicator,
        before: Sum | None,
    ) -> str:
        assert self.day is not None  # noqa: S101  # the caller looked
        if reporter is None:
            return "le tableau ne dit pas de qui est ce chiffre"
        if self.day > self.chosen.today:
            return f"le {format_date(self.day)} est à venir"
        begun = self.since(action, new)
        if begun > self.day:
            return f"le dispositif ne commence que le {format_date(begun)}"
        if action is None:
            return ""
        filled = self.filled.get(f"{action.public_id}-{reporter.pk}")
        if filled is None:
            return f"vous ne remplissez pas le suivi de {reporter} dans ce dispositif"
        if Block(indicator.block) not in filled.blocks:
            return "ce n’est pas un champ de ce dispositif : ajoutez-le d’abord à sa fiche"
        others = [on for on in self.days[action.pk, reporter.pk] if on != self.day]
        if indicator.is_flow and before is not None and others:
            return "Jalons a déjà ce total par les points de suivi de l’année : corrigez-les"
        return ""

    # Money of the year --------------------------------------------------------------------------------------------

    def year_money(
        self, record: TableRecord, line: JudgedLine, action: Action | None, departement: Departement
    ) -> list[Money]:
        by_kind: dict[FundingType, dict[str, Value]] = defaultdict(dict)
        lines: dict[FundingType, FundingLine | None] = {}
        notes: dict[FundingType, str] = {}
        for key, record_cell in record.cells.items():
            column = COLUMNS.get(key)
            if column is None or not column.funding or record_cell.cell.is_empty:
                continue
            cell = JudgedCell(
                key,
                f"{column.label} {self.year}",
                record_cell.reference,
                record_cell.raw.text,
                CellVerdict.SAME,
            )
            line.cells.append(cell)
            if action.pk not in self.reads_money if action else departement.pk not in self.new_money:
                cell.verdict, cell.rule = (
                    CellVerdict.REFUSED,
                    french_spaces("vous ne renseignez pas ses financements"),
                )
                continue
            standing = [
                funding
                for funding in self.money.get(action.pk if action else 0, [])
                if funding.kind in column.funding
            ]
            before = total(funding.value(column.amount) for funding in standing)
            if before.is_known:
                cell.before = cell.after = str(before)
                if same_as(before, record_cell):
                    continue
            if record_cell.cell.ask:
                cell.verdict, cell.rule = CellVerdict.DOUBTFUL, record_cell.cell.reason
                cell.suggest = "" if record_cell.cell.suggest is None else str(record_cell.cell.suggest)
                continue
            value, refusal = typed_amount(record_cell.cell)
            if action is not None and action.pk not in self.writes_money:
                refusal = "vous ne renseignez pas ses financements"
            if len(standing) > 1:
                refusal = "plusieurs lignes de ce type cette année : corrigez-les sur la fiche"
            if refusal or value is None:
                cell.verdict, cell.rule = CellVerdict.REFUSED, french_spaces(refusal)
                continue
            if not self.is_first(
                line, (action.pk if action else fold(record.words(NAME)), departement.pk, key)
            ):
                cell.verdict = CellVerdict.DOUBTFUL
                cell.rule = french_spaces("l’argent de ce dispositif est déjà sur une autre ligne")
                continue
            kind = FundingType(standing[0].kind) if standing else own_kind(column)
            by_kind[kind][column.amount] = value
            lines[kind] = standing[0] if standing else None
            notes[kind] = standing[0].note if standing else "" if len(column.funding) == 1 else column.label
            cell.after = str(value)
            cell.verdict = CellVerdict.CHANGED if before.is_known else CellVerdict.NEW
        return [
            as_money(self.year, kind, amounts, lines[kind], notes[kind]) for kind, amounts in by_kind.items()
        ]

    def is_first(self, line: JudgedLine, key: object) -> bool:
        return self.taken.setdefault(key, line.line) == line.line


def same_as(standing: Sum, record_cell: RecordCell) -> bool:
    """As the export of the same shape writes it: the number, or its words when it is not complete."""
    number = record_cell.cell.number
    if number is None and (match := re.match(r"≥\s*([\d\s.,]+)", record_cell.raw.text)) and standing.missing:
        number = number_of(match[1].strip())
    return standing.is_known and number is not None and standing.total == number


def own_kind(column: NationalColumn) -> FundingType:
    """Of the two types of « collectivité territoriale », the one that names no département."""
    return column.funding[-1]


def as_money(
    year: int, kind: FundingType, amounts: Mapping[str, Value], standing: FundingLine | None, note: str
) -> Money:
    before = {name: standing.value(name) for name in FundingLine.AMOUNTS} if standing else {}
    funder = standing.funder if standing else None
    return Money(
        year=year, kind=kind, funder=funder, note=note[:300], amounts={**before, **amounts}, line=standing
    )

"""A table of the follow-up of a dispositif: an indicator a row, a date a column (or a row)."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jalons.accounts.models import Organisation
from jalons.accounts.organisations import organisation_label
from jalons.actions.models import Action, FollowUp, Intervention
from jalons.core.values import ParseError, Value, fold, format_date, french_spaces, parse_date
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict, RowOutcome
from jalons.imports.judging.dispositifs import Filled, NamedActions, filled_by, runs_of
from jalons.imports.judging.figures import BY_HAND, reading_of, words_of
from jalons.imports.judging.known import who_wrote
from jalons.imports.judging.replies import LEAVE, Replies, Reply, answered_records
from jalons.imports.judging.verdicts import JudgedCell, JudgedLine, worst
from jalons.imports.matching.indicators import NamedIndicator, match_indicator, named
from jalons.imports.targets.mapping import ColumnGuess, months_of, whole_year
from jalons.imports.targets.records import RecordCell, TableRecord
from jalons.indicators.enums import Measure, ValueType
from jalons.indicators.models import Indicator, Measurement, Series


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """`since`: the first day of the period that the column says; None when it says none."""

    indicator: Indicator
    on: dt.date
    since: dt.date | None
    value: Value


@dataclass(frozen=True, slots=True)
class FollowUpPlan:
    """The figures that a row adds or changes in the reports of one structure."""

    line: int
    filled: Filled
    figures: tuple[ToldFigure, ...]


@dataclass
class KnownReports:
    """What is already told, of the structures and the days of a table: four queries, whatever its rows."""

    figures: dict[tuple[int, int, int, dt.date], Measurement] = field(default_factory=dict)
    reports: dict[tuple[int, int, dt.date], FollowUp] = field(default_factory=dict)
    runs: dict[int, Intervention] = field(default_factory=dict)

    @classmethod
    def of(cls, filled: Iterable[Filled], days: Iterable[dt.date]) -> "KnownReports":
        found, known = list(filled), cls()
        actions, reporters = {one.action.pk for one in found}, {one.reporter.pk for one in found}
        told = Measurement.objects.known().filter(
            series__action__in=actions, series__reporter__in=reporters, valid_on__in=set(days)
        )
        told = told.filter(measure=Measure.ACTUAL).select_related(
            "series__indicator", "author", "organisation"
        )
        for fact in told:
            series = fact.series
            known.figures[series.action_id, series.reporter_id or 0, series.indicator_id, fact.valid_on] = (
                fact
            )
        reports = FollowUp.objects.known().filter(
            action__in=actions, reporter__in=reporters, valid_on__in=set(days)
        )
        known.reports = {
            (report.action_id, report.reporter_id, report.valid_on): report for report in reports
        }
        known.runs = runs_of({one.action.pk: one.action for one in found}.values())
        return known

    def figure(self, filled: Filled, indicator: Indicator, on: dt.date) -> Measurement | None:
        return self.figures.get((filled.action.pk, filled.reporter.pk, indicator.pk, on))


class FollowUpJudge:
    """Judges every row in a constant number of queries."""

    def __init__(self, chosen: ChosenTable, by: Actor, replies: Replies, *, rehearsal: bool = False) -> None:
        self.chosen, self.replies = chosen, replies
        self.records = self.answered()
        self.filled = filled_by(by, rehearsal=rehearsal)
        self.own = by.organisation.standing_id
        self.names = NamedActions({one.action.public_id: one.action for one in self.filled.values()})
        self.by_action: dict[int, list[Filled]] = {}
        for one in self.filled.values():
            self.by_action.setdefault(one.action.pk, []).append(one)
        self.written: dict[tuple[str, int, dt.date], int] = {}

    def answered(self) -> list[TableRecord]:
        return answered_records(self.chosen, self.replies)

    def lines(self) -> list[JudgedLine]:
        ground = {record.row: self.ground(record) for record in self.records}
        spoken = {one.key: one for one, _ in ground.values() if one is not None}.values()
        days = [on for record in self.records for _, on in self.dated(record) if on]
        self.known = KnownReports.of(spoken, days)
        self.followed = followed_indicators({one.action.pk: one.action for one in spoken}.values())
        return self.judged(ground)

    def judged(self, ground: Mapping[int, tuple[Filled | None, JudgedLine]]) -> list[JudgedLine]:
        above: dict[str, str] = {}
        lines = []
        for record in self.records:
            filled, line = ground[record.row]
            if filled is not None and line.outcome is not RowOutcome.LEFT:
                indicator = self.indicator(record, line, filled, above)
                if indicator is not None:
                    self.judge(record, line, filled, indicator)
            lines.append(line)
        return lines

    # Which dispositif, which indicator -------------------------------------------------------------------

    def ground(self, record: TableRecord) -> tuple[Filled | None, JudgedLine]:
        """Where the row writes; None when that is to be said first, or when the row is left aside."""
        line = JudgedLine(record.line, record.words("indicator")[:200])
        line.outcome, line.verdict = RowOutcome.CHOOSE, CellVerdict.DOUBTFUL
        if self.replies.get(record.line, Reply()).decision == LEAVE:
            line.outcome, line.verdict = RowOutcome.LEFT, CellVerdict.SAME
            line.why = french_spaces("laissée de côté, comme vous l’avez choisi")
            return None, line
        named_in = record.cells.get("action")
        if named_in is None or named_in.cell.is_empty:
            filled = self.filled.get(self.chosen.choices.about)
            line.why = "" if filled else french_spaces("dites de quel dispositif parle ce tableau")
        else:
            filled, line.why = self.named_in_row(named_in, line, record.words("reporter"))
        line.place = filled.action.name if filled else ""
        return filled, line

    def named_in_row(self, told: RecordCell, line: JudgedLine, reporter: str) -> tuple[Filled | None, str]:
        """`reporter`: whose follow-up it is, when the row says it."""
        match = self.names.match(told.raw.text)
        action = self.names.found(match)
        if told.cell.ask or action is None:
            where = action_words(match.candidates[0].name() if match.candidates else "", told.raw.text)
            line.cells.append(
                JudgedCell(
                    told.key, "Dispositif", told.reference, told.raw.text, CellVerdict.DOUBTFUL, rule=where
                )
            )
            return None, french_spaces(where)
        found = self.by_action[action.pk]
        if reporter:
            found = [one for one in found if fold(reporter) in called(one.reporter)]
        own = [one for one in found if one.reporter.pk == self.own]
        if len(own or found) == 1:
            return (own or found)[0], ""
        if reporter and not found:
            return None, french_spaces(f"« {reporter} » ne remplit pas ce dispositif, ou pas par vous")
        return None, french_spaces(
            "plusieurs structures remplissent ce dispositif : reprenez un tableau à la fois"
        )

    def indicator(
        self, record: TableRecord, line: JudgedLine, filled: Filled, above: dict[str, str]
    ) -> Indicator | None:
        everything = self.followed[filled.action.pk]
        followed = {one.public_id: one for one in everything if one.block in filled.blocks}
        decision = self.replies.get(record.line, Reply()).decision
        words = record.words("indicator")
        if decision in followed:
            line.outcome, line.why = RowOutcome.THIS, french_spaces("l’indicateur que vous avez choisi")
            return followed[decision]
        known = named_indicators(followed.values())
        match = match_indicator(words, known, above.get(filled.key, ""))
        line.outcome, line.why = match.outcome, french_spaces(match.why)
        if match.outcome is RowOutcome.CHOOSE:
            others = match_indicator(words, named_indicators(everything), "")
            if others.outcome is RowOutcome.THIS:
                line.verdict = CellVerdict.REFUSED
                line.why = french_spaces(
                    f"{filled.reporter} ne remplit pas cette partie du suivi de ce dispositif"
                )
                return None
            near = {candidate.key for candidate in match.candidates}
            rest = [one for one in known if one.key not in near and not followed[one.key].is_computed]
            line.candidates = [
                indicator_candidate(one, followed[one.key]) for one in (*match.candidates, *rest)
            ]
            return None
        if not fold(words).lstrip("-–•>* ").startswith("dont "):
            above[filled.key] = match.key
        found = followed[match.key]
        told = record.words("unit")
        if told and found.unit and not same_unit(told, found.unit):
            line.outcome, line.candidates = (
                RowOutcome.CHOOSE,
                [indicator_candidate(match_of(known, found), found)],
            )
            line.why = french_spaces(
                f"« {told} » dans le tableau, « {found.unit} » dans Jalons : est-ce bien lui ?"
            )
            return None
        return found

    # Which values ----------------------------------------------------------------------------------------

    def dated(self, record: TableRecord) -> list[tuple[RecordCell, dt.date | None]]:
        """The figures of a row with their day: that of the column, of the row, or of the file."""
        own = record.cells.get("observed_on")
        day = own.cell.day if own and not own.cell.is_empty else self.chosen.choices.day
        return [(cell, cell.guess.on or day) for cell in record.cells.values() if cell.guess.field == "value"]

    def judge(self, record: TableRecord, line: JudgedLine, filled: Filled, indicator: Indicator) -> None:
        if indicator.is_computed:
            line.verdict = CellVerdict.REFUSED
            line.why = french_spaces(f"« {indicator.label} » : Jalons le calcule d’après ses détails")
            return
        if ValueType(indicator.value_type) in BY_HAND:
            line.verdict = CellVerdict.REFUSED
            line.why = french_spaces(
                f"« {indicator.label} » se remplit dans le point de suivi, pas d’un tableau"
            )
            return
        figures = []
        for told, on in self.dated(record):
            fact = self.known.figure(filled, indicator, on) if on else None
            cell, value = self.figure(told, on, filled, indicator)
            cell, value = self.compared(record, cell, value, fact.value if fact else Value.empty())
            line.cells.append(cell)
            if (
                value is not None
                and on is not None
                and cell.verdict in (CellVerdict.NEW, CellVerdict.CHANGED)
            ):
                first = self.written.setdefault((filled.key, indicator.pk, on), line.line)
                if first != line.line:
                    cell.verdict = CellVerdict.DOUBTFUL
                    cell.rule = french_spaces(f"le même indicateur et la même date que la ligne {first}")
                    continue
                figures.append(ToldFigure(indicator, on, self.since(told.guess), value))
        line.verdict = worst(cell.verdict for cell in line.cells)
        if figures:
            line.plan = FollowUpPlan(line.line, filled, tuple(figures))
            line.basis = self.basis(line.plan)
        elif line.verdict is CellVerdict.SAME:
            line.why = french_spaces("rien de nouveau")

    def figure(
        self, told: RecordCell, on: dt.date | None, filled: Filled, indicator: Indicator
    ) -> tuple[JudgedCell, Value | None]:
        fact = self.known.figure(filled, indicator, on) if on else None
        before = fact.value if fact else Value.empty()
        label = format_date(on) if on else "Valeur"
        cell = JudgedCell(
            told.key, label, told.reference, told.raw.text, CellVerdict.SAME, before=words_of(before)
        )
        cell.rule = told.cell.reason or told.cell.note
        if told.cell.is_empty:
            cell.after, cell.rule = cell.before, french_spaces("n’efface rien")
            return cell, None
        reading = reading_of(indicator, told)
        if reading.ask:
            cell.verdict, cell.rule = CellVerdict.DOUBTFUL, french_spaces(reading.ask)
            cell.suggest, cell.options = reading.suggest, list(reading.options)
            return cell, None
        if refusal := self.refusal(on, filled) or reading.refusal:
            cell.verdict, cell.rule = CellVerdict.REFUSED, french_spaces(refusal)
            return cell, None
        value = reading.value
        cell.after, cell.rule = words_of(value), told.cell.note
        if value == before:
            return cell, None
        cell.verdict = CellVerdict.NEW if fact is None else CellVerdict.CHANGED
        cell.who = who_wrote(fact) if fact is not None else ""
        return cell, value

    def compared(
        self, record: TableRecord, cell: JudgedCell, value: Value | None, now: Value
    ) -> tuple[JudgedCell, Value | None]:
        """With what the cell said when it left, for a table that left from here. `now`: what stands."""
        return cell, value

    def refusal(self, on: dt.date | None, filled: Filled) -> str:
        if on is None:
            return "la date n’est pas dite : choisissez celle du tableau, ou la colonne qui la porte"
        if on > self.chosen.today:
            return f"le {format_date(on)} est à venir"
        run = self.known.runs.get(filled.action.pk)
        if run is not None and on < run.valid_on:
            return f"le dispositif ne commence que le {format_date(run.valid_on)}"
        return ""

    def since(self, guess: ColumnGuess) -> dt.date | None:
        """A column of a month, a quarter, a year covers it; one of a date, all days since the column before it."""
        if guess.on is None:
            return None
        if whole_year(guess.heading):
            return guess.on.replace(month=1, day=1)
        period = months_of(guess.heading, self.chosen.table)
        if is_month(guess) and period is not None and period.last == guess.on:
            return period.first
        earlier = [
            column.on for column in self.chosen.columns if column.field and column.on and column.on < guess.on
        ]
        return max(earlier) + dt.timedelta(days=1) if earlier else None

    def basis(self, plan: FollowUpPlan) -> str:
        """What the row was compared with: another version of any of it, and the row is asked again."""
        action, reporter = plan.filled.action.pk, plan.filled.reporter.pk
        told = [plan.filled.key]
        for figure in plan.figures:
            fact = self.known.figure(plan.filled, figure.indicator, figure.on)
            report = self.known.reports.get((action, reporter, figure.on))
            told.append(f"{figure.on} {fact.pk if fact else '-'} {report.pk if report else '-'}")
        return hashlib.sha256("|".join(told).encode()).hexdigest()


def followed_indicators(actions: Iterable[Action]) -> dict[int, list[Indicator]]:
    """The indicators of each dispositif, computed ones included: the socle of its themes and its own. Three queries."""
    found = list(actions)
    national = list(Indicator.objects.national().select_related("parent"))
    asked = Series.objects.filter(action__in=found, reporter__isnull=True, asked=True)
    asked = asked.filter(indicator__retired_on__isnull=True).select_related("indicator__parent")
    own: dict[int, dict[int, Indicator]] = {action.pk: {} for action in found}
    for series in asked:
        own[series.action_id][series.indicator_id] = series.indicator
    return {
        action.pk: list(
            ({one.pk: one for one in national if one.block in action.theme_blocks} | own[action.pk]).values()
        )
        for action in found
    }


def named_indicators(indicators: Iterable[Indicator]) -> list[NamedIndicator]:
    return [
        named(
            indicator.public_id,
            indicator.label,
            indicator.code,
            indicator.parent.public_id if indicator.parent else "",
            indicator.parent.label if indicator.parent else "",
            indicator.counted,
        )
        for indicator in indicators
    ]


def match_of(known: Iterable[NamedIndicator], indicator: Indicator) -> NamedIndicator:
    return next(one for one in known if one.key == indicator.public_id)


def indicator_candidate(named_indicator: NamedIndicator, indicator: Indicator) -> dict[str, str]:
    where = (
        f"détail de « {named_indicator.parent_label} »" if named_indicator.parent_label else indicator.unit
    )
    return {
        "key": named_indicator.key,
        "name": named_indicator.label,
        "where": french_spaces(where),
        "closed": "",
    }


def called(organisation: Organisation) -> set[str]:
    names = (organisation.name, organisation.acronym, organisation_label(organisation))
    return {fold(name) for name in names} - {""}


def action_words(near: str, words: str) -> str:
    if near:
        return f"« {words} » ressemble à « {near} » : écrivez le nom exact du dispositif"
    return f"vous ne remplissez aucun dispositif du nom de « {words} »"


def same_unit(text: str, unit: str) -> bool:
    """« pers. » is « personnes »; « familles » is not « ménages »."""
    one, other = fold(text).strip(" ."), fold(unit).strip(" .")
    return one[:3] == other[:3] or not one.isalpha()


def is_month(guess: ColumnGuess) -> bool:
    """Its heading names a period, not a day."""
    for words in guess.heading.path:
        try:
            parse_date(words, today=dt.date(2100, 1, 1))
        except ParseError:
            continue
        return False
    return True

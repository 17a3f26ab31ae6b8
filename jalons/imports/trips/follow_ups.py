"""The follow-up of a dispositif as a workbook to be filled in: a row an indicator and a structure, a column a date."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.actions.models import FollowUp
from jalons.core.values import format_date, french_spaces
from jalons.exports.writers.editable import EditableColumn, EditableTable
from jalons.imports.enums import TargetKind
from jalons.imports.judging.dispositifs import Filled, runs_of
from jalons.imports.trips.contents import GIVE_BACK, SIGNS, content_of, text_of
from jalons.imports.trips.left import KEY, MEMORY, SHEET, LeftTable
from jalons.indicators.enums import Measure, ValueType
from jalons.indicators.models import Indicator, Measurement
from jalons.indicators.selectors.asked import asked_indicators

BY_HAND = frozenset({ValueType.TEXT, ValueType.CHOICE, ValueType.SHARE})
NAMED = (("reporter", "Structure"), ("indicator", "Indicateur"), ("unit", "Unité"))
LATEST = 24  # dates that a workbook shows: two years of a month each
HOW_TO = (
    *GIVE_BACK,
    "Une colonne est la date d’un point de suivi ; la dernière attend le prochain.",
    "Une date de plus : une colonne à droite, sa date en en-tête (31/10/2026).",
    *SIGNS,
    "Totaux, textes, choix et parts n’y sont pas : ils se calculent, ou se remplissent dans le point de suivi.",
)


@dataclass(frozen=True, slots=True)
class LeavingRow:
    filled: Filled
    indicator: Indicator

    @property
    def key(self) -> str:
        return f"{self.filled.key} {self.indicator.public_id}"

    @property
    def names(self) -> list[str]:
        return [str(self.filled.reporter), self.indicator.heading, self.indicator.unit]


def parts_of_key(key: str) -> tuple[str, str]:
    """The dispositif with its structure (`Filled.key`), and the indicator."""
    filled, _, indicator = key.partition(" ")
    return filled, indicator


def rows_of(filled: Iterable[Filled]) -> Iterator[LeavingRow]:
    """What each structure types a number for, in the order of the follow-up."""
    parts = list(filled)
    blocks = asked_indicators(parts[0].action) if parts else []
    for part in parts:
        for block in blocks:
            for indicator in block.entered if block.block in part.blocks else ():
                if ValueType(indicator.value_type) not in BY_HAND:
                    yield LeavingRow(part, indicator)


def dates_of(filled: Sequence[Filled], today: dt.date) -> list[dt.date]:
    """The dates of the reports that stand, and the end of the month that a next one would tell, oldest first."""
    action = filled[0].action
    reports = FollowUp.objects.known().filter(
        action=action, reporter__in=[part.reporter.pk for part in filled]
    )
    days = sorted(set(reports.filter(valid_on__lte=today).values_list("valid_on", flat=True)))[-LATEST:]
    next_month = (today.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    end = next_month - dt.timedelta(days=1)
    end = end if end <= today else today.replace(day=1) - dt.timedelta(days=1)
    run = runs_of([action]).get(action.pk)
    if run is not None and run.valid_on <= end and (not days or end > days[-1]):
        days.append(end)
    return days or [today]


def figures_on(filled: Sequence[Filled], days: Sequence[dt.date]) -> dict[tuple[int, int, dt.date], Any]:
    """What stands, by reporter, indicator and day. One query."""
    measurements = Measurement.objects.known().filter(
        series__action=filled[0].action, series__reporter__in=[part.reporter.pk for part in filled]
    )
    measurements = measurements.filter(measure=Measure.ACTUAL, valid_on__in=days).select_related(
        "series__indicator"
    )
    return {
        (fact.series.reporter_id or 0, fact.series.indicator_id, fact.valid_on): content_of(fact.value)
        for fact in measurements
    }


def editable_follow_up(filled: Sequence[Filled], today: dt.date) -> EditableTable:
    """`filled`: the parts of one dispositif, at least one."""
    rows, days = list(rows_of(filled)), dates_of(filled, today)
    figures = figures_on(filled, days)
    texts = {
        row.key: [figures.get((row.filled.reporter.pk, row.indicator.pk, day), "") for day in days]
        for row in rows
    }
    left = LeftTable(
        TargetKind.INDICATORS.value,
        today.isoformat(),
        [*NAMED, *((f"value {day.isoformat()}", format_date(day)) for day in days)],
        len(NAMED),
        {row.key: [*map(text_of, row.names), *map(text_of, texts[row.key])] for row in rows},
        filled[0].key if len(filled) == 1 else "",
    )
    columns = [
        EditableColumn("Structure", locked=True, width=24),
        EditableColumn("Indicateur", locked=True, width=44),
        EditableColumn("Unité", locked=True),
        *(EditableColumn(format_date(day)) for day in days),
    ]
    written = ((row.key, [*row.names, *texts[row.key]]) for row in rows)
    how_to = [french_spaces(sentence) for sentence in HOW_TO]
    return EditableTable(SHEET, KEY, columns, written, how_to, MEMORY, left.pieces(), may_add_rows=False)

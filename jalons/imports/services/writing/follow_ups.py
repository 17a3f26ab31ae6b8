"""The rows of a table of follow-up: one report a date, made or completed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from jalons.actions.models import FollowUp
from jalons.core.progress import Steps, Tell
from jalons.history.services import Actor
from jalons.imports.judging.dispositifs import Filled
from jalons.imports.judging.follow_ups import FollowUpPlan, ToldFigure
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services.writing.kept import imported, source_words
from jalons.indicators.models import Measurement
from jalons.indicators.selectors.last import follow_up_on
from jalons.indicators.services import FollowUpContent, complete_follow_up, measurements_of, record_follow_up

Rows = list[tuple[int, ToldFigure]]


def write_follow_ups(
    batch: ImportBatch, plans: Sequence[FollowUpPlan], by: Actor, tell: Tell
) -> list[ImportedFact]:
    """From the oldest date: the period of a report begins where the one before it ends."""
    filled = {plan.filled.key: plan.filled for plan in plans}
    by_report: defaultdict[tuple[dt.date, str], Rows] = defaultdict(list)
    for plan in plans:
        for figure in plan.figures:
            by_report[figure.on, plan.filled.key].append((plan.line, figure))
    facts: list[ImportedFact] = []
    steps = Steps(tell, len(by_report))
    for (on, key), rows in sorted(by_report.items()):
        facts += write_report(batch, filled[key], on, rows, by)
        steps.add()
    return facts


def write_report(
    batch: ImportBatch, filled: Filled, on: dt.date, rows: Rows, by: Actor
) -> Iterator[ImportedFact]:
    values = {figure.indicator.pk: figure.value for _, figure in rows}
    indicators = {figure.indicator.pk: figure.indicator for _, figure in rows}
    lines = {figure.indicator.pk: line for line, figure in rows}
    first = min(lines.values())
    source = source_words(batch, first)
    standing = follow_up_on(filled.action, filled.reporter, on)
    before: dict[int, Measurement] = {}
    if standing is None:
        since = min((figure.since for _, figure in rows if figure.since), default=None)
        follow_up_content = FollowUpContent(on=on, values=values, since=since, source=source)
        report = record_follow_up(
            action=filled.action,
            reporter=filled.reporter,
            content=follow_up_content,
            indicators=indicators,
            by=by,
        )
    else:
        before = figures_of(standing)
        report = complete_follow_up(
            follow_up=standing, values=values, indicators=indicators, by=by, source=source
        )
    yield imported(batch, first, report, standing)
    for pk, fact in figures_of(report).items():
        if pk in values and (pk not in before or before[pk].pk != fact.pk):
            yield imported(batch, lines[pk], fact, before.get(pk))


def figures_of(report: FollowUp) -> dict[int, Measurement]:
    return {fact.series.indicator_id: fact for fact in measurements_of(report)}

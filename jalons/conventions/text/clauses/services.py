"""Writing a clause and its deadline; the reports that follow it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.clause_days import REPORTING, report_day
from jalons.conventions.enums import AlertScope, ReportState
from jalons.conventions.models import Clause, Convention
from jalons.history.services import Actor, save_record

SENT = (ReportState.SENT, ReportState.PUBLISHED, ReportState.PRESENTED)


def report_day_of(convention: Convention) -> dt.date | None:
    """When the report of a stored convention must be sent."""
    due_day = report_day(convention.clauses.filter(name=REPORTING), convention.year)
    return due_day.on if due_day else None


@transaction.atomic
def save_clause(
    *,
    clause: Clause,
    columns: Mapping[str, Any],
    by: Actor,
    expected_version: int | None = None,
    reason: str = "",
) -> Clause:
    """Write a clause. The reports that are not sent follow the new day. Raises `Stale`."""
    convention = clause.convention
    before = report_day_of(convention)
    for name, value in columns.items():
        setattr(clause, name, value)
    save_record(record=clause, by=by, reason=reason, expected_version=expected_version)
    move_reports(convention=convention, before=before, by=by)
    touched(convention=convention, scopes=[AlertScope.DATES, AlertScope.STRUCTURE])
    return clause


@transaction.atomic
def move_reports(*, convention: Convention, before: dt.date | None, by: Actor) -> None:
    """The reports begun for the day `before`, and not sent yet, are due on the day that the text says now."""
    after = report_day_of(convention)
    if before is None or after is None or before == after:
        return
    for report in convention.reports.filter(due_on=before).exclude(state__in=SENT):
        report.due_on = after
        save_record(record=report, by=by, reason="Échéance changée dans le texte")

"""The execution report: begun, written, complete, read again by the State, voted, sent, published, presented."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.alerts.services import blocking
from jalons.conventions.dossier.clause_days import REPORTING, report_day
from jalons.conventions.enums import AlertScope, EditionKind, ReportState
from jalons.conventions.models import (
    Alert,
    Commitment,
    Convention,
    Edition,
    ExecutionReport,
    Party,
    PendingCheck,
)
from jalons.conventions.report.empty_cells import OBJECTIVE, holes_of_columns
from jalons.conventions.report.owners import Hole
from jalons.conventions.versions.editions import EditionSnapshot, freeze, snapshot_of, write_found
from jalons.core import clock
from jalons.core.values import format_date, format_number, plural
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, save_record

ORDER: tuple[ReportState, ...] = tuple(ReportState)
RETURNED = "returned"  # in `steps`, beside the days: who gave it back, when, why
BEGUN = "Rapport d’exécution commencé"


def due_of(convention: Convention) -> dt.date:
    """When its report must be sent. A convention that does not say its year is taken for one of last year."""
    year = convention.year or clock.today().year - 1
    due_day = report_day(convention.clauses.filter(name=REPORTING), year)
    if due_day is None:
        raise ValueError("a year gives a usual day")
    return due_day.on


def next_state(state: str) -> ReportState | None:
    place = ORDER.index(ReportState(state))
    return ORDER[place + 1] if place + 1 < len(ORDER) else None


def of_party(commitment: Commitment, report: ExecutionReport) -> bool:
    """Does this sheet belong to what the report tells?"""
    return not (report.party_id and commitment.party_id and commitment.party_id != report.party_id)


def missing_objectives(convention: Convention) -> list[Hole]:
    """The objectives of the year that nobody fixed, voted or not."""
    return holes_of_columns(convention, OBJECTIVE)


def obstacles(report: ExecutionReport) -> list[str]:
    """Why the report cannot be sent yet, in French; nothing when it can."""
    return [*objective_obstacles(report), *error_obstacles(report)]


def objective_obstacles(report: ExecutionReport) -> list[str]:
    """Reads the figures of the whole convention."""
    objectives = [
        missing_objective
        for missing_objective in missing_objectives(report.convention)
        if of_party(missing_objective.commitment, report)
    ]
    count = len(objectives)
    words = plural(count, "objectif manque", "objectifs manquent")
    return [f"{format_number(count)} {words}"] if count else []


def error_obstacles(report: ExecutionReport) -> list[str]:
    count = len(blocking_of(report))
    words = plural(
        count, "erreur n’est ni corrigée ni acquittée", "erreurs ne sont ni corrigées ni acquittées"
    )
    return [f"{format_number(count)} {words}"] if count else []


def blocking_of(report: ExecutionReport) -> list[Alert]:
    return [
        alert
        for alert in blocking(report.convention)
        if alert.commitment is None or of_party(alert.commitment, report)
    ]


@transaction.atomic
def start_report(*, convention: Convention, party: Party | None, by: Actor) -> ExecutionReport:
    """The report of a party, begun on first need. The one that is there, if any."""
    # The row is locked: two people who begin it at once begin the same one.
    Convention.objects.select_for_update().get(pk=convention.pk)
    known = ExecutionReport.objects.filter(convention=convention, party=party).first()
    if known is not None:
        return known
    report = ExecutionReport(convention=convention, party=party, due_on=due_of(convention))
    save_record(record=report, by=by, reason=BEGUN)
    return report


@transaction.atomic
def write_texts(
    *, report: ExecutionReport, texts: Mapping[str, str], by: Actor, expected_version: int | None = None
) -> ExecutionReport:
    """Its three texts, until it is voted. Raises `Stale`, `Refused`."""
    if ORDER.index(ReportState(report.state)) >= ORDER.index(ReportState.VOTED):
        raise Refused("Le rapport est voté : ses textes ne changent plus.")
    for name in ("financial_account", "results", "global_account"):
        if name in texts:
            setattr(report, name, texts[name])
    return save_record(record=report, by=by, expected_version=expected_version)


@transaction.atomic
def advance(
    *,
    report: ExecutionReport,
    to: ReportState,
    on: dt.date,
    by: Actor,
    expected_version: int | None = None,
    sending: "Sending | None" = None,
) -> ExecutionReport:
    """The next step, dated. Raises `Refused` (not the next one, date out of order, cannot be sent), `Stale`.

    Sending it freezes the convention as it stands: the document is made from that version for ever. `sending`: read
    before the transaction; it is read anew, here, when somebody wrote in the convention since.
    """
    if to != next_state(report.state):
        raise Refused(
            f"Le rapport en est à « {ReportState(report.state).label} » : "
            "cette étape est déjà faite, ou vient plus tard."
        )
    before = [day for day in report.steps.values() if isinstance(day, str)]
    if before and on.isoformat() < max(before):
        last = format_date(dt.date.fromisoformat(max(before)))
        raise Refused(f"L’étape d’avant est datée du {last} : celle-ci ne peut pas l’être plus tôt.")
    if to == ReportState.SENT:
        report.edition = frozen_when_sent(report, sending, by)
    report.state = to
    report.steps = {**report.steps, to.value: on.isoformat()}
    save_record(record=report, by=by, reason=to.label, expected_version=expected_version)
    touched(convention=report.convention, sheets=[], scopes=[AlertScope.DATES])
    return report


@dataclass(frozen=True, slots=True)
class Sending:
    """What is decided by, and frozen, when a report is sent: read with nobody waiting for us to write."""

    snapshot: EditionSnapshot
    missing: Sequence[str]


def prepare_sending(report: ExecutionReport) -> Sending:
    return Sending(snapshot_of(report.convention, checked=True), objective_obstacles(report))


def frozen_when_sent(report: ExecutionReport, sending: Sending | None, by: Actor) -> Edition:
    """The version of the report that is sent. Raises `Refused`."""
    locked = Convention.objects.select_for_update().get(pk=report.convention_id)
    if sending is None or not sending.snapshot.stands(locked):
        sending = prepare_sending(report)
    if PendingCheck.objects.filter(convention=locked).exists():
        write_found(sending.snapshot)
    if obstacle_words := [*sending.missing, *error_obstacles(report)]:
        raise Refused(f"Le rapport ne peut pas encore être transmis : {', '.join(obstacle_words)}.")
    title = f"Rapport d’exécution {locked.year or ''}".strip()
    return freeze(convention=locked, kind=EditionKind.REPORT, title=title, by=by, snapshot=sending.snapshot)


@transaction.atomic
def send_back(
    *, report: ExecutionReport, reason: str, by: Actor, expected_version: int | None = None
) -> ExecutionReport:
    """Back to be completed: by the State that reads it, or by the Département that changes its mind."""
    if report.state not in (ReportState.FILLED, ReportState.REVIEWED):
        raise Refused("Seul un rapport complété ou relu, et pas encore voté, peut être rendu à compléter.")
    report.state = ReportState.TO_FILL
    today = clock.today().isoformat()
    report.steps = {RETURNED: {"on": today, "why": reason, "by": str(by.organisation)}}
    return save_record(record=report, by=by, reason="Rendu à compléter", expected_version=expected_version)

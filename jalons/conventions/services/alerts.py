"""Keeping what the rules find, and what people answer to it."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from jalons.conventions.checks import Finding, check, rules
from jalons.conventions.checks.engine import concerned
from jalons.conventions.dossier import Dossier
from jalons.conventions.enums import AlertScope, Level
from jalons.conventions.models import Acknowledgement, Alert, Commitment, Convention
from jalons.conventions.selectors.dossiers import read_dossier
from jalons.conventions.services.drift import refresh_drift
from jalons.history.services import Actor, Stale, save_record


@transaction.atomic
def refresh_alerts(
    *,
    convention: Convention,
    sheets: Iterable[Commitment] | None = None,
    scopes: Sequence[AlertScope] | None = None,
) -> None:
    """Run the rules again and keep what they find: all of them, or those that a change may have touched.

    `sheets`: only these were changed (rules on one sheet are run on them alone; those on the whole convention are
    run all the same). `scopes`: only these subjects were changed. What is left out has found the same as before, so
    that the alerts are those of a full run.
    """
    dossier = read_dossier(convention)
    wanted = None if scopes is None else concerned(scopes)
    keys = None if sheets is None else families(dossier, {sheet.key for sheet in sheets})
    found = check(dossier, sheets=keys, scopes=wanted)
    old = Alert.objects.filter(convention=convention)
    if wanted is not None:
        old = old.filter(scope__in=wanted)
    if keys is not None:
        # A rule on the whole convention was run again, whatever the sheet that its alerts speak of.
        whole = [rule.identifier for rule in rules() if rule.on_sheet is None]
        touched = [sheet.commitment for sheet in dossier.sheets if sheet.key in keys]
        old = old.filter(rule__in=whole) | old.filter(commitment__in=touched)
    old.delete()
    by_key = {sheet.key: sheet.commitment for sheet in dossier.sheets}
    Alert.objects.bulk_create(
        [alert_of(finding, convention, by_key.get(finding.sheet)) for finding in found], batch_size=500
    )
    refresh_drift(convention=convention, dossier=dossier)


def families(dossier: Dossier, keys: set[str]) -> set[str]:
    """These sheets, their mothers and the themes of both."""
    mothers = {sheet.parent_key or sheet.key for sheet in dossier.sheets if sheet.key in keys}
    return {sheet.key for sheet in dossier.sheets if (sheet.parent_key or sheet.key) in mothers}


def alert_of(finding: Finding, convention: Convention, commitment: Commitment | None) -> Alert:
    return Alert(
        convention=convention,
        commitment=commitment,
        rule=finding.rule,
        scope=finding.scope,
        level=finding.level,
        where=finding.where[:400],
        expected=finding.expected[:400],
        found=finding.found[:400],
        gap=finding.gap,
        message=finding.message,
        fingerprint=finding.fingerprint,
    )


@transaction.atomic
def acknowledge(
    *, alert: Alert, reason: str, by: Actor, expected_version: int | None = None
) -> Acknowledgement:
    """Say why an alert stays. It holds as long as the alert says the same thing.

    `expected_version`: of the answer that was seen, 0 when there was none. Raises `Stale` when there is another.
    """
    known = Acknowledgement.objects.filter(
        convention=alert.convention_id, fingerprint=alert.fingerprint
    ).first()
    if known is not None and expected_version is not None and known.version != expected_version:
        raise Stale(known)
    answer = known or Acknowledgement(convention=alert.convention, fingerprint=alert.fingerprint)
    answer.rule, answer.message = alert.rule, alert.message
    answer.reason, answer.withdrawn = reason, False
    return save_record(
        record=answer, by=by, reason=reason, expected_version=expected_version if known else None
    )


@transaction.atomic
def acknowledge_each(*, alerts: Iterable[tuple[Alert, Actor]], reason: str) -> int:
    """One reason for several alerts, each answered in its own name. Answers how many were; an alert that somebody
    answered meanwhile keeps the answer that it has.
    """
    told = list(alerts)
    marks = [alert.fingerprint for alert, _ in told]
    conventions = {alert.convention_id for alert, _ in told}
    known = set(
        Acknowledgement.objects.filter(
            convention__in=conventions, fingerprint__in=marks, withdrawn=False
        ).values_list("fingerprint", flat=True)
    )
    left = [(alert, by) for alert, by in told if alert.fingerprint not in known]
    for alert, by in left:
        acknowledge(alert=alert, reason=reason, by=by)
    return len(left)


@transaction.atomic
def take_back(
    *, acknowledgement: Acknowledgement, by: Actor, reason: str = "", expected_version: int | None = None
) -> Acknowledgement:
    """Raises `Stale` when the answer is not the version that was seen any more."""
    acknowledgement.withdrawn = True
    return save_record(record=acknowledgement, by=by, reason=reason, expected_version=expected_version)


def blocking(convention: Convention) -> list[Alert]:
    """The errors that nobody answered for: they stop a transmission, and nothing else."""
    answered = Acknowledgement.objects.filter(convention=convention, withdrawn=False)
    return list(
        Alert.objects.filter(convention=convention, level=Level.ERROR).exclude(
            fingerprint__in=answered.values("fingerprint")
        )
    )

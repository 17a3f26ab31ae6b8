"""What people answer to what the rules find (`checking`)."""

from collections.abc import Iterable

from django.db import transaction

from jalons.conventions.enums import AlertLevel
from jalons.conventions.models import Acknowledgement, Alert, Convention
from jalons.history.services import Actor, Stale, save_record


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
    alert_actors = list(alerts)
    marks = [alert.fingerprint for alert, _ in alert_actors]
    conventions = {alert.convention_id for alert, _ in alert_actors}
    known = set(
        Acknowledgement.objects.filter(
            convention__in=conventions, fingerprint__in=marks, withdrawn=False
        ).values_list("fingerprint", flat=True)
    )
    left = [(alert, by) for alert, by in alert_actors if alert.fingerprint not in known]
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
        Alert.objects.filter(convention=convention, level=AlertLevel.ERROR).exclude(
            fingerprint__in=answered.values("fingerprint")
        )
    )

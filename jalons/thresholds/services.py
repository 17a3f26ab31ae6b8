"""Setting a threshold, with its history."""

from django.core.exceptions import ValidationError
from django.db import transaction

from jalons.core.values import format_number
from jalons.history.services import Actor, save_record
from jalons.thresholds.enums import BOUNDS, ThresholdCode
from jalons.thresholds.models import Threshold
from jalons.thresholds.selectors import forget, limits_in_force

ORDER = "Un site est d’abord « à mettre à jour », puis « plus à jour »\u00a0: le second délai doit être le plus long."


@transaction.atomic
def set_threshold(
    *, code: ThresholdCode, days: int, by: Actor, reason: str, expected_version: int | None = None
) -> Threshold:
    """Raises `ValidationError` in French when the delay is out of bounds, or two delays would cross; `Stale` when
    somebody set it since `expected_version` (0: nobody ever had).
    """
    bounds = BOUNDS[code]
    if not bounds.least <= days <= bounds.most:
        least, most = format_number(bounds.least), format_number(bounds.most)
        raise ValidationError(f"Ce délai va de {least} à {most}\u00a0jours.")
    # All rows in one order: two delays that must not cross are set one after the other.
    rows = {row.code: row for row in Threshold.objects.select_for_update().order_by("code")}
    forget()
    limits = limits_in_force()
    due = days if code == ThresholdCode.SURVEY_DUE else limits.survey_due.days
    stale = days if code == ThresholdCode.SURVEY_STALE else limits.survey_stale.days
    if stale <= due:
        raise ValidationError(ORDER)
    row = rows.get(code) or first_row(code)
    row.days = days
    save_record(record=row, by=by, reason=reason, expected_version=expected_version)
    forget()
    return row


def first_row(code: ThresholdCode) -> Threshold:
    """The row of a threshold that nobody set yet: not a line of its history. Of two at once, both find the same."""
    Threshold.objects.bulk_create([Threshold(code=code, days=BOUNDS[code].default)], ignore_conflicts=True)
    return Threshold.objects.get(code=code)

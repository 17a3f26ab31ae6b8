"""Writing what was paid, or is to be."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.enums import AlertScope
from jalons.conventions.models import Payment
from jalons.history.services import Actor, save_record


@transaction.atomic
def save_payment(
    *,
    payment: Payment,
    columns: Mapping[str, Any],
    by: Actor,
    expected_version: int | None = None,
    reason: str = "",
) -> Payment:
    """Add or change a payment, in euros. Raises `Stale`. Bank details have no place here, on purpose."""
    for name, value in columns.items():
        setattr(payment, name, value)
    if payment.pk is None:
        others = Payment.objects.filter(convention=payment.convention_id)
        last = others.aggregate(last=Max("position"))["last"]
        payment.position = 0 if last is None else last + 1
    save_record(record=payment, by=by, reason=reason, expected_version=expected_version)
    touched(convention=payment.convention, scopes=[AlertScope.MONEY])
    return payment

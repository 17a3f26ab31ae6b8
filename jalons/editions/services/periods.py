"""Closing a half-year with the edition that stays its account, and opening it again."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from jalons.editing.refusals import Refused
from jalons.editions.closings import closes_a_half_year, standing_closing
from jalons.editions.models import PeriodClosing, ReportEdition
from jalons.history.services import Actor

NOT_PUBLISHED = "Un semestre se clôt avec un bilan publié, une fois le semestre terminé."
ALREADY = "Ce semestre est déjà clos pour ce territoire."
NOT_CLOSED = "Ce semestre est déjà rouvert."


@transaction.atomic
def close_period(*, edition: ReportEdition, by: Actor) -> PeriodClosing:
    """Of two people who close it at once, the second is refused; an account of it that is being published is waited
    for, and one that comes after is refused.
    """
    accounts = ReportEdition.objects.filter(kind=edition.kind, area=edition.area, first_day=edition.first_day)
    list(accounts.select_for_update().order_by("pk").values_list("pk"))
    if not closes_a_half_year(edition):
        raise Refused(NOT_PUBLISHED)
    if standing_closing(edition.area, edition.first_day) is not None:
        raise Refused(ALREADY)
    try:
        with transaction.atomic():
            return PeriodClosing.objects.create(
                area=edition.area, first_day=edition.first_day, edition=edition, closed_by=by.user
            )
    except IntegrityError:
        raise Refused(ALREADY) from None


@transaction.atomic
def reopen_period(*, closing: PeriodClosing, reason: str, by: Actor) -> None:
    """The closing stays in the history, with who opened it again and why."""
    opened = {"reopened_at": timezone.now(), "reopened_by": by.user, "reason": reason}
    if not PeriodClosing.objects.filter(pk=closing.pk, reopened_at__isnull=True).update(**opened):
        raise Refused(NOT_CLOSED)

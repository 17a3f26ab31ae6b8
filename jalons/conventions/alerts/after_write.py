"""What every write on a convention ends with."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F

from jalons.conventions.alerts.checking import ask_check
from jalons.conventions.enums import AlertScope
from jalons.conventions.models import Commitment, Convention


@transaction.atomic
def touched(
    *,
    convention: Convention,
    sheets: Iterable[Commitment] | None = None,
    scopes: Sequence[AlertScope] | None = None,
) -> None:
    """Something of the convention changed: the rules that this may concern are run once it is committed.

    `sheets`: nothing but these changed. `scopes`: nothing but these subjects changed (`AlertScope.MONEY`…).
    """
    Convention.objects.filter(pk=convention.pk).update(revision=F("revision") + 1)
    ask_check(convention=convention, sheets=sheets, scopes=scopes)

"""How many wrong passwords before a pause: by person and address, by person, by address. See docs/adr/0019."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_cool_off, get_failure_limit
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

# Clocks of two machines differ a little; a try that stands further in the future was dated by a clock since set right.
SKEW = dt.timedelta(minutes=1)


class JalonsHandler(AxesDatabaseHandler):
    """The handler of django-axes with a limit of its own for each of `AXES_LOCKOUT_PARAMETERS`."""

    def get_failures(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """The failures of the pause that is nearest, on the scale of the one limit that the library knows."""
        limit = get_failure_limit(request, credentials)
        counts = [0]
        for attempts, most in self.limited(request, credentials):
            failures = attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
            counts.append(failures * limit // most)
        return max(counts)

    def limited(self, request: Any, credentials: Any) -> Iterator[tuple[QuerySet[AccessAttempt], int]]:
        """The recent failures of each kind, and how many are too many."""
        for attempts, parameter, most in zip(
            self.get_user_attempts(request, credentials),
            settings.AXES_LOCKOUT_PARAMETERS,
            settings.SIGN_IN_LIMITS,
            strict=True,
        ):
            # Visitors whose address nobody knows are not one visitor.
            if parameter != "ip_address" or request.axes_ip_address:
                yield attempts, most

    def get_user_attempts(self, request: Any, credentials: dict[str, Any] | None = None) -> list[Any]:
        latest = timezone.now() + SKEW
        recent = super().get_user_attempts(request, credentials)
        return [attempts.filter(attempt_time__lte=latest) for attempts in recent]

    def clean_expired_user_attempts(
        self, request: Any = None, credentials: dict[str, Any] | None = None
    ) -> int:
        ahead, _ = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() + SKEW).delete()
        return ahead + int(super().clean_expired_user_attempts(request, credentials))

    def reset_user_attempts(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Who came in is forgiven their own tries from there, not what was tried on other accounts."""
        own = AccessAttempt.objects.filter(
            username=get_client_username(request, credentials), ip_address=request.axes_ip_address
        )
        return own.delete()[0]

    def again_at(self, request: Any, credentials: Any) -> dt.datetime:
        """When the last of the pauses under way ends."""
        times = [
            summed["last"]
            for attempts, most in self.limited(request, credentials)
            if (summed := attempts.aggregate(last=Max("attempt_time"), total=Sum("failures_since_start")))[
                "total"
            ]
            and summed["total"] >= most
        ]
        return max(times, default=timezone.now()) + (get_cool_off(request) or dt.timedelta())

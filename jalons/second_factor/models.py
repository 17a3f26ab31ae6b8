"""Second factors. The secrets are in the tables of django-otp; here, their rules of ours and what happened to them."""

import unicodedata
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from jalons.accounts.models import User
from jalons.second_factor.enums import FactorEventKind

# Refused tries are 1, 2, 4… seconds apart; from the tenth on, nine minutes: one in a million has no hope, and who
# knows the password cannot keep the owner out for ever.
MOST_COUNTED = 10
KEPT_CHARACTERS = 16  # of the digest of a recovery code: the length of the column, 64 bits for a code of 49


class Patient:
    """The pause after refused tries stops growing."""

    throttling_failure_count: int

    def throttle_increment(self, commit: bool = True) -> None:
        self.throttling_failure_count = min(self.throttling_failure_count, MOST_COUNTED - 1)
        super().throttle_increment(commit)  # type: ignore[misc]  # of django-otp's ThrottlingMixin


class CodeApplication(Patient, TOTPDevice):
    """An application of a phone that shows a code of six figures, another every thirty seconds (RFC 6238)."""

    class Meta:
        proxy = True
        verbose_name = "application de codes"


class RecoverySheet(Patient, StaticDevice):
    """The recovery codes of one person. Only digests are kept: no screen and no copy of the base shows a code."""

    class Meta:
        proxy = True
        verbose_name = "feuille de codes de secours"

    def verify_token(self, token: Any) -> bool:
        return bool(super().verify_token(digest_of(str(token))))


def digest_of(code: str) -> str:
    """However the code was typed: capitals, spaces and hyphens do not count. Depends on the secret key."""
    plain = unicodedata.normalize("NFKC", code).lower()
    letters = "".join(letter for letter in plain if letter.isalnum())
    return salted_hmac("jalons.second_factor.recovery", letters, algorithm="sha256").hexdigest()[
        :KEPT_CHARACTERS
    ]


class FactorEvent(models.Model):
    """One line of the history of somebody's second factors. `by` is the person themselves but for a reset."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="factor_events", verbose_name="compte"
    )
    kind = models.CharField("quoi", max_length=10, choices=FactorEventKind)
    label = models.CharField("lequel", max_length=120, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    reason = models.CharField("motif", max_length=300, blank=True)
    at = models.DateTimeField("le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "fait de double authentification"
        indexes = [models.Index(fields=["user", "-at"], name="second_factor_event_user_at")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.user}"

"""The delays from which Jalons says something, and between what each may be set."""

import datetime as dt
from dataclasses import dataclass

from django.db import models


class ThresholdCode(models.TextChoices):
    SURVEY_DUE = "survey_due", "Un site est « à mettre à jour » quand son recensement date de plus de"
    SURVEY_STALE = "survey_stale", "Un site est « plus à jour » quand son recensement date de plus de"
    EVACUATION_SOON = "evacuation_soon", "Une évacuation prévue est signalée, au plus tôt, avant sa date"
    FOLLOW_UP_NOTICE = "follow_up_notice", "Un suivi à venir est annoncé, au plus tôt, avant son échéance"
    FOLLOW_UP_CLOSE = "follow_up_close", "Un suivi sert aussi une échéance voisine, à moins de"
    FOLLOW_UP_GRACE = "follow_up_grace", "Un dispositif qui commence ne doit aucun suivi pendant"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Days: what holds when nobody set another, the least and the most that may be set."""

    default: int
    least: int
    most: int


# A report within half a month of a deadline serves it: beyond, one would serve two months.
BOUNDS: dict[ThresholdCode, Bounds] = {
    ThresholdCode.SURVEY_DUE: Bounds(91, 7, 365),
    ThresholdCode.SURVEY_STALE: Bounds(182, 14, 730),
    ThresholdCode.EVACUATION_SOON: Bounds(90, 7, 365),
    ThresholdCode.FOLLOW_UP_NOTICE: Bounds(30, 1, 90),
    ThresholdCode.FOLLOW_UP_CLOSE: Bounds(15, 0, 15),
    ThresholdCode.FOLLOW_UP_GRACE: Bounds(14, 0, 60),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds in force together. Pure functions take what they need of it."""

    survey_due: dt.timedelta
    survey_stale: dt.timedelta
    evacuation_soon: dt.timedelta
    follow_up_notice: dt.timedelta
    follow_up_close: dt.timedelta
    follow_up_grace: dt.timedelta


def limits_with(days: dict[str, int]) -> Limits:
    """`days`: by code; those that are not there hold their default."""
    return Limits(
        **{code.value: dt.timedelta(days=days.get(code, rule.default)) for code, rule in BOUNDS.items()}
    )


DEFAULTS = limits_with({})

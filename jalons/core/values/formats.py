"""Numbers, money, percentages and durations as French readers expect them.

U+202F between thousands from four digits, decimal comma, U+2212 for minus, U+00A0 before a unit. Years, codes
and article numbers are text: never give them to these functions.
"""

from decimal import Decimal
from enum import StrEnum

from jalons.core.values.numbers import Number, rounded, simplest
from jalons.core.values.text import NBSP, THIN, plural

MINUS = "\u2212"


class DurationUnit(StrEnum):
    """Named as in the exchange format."""

    MINUTES = "minutes"
    HOURS = "heures"
    DAYS = "jours"
    WEEKS = "semaines"
    MONTHS = "mois"
    YEARS = "ans"


_SINGULAR = {
    DurationUnit.MINUTES: "minute",
    DurationUnit.HOURS: "heure",
    DurationUnit.DAYS: "jour",
    DurationUnit.WEEKS: "semaine",
    DurationUnit.MONTHS: "mois",
    DurationUnit.YEARS: "an",
}


def format_number(number: Number | float, decimals: int | None = None) -> str:
    """« 1 240 », « −12,5 ». Every decimal is kept unless `decimals` says how many to show."""
    value = _decimal(number)
    if decimals is not None:
        value = rounded(value, decimals)
    whole, _, fraction = f"{value.copy_abs():f}".partition(".")
    sign = MINUS if value < 0 else ""
    return sign + f"{int(whole):,}".replace(",", THIN) + (f",{fraction}" if fraction else "")


def format_percent(number: Number | float, decimals: int | None = None) -> str:
    """« 62 % ». When rounding would say 0 or 100 of what is neither: « < 1 % », « > 99 % »."""
    share = _decimal(number)
    if decimals is None:
        return f"{format_number(share)}{NBSP}%"
    step, near = Decimal(1).scaleb(-decimals), rounded(share, decimals)
    if near == 0 < share:
        return f"<{NBSP}{format_number(step)}{NBSP}%"
    if near == 100 > share:
        return f">{NBSP}{format_number(100 - step)}{NBSP}%"
    return f"{format_number(near, decimals)}{NBSP}%"


def format_euros(number: Number | float) -> str:
    """« 13 197 804 € », « 12,50 € »: cents only when there are some."""
    amount = _decimal(number)
    cents = 0 if rounded(amount, 2) == rounded(amount, 0) else 2
    return f"{format_number(amount, cents)}{NBSP}€"


def format_duration(number: Number | float, unit: str) -> str:
    """« 3 mois », « 1 an », « 17,4 jours », « 2 h 30 » (also for 150 minutes), « 45 min »."""
    amount, unit = _decimal(number), DurationUnit(unit)
    if unit not in (DurationUnit.HOURS, DurationUnit.MINUTES):
        return f"{format_number(amount)}{NBSP}{unit_word(amount, unit)}"
    minutes = amount * 60 if unit is DurationUnit.HOURS else amount
    if minutes != int(minutes):
        return f"{format_number(amount)}{NBSP}{'h' if unit is DurationUnit.HOURS else 'min'}"
    hours, rest = divmod(int(minutes), 60)
    if not hours and (rest or unit is DurationUnit.MINUTES):
        return f"{rest}{NBSP}min"
    return f"{format_number(hours)}{NBSP}h" + (f"{NBSP}{rest:02}" if rest else "")


def unit_word(number: Number, unit: str) -> str:
    """« jour » or « jours »."""
    return plural(number, _SINGULAR[DurationUnit(unit)], unit)


def plain_number(number: Number) -> str:
    """For files: no separator between thousands, decimal comma, ordinary minus: « -1240,5 »."""
    return f"{Decimal(number):f}".replace(".", ",")


def _decimal(number: Number | float) -> Decimal:
    value = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not value.is_finite():
        raise ValueError(f"not a number that can be shown: {number}")
    return Decimal(simplest(value))

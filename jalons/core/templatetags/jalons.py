"""Filters and tags that every template has without loading them."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html

from jalons.core import clock, values
from jalons.core.values import Emptiness, Kind, Number, Ratio, Sum, Value

register = template.Library()


@register.filter
def number(told: object) -> str:
    """« 1 240 »: a number, a value or a sum."""
    return _figure(told, values.format_number)


@register.filter
def signed(told: Number) -> str:
    """« +12 », « −436 », « 0 »: a difference."""
    return f"{'+' if told > 0 else ''}{values.format_number(told)}"


@register.filter
def value(told: object) -> str:
    """Any typed value as it says itself."""
    return _figure(told, values.format_number)


@register.filter
def euros(told: object) -> str:
    return _figure(told, values.format_euros)


@register.filter
def percent(told: object, decimals: int = 0) -> str:
    """« 62 % » of 62: never multiplies."""
    return _figure(told, lambda share: values.format_percent(share, decimals))


@register.filter
def day(told: dt.date | None) -> str:
    """« 12/12/2019 »."""
    return values.format_date(told) if told else _absent(Emptiness.EMPTY)


@register.filter
def long_day(told: dt.date | None) -> str:
    """« 12 décembre 2019 »."""
    return values.format_long_date(told) if told else _absent(Emptiness.EMPTY)


@register.filter
def moment(told: dt.date | None) -> str:
    """« 1er août 2019 à 16:00 », or the day alone when the time is not known."""
    if not told:
        return _absent(Emptiness.EMPTY)
    return values.format_moment(told) if isinstance(told, dt.datetime) else values.format_long_date(told)


@register.filter
def ago(told: dt.date | None) -> str:
    """« il y a 3 mois »."""
    return values.format_since(told, today=clock.today()) if told else _absent(Emptiness.EMPTY)


@register.filter
def quiet(printed: str, document: Any) -> str:
    """A title that `document` prints in capitals, as a sentence: `{{ article.title|quiet:convention }}`."""
    return str(document.quiet(printed))


@register.filter
def plural_fr(count: Number | None, words: str) -> str:
    """`{{ n|plural_fr:"site,sites" }}` is the word alone."""
    singular, _, several = words.partition(",")
    return values.plural(count or 0, singular, several)


@register.filter
def coverage(told: Sum | Ratio, words: str) -> str:
    """`{{ people|coverage:"site,sites" }}`: « 37 sites sur 51 »."""
    singular, _, several = words.partition(",")
    return told.coverage(singular, several)


def _figure(told: object, form: Callable[[Number | float], str]) -> str:
    if isinstance(told, Ratio):
        told = told.value
    if told is None or told == "":
        return _absent(Emptiness.EMPTY)
    if isinstance(told, Value | Sum) and told.emptiness:
        return _absent(told.emptiness)
    if isinstance(told, Value) and told.kind is Kind.NUMBER and not (told.unit or told.qualifier):
        told = told.number
    if isinstance(told, Sum):
        return told.display(form)
    if isinstance(told, int | float | Decimal):
        return form(told)
    return str(told)


def _absent(emptiness: Emptiness) -> str:
    return format_html('<span class="j-nd">{}</span>', emptiness.words)

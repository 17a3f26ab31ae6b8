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
def number(figure: object) -> str:
    """« 1 240 »: a number, a value or a sum."""
    return _figure(figure, values.format_number)


@register.filter
def signed(gap: Number) -> str:
    """« +12 », « −436 », « 0 »: a difference."""
    return f"{'+' if gap > 0 else ''}{values.format_number(gap)}"


@register.filter
def value(figure: object) -> str:
    """Any typed value as it says itself."""
    return _figure(figure, values.format_number)


@register.filter
def euros(figure: object) -> str:
    return _figure(figure, values.format_euros)


@register.filter
def percent(figure: object, decimals: int = 0) -> str:
    """« 62 % » of 62: never multiplies."""
    return _figure(figure, lambda share: values.format_percent(share, decimals))


@register.filter
def day(date: dt.date | None) -> str:
    """« 12/12/2019 »."""
    return values.format_date(date) if date else _absent(Emptiness.EMPTY)


@register.filter
def long_day(date: dt.date | None) -> str:
    """« 12 décembre 2019 »."""
    return values.format_long_date(date) if date else _absent(Emptiness.EMPTY)


@register.filter
def moment(date: dt.date | None) -> str:
    """« 1er août 2019 à 16:00 », or the day alone when the time is not known."""
    if not date:
        return _absent(Emptiness.EMPTY)
    return values.format_moment(date) if isinstance(date, dt.datetime) else values.format_long_date(date)


@register.filter
def ago(date: dt.date | None) -> str:
    """« il y a 3 mois »."""
    return values.format_since(date, today=clock.today()) if date else _absent(Emptiness.EMPTY)


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
def coverage(figure: Sum | Ratio, words: str) -> str:
    """`{{ people|coverage:"site,sites" }}`: « 37 sites sur 51 »."""
    singular, _, several = words.partition(",")
    return figure.coverage(singular, several)


def _figure(figure: object, form: Callable[[Number | float], str]) -> str:
    if isinstance(figure, Ratio):
        figure = figure.value
    if figure is None or figure == "":
        return _absent(Emptiness.EMPTY)
    if isinstance(figure, Value | Sum) and figure.emptiness:
        return _absent(figure.emptiness)
    if isinstance(figure, Value) and figure.kind is Kind.NUMBER and not (figure.unit or figure.qualifier):
        figure = figure.number
    if isinstance(figure, Sum):
        return figure.display(form)
    if isinstance(figure, int | float | Decimal):
        return form(figure)
    return str(figure)


def _absent(emptiness: Emptiness) -> str:
    return format_html('<span class="j-nd">{}</span>', emptiness.words)

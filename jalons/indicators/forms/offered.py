"""The numbers offered beside the boxes of one form, and which of those that were sent came from there."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import QueryDict

from jalons.actions.models import FollowUp
from jalons.core.values import Emptiness, Value, format_date, format_number, french_spaces
from jalons.core.values.cells import LEAST_FEW, MOST_FEW
from jalons.indicators.forms.figures import FEW_WORDS, field_name
from jalons.indicators.models import Indicator
from jalons.indicators.offers import Moment, OfferedNumber, RegisterOffer

SALT = "indicators.offers"
TAKE, TAKE_ALL, AS_FEW = "reprendre_nombre", "tous", "en_fourchette"


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """Beside one box. `taken`: the box says this number."""

    field: str
    words: str
    rule: str
    list_url: str
    taken: bool


@dataclass(frozen=True, slots=True)
class LateReport:
    """A report of which the register counts something else today than what it gave then."""

    on: dt.date
    rows: tuple[tuple[str, str, str], ...]  # indicator, what was sent, « + 2 »
    correct_url: str

    @property
    def day(self) -> str:
        return format_date(self.on)


@dataclass(frozen=True, slots=True)
class Offered:
    """What the page shows of an offer. `token`: the numbers offered, signed, so that what is sent can be compared with
    them once the register is closed again.
    """

    offer: RegisterOffer
    moment: Moment
    token: str = ""
    late: tuple[LateReport, ...] = ()

    @property
    def numbers(self) -> Mapping[int, OfferedNumber]:
        return self.offer.at(self.moment)

    @property
    def day(self) -> str:
        return format_date(self.moment.on)

    def line(self, indicator: Indicator, value: Value) -> OfferedLine | None:
        """`value`: what the box says."""
        offered = self.numbers.get(indicator.pk)
        if offered is None:
            return None
        return OfferedLine(
            field_name(indicator),
            format_number(offered.number),
            french_spaces(offered.rule),
            offered.list_url,
            says(value, offered.number),
        )


def says(value: Value, number: int) -> bool:
    """The same number, or « 1 à 4 » for one of them."""
    if value.emptiness is Emptiness.FEW:
        return LEAST_FEW <= number <= MOST_FEW
    return value.number == number


def signed(action: int, reporter: int, on: dt.date, numbers: Mapping[int, OfferedNumber]) -> str:
    """Bound to the dispositif, the structure and the date: the token of one report says nothing of another."""
    content = {str(pk): offered.number for pk, offered in numbers.items()}
    return signing.dumps([action, reporter, on.isoformat(), content], salt=SALT, compress=True)


def offered_before(token: str, *, action: int, reporter: int, on: dt.date) -> dict[int, int]:
    """The numbers that were offered for this very report; none for a token of another, or that nobody signed."""
    try:
        of_action, of_reporter, day, numbers = signing.loads(token, salt=SALT)
        if (of_action, of_reporter, day) != (action, reporter, on.isoformat()):
            return {}
        return {int(pk): int(number) for pk, number in numbers.items()}
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return {}


def pressed(data: QueryDict, indicators: Mapping[int, Indicator], offered: Offered | None) -> QueryDict:
    """What was typed, with what the buttons say: an offered number, all of them, or « 1 à 4 » in place of a number."""
    typed = data.copy()
    numbers = offered.numbers if offered else {}
    wanted = data.get(TAKE, "")
    for pk, offer in numbers.items():
        if pk in indicators and wanted in (TAKE_ALL, field_name(indicators[pk])):
            typed[field_name(indicators[pk])] = format_number(offer.number)
    narrowed = data.get(AS_FEW, "")
    for indicator in indicators.values():
        if indicator.counts_people and narrowed == field_name(indicator):
            typed[narrowed] = FEW_WORDS
    return typed


def differences(
    sent: Iterable[Any],
    offer: RegisterOffer,
    reports: Mapping[dt.date, FollowUp],
    urls: Mapping[dt.date, str],
) -> tuple[LateReport, ...]:
    """`sent`: measurements that came from the register, with their indicator. Newest report first."""
    by_day: dict[dt.date, list[tuple[str, str, str]]] = {}
    moments = {moment.on: moment for moment in offer.numbers}
    for fact in sent:
        moment = moments.get(fact.valid_on)
        settled = offer.settled_until is not None and fact.valid_on <= offer.settled_until
        if moment is None or settled or fact.valid_on not in reports:
            continue
        now = offer.at(moment).get(fact.series.indicator_id)
        if now is None or says(fact.value, now.number):
            continue
        if fact.value.number is None:
            gap = f"{format_number(now.number)} maintenant"
        else:
            more = now.number - fact.value.number
            gap = f"{'+' if more > 0 else '−'} {format_number(abs(more))}"
        row = (fact.series.indicator.label, str(fact.value), french_spaces(gap))
        by_day.setdefault(fact.valid_on, []).append(row)
    return tuple(
        LateReport(day, tuple(rows), urls[day]) for day, rows in sorted(by_day.items(), reverse=True)
    )

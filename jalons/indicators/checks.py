"""What is computed from what one types, and what deserves a second look. Pure; nothing here blocks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jalons.core.values import (
    MixedUnitsError,
    Number,
    Sum,
    Value,
    format_date,
    format_number,
    french_spaces,
    ratio,
    total,
)
from jalons.indicators.enums import Relation, ValueType
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.last import Last

# A figure that doubles, or falls to its half, is asked about from here: 1 that becomes 2 surprises nobody.
JUMP_FROM = 6


@dataclass(frozen=True, slots=True)
class Warning:
    """A sentence about one indicator that was typed."""

    indicator: int
    sentence: str


def zero_of(indicator: Indicator) -> Value | None:
    """« No movement » for a flow; None where 0 says nothing (a share, a text)."""
    kind = ValueType(indicator.value_type)
    if kind == ValueType.NUMBER:
        return Value.of(0)
    if kind == ValueType.AMOUNT:
        return Value.amount(0)
    return Value.duration(0, indicator.unit) if kind == ValueType.DURATION else None


def completed(indicators: Iterable[Indicator], values: Mapping[int, Value]) -> dict[int, Value]:
    """« Nothing else changed »: each flow left empty becomes 0.

    Not the details of a flow that did move: nobody said that none of the three who came in are women.
    `indicators`: those of a block, parents before their details.
    """
    told = dict(values)
    among = {indicator.pk: indicator for indicator in indicators}
    for one in among.values():
        if one.is_computed or not one.is_flow or told.get(one.pk, Value.empty()) != Value.empty():
            continue
        zero = zero_of(one)
        parent = among.get(one.parent_id) if one.parent_id else None
        detail = parent is not None and not parent.is_computed
        if zero is not None and not (detail and parent and told.get(parent.pk, Value.empty()).number != 0):
            told[one.pk] = zero
    return told


@dataclass(frozen=True, slots=True)
class Computed:
    """What is never typed: `sums` and `rates` by primary key of indicator."""

    sums: Mapping[int, Sum]
    rates: Mapping[int, Value]

    def words(self, pk: int) -> str:
        """« 12 », « ≥ 9 (1 non renseigné) », « 80 % (12 sur 15) »; empty while nothing is typed."""
        if pk in self.sums:
            whole = self.sums[pk]
            return whole.display() if whole.known or whole.nd or whole.few else ""
        rate = self.rates.get(pk)
        if rate is None or rate.number is None:
            return ""
        return f"{rate} ({rate.fraction})"


def computed(indicators: Iterable[Indicator], values: Mapping[int, Value]) -> Computed:
    """The sums and the rates of what was typed. A sum of parts of which some are missing says so."""
    by_pk = {indicator.pk: indicator for indicator in indicators}
    sums: dict[int, Sum] = {}

    def sum_of(one: Indicator) -> Sum:
        if one.pk not in sums:
            parts = (part for part in by_pk.values() if part.parent_id == one.pk)
            try:
                sums[one.pk] = sum((told(part) for part in parts if part.relation == Relation.PART), Sum())
            except MixedUnitsError:
                sums[one.pk] = Sum()
        return sums[one.pk]

    def told(one: Indicator) -> Sum:
        if one.value_type == ValueType.SUM:
            return sum_of(one)
        return total([values.get(one.pk, Value.empty())])

    def figure(pk: int | None) -> Number | None:
        one = by_pk.get(pk) if pk else None
        found = told(one) if one else Sum()
        return found.total if found.known else None

    for one in by_pk.values():
        if one.value_type == ValueType.SUM:
            sum_of(one)
    rates = {
        one.pk: ratio(figure(one.numerator_id), figure(one.denominator_id))
        for one in by_pk.values()
        if one.value_type == ValueType.RATE
        and figure(one.numerator_id) is not None
        and figure(one.denominator_id) is not None
    }
    return Computed(sums, rates)


def follow_up_warnings(
    indicators: Iterable[Indicator], values: Mapping[int, Value], last: Mapping[int, Last]
) -> list[Warning]:
    """What deserves a second look in what was typed, in the order of the form."""
    shown = {indicator.pk: indicator for indicator in indicators}
    sums = computed(shown.values(), values).sums
    figures = {pk: value.number for pk, value in values.items() if value.number is not None}
    figures |= {pk: whole.total for pk, whole in sums.items() if whole.known and not whole.few}
    found = [
        *beyond(shown, figures),
        *shares(shown, values),
        *movements(shown, figures, last),
        *jumps(shown, values, last),
    ]
    order = {pk: place for place, pk in enumerate(shown)}
    unique = {one.sentence: Warning(one.indicator, french_spaces(one.sentence)) for one in found}
    return sorted(unique.values(), key=lambda item: order.get(item.indicator, 0))


def beyond(shown: Mapping[int, Indicator], figures: Mapping[int, Number]) -> Iterator[Warning]:
    """Some of a whole are never more than it; nor is a figure more than its limit, a part than its total."""
    pairs = [(one, one.parent_id) for one in shown.values() if one.relation == Relation.AMONG]
    pairs += [(one, one.limit_id) for one in shown.values() if one.limit_id]
    rates = [one for one in shown.values() if one.value_type == ValueType.RATE]
    for rate in rates:
        if rate.numerator_id and rate.numerator_id in shown:
            pairs.append((shown[rate.numerator_id], rate.denominator_id))
    for one, bound in pairs:
        whole = shown.get(bound) if bound else None
        if whole is None or one.pk not in figures or whole.pk not in figures:
            continue
        if figures[one.pk] > figures[whole.pk]:
            typed_one = one if not one.is_computed else whole
            yield Warning(
                typed_one.pk,
                f"{full_label(one, shown)} : {format_number(figures[one.pk])}, c’est plus que "
                f"« {full_label(whole, shown)} » ({format_number(figures[whole.pk])}).",
            )


def shares(shown: Mapping[int, Indicator], values: Mapping[int, Value]) -> Iterator[Warning]:
    for pk, value in values.items():
        part, whole = value.numerator, value.denominator
        if pk in shown and part is not None and whole is not None and part > whole:
            sentence = f"{format_number(part)} sur {format_number(whole)}, la part dépasse le tout."
            yield Warning(pk, f"{shown[pk].label} : {sentence}")


def movements(
    shown: Mapping[int, Indicator], figures: Mapping[int, Number], last: Mapping[int, Last]
) -> Iterator[Warning]:
    """Those who were there, plus those who came in, less those who went out, are those who are there."""
    by_code = {one.code: pk for pk, one in shown.items() if one.code}
    people, entries, exits = (by_code.get(code) for code in ("personnes", "entrees", "sorties"))
    if people is None or entries is None or exits is None or people not in last:
        return
    before = last[people].value.number
    if before is None or any(pk not in figures for pk in (people, entries, exits)):
        return
    expected = before + figures[entries] - figures[exits]
    if expected != figures[people]:
        yield Warning(
            people,
            f"Personnes : {format_number(before)} le {format_date(last[people].on)} "
            f"+ {format_number(figures[entries])} entrées − {format_number(figures[exits])} sorties "
            f"= {format_number(expected)}, et vous dites {format_number(figures[people])}.",
        )


def jumps(
    shown: Mapping[int, Indicator], values: Mapping[int, Value], last: Mapping[int, Last]
) -> Iterator[Warning]:
    """A stock at least twice as high, or as low, as the last time."""
    for pk, value in values.items():
        one = shown.get(pk)
        if (
            one is None
            or one.is_flow
            or pk not in last
            or value.number is None
            or value.numerator is not None
        ):
            continue
        before, now = last[pk].value.number, value.number
        if before is None or max(before, now) < JUMP_FROM:
            continue
        if now >= 2 * before or before >= 2 * now:
            yield Warning(
                pk,
                f"{full_label(one, shown)} : {format_number(now)}, contre {format_number(before)} "
                f"le {format_date(last[pk].on)}. Est-ce bien cela ?",
            )


def detail_label(indicator: Indicator) -> str:
    """« dont femmes » for some of a whole."""
    if indicator.relation != Relation.AMONG:
        return indicator.label
    first, second = indicator.label[:1], indicator.label[1:2]
    return f"dont {first if second.isupper() else first.lower()}{indicator.label[1:]}"


def full_label(indicator: Indicator, shown: Mapping[int, Indicator]) -> str:
    """« Entrées, dont femmes »."""
    parent = shown.get(indicator.parent_id) if indicator.parent_id else None
    if parent is None or indicator.relation != Relation.AMONG:
        return indicator.label
    return f"{parent.label}, {detail_label(indicator)}"

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
    filled = dict(values)
    among = {indicator.pk: indicator for indicator in indicators}
    for indicator in among.values():
        if (
            indicator.is_computed
            or not indicator.is_flow
            or filled.get(indicator.pk, Value.empty()) != Value.empty()
        ):
            continue
        zero = zero_of(indicator)
        parent = among.get(indicator.parent_id) if indicator.parent_id else None
        detail = parent is not None and not parent.is_computed
        if zero is not None and not (detail and parent and filled.get(parent.pk, Value.empty()).number != 0):
            filled[indicator.pk] = zero
    return filled


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

    def sum_of(indicator: Indicator) -> Sum:
        if indicator.pk not in sums:
            parts = (part for part in by_pk.values() if part.parent_id == indicator.pk)
            try:
                sums[indicator.pk] = sum(
                    (summed(part) for part in parts if part.relation == Relation.PART), Sum()
                )
            except MixedUnitsError:
                sums[indicator.pk] = Sum()
        return sums[indicator.pk]

    def summed(indicator: Indicator) -> Sum:
        if indicator.value_type == ValueType.SUM:
            return sum_of(indicator)
        return total([values.get(indicator.pk, Value.empty())])

    def figure(pk: int | None) -> Number | None:
        indicator = by_pk.get(pk) if pk else None
        whole = summed(indicator) if indicator else Sum()
        return whole.total if whole.known else None

    for indicator in by_pk.values():
        if indicator.value_type == ValueType.SUM:
            sum_of(indicator)
    rates = {
        indicator.pk: ratio(figure(indicator.numerator_id), figure(indicator.denominator_id))
        for indicator in by_pk.values()
        if indicator.value_type == ValueType.RATE
        and figure(indicator.numerator_id) is not None
        and figure(indicator.denominator_id) is not None
    }
    return Computed(sums, rates)


def follow_up_warnings(
    indicators: Iterable[Indicator], values: Mapping[int, Value], last: Mapping[int, Last]
) -> list[Warning]:
    """What deserves a second look in what was typed, in the order of the form."""
    by_pk = {indicator.pk: indicator for indicator in indicators}
    sums = computed(by_pk.values(), values).sums
    figures = {pk: value.number for pk, value in values.items() if value.number is not None}
    figures |= {pk: whole.total for pk, whole in sums.items() if whole.known and not whole.few}
    candidates = [
        *beyond(by_pk, figures),
        *shares(by_pk, values),
        *movements(by_pk, figures, last),
        *jumps(by_pk, values, last),
    ]
    order = {pk: place for place, pk in enumerate(by_pk)}
    unique = {
        warning.sentence: Warning(warning.indicator, french_spaces(warning.sentence))
        for warning in candidates
    }
    return sorted(unique.values(), key=lambda item: order.get(item.indicator, 0))


def beyond(indicators: Mapping[int, Indicator], figures: Mapping[int, Number]) -> Iterator[Warning]:
    """Some of a whole are never more than it; nor is a figure more than its limit, a part than its total."""
    pairs = [
        (indicator, indicator.parent_id)
        for indicator in indicators.values()
        if indicator.relation == Relation.AMONG
    ]
    pairs += [(indicator, indicator.limit_id) for indicator in indicators.values() if indicator.limit_id]
    rates = [indicator for indicator in indicators.values() if indicator.value_type == ValueType.RATE]
    for rate in rates:
        if rate.numerator_id and rate.numerator_id in indicators:
            pairs.append((indicators[rate.numerator_id], rate.denominator_id))
    for indicator, bound in pairs:
        whole = indicators.get(bound) if bound else None
        if whole is None or indicator.pk not in figures or whole.pk not in figures:
            continue
        if figures[indicator.pk] > figures[whole.pk]:
            typed_one = indicator if not indicator.is_computed else whole
            yield Warning(
                typed_one.pk,
                f"{full_label(indicator, indicators)} : {format_number(figures[indicator.pk])}, c’est plus que "
                f"« {full_label(whole, indicators)} » ({format_number(figures[whole.pk])}).",
            )


def shares(indicators: Mapping[int, Indicator], values: Mapping[int, Value]) -> Iterator[Warning]:
    for pk, value in values.items():
        part, whole = value.numerator, value.denominator
        if pk in indicators and part is not None and whole is not None and part > whole:
            sentence = f"{format_number(part)} sur {format_number(whole)}, la part dépasse le tout."
            yield Warning(pk, f"{indicators[pk].label} : {sentence}")


def movements(
    indicators: Mapping[int, Indicator], figures: Mapping[int, Number], last: Mapping[int, Last]
) -> Iterator[Warning]:
    """Those who were there, plus those who came in, less those who went out, are those who are there."""
    by_code = {indicator.code: pk for pk, indicator in indicators.items() if indicator.code}
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
    indicators: Mapping[int, Indicator], values: Mapping[int, Value], last: Mapping[int, Last]
) -> Iterator[Warning]:
    """A stock at least twice as high, or as low, as the last time."""
    for pk, value in values.items():
        indicator = indicators.get(pk)
        if (
            indicator is None
            or indicator.is_flow
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
                f"{full_label(indicator, indicators)} : {format_number(now)}, contre {format_number(before)} "
                f"le {format_date(last[pk].on)}. Est-ce bien cela ?",
            )


def detail_label(indicator: Indicator) -> str:
    """« dont femmes » for some of a whole."""
    if indicator.relation != Relation.AMONG:
        return indicator.label
    first, second = indicator.label[:1], indicator.label[1:2]
    return f"dont {first if second.isupper() else first.lower()}{indicator.label[1:]}"


def full_label(indicator: Indicator, indicators: Mapping[int, Indicator]) -> str:
    """« Entrées, dont femmes »."""
    parent = indicators.get(indicator.parent_id) if indicator.parent_id else None
    if parent is None or indicator.relation != Relation.AMONG:
        return indicator.label
    return f"{parent.label}, {detail_label(indicator)}"

"""Sums and shares say what they cover, and never print 0 for what is unknown."""

from decimal import Decimal
from fractions import Fraction
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.core.values import Emptiness, MixedUnitsError, Ratio, Sum, Value, format_euros, ratio, total

figures = st.one_of(
    st.builds(Value.of, st.integers(0, 10**12) | st.decimals(0, 10**12, places=3)),
    st.sampled_from([Value.nd(), Value.na(), Value.dash(), Value.empty(), Value.text("en cours")]),
)
lists = st.lists(figures, max_size=12)
sums = lists.map(total)


@given(lists)
@settings(max_examples=100)
def test_a_total_agrees_with_counting_by_hand(values):
    whole = total(values)
    known = [Fraction(value.number) for value in values if value.number is not None]
    assert Fraction(whole.total) == sum(known)
    assert whole.known == len(known)
    assert whole.nd == values.count(Value.nd())
    assert whole.missing == sum(values.count(v) for v in (Value.nd(), Value.empty(), Value.text("en cours")))
    assert whole.expected == len(values) - values.count(Value.na()) - values.count(Value.dash())
    assert whole.is_complete == (whole.known > 0 and whole.known == whole.expected)
    assert whole.is_known == (whole.emptiness is None) == bool(known)


@given(sums, sums, sums)
@settings(max_examples=60)
def test_sums_add_in_any_grouping_and_order(a, b, c):
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + Sum() == a == Sum() + a


@given(lists, st.integers(0, 12))
@settings(max_examples=60)
def test_the_total_of_a_list_is_the_sum_of_the_totals_of_its_halves(values, cut):
    assert total(values[:cut]) + total(values[cut:]) == total(values)


@given(sums)
@settings(max_examples=60)
def test_a_sum_without_any_figure_is_never_printed_as_a_number(whole):
    digits = any(sign.isdigit() for sign in str(whole))
    assert digits == whole.is_known
    assert str(whole).startswith("≥") == (whole.total > 0 and whole.missing > 0)


def test_decimals_are_added_exactly():
    assert total([Value.of(Decimal("0.1"))] * 3).total == Decimal("0.3")
    assert total([Value.of(Decimal("0.5")), Value.of(Decimal("0.5"))]).total == 1


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([Value.of(1200), Value.of(40)], "1\u202f240"),
        ([Value.of(1240), Value.na(), Value.dash()], "1\u202f240"),
        ([Value.of(0), Value.nd()], "0 (1\u00a0ND)"),
        ([Value.of(680), Value.nd()], "≥\u00a0680 (1\u00a0ND)"),
        ([Value.of(0)], "0"),
        (
            [Value.of(5), Value.empty(), Value.empty(), Value.nd()],
            "≥\u00a05 (1\u00a0ND, 2\u00a0non renseignés)",
        ),
        ([Value.of(5), Value.percent(20)], "≥\u00a05 (1\u00a0non chiffré)"),
        ([Value.nd(), Value.empty()], "ND"),
        ([Value.empty()], "non renseigné"),
        ([Value.na(), Value.dash()], "sans objet"),
        ([Value.dash()], "–"),
        ([], "non renseigné"),
        # « 1 à 4 »: left out of the total, both bounds in the words, never an exact number.
        ([Value.few()], "1 à\u00a04"),
        ([Value.few(), Value.few()], "2 à\u00a08"),
        ([Value.of(680), Value.few(), Value.na()], "681 à\u00a0684"),
        ([Value.of(680), Value.few(), Value.nd()], "≥\u00a0681 (1\u00a0ND, 1\u00a0de 1 à\u00a04)"),
        ([Value.few(), Value.nd()], "ND"),
    ],
)
def test_how_a_sum_reads(values, shown):
    assert str(total(values)) == shown


def test_a_sum_of_euros():
    whole = total([Value.amount(Decimal("2000.50")), Value.amount(2000), Value.nd()])
    assert whole.display(format_euros) == "≥\u00a04\u202f000,50\u00a0€ (1\u00a0ND)"


def test_a_composite_counts_by_its_main_number_only():
    main = Value.composite("9 781 dont 7 782 hors PE", number=9781)
    assert total([main, Value.of(1)]) == Sum(9782, known=2)
    assert total([Value.composite("280 80")]) == Sum(unread=1)


def test_days_and_months_have_no_sum():
    with pytest.raises(MixedUnitsError):
        total([Value.duration(3, "jours"), Value.duration(2, "mois")])
    with pytest.raises(MixedUnitsError):
        total([Value.of(3), Value.amount(3)])


def test_a_sum_from_sql_counts_reads_like_the_sum_of_the_rows():
    rows = [Value.of(30), Value.of(7), Value.nd(), Value.empty(), Value.na()]
    assert Sum.from_counts(37, known=2, expected=4, nd=1, na=1) == total(rows)
    assert Sum.from_counts(None, known=0, expected=2) == total([Value.empty()] * 2)


@pytest.mark.parametrize("counts", [(5, 0, 2, 0), (None, 1, 2, 0), (5, 2, 1, 0), (5, 1, 2, 2)])
def test_counts_that_do_not_fit_are_refused(counts):
    with pytest.raises(ValueError, match="do not fit"):
        Sum.from_counts(*counts)


def test_coverage():
    assert Sum.from_counts(1240, 37, 51, nd=3).coverage("site", "sites") == "37 sites sur 51"
    assert Sum.from_counts(12, 1, 1200).coverage("site", "sites") == "1 site sur 1\u202f200"
    assert Sum().coverage("site", "sites") == "0 site sur 0"


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (218, 352, Value.percent(numerator=218, denominator=352)),
        (0, 10, Value.percent(numerator=0, denominator=10)),
        (0, 0, Value.na()),
        (None, 0, Value.na()),
        (None, 5, Value.nd()),
        (5, None, Value.nd()),
        (Value.nd(), 5, Value.nd()),
        (Value.na(), 5, Value.na()),
        (Value.of(1), Value.of(4), Value.percent(25, 1, 4)),
    ],
)
def test_a_ratio_comes_from_its_parts(numerator, denominator, expected):
    assert ratio(numerator, denominator) == expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [(1, 3, "33\u00a0%"), (1, 8, "13\u00a0%"), (1, 300, "<\u00a01\u00a0%"), (299, 300, ">\u00a099\u00a0%")],
)
def test_a_ratio_is_never_rounded_to_nothing_or_to_all(numerator, denominator, shown):
    assert str(ratio(numerator, denominator)) == shown


def test_a_pooled_ratio_takes_the_places_known_on_both_sides():
    pairs = [(200, 300), (18, 52), (None, 40), (3, Value.nd()), (Value.na(), 10)]
    pooled = Ratio.pooled(pairs)
    assert pooled == Ratio(218, 352, known=2, expected=4)
    assert str(pooled) == "62\u00a0%"
    assert pooled.coverage("site", "sites") == "218 sur 352, 2 sites de 4"


def test_a_pooled_ratio_without_any_place_is_not_a_figure():
    assert Ratio.pooled([(None, 3)]).value == Value.nd()
    assert Ratio.pooled([(None, 3)]).coverage("site", "sites") == "0 site de 1"
    assert Ratio().value.emptiness is Emptiness.NA


@given(st.lists(st.lists(st.tuples(figures, figures), max_size=4), max_size=4))
@settings(max_examples=60)
def test_pooling_by_territory_then_together_is_pooling_at_once(territories):
    apart = reduce(Ratio.__add__, map(Ratio.pooled, territories), Ratio())
    assert apart == Ratio.pooled([pair for territory in territories for pair in territory])

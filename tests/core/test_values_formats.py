from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.core.values import (
    fold,
    format_duration,
    format_euros,
    format_number,
    format_percent,
    french_spaces,
    join_and,
    join_or,
    parse_amount,
    parse_number,
    plural,
)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1240, "1\u202f240"),
        (13197804, "13\u202f197\u202f804"),
        (Decimal("1234.5"), "1\u202f234,5"),
        (Decimal("12.50"), "12,5"),
        (Decimal("1E+3"), "1\u202f000"),
        (-12, "\u221212"),
        (0.1, "0,1"),
        (Decimal("-0"), "0"),
    ],
)
def test_numbers(number, shown):
    assert format_number(number) == shown


def test_numbers_rounded_for_the_eye():
    assert format_number(Decimal("2.5"), 0) == "3"
    assert format_number(Decimal("-0.4"), 0) == "0"
    assert format_number(2, 1) == "2,0"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("sNaN")])
def test_what_is_not_a_number_is_never_printed(number):
    with pytest.raises(ValueError, match=r"."):
        format_number(number)


@pytest.mark.parametrize(
    ("euros", "shown"),
    [
        (0, "0\u00a0€"),
        (13197804, "13\u202f197\u202f804\u00a0€"),
        (Decimal("12.5"), "12,50\u00a0€"),
        (Decimal("12.00"), "12\u00a0€"),
        (-3, "\u22123\u00a0€"),
    ],
)
def test_euros(euros, shown):
    assert format_euros(euros) == shown


@pytest.mark.parametrize(
    ("share", "decimals", "shown"),
    [
        (62, None, "62\u00a0%"),
        (Decimal("17.4"), None, "17,4\u00a0%"),
        (Decimal("61.93"), 0, "62\u00a0%"),
        (Decimal("0.3"), 0, "<\u00a01\u00a0%"),
        (Decimal("99.96"), 1, ">\u00a099,9\u00a0%"),
        (0, 0, "0\u00a0%"),
        (100, 0, "100\u00a0%"),
        (Decimal("142.6"), 0, "143\u00a0%"),
    ],
)
def test_percentages(share, decimals, shown):
    assert format_percent(share, decimals) == shown


@pytest.mark.parametrize(
    ("number", "unit", "shown"),
    [
        (3, "mois", "3 mois"),
        (1, "ans", "1 an"),
        (3, "ans", "3 ans"),
        (Decimal("1.5"), "jours", "1,5 jour"),
        (Decimal("17.4"), "jours", "17,4 jours"),
        (150, "minutes", "2 h 30"),
        (Decimal("2.5"), "heures", "2 h 30"),
        (65, "minutes", "1 h 05"),
        (2, "heures", "2 h"),
        (45, "minutes", "45 min"),
        (0, "heures", "0 h"),
        (0, "minutes", "0 min"),
    ],
)
def test_durations(number, unit, shown):
    assert format_duration(number, unit) == shown.replace(" ", "\u00a0")


decimals = st.decimals(-(10**15), 10**15, places=3, allow_nan=False, allow_infinity=False)


@given(st.integers(-(10**17), 10**17) | decimals)
@settings(max_examples=100)
def test_a_number_printed_reads_back(number):
    assert parse_number(format_number(number)) == number


@given(st.decimals(-(10**12), 10**12, places=2))
@settings(max_examples=100)
def test_an_amount_printed_reads_back(euros):
    assert parse_amount(format_euros(euros)) == euros


@pytest.mark.parametrize(
    ("count", "word"),
    [(0, "site"), (1, "site"), (Decimal("1.5"), "site"), (-1, "site"), (2, "sites"), (1240, "sites")],
)
def test_plural_begins_at_two(count, word):
    assert plural(count, "site", "sites") == word


def test_lists_end_with_ou():
    assert [join_or(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a ou b",
        "a, b ou c",
    ]


def test_lists_end_with_et():
    assert [join_and(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a et b",
        "a, b et c",
    ]


def test_french_spaces_do_not_break():
    assert french_spaces("« a » : b ; c ! d ? 3 €") == (
        "«\u00a0a\u00a0»\u00a0: b\u00a0; c\u00a0! d\u00a0? 3\u00a0€"
    )


@pytest.mark.parametrize(
    "group",
    [
        ("Saint-Denis", "ST DENIS", "st. denis", "saint\u00a0denis", "Saint‑Denis"),
        ("Sainte-Foy", "Ste Foy"),
        ("Villeneuve-d’Ascq", "villeneuve d'ascq"),
        ("Île Sœur", "ile soeur", "I\u0302LE SŒUR"),
        ("Ex æquo", "EX AEQUO"),
        ("Straße", "STRASSE"),
    ],
)
def test_the_same_place_folds_to_the_same_text(group):
    assert len({fold(text) for text in group}) == 1


def test_st_is_a_saint_only_as_a_whole_word():
    assert fold("Stains, rue Est") == "stains, rue est"


@given(st.text())
@settings(max_examples=100)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_folding_every_letter_of_unicode_twice_changes_nothing():
    folded = fold(" ".join(chr(code) for code in range(0x30000)))
    assert fold(folded) == folded

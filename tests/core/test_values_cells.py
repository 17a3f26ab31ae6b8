"""Zero, ND, sans objet, dash and empty are five things, in store, on screen, in files and back."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.core.values import (
    Emptiness,
    Kind,
    Part,
    Value,
    kind_named,
    parse_cell,
    to_columns,
    value_from,
    values_from,
)

FIVE = [Value.of(0), Value.nd(), Value.na(), Value.dash(), Value.empty()]
FIVE_TEXTS = ["0", "ND", "/", "–", ""]
FIVE_WORDS = ["0", "ND", "sans objet", "–", "non renseigné"]

numbers = st.one_of(
    st.integers(-(10**15), 10**15),
    st.decimals(-(10**12), 10**12, places=4, allow_nan=False, allow_infinity=False),
)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
said = words.filter(str.strip)
counts = st.integers(0, 10**9)
plain_values = st.one_of(
    st.sampled_from(FIVE),
    st.builds(Value.of, numbers, words, words),
    st.builds(Value.percent, numbers),
    st.builds(
        lambda top, bottom: Value.percent(numerator=top, denominator=bottom), counts, st.integers(1, 10**9)
    ),
    st.builds(Value.duration, numbers, st.sampled_from(["jours", "mois", "ans", "heures"])),
    st.builds(Value.amount, st.decimals(-(10**12), 10**12, places=2)),
    st.builds(Value.text, words),
    st.builds(Value.choice, words, said),
)
parts = st.builds(Part, plain_values, words, st.sampled_from(["dont", "ventilation"]), words)
values = st.one_of(
    plain_values,
    st.builds(Value.composite, said, st.lists(parts, max_size=3).map(tuple), st.none() | numbers),
)


def test_the_five_are_all_different():
    assert len(set(FIVE)) == 5
    assert [value.is_known for value in FIVE] == [True, False, False, False, False]


@pytest.mark.parametrize(("value", "text"), list(zip(FIVE, FIVE_TEXTS, strict=True)))
def test_the_five_survive_a_file(value, text):
    assert value.to_text() == text
    assert parse_cell(text) == value


@pytest.mark.parametrize(("value", "shown"), list(zip(FIVE, FIVE_WORDS, strict=True)))
def test_the_five_are_said_in_words_that_can_be_typed_back(value, shown):
    assert str(value) == shown
    assert parse_cell(shown) == value


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("number", Kind.NUMBER),
        ("percent", Kind.PERCENT),
        ("duration", Kind.DURATION),
        ("text", Kind.TEXT),
        ("composite", Kind.COMPOSITE),
        ("nd", Emptiness.ND),
        ("not_applicable", Emptiness.NA),
        ("dash", Emptiness.DASH),
        ("empty", Emptiness.EMPTY),
    ],
)
def test_names_of_the_exchange_format(name, kind):
    assert kind_named(name) is kind


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="na"):
        kind_named("na")


@given(values)
@settings(max_examples=100)
def test_json_gives_back_the_same_value(value):
    assert Value.from_json(value.to_json()) == value
    assert kind_named(value.to_json()["kind"]) is value.kind


def test_json_keeps_integers_as_integers_and_decimals_as_strings():
    assert Value.of(Decimal("12.50")).to_json() == {"kind": "number", "number": "12.5"}
    assert Value.of(0).to_json() == {"kind": "number", "number": 0}


@pytest.mark.parametrize("number", ["Infinity", "NaN", "1e9", "", "١", "--1", True, [1]])
def test_json_with_a_strange_number_is_refused(number):
    with pytest.raises(ValueError, match=r"number|decimal|usable"):
        Value.from_json({"kind": "number", "number": number})


def test_a_number_is_the_same_however_it_was_written():
    assert Value.of(Decimal("12.0")) == Value.of(12) == Value.from_json({"kind": "number", "number": 12.0})
    assert Value.from_json({"kind": "duration", "number": 17.4, "unit": "jours"}) == Value.duration(
        Decimal("17.4"), "jours"
    )


@pytest.mark.parametrize(
    "build",
    [
        lambda: Value(Kind.NUMBER),
        lambda: Value(Emptiness.ND, number=3),
        lambda: Value.amount(Decimal("1.005")),
        lambda: Value.duration(3, "lunes"),
        lambda: Value.of(Decimal("NaN")),
        lambda: Value.of(10**18),
        lambda: Value.percent(numerator=3, denominator=0),
        lambda: Value.percent(50, numerator=3),
        lambda: Value.composite(" "),
    ],
)
def test_a_value_that_contradicts_itself_cannot_be_built(build):
    with pytest.raises(ValueError, match=r"."):
        build()


def test_a_truth_value_is_not_a_number():
    with pytest.raises(TypeError):
        Value.of(True)


def test_a_stated_rate_keeps_its_decimals_and_a_computed_one_shows_its_parts():
    assert str(Value.percent(Decimal("17.4"))) == "17,4\u00a0%"
    computed = Value.percent(numerator=218, denominator=352)
    assert str(computed) == "62\u00a0%"
    assert computed.fraction == "218 sur 352"
    assert str(Value.percent(Decimal("61.9"), 218, 352)) == "61,9\u00a0%"


def test_what_is_counted_follows_the_number():
    assert str(Value.of(24308, qualifier="en 1ère demande")) == "24\u202f308\u00a0en 1ère demande"


def test_a_composite_keeps_its_words_and_gives_its_breakdown():
    cell = Value.composite(
        "CAPEP : 680 Sauvegarde : ND",
        (Part(Value.of(680), "CAPEP", "ventilation"), Part(Value.nd(), "Sauvegarde", "ventilation")),
    )
    assert str(cell) == "CAPEP : 680 Sauvegarde : ND"
    assert cell.breakdown() == (Value.of(680), Value.nd())
    assert cell.breakdown("dont") == ()


def test_columns_of_a_model_give_back_the_five():
    numbers, blanks = to_columns(dict(zip("abcde", FIVE, strict=True)))
    assert numbers == {"a": 0, "b": None, "c": None, "d": None, "e": None}
    assert blanks == {"b": "nd", "c": "na", "d": "dash"}
    assert list(values_from(numbers, blanks).values()) == FIVE


def test_a_number_wins_over_a_reason_left_behind():
    assert value_from(3, "nd") == Value.of(3)
    assert value_from(3, None, Value.amount) == Value.amount(3)


def test_columns_refuse_an_unknown_reason_and_a_text():
    with pytest.raises(ValueError, match="perdu"):
        value_from(None, "perdu")
    with pytest.raises(ValueError, match="minors"):
        to_columns({"minors": Value.text("quelques-uns")})

"""Boundaries and tables of `core.values`: each limit on both sides, each word of each list."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.core.values import (
    Emptiness,
    ParseError,
    Value,
    exact,
    format_duration,
    format_percent,
    format_since,
    parse_amount,
    parse_cell,
    parse_date,
    parse_duration,
    parse_number,
    parse_partial_date,
    plural,
)
from jalons.core.values.cells import Part
from jalons.core.values.date_parsing import month_number
from jalons.core.values.dates import format_short_date, months_between
from jalons.core.values.numbers import percentage, rounded
from jalons.core.values.parsing import quoted
from jalons.core.values.partial_dates import PartialDate
from jalons.core.values.sums import Ratio, Sum, ratio

TODAY = dt.date(2020, 3, 5)
DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
MONTHS = {
    1: ["janvier", "jan", "janv", "janv."],
    2: ["février", "fev", "févr.", "fevr"],
    3: ["mars", "mar"],
    4: ["avril", "avr."],
    5: ["mai"],
    6: ["juin", "jun"],
    7: ["juillet", "juil.", "jul"],
    8: ["août", "aou"],
    9: ["septembre", "sept.", "sep"],
    10: ["octobre", "oct."],
    11: ["novembre", "nov."],
    12: ["décembre", "déc.", "dec"],
}
SHORT = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]


@pytest.mark.parametrize(("number", "names"), MONTHS.items())
def test_every_name_of_a_month(number: int, names: list[str]) -> None:
    for name in names:
        assert parse_date(f"3 {name} 2020", today=TODAY) == dt.date(2020, number, 3)
        assert parse_partial_date(f"{name} 2020").start == dt.date(2020, number, 1)
    assert month_number(f"{number:02}") == number
    assert format_short_date(dt.date(2020, number, 28)) == f"28\u00a0{SHORT[number - 1]}"
    assert format_short_date(dt.date(2020, number, 1)) == f"1er\u00a0{SHORT[number - 1]}"


@pytest.mark.parametrize(
    ("word", "days"), [("avant-hier", -2), ("hier", -1), ("aujourd’hui", 0), ("demain", 1)]
)
def test_days_told_from_today(word: str, days: int) -> None:
    assert parse_date(word, today=TODAY) == TODAY + dt.timedelta(days=days)


@pytest.mark.parametrize("name", DAYS)
def test_days_of_the_week(name: str) -> None:
    for place, day in enumerate(dt.date(2020, 3, number) for number in range(2, 9)):
        text = f"{name} {day.day} mars 2020"
        if DAYS[place] == name:
            assert parse_date(text, today=TODAY) == day
        else:
            with pytest.raises(ParseError, match=f"pas un {name}"):
                parse_date(text, today=TODAY)


def test_years_from_1900_to_2100_both_included() -> None:
    assert parse_date("1/1/1900", today=TODAY) == dt.date(1900, 1, 1)
    assert parse_date("31/12/2100", today=TODAY) == dt.date(2100, 12, 31)
    for text in ("31/12/1899", "1/1/2101"):
        with pytest.raises(ParseError, match="entre 1900 et 2100"):
            parse_date(text, today=TODAY)
    assert parse_partial_date("1900").start == dt.date(1900, 1, 1)
    assert parse_partial_date("2100").end == dt.date(2100, 12, 31)
    assert not parse_partial_date("1899").is_dated
    assert not parse_partial_date("2101").is_dated


def test_months_and_days_that_exist() -> None:
    assert parse_date("1/12/2020", today=TODAY) == dt.date(2020, 12, 1)
    assert parse_date("31/1/2020", today=TODAY) == dt.date(2020, 1, 31)
    for text in ("1/13/2020", "1/0/2020"):
        with pytest.raises(ParseError, match="il n’y a pas de mois"):
            parse_date(text, today=TODAY)
    for text in ("32/1/2020", "0/1/2020"):
        with pytest.raises(ParseError, match="a 31 jours"):
            parse_date(text, today=TODAY)
    assert parse_partial_date("12/2022").start == dt.date(2022, 12, 1)
    assert not parse_partial_date("13/2022").is_dated
    assert not parse_partial_date("00/2022").is_dated


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("premier trimestre 2022", (1, 1), (3, 31)),
        ("deuxième trimestre 2022", (4, 1), (6, 30)),
        ("second trimestre 2022", (4, 1), (6, 30)),
        ("troisième trimestre 2022", (7, 1), (9, 30)),
        ("quatrième trimestre 2022", (10, 1), (12, 31)),
        ("premier semestre 2022", (1, 1), (6, 30)),
        ("second semestre de 22", (7, 1), (12, 31)),
        ("2nd semestre 2022", (7, 1), (12, 31)),
        ("première trimestre 2022", (1, 1), (3, 31)),
        ("seconde semestre 2022", (7, 1), (12, 31)),
        ("T1 2022", (1, 1), (3, 31)),
        ("T3 2022", (7, 1), (9, 30)),
        ("S2 2022", (7, 1), (12, 31)),
    ],
)
def test_parts_of_a_year(text: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    partial = parse_partial_date(text)
    assert (partial.start, partial.end) == (dt.date(2022, *start), dt.date(2022, *end))


def test_a_date_open_on_one_side_is_dated() -> None:
    day = dt.date(2022, 1, 1)
    assert PartialDate("x", day, None).is_dated
    assert PartialDate("x", None, day).is_dated
    assert not PartialDate("x").is_dated
    assert parse_partial_date("entre mars et juin 2022").is_dated
    # « et » asks for « entre », and « entre » for « et ».
    assert not parse_partial_date("mars et juin 2022").is_dated
    assert not parse_partial_date("entre mars à juin 2022").is_dated


def test_a_date_is_not_longer_than_sixty_characters() -> None:
    assert parse_date("le" + " " * 5 + "1er février 2020", today=TODAY) == dt.date(2020, 2, 1)
    assert parse_partial_date("depuis le " + "1er mars 2022".rjust(50)).is_dated
    with pytest.raises(ParseError, match="trop long pour une date"):
        parse_date("1" * 61, today=TODAY)
    with pytest.raises(ParseError, match="n’est pas une date"):
        parse_date("1" * 60, today=TODAY)


def test_whole_months_then_years() -> None:
    assert months_between(dt.date(2020, 1, 31), dt.date(2020, 2, 29)) == 0
    assert months_between(dt.date(2020, 1, 29), dt.date(2020, 2, 29)) == 1
    assert months_between(dt.date(2019, 3, 5), TODAY) == 12
    assert months_between(TODAY, TODAY) == 0
    said = {
        dt.date(2020, 3, 3): "il y a 2 jours",
        dt.date(2020, 3, 7): "dans 2 jours",
        dt.date(2018, 3, 6): "il y a 23 mois",
        dt.date(2018, 3, 5): "il y a 2 ans",
        dt.date(2017, 3, 6): "il y a 2 ans",
        dt.date(2017, 3, 5): "il y a 3 ans",
        dt.date(2022, 3, 5): "dans 2 ans",
        dt.date(2022, 3, 4): "dans 23 mois",
    }
    for day, words in said.items():
        assert format_since(day, today=TODAY).replace("\u00a0", " ") == words


@given(st.integers(-(10**18), 10**18))
@example(10**18 - 1)
@example(10**18)
@example(1 - 10**18)
@example(-(10**18))
def test_a_number_has_eighteen_whole_digits_at_most(number: int) -> None:
    if abs(number) < 10**18:
        assert exact(number) == number == exact(Decimal(number))
        return
    for given_ in (number, Decimal(number), float(number)):
        with pytest.raises(ValueError, match=r"number"):
            exact(given_)


def test_a_number_has_fifteen_decimals_at_most() -> None:
    assert exact(Decimal("0.123456789012345")) == Decimal("0.123456789012345")
    with pytest.raises(ValueError, match="too many decimals"):
        exact(Decimal("0.1234567890123456"))
    assert parse_number("0,123456789012345") == Decimal("0.123456789012345")
    for text in ("0,1234567890123456", "1" * 19):
        with pytest.raises(ParseError, match="trop de chiffres"):
            parse_number(text)
    assert parse_number("1" * 18) == int("1" * 18)
    # What is computed, or comes from a float, keeps twelve decimals.
    assert exact(0.1234567890126) == Decimal("0.123456789013")
    assert percentage(2, 3) == Decimal("66.666666666667")
    for truth in (True, False):
        with pytest.raises(TypeError, match="truth"):
            exact(truth)


def test_halves_are_rounded_away_from_zero() -> None:
    assert [rounded(Decimal(text), 0) for text in ("0.5", "1.5", "2.5", "-0.5", "-2.5")] == [1, 2, 3, -1, -3]
    assert rounded(Decimal("0.49"), 0) == 0


def test_an_amount_has_two_decimals_at_most() -> None:
    assert parse_amount("12,34") == Decimal("12.34")
    for text in ("12,345", "0,001"):
        with pytest.raises(ParseError, match="centime"):
            parse_amount(text)
    assert Value.amount(Decimal("0.01")).number == Decimal("0.01")
    with pytest.raises(ValueError, match="two decimals"):
        Value.amount(Decimal("0.001"))


def test_what_is_shown_of_what_was_typed_has_forty_characters() -> None:
    assert quoted("a" * 40) == f"« {'a' * 40} »"
    assert quoted("a" * 41) == f"« {'a' * 40}… »"


def test_a_text_of_sixty_characters_is_still_read() -> None:
    with pytest.raises(ParseError, match="trop de chiffres"):
        parse_number("1" * 60)
    with pytest.raises(ParseError, match="trop long"):
        parse_number("1" * 61)
    assert parse_duration("3" + "mois".rjust(1)).number == 3


WORDS = [
    "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt",
]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *((word, count) for count, word in enumerate(WORDS, start=1)),
        ("une", 1),
        ("vingt-quatre", 24),
        ("trente", 30),
        ("trente-six", 36),
    ],
)
def test_numbers_in_words(word: str, count: int) -> None:
    assert parse_duration(f"{word} mois") == Value.duration(count, "mois")


@pytest.mark.parametrize(
    ("units", "number", "unit"),
    [
        ("min mn minute minutes", 2, "minutes"),
        ("h heure heures", 2, "heures"),
        ("j jour jours", 2, "jours"),
        ("semaine semaines", 2, "semaines"),
        ("mois", 2, "mois"),
        ("trimestre trimestres", 6, "mois"),
        ("semestre semestres", 12, "mois"),
        ("an ans annee années", 2, "ans"),
    ],
)
def test_units_of_duration(units: str, number: int, unit: str) -> None:
    for name in units.split():
        assert parse_duration(f"2 {name}") == Value.duration(number, unit)
        assert parse_duration(f"2{name}.") == Value.duration(number, unit)


def test_durations_of_two_units() -> None:
    assert parse_duration("2 h 30") == parse_duration("2h30 min") == Value.duration(150, "minutes")
    assert parse_duration("0 h 59") == Value.duration(59, "minutes")
    assert parse_duration("deux ans et demi") == Value.duration(30, "mois")
    assert parse_duration("1 an et 3 mois") == Value.duration(15, "mois")
    assert parse_duration("0 jour") == Value.duration(0, "jours")
    for text in ("2 h 60", "-1 jour", "1,5 an et 3 mois", "2 % mois"):
        with pytest.raises(ParseError, match="n’est pas une durée"):
            parse_duration(text)


EMPTY_WORDS = {
    Emptiness.ND: [
        "nd",
        "n.d",
        "N.D.",
        "n/d",
        "non disponible",
        "non disponibles",
        "donnée non disponible",
        "Données non disponibles",
    ],
    Emptiness.NA: ["/", "sans objet", "S.O.", "non applicable"],
    Emptiness.EMPTY: ["", " ", "non renseigné", "Non renseignée"],
    Emptiness.DASH: list("-‐‑‒–—―−"),
}


@pytest.mark.parametrize(("emptiness", "words"), EMPTY_WORDS.items())
def test_words_of_emptiness(emptiness: Emptiness, words: list[str]) -> None:
    assert {parse_cell(word).kind for word in words} == {emptiness}
    assert parse_cell(emptiness.sign).kind == emptiness
    assert emptiness.is_missing == (emptiness in (Emptiness.ND, Emptiness.EMPTY))


def test_codes_stay_texts() -> None:
    for code in ("01", "07100", "00"):
        assert parse_cell(code) == Value.text(code)
    assert parse_cell("0") == Value.of(0)
    assert parse_cell("0,5") == Value.of(Decimal("0.5"))


def test_two_is_plural_and_less_is_not() -> None:
    counts = [0, 1, 1.99, 2, -1, -2]
    assert [plural(count, "un", "des") for count in counts] == ["un", "un", "un", "des", "un", "des"]


def test_a_rounded_share_never_says_none_or_all_of_what_is_neither() -> None:
    shares = {0: "0 %", 0.4: "< 1 %", 0.5: "1 %", 99.4: "99 %", 99.5: "> 99 %", 99.9: "> 99 %", 100: "100 %"}
    for share, words in shares.items():
        assert format_percent(share, 0).replace("\u00a0", " ") == words
    assert format_percent(0.04, 1).replace("\u00a0", " ") == "< 0,1 %"
    assert format_percent(99.96, 1).replace("\u00a0", " ") == "> 99,9 %"


def test_what_a_sum_covers() -> None:
    assert Sum() == Sum(0, 0, 0, 0, 0, 0, 0)
    assert Sum.from_counts(5, 1, 3, nd=1, na=2, dash=3) == Sum(5, 1, 1, 1, 0, 2, 3)
    assert Sum.from_counts(None, 0, 0) == Sum()
    assert Sum.from_counts(0, 1, 1) == Sum(0, 1)
    for counts in ((None, 1, 1), (5, 0, 1), (5, 2, 1), (5, -1, 1)):
        with pytest.raises(ValueError, match="do not fit"):
            Sum.from_counts(*counts)
    for more in ({"nd": 2}, {"nd": -1}, {"na": -1}, {"dash": -1}):
        with pytest.raises(ValueError, match="do not fit"):
            Sum.from_counts(5, 1, 2, **more)
    emptinesses = {
        Emptiness.ND: [Sum(nd=1), Sum(nd=1, empty=1, na=1)],
        Emptiness.EMPTY: [Sum(), Sum(empty=1), Sum(unread=1, na=1, dash=1)],
        Emptiness.NA: [Sum(na=1), Sum(na=1, dash=1)],
        Emptiness.DASH: [Sum(dash=1)],
        None: [Sum(1, known=1), Sum(0, known=1, nd=1)],
    }
    for emptiness, sums in emptinesses.items():
        assert {one.emptiness for one in sums} == {emptiness}
    assert Sum(1, 1, 1, 1, 1, 1, 1) + Sum(2, 2, 2, 2, 2, 2, 2) == Sum(3, 3, 3, 3, 3, 3, 3)
    assert Sum(7, 1, 1, 2, 3).missing == 6
    assert str(Sum(680, 2, nd=1, empty=2, unread=2)).replace("\u00a0", " ") == (
        "≥ 680 (1 ND, 2 non renseignés, 2 non chiffrés)"
    )


def test_what_a_share_covers() -> None:
    assert ratio(1, 0) == Value.na()
    assert ratio(0, 4).number == 0
    assert ratio(None, 4) == Value.nd() == ratio(1, None)
    assert ratio(Value.na(), 4) == Value.na() == ratio(1, Value.dash())
    assert Ratio() == Ratio(0, 0, 0, 0)
    assert Ratio().value == Value.na()
    assert Ratio(expected=1).value == Value.nd()
    pooled = Ratio.pooled([(1, 2), (1, 2), (None, 2), (Value.na(), 2)])
    assert pooled == Ratio(2, 4, 2, 3)
    assert pooled + pooled == Ratio(4, 8, 4, 6)
    assert pooled.coverage("site", "sites").replace("\u00a0", " ") == "2 sur 4, 2 sites de 3"
    assert Ratio(expected=2).coverage("site", "sites").replace("\u00a0", " ") == "0 site de 2"


def test_parts_of_an_hour_or_a_minute_that_are_not_whole() -> None:
    said = {
        (0.01, "heures"): "0,01 h",
        (0.5, "minutes"): "0,5 min",
        (0.5, "heures"): "30 min",
        (1, "heures"): "1 h",
    }
    for (number, unit), words in said.items():
        assert format_duration(number, unit).replace("\u00a0", " ") == words


def test_a_rate_of_nothing_is_shown_as_it_is_stated() -> None:
    assert str(Value.percent(Decimal("0.4"), 0, 0)).replace("\u00a0", " ") == "0,4 %"
    assert str(Value.percent(numerator=1, denominator=3)).replace("\u00a0", " ") == "33 %"


def test_a_part_keeps_its_own_parts() -> None:
    inner = Part(Value.of(2), label="MNA", relation="dont", raw="dont 2 MNA")
    outer = Part(Value.of(5), parts=(inner,))
    assert outer.to_json() == {
        "value": {"kind": "number", "number": 5},
        "parts": [
            {
                "value": {"kind": "number", "number": 2},
                "label": "MNA",
                "relation": "dont",
                "raw": "dont 2 MNA",
            }
        ],
    }
    assert Part.from_json(outer.to_json()) == outer
    assert Value.composite("5 dont 2", (outer,)).to_json()["parts"] == [outer.to_json()]

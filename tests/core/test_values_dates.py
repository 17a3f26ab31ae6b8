import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jalons.core.values import (
    ParseError,
    Precision,
    format_date,
    format_long_date,
    format_moment,
    format_month,
    format_since,
    parse_date,
    parse_partial_date,
)

TODAY = dt.date(2020, 3, 5)


def test_how_dates_read():
    day = dt.date(2019, 12, 12)
    assert format_date(day) == "12/12/2019"
    assert format_long_date(day) == "12 décembre 2019"
    assert format_long_date(dt.date(2020, 1, 1)) == "1er janvier 2020"
    assert format_month(dt.date(2017, 3, 9)) == "mars 2017"


def test_moments_are_told_in_paris():
    evening = dt.datetime(2019, 7, 31, 22, 30, tzinfo=dt.UTC)
    assert format_moment(evening) == "1er août 2019 à 00:30"
    assert format_date(evening) == "01/08/2019"
    assert format_moment(dt.datetime(2019, 8, 1, 16, 0)) == "1er août 2019 à 16:00"


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (dt.date(2020, 3, 5), "aujourd’hui"),
        (dt.date(2020, 3, 4), "hier"),
        (dt.date(2020, 3, 6), "demain"),
        (dt.date(2020, 2, 22), "il y a 12 jours"),
        (dt.date(2020, 2, 6), "il y a 28 jours"),
        (dt.date(2020, 2, 5), "il y a 1 mois"),
        (dt.date(2019, 12, 1), "il y a 3 mois"),
        (dt.date(2018, 3, 6), "il y a 23 mois"),
        (dt.date(2018, 3, 5), "il y a 2 ans"),
        (dt.date(2020, 5, 6), "dans 2 mois"),
    ],
)
def test_ages(day, age):
    assert format_since(day, today=TODAY).replace("\u00a0", " ") == age


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2020",
        "1/2/20",
        "1-2-2020",
        "1.2.2020",
        "1 / 2 / 2020",
        "2020-02-01",
        "1er février 2020",
        "1er\u00a0FÉVRIER 2020",
        "1 fév. 2020",
        "1ᵉʳ fevr 2020",
        "le samedi 1er février 2020",
    ],
)
def test_one_day_written_in_many_ways(text):
    assert parse_date(text, today=TODAY) == dt.date(2020, 2, 1)


def test_days_told_from_today():
    assert parse_date("Aujourd’hui", today=TODAY) == TODAY
    assert parse_date("aujourd'hui", today=TODAY) == TODAY
    assert parse_date("hier", today=TODAY) == dt.date(2020, 3, 4)


def test_a_year_of_two_digits_is_at_most_ten_years_ahead():
    assert parse_date("1/2/30", today=TODAY).year == 2030
    assert parse_date("1/2/31", today=TODAY).year == 1931


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("31/02/2020", "Le 31/02/2020 n’existe pas : février 2020 a 29 jours."),
        ("29 février 2019", "Le 29/02/2019 n’existe pas : février 2019 a 28 jours."),
        ("0/2/2020", "Le 00/02/2020 n’existe pas : février 2020 a 29 jours."),
        ("12/31/2020", "Écrivez le jour, puis le mois, puis l’année."),
        ("1/1/0000", "L’année 0000 n’est pas plausible : écrivez une année entre 1900 et 2100."),
        ("1/1/9999", "L’année 9999 n’est pas plausible"),
        ("20-02-01", "se lit dans deux sens : écrivez l’année avec quatre chiffres."),
        ("12 mars", "Il manque l’année dans « 12 mars »"),
        ("février 2020", "Il manque le jour dans « février 2020 »"),
        ("mardi 3 février 2020", "Le 03/02/2020 est un lundi, pas un mardi"),
        ("", "Il manque une date"),
        ("bientôt", "« bientôt » n’est pas une date : écrivez par exemple 12/12/2019."),
        ("01022020", "n’est pas une date"),
        ("1²/02/2020", "n’est pas une date"),
        ("٠١/02/2020", "n’est pas une date"),
        ("1/2-2020", "n’est pas une date"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_a_reason(text, message):
    with pytest.raises(ParseError) as refusal:
        parse_date(text, today=TODAY)
    assert message in str(refusal.value).replace("\u00a0", " ")


days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


@given(days)
@settings(max_examples=100)
def test_a_date_printed_reads_back(day):
    for form in (format_date, format_long_date, dt.date.isoformat):
        assert parse_date(form(day), today=TODAY) == day
        assert parse_partial_date(form(day)).start == parse_partial_date(form(day)).end == day


@pytest.mark.parametrize(
    ("raw", "start", "end", "precision"),
    [
        ("Juin 2022", "2022-06-01", "2022-06-30", "month"),
        ("Oct 21", "2021-10-01", "2021-10-31", "month"),
        ("2022-05", "2022-05-01", "2022-05-31", "month"),
        ("05/2022", "2022-05-01", "2022-05-31", "month"),
        ("2ème semestre 2021", "2021-07-01", "2021-12-31", "semester"),
        ("S1 2021", "2021-01-01", "2021-06-30", "semester"),
        ("1er trimestre 2022", "2022-01-01", "2022-03-31", "quarter"),
        ("quatrième trimestre 2022", "2022-10-01", "2022-12-31", "quarter"),
        ("2022", "2022-01-01", "2022-12-31", "year"),
        ("2021 – 2022", "2021-01-01", "2022-12-31", "year"),
        ("20 janvier 2022", "2022-01-20", "2022-01-20", "day"),
        ("21 au 25 nov. 2022", "2022-11-21", "2022-11-25", "day"),
        ("du 30 nov. au 2 déc. 2022", "2022-11-30", "2022-12-02", "day"),
        ("Oct 2021 à Déc 2022", "2021-10-01", "2022-12-31", "month"),
        # The precision of a range is that of its coarsest end, wherever it stands.
        ("1er mars 2022 à juin 2022", "2022-03-01", "2022-06-30", "month"),
        ("mars 2022 au 15 juin 2022", "2022-03-01", "2022-06-15", "month"),
        ("2021 à juin 2022", "2021-01-01", "2022-06-30", "year"),
        ("juin 2021 à 2022", "2021-06-01", "2022-12-31", "year"),
        ("S1 2021 - T4 2021", "2021-01-01", "2021-12-31", "semester"),
        ("T1 2021 - S2 2021", "2021-01-01", "2021-12-31", "semester"),
        ("mars 2021 à T4 2021", "2021-03-01", "2021-12-31", "quarter"),
        # Both ends may be the same day; the wrong way round is no range.
        ("1er mars 2022 au 1er mars 2022", "2022-03-01", "2022-03-01", "day"),
        ("2 mars 2022 au 1er mars 2022", None, None, "unknown"),
        ("Avril à déc 22", "2022-04-01", "2022-12-31", "month"),
        ("entre mars et juin 2022", "2022-03-01", "2022-06-30", "month"),
        ("A partir de juin 2022", "2022-06-01", None, "month"),
        ("À partir du 1er juin 2022", "2022-06-01", None, "day"),
        ("Depuis mars 2022", "2022-03-01", None, "month"),
        ("A partir de 2020", "2020-01-01", None, "year"),
        ("Jusqu’en juin 2023", None, "2023-06-30", "month"),
        ("A partir de fin 2020", None, None, "vague"),
        ("mi-juin 2022", None, None, "vague"),
        ("21 au 25 nov.", None, None, "no_year"),
        ("décembre", None, None, "no_year"),
        ("A caler", None, None, "unknown"),
        ("Trois ans", None, None, "unknown"),
        ("2020 2021", None, None, "unknown"),
        ("déc. à mars 2022", None, None, "unknown"),
        ("5ème trimestre 2022", None, None, "unknown"),
        ("3ème semestre 2022", None, None, "unknown"),
        ("31 février 2022", None, None, "unknown"),
        ("10 réunions depuis oct. 2020", None, None, "unknown"),
        ("", None, None, "unknown"),
    ],
)
def test_dates_as_documents_print_them(raw, start, end, precision):
    partial = parse_partial_date(raw)
    told = tuple(day and day.isoformat() for day in (partial.start, partial.end))
    assert (partial.raw, *told, partial.precision) == (raw, start, end, precision)


def test_a_document_can_lend_its_year():
    partial = parse_partial_date("21 au 25 nov.", year=2022)
    assert (partial.start, partial.end) == (dt.date(2022, 11, 21), dt.date(2022, 11, 25))
    assert partial.precision is Precision.DAY


anything = st.text(max_size=80) | st.text("0123456789 /.-–erjuinmasdcé'’", max_size=25)


@given(anything)
@settings(max_examples=100)
@example("\ud800")
@example("1" * 5000)
@example("hier")
def test_nothing_typed_breaks_the_readers(text):
    with suppress(ParseError):
        assert isinstance(parse_date(text, today=TODAY), dt.date)
    partial = parse_partial_date(text)
    assert partial.raw == text
    assert not (partial.start and partial.end) or partial.start <= partial.end

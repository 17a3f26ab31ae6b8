"""Only what reads in one way is read; the rest gets a French sentence."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jalons.core.values import (
    Kind,
    ParseError,
    Value,
    parse_amount,
    parse_cell,
    parse_duration,
    parse_number,
)

SPACES = [" ", "\u00a0", "\u202f", "\u2009", ""]


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("mark", [",", "."])
def test_thousands_and_decimals(space, mark):
    assert parse_number(f"1{space}234{space}567{mark}5") == Decimal("1234567.5")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        (" 12 ", 12),
        ("007", 7),
        ("+4", 4),
        ("-4", -4),
        ("− 4", -4),
        ("250€", 250),
        ("62 %", 62),
        ("62\u00a0%", 62),
        ("1 402 901", 1402901),
        ("0.125", Decimal("0.125")),
        ("1,234", Decimal("1.234")),
        ("12,50", Decimal("12.5")),
        ("12,0", 12),
    ],
)
def test_numbers_as_people_write_them(text, number):
    read = parse_number(text)
    assert read == number
    assert type(read) is type(number)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Il manque un nombre"),
        ("280 80", "ressemble à plusieurs nombres"),
        ("120 60 10", "ressemble à plusieurs nombres"),
        ("12345 678", "ressemble à plusieurs nombres"),
        ("0 123", "ressemble à plusieurs nombres"),
        ("1  234", "plusieurs espaces"),
        ("1\n234", "retour à la ligne"),
        ("1\t234", "tabulation"),
        ("1 402 901 (sur les 975)", "ne contient pas qu’un nombre"),
        ("12 ou 13", "ne contient pas qu’un nombre"),
        ("1e400", "ne contient pas qu’un nombre"),
        ("1.234.5", "plusieurs virgules ou points"),
        ("1,234,567", "plusieurs virgules ou points"),
        ("1.234", "peut se lire 1 234 ou 1,234"),
        ("-12.500 €", "peut se lire 12 500 ou 12,500"),
        (",5", "incomplet"),
        ("5,", "incomplet"),
        ("douze", "n’est pas un nombre"),
        ("NaN", "n’est pas un nombre"),
        ("inf", "n’est pas un nombre"),
        ("--3", "nombre"),
        ("1_000", "nombre"),
        ("2²", "chiffres inhabituels"),
        ("١٢", "chiffres inhabituels"),
        ("1２", "chiffres inhabituels"),
        ("9" * 19, "trop de chiffres"),
        ("9" * 100_000, "trop long"),
    ],
)
def test_what_is_not_one_number_is_refused_with_a_reason(text, reason):
    with pytest.raises(ParseError) as refusal:
        parse_number(text)
    message = str(refusal.value)
    assert reason in message
    assert message[0].isupper() or message.startswith("«\u00a0")
    assert message.endswith(".")
    assert "\u00a0:" in message
    assert len(message) < 200


def test_amounts():
    assert parse_amount("253 238€") == 253238
    assert parse_amount("12,5 €") == Decimal("12.5")
    with pytest.raises(ParseError, match="centime"):
        parse_amount("1,234")
    with pytest.raises(ParseError, match="pourcentage"):
        parse_amount("50 %")


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("Trois ans", 3, "ans"),
        ("Un an", 1, "ans"),
        ("3 ans", 3, "ans"),
        ("2 mois", 2, "mois"),
        ("17,4 jours", Decimal("17.4"), "jours"),
        ("1 000 jours", 1000, "jours"),
        ("10 j.", 10, "jours"),
        ("un an et demi", 18, "mois"),
        ("1 an 6 mois", 18, "mois"),
        ("Dix-huit mois", 18, "mois"),
        ("un semestre", 6, "mois"),
        ("2 trimestres", 6, "mois"),
        ("2 h 30", 150, "minutes"),
        ("2h05", 125, "minutes"),
        ("45 min", 45, "minutes"),
        ("2 années", 2, "ans"),
    ],
)
def test_durations(text, number, unit):
    assert parse_duration(text) == Value.duration(number, unit)


@pytest.mark.parametrize(
    "text",
    ["", "bientôt", "3", "-3 mois", "-2 h 30", "2-3 mois", "2² jours", "9" * 18 + " trimestres", "3 % ans"],
)
def test_what_is_not_a_duration_is_refused(text):
    with pytest.raises(ParseError, match="n’est pas une durée"):
        parse_duration(text)


# Cells of the reference convention and of other files of the same kind.
@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("ND", Value.nd()),
        ("n.d.", Value.nd()),
        ("Non disponible", Value.nd()),
        ("Donnée non disponible", Value.nd()),
        ("/", Value.na()),
        ("Sans\u00a0objet", Value.na()),
        ("-", Value.dash()),
        ("–", Value.dash()),
        ("—", Value.dash()),
        ("", Value.empty()),
        (" \u00a0\n", Value.empty()),
        ("0", Value.of(0)),
        ("15 212", Value.of(15212)),
        ("1000", Value.of(1000)),
        ("100 %", Value.percent(100)),
        ("5%", Value.percent(5)),
        ("2 826 912€", Value.amount(2826912)),
        ("17,7 jours", Value.duration(Decimal("17.7"), "jours")),
        ("8 mois", Value.duration(8, "mois")),
    ],
)
def test_cells_that_are_certain(raw, value):
    assert parse_cell(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        "280 80",
        "120 60 10",
        "CAPEP : 680 Sauvegarde : ND",
        "9 781 dont 7 782 orientés hors PE",
        "Données sur total des 18-21 ans : 1 402 901 (sur les 975) Cohorte DTML : 60",
        "24 308 en 1ère demande",
        "Déploiement 2021",
        "(parents/parents- enfants)",
        "9 mois (suite COVID)",
        "NC",
        "N/A",
        "0304-19-01",
        "01",
        "1.234",
        "0,001 €",
        "  deux  espaces ",
    ],
)
def test_other_cells_stay_verbatim(raw):
    cell = parse_cell(raw)
    assert (cell.kind, cell.words) == (Kind.TEXT, raw)


numbers = st.integers(-(10**15), 10**15) | st.decimals(-(10**9), 10**9, places=3)


@given(
    st.one_of(
        st.builds(Value.of, numbers),
        st.builds(Value.percent, numbers),
        st.builds(Value.amount, st.decimals(-(10**9), 10**9, places=2)),
        st.builds(
            Value.duration,
            st.integers(0, 10**6),
            st.sampled_from(["minutes", "heures", "jours", "semaines", "mois", "ans"]),
        ),
    )
)
@settings(max_examples=100)
def test_a_measure_written_in_a_file_reads_back(value):
    assert parse_cell(value.to_text()) == value


anything = st.text(max_size=80) | st.text("0123456789 .,-−+€%hj/mans\u00a0\u202f\n²", max_size=25)


@given(anything)
@settings(max_examples=100)
@example("\ud800")
@example("1" * 5000)
@example("0" * 5000 + " mois")
def test_nothing_typed_breaks_the_readers(text):
    for reader in (parse_number, parse_amount, parse_duration):
        with suppress(ParseError):
            assert reader(text) is not None
    assert isinstance(parse_cell(text), Value)

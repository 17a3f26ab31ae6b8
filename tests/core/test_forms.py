"""Fields: what people type is read or explained, and never lost."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jalons.core.forms import (
    AmountField,
    CodesField,
    CountField,
    EmailField,
    FrenchDateField,
    FrenchNumberField,
    JalonsForm,
    SubmissionKeyField,
    TriStateField,
    VersionField,
)
from jalons.core.values import Emptiness, Value


class Census(JalonsForm):
    name = forms.CharField(label="Nom", required=False)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    day = FrenchDateField(label="Date", required=False, not_after=lambda today: today)
    people = CountField(label="Personnes")
    staff = FrenchNumberField(label="Équipe", required=False, minimum=0, maximum=50, decimals=2)
    whole = FrenchNumberField(label="Points d’eau", required=False, decimals=0)
    water = TriStateField(label="Eau")
    themes = CodesField(label="Thèmes", choices=[("a", "Santé"), ("b", "Logement")])
    key = SubmissionKeyField()
    version = VersionField()


def read(**typed: object) -> Census:
    form = Census(typed)
    form.is_valid()
    return form


@pytest.mark.parametrize("name", ["name", "note"])
def test_what_is_pasted_is_never_cut(name: str) -> None:
    """A browser cuts a paste at `maxlength` in silence: ours counts, refuses, and keeps it."""
    field = Census()[name]
    assert "maxlength" not in str(field)
    longest = int(field.field.widget.attrs["data-most"])
    assert read(**{name: "é" * longest}).errors == {}
    form = read(**{name: "é" * (longest + 1)})
    assert f"Ce texte a {longest + 1} caractères, il en faut au plus {longest}" in str(form.errors[name])
    assert "é" * (longest + 1) in str(form[name])


def test_an_address_pasted_with_what_one_does_not_see() -> None:
    field = EmailField()
    assert field.clean("\u200b karim@exemple.fr\ufeff ") == "karim@exemple.fr"
    with pytest.raises(ValidationError):
        field.clean("karim@")


@pytest.mark.parametrize("typed", ["1/2/2020", "01/02/2020", "2020-02-01", "1er février 2020"])
def test_dates_in_many_forms(typed: str) -> None:
    assert read(day=typed).cleaned_data["day"] == date(2020, 2, 1)


def test_a_date_that_does_not_exist_is_explained_and_kept() -> None:
    form = read(day="31/02/2020")
    assert "31/02/2020" in str(form.errors["day"])
    assert 'value="31/02/2020"' in str(form["day"])


def test_a_date_in_the_future_is_refused_where_it_makes_no_sense() -> None:
    form = read(day="31/12/2099")
    assert "dans le futur" in str(form.errors["day"])
    assert not read(day=timezone.localdate().isoformat()).errors


def test_a_date_given_by_us_is_shown_in_french() -> None:
    assert 'value="01/02/2020"' in str(Census(initial={"day": date(2020, 2, 1)})["day"])


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("", Value.empty()),
        ("0", Value.of(0)),
        ("1 240", Value.of(1240)),
        ("ND", Value.nd()),
        ("nd", Value.nd()),
        ("/", Value.na()),
        ("–", Value.dash()),
        ("-", Value.dash()),
    ],
)
def test_counts_tell_zero_from_every_emptiness(typed: str, value: Value) -> None:
    form = read(people=typed)
    assert form.cleaned_data["people"] == value
    again = Census(initial={"people": value})["people"].value()
    assert read(people=again).cleaned_data["people"] == value


@pytest.mark.parametrize("typed", ["une centaine", "-3", "1,5", "62 %", "12 €", "3 mois", "99999999999"])
def test_what_is_not_a_count_is_explained_and_kept(typed: str) -> None:
    form = read(people=typed)
    assert form.errors["people"]
    assert f'value="{typed}"' in str(form["people"])


@given(st.text(max_size=80))
def test_any_text_gets_a_value_or_a_french_sentence(typed: str) -> None:
    form = read(
        name=typed, note=typed, day=typed, people=typed, staff=typed, whole=typed, water=typed, key=typed
    )
    str(form)
    for messages in form.errors.values():
        assert all(message.strip() for message in messages)


@pytest.mark.parametrize(("typed", "number"), [("0,75", Decimal("0.75")), ("2", 2), ("", None), ("0", 0)])
def test_numbers(typed: str, number: object) -> None:
    assert read(staff=typed).cleaned_data["staff"] == number


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("staff", "-1", "négatif"),
        ("staff", "51", "plus grand que 50"),
        ("staff", "0,755", "décimales"),
        ("whole", "1,5", "nombre entier"),
        ("staff", "beaucoup", "pas un nombre"),
    ],
)
def test_numbers_out_of_bounds_are_explained(name: str, typed: str, told: str) -> None:
    assert told in str(read(**{name: typed}).errors[name])


@pytest.mark.parametrize("name", ["name", "note"])
@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\x7fb"])
def test_invisible_characters_are_refused_in_french(name: str, bad: str) -> None:
    errors = read(**{name: bad}).errors[name]
    assert len(errors) == 1
    assert "caractère invisible" in errors[0]


def test_line_ends_and_tabs_are_kept() -> None:
    assert read(note="un\r\ndeux\ttrois").cleaned_data["note"] == "un\r\ndeux\ttrois"


def test_texts_have_a_limit() -> None:
    assert read(name="x" * 301).errors["name"]
    assert read(note="x" * 10_001).errors["note"]
    assert not read(name="x" * 300, note="x" * 10_000).errors


def test_three_states_default_to_unknown() -> None:
    assert read().cleaned_data["water"] == "unknown"
    assert read(water="no").cleaned_data["water"] == "no"
    assert read(water="peut-être").errors["water"] == ["Choisissez parmi les réponses proposées."]


def test_codes_are_a_tuple_in_the_order_of_the_choices() -> None:
    assert read(themes=["b", "a"]).cleaned_data["themes"] == ("a", "b")
    assert read().cleaned_data["themes"] == ()
    assert read(themes=["z"]).errors["themes"]


def test_a_damaged_key_or_version_does_not_stop_anyone() -> None:
    form = read(key="nimporte quoi", version="x")
    assert isinstance(form.cleaned_data["key"], uuid.UUID)
    assert form.cleaned_data["version"] is None
    for version in ("-1", str(2**63), "9" * 25):
        assert read(version=version).cleaned_data["version"] is None, "aucune base ne tient ce nombre"
    key = uuid.uuid4()
    assert read(key=str(key), version="3").cleaned_data["key"] == key


def test_each_showing_of_a_form_has_its_own_key() -> None:
    assert Census()["key"].value() != Census()["key"].value()


def test_nothing_changed_is_seen_as_such() -> None:
    initial = {"day": date(2020, 1, 1), "people": Value.nd(), "staff": Decimal("0.5")}
    same = Census({"day": "1er janvier 2020", "people": "nd", "staff": "0,50"}, initial=initial)
    assert not {"day", "people", "staff"} & set(same.changed_data)
    other = Census({"day": "2/1/2020", "people": "", "staff": "x"}, initial=initial)
    assert {"day", "people", "staff"} <= set(other.changed_data)


def test_fields_are_dressed_for_phones_and_readers() -> None:
    html = str(Census())
    assert 'inputmode="numeric"' in html
    assert 'inputmode="decimal"' in html
    assert 'type="date"' not in html
    assert "<fieldset" in html
    assert "required>" not in html


# --- amounts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 000", Value.amount(2000)),
        ("2000,50 €", Value.amount(Decimal("2000.5"))),
        ("0", Value.amount(0)),
        ("nd", Value(Emptiness.ND)),
        ("/", Value(Emptiness.NA)),
        ("-", Value(Emptiness.DASH)),
        ("", Value.empty()),
        (None, Value.empty()),
    ],
)
def test_an_amount_is_read(text: str | None, value: Value) -> None:
    assert AmountField().clean(text) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-5", "est négatif"),
        ("12 %", "pourcentage"),
        ("2,005", "deux chiffres après la virgule"),
        ("deux mille", "n’est pas un nombre"),
        ("99999999999", "plus grand que"),
    ],
)
def test_what_is_no_amount_is_said(text: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        AmountField().clean(text)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_is_shown_as_it_is_read(euros: Decimal) -> None:
    field = AmountField()
    value = Value.amount(euros)
    assert field.clean(field.prepare_value(value)) == value
    assert not field.has_changed(value, field.prepare_value(value))

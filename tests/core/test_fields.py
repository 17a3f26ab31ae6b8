"""Model fields: public identifiers and lists of codes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.db.migrations.writer import MigrationWriter
from hypothesis import given
from hypothesis import strategies as st

from jalons.core import fields

CHOICES = [("health", "Santé"), ("school", "Scolarisation")]


class Leaflet(models.Model):
    public_id = fields.PublicIdField()
    themes = fields.CodesField("thèmes", choices=CHOICES)

    class Meta:
        app_label = "tests_core"
        managed = False

    def __str__(self) -> str:
        return self.public_id


def test_public_ids_are_short_readable_and_differ() -> None:
    made = {fields.new_public_id() for _ in range(200)}
    assert len(made) == 200
    assert all(len(one) == 10 and set(one) <= set(fields.ALPHABET) for one in made)
    assert not set("01oilu") & set(fields.ALPHABET)
    assert Leaflet().public_id != Leaflet().public_id


def test_public_id_is_unique_and_cannot_be_typed() -> None:
    field = Leaflet._meta.get_field("public_id")
    assert field.unique
    assert not field.editable


@pytest.mark.parametrize("name", ["public_id", "themes"])
def test_migrations_make_the_same_field_again(name: str) -> None:
    field = Leaflet._meta.get_field(name)
    _, path, args, kwargs = field.deconstruct()
    again = type(field)(*args, **kwargs)
    assert again.deconstruct()[1:] == (path, args, kwargs)
    assert (again.unique, again.max_length, again.blank) == (field.unique, field.max_length, field.blank)
    assert "jalons.core.fields" in MigrationWriter.serialize(field)[0]


def test_the_copy_in_the_history_is_not_unique() -> None:
    copy = Leaflet._meta.get_field("public_id").clone()
    copy._unique = False
    _, _, args, kwargs = copy.deconstruct()
    assert kwargs["unique"] is False
    assert not fields.PublicIdField(*args, **kwargs).unique


@given(
    st.lists(
        st.text(st.characters(codec="ascii", categories=("Ll", "Nd")), min_size=1, max_size=8), max_size=6
    )
)
def test_codes_come_back_as_they_were(codes: list[str]) -> None:
    field = fields.CodesField()
    kept = field.get_prep_value(codes)
    assert field.from_db_value(kept, None, None) == tuple(dict.fromkeys(codes))
    assert all(f"|{code}|" in kept for code in codes)


def test_no_code_is_an_empty_tuple() -> None:
    assert Leaflet().themes == ()
    assert fields.CodesField().get_prep_value(()) == ""
    assert fields.CodesField().to_python(None) == ()


def test_a_code_cannot_hold_the_separator() -> None:
    with pytest.raises(ValueError, match="cannot contain"):
        fields.CodesField().get_prep_value(["a|b"])


def test_labels_and_unknown_codes() -> None:
    leaflet = Leaflet(themes=("school", "ancien"))
    assert leaflet.get_themes_display() == ["Scolarisation", "ancien"]
    with pytest.raises(ValidationError, match="Valeur inconnue"):
        Leaflet._meta.get_field("themes").clean(["ancien"], leaflet)
    assert Leaflet._meta.get_field("themes").clean(["health"], leaflet) == ("health",)


def test_form_field_is_checkboxes() -> None:
    field = Leaflet._meta.get_field("themes").formfield()
    assert list(field.choices) == CHOICES
    assert field.clean(["school", "health"]) == ("health", "school")


def test_search_by_code_is_a_plain_contains() -> None:
    sql = str(Leaflet.objects.filter(themes__contains="|health|").query)
    assert "|health|" in sql
    assert "LIKE" in sql.upper()

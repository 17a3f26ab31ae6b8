"""Territoires d'intervention: one row per territory, and a name for each."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Scope
from jalons.territories.services import UnknownTerritory, scope_for

pytestmark = pytest.mark.usefixtures("loaded")

LABELS = [
    ("nation", "", "Nation"),
    ("region", "32", "Hauts-de-France"),
    ("departement", "59", "Nord"),
    ("epci", "200093201", "Métropole Européenne de Lille"),
    ("commune", "59350", "Lille"),
]


@pytest.mark.parametrize(("level", "code", "label"), LABELS)
def test_a_territory_has_one_scope(level, code, label):
    scope = scope_for(level, code)
    assert scope_for(ScopeLevel(level), code) == scope
    assert (scope.label, str(scope), scope.level, scope.code) == (label, label, level, code)
    assert Scope.objects.count() == 1


def test_labels_cost_one_query(django_assert_num_queries):
    for level, code, _ in LABELS:
        scope_for(level, code)
    with django_assert_num_queries(1):
        assert {scope.label for scope in Scope.objects.with_territory()} == {label for *_, label in LABELS}


def test_a_former_commune_gives_the_scope_of_the_commune_of_today():
    assert scope_for("commune", "59355") == scope_for("commune", "59350")


@pytest.mark.parametrize("level", ["region", "departement", "epci", "commune"])
def test_an_unknown_code_is_refused(level):
    with pytest.raises(UnknownTerritory, match="« 00 »"):
        scope_for(level, "00")
    assert not Scope.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"level": "departement"},
        {"level": "departement", "region_id": "32"},
        {"level": "departement", "departement_id": "59", "region_id": "32"},
        {"level": "nation", "commune_id": "59350"},
        {"level": "planet"},
    ],
)
def test_a_scope_names_the_territory_of_its_level_and_no_other(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Scope.objects.create(**values)
    with pytest.raises(ValidationError):
        Scope(**values).full_clean()


@pytest.mark.parametrize(("level", "code"), [("nation", ""), ("departement", "59"), ("commune", "59350")])
def test_a_territory_cannot_have_two_scopes(level, code):
    scope = scope_for(level, code)
    with pytest.raises(IntegrityError), transaction.atomic():
        Scope.objects.create(level=level, departement=scope.departement, commune=scope.commune)

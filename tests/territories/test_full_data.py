"""The published files themselves, loaded once for this module."""

import gzip
import json
import re

import pytest
from django.conf import settings
from django.db import connection, transaction

from jalons.territories import reference
from jalons.territories.enums import PlaceKind
from jalons.territories.models import Commune, Departement, Outline, Place
from jalons.territories.reference import FILES, OUTLINE_NAMES
from jalons.territories.selectors import (
    commune_from_insee,
    outlines,
    outlines_json,
    search_communes,
    search_places,
)
from jalons.territories.services import load_reference
from tests.work import calls_of

pytestmark = pytest.mark.skipif(
    not all((settings.NODE_MODULES / path).exists() for path in FILES.values()),
    reason="les paquets npm ne sont pas installés (make install)",
)


@pytest.fixture(scope="module")
def france(django_db_setup, django_db_blocker):
    """Loaded for the module's tests, in a transaction that is undone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        loaded = load_reference(node_modules=settings.NODE_MODULES)
        with connection.cursor() as cursor:
            # PostgreSQL takes the tables for empty ones otherwise, and reads them whole each time.
            cursor.execute("ANALYZE")
        connection.check_constraints()  # once here, or PostgreSQL checks every row again after each test
        yield loaded
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _loaded(france, db):
    pass


def test_counts(france):
    assert (france.regions, france.departements, france.epcis) == (26, 109, 1255)
    assert (france.communes, france.ended) == (34_969, 0)
    assert Outline.objects.count() == 101
    members = {
        member["code"]
        for epci in json.loads((settings.NODE_MODULES / FILES["epcis"]).read_bytes())
        for member in epci["membres"]
    }
    assert Commune.objects.filter(epci__isnull=False).count() == len(members)


def test_a_second_load_is_quick_and_changes_nothing(france, monkeypatch, django_assert_num_queries):
    newest = Place.objects.order_by("-pk").values_list("pk", flat=True).first()
    # The files are not read as JSON, which is most of a load: one question, and the five counts.
    monkeypatch.setattr(reference, "read", None)
    with django_assert_num_queries(6):
        assert not load_reference(node_modules=settings.NODE_MODULES).changed
    assert Place.objects.order_by("-pk").values_list("pk", flat=True).first() == newest


@pytest.mark.parametrize(
    ("text", "label", "code"),
    [
        ("lille", "Lille", "59350"),
        ("LILLE", "Lille", "59350"),
        ("st denis", "Saint-Denis", "97411"),
        ("Saint-Denis", "Saint-Denis", "97411"),
        ("st denis 93", "Saint-Denis", "93066"),
        ("l'abergement clemenciat", "L’Abergement-Clémenciat", "01001"),
        ("59000", "Lille", "59350"),
        ("59350", "Lille", "59350"),
        ("lomme", "Lomme (commune associée de Lille)", "59350"),
        ("marseille 8", "Marseille 8e Arrondissement", "13055"),
        ("villeneuve d ascq", "Villeneuve-d’Ascq", "59009"),
        ("Œuf-en-Ternois", "Œuf-en-Ternois", "62633"),
        ("oeuf en ternois", "Œuf-en-Ternois", "62633"),
        ("L’Haÿ-les-Roses", "L’Haÿ-les-Roses", "94038"),
        ("hay les roses", "L’Haÿ-les-Roses", "94038"),
        ("courneuve", "La Courneuve", "93027"),
        ("Y", "Y", "80829"),
        ("ajaccio", "Ajaccio", "2A004"),
        ("2a004", "Ajaccio", "2A004"),
        ("ste genevieve des bois", "Sainte-Geneviève-des-Bois", "91549"),
    ],
)
def test_examples(text, label, code, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = search_communes(text)
        assert (found[0].label, found[0].commune.pk) == (label, code)
        assert len({place.commune_id for place in found}) == len(found) <= 10
    with django_assert_num_queries(1):
        assert label in [place.label for place in search_places(text)]


def test_territories_of_every_kind_are_found():
    assert search_places("nord")[0].kind == PlaceKind.DEPARTEMENT
    assert search_places("59")[0].territory.name == "Nord"
    assert search_places("ile de france")[0].kind == PlaceKind.REGION
    assert search_places("métropole européenne de lille")[0].territory.pk == "200093201"
    assert search_places("200093201")[0].label == "Métropole Européenne de Lille"


def test_every_current_commune_is_found_by_its_code():
    codes = set(Place.objects.filter(kind=PlaceKind.COMMUNE, whole=True).values_list("commune_id", "code"))
    assert codes == {(code, code) for code in Commune.objects.values_list("pk", flat=True)}


@pytest.mark.parametrize(("code", "commune"), [("69388", "69123"), ("59298", "59350"), ("01015", "01015")])
def test_codes_of_before_lead_to_the_commune_of_today(code, commune):
    assert commune_from_insee(code).pk == commune


@pytest.mark.parametrize("typed", ["sa", "sai", "saint", "saint-d", "le", "59", "ville", "marseille 8"])
def test_search_as_you_type_reads_little(typed, django_assert_num_queries):
    found = Place.objects.best(typed, 30)
    with django_assert_num_queries(1):
        assert 0 < len(list(found)) <= 30
    plan = found.explain()
    # The rows to show are found by their keys; no territory is read whole to be joined to them.
    assert not re.search(r"SCAN territories_(commune|departement|epci|region)\b", plan), plan
    assert calls_of(lambda: search_places(typed)) < 20_000


def test_outlines_cover_the_departements_and_stay_light():
    codes = {row["properties"]["code"] for row in outlines()["features"]}
    assert len(codes) == 101
    assert codes == {
        code for code in Departement.objects.values_list("pk", flat=True) if code < "975" or code == "976"
    }
    assert len(gzip.compress(outlines_json(""), 6)) < 80_000


def test_every_exception_of_naming_is_needed():
    features = json.loads((settings.NODE_MODULES / FILES["outlines"]).read_bytes())["features"]
    names = {row["properties"]["name"] for row in features}
    corrected = json.loads(OUTLINE_NAMES.read_text())
    assert set(corrected) <= names
    assert not set(corrected) & set(Departement.objects.values_list("name", flat=True))


def test_neighbours_share_their_border():
    def points(code):
        shape = Outline.objects.get(pk=code).geometry["coordinates"]
        return {tuple(point) for polygon in shape for ring in polygon for point in ring}

    assert len(points("59") & points("62")) > 20

"""What a person types, and what they are shown."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalons.territories.enums import PlaceKind
from jalons.territories.models import Commune
from jalons.territories.querysets import typed_key, whole_keys
from jalons.territories.selectors import commune_from_insee, search_communes, search_places

pytestmark = pytest.mark.usefixtures("loaded")


def labels(text, **options):
    return [place.label for place in search_places(text, **options)]


@pytest.mark.parametrize("text", ["lille", "LILLE", " Lille ", "59350", "59000", "lille 59", "lille 59800"])
def test_a_commune_is_found_by_name_and_by_code(text, django_assert_num_queries):
    with django_assert_num_queries(1):
        first = search_places(text)[0]
        assert (first.territory.pk, first.label) == ("59350", "Lille")


@pytest.mark.parametrize(
    "text",
    ["villeneuve d'ascq", "Villeneuve-d’Ascq", "villeneuve d ascq", "villeneuve ascq", "VILLENEUVE", "ascq"],
)
def test_hyphens_apostrophes_and_small_words_do_not_matter(text):
    assert labels(text)[0] == "Villeneuve-d’Ascq"


def test_exact_comes_before_prefix_before_later_words():
    assert labels("lille") == [
        "Lille",
        "Lille 1er Arrondissement",
        "Lillers-le-Petit",
        "Métropole Européenne de Lille",
    ]


def test_a_leading_article_may_be_left_out():
    assert labels("touquet") == ["Le Touquet"]
    assert labels("le touquet") == ["Le Touquet"]


def test_former_communes_lead_to_the_commune_of_today():
    lomme = search_places("lomme")[0]
    assert (lomme.label, lomme.code, lomme.commune.name) == (
        "Lomme (commune associée de Lille)",
        "59355",
        "Lille",
    )
    assert labels("etaples") == ["Étaples-Plage (commune déléguée du Touquet)"]
    assert labels("59998") == ["Lille (ancien code 59998)"]


def test_a_delegated_commune_that_kept_the_name_of_the_new_one_is_not_listed_twice():
    assert labels("arras", kinds=[PlaceKind.COMMUNE, PlaceKind.FORMER]) == ["Arras"]


def test_intercommunalites_are_found_by_the_name_or_the_form_spelt_out():
    assert labels("ca pays")[0] == "CA «\u00a0Pays d’Arras\u00a0»"
    assert labels("communauté d’agglomération pays d’arras")[0] == "CA «\u00a0Pays d’Arras\u00a0»"


def test_details_tell_places_apart():
    details = {
        place.label: place.detail
        for text in ("nord", "62000", "hauts", "metropole")
        for place in search_places(text)
    }
    assert details == {
        "Nord": "Département",
        "Arras": "62000 · Pas-de-Calais (62)",
        "Hauts-de-France": "Région",
        "Métropole Européenne de Lille": "Métropole",
    }


def test_an_overseas_collectivity_is_listed_once():
    found = search_places("saint-pierre-et-miquelon")
    assert [(place.label, place.detail) for place in found] == [
        ("Saint-Pierre-et-Miquelon", "Collectivité d’outre-mer")
    ]


def test_kinds_and_departements_narrow_the_search():
    assert labels("arras", kinds=[PlaceKind.EPCI]) == ["CA «\u00a0Pays d’Arras\u00a0»"]
    assert labels("arras", departements=["59"]) == []
    assert labels("lille", departements=["59"]) == [
        "Lille",
        "Lille 1er Arrondissement",
        "Métropole Européenne de Lille",
    ]
    assert labels("lille", departements=[]) == []


def test_search_of_communes_gives_each_commune_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = search_communes("lille", departements=["59", "62"])
        assert [(place.commune.pk, place.detail) for place in found] == [
            ("59350", "Nord (59)"),
            ("62001", "Pas-de-Calais (62)"),
        ]
    assert len(search_communes("6", limit=1)) == 0
    assert len(search_communes("62", limit=1)) == 1


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "%", "_", "%_\\", "😀", "'", "';--", "x" * 10_000, "é" * 10_000, "l", "9", "%lille\\"],
)
def test_what_means_nothing_finds_nothing(text):
    found = labels(text)
    assert found == ([] if "lille" not in text else labels("lille"))


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.text(max_size=60))
def test_any_text_is_searched_without_error(text):
    assert len(search_places(text)) <= 10
    commune_from_insee(text)


@pytest.mark.parametrize(
    ("code", "commune"),
    [
        ("59350", "59350"),
        (" 59350 ", "59350"),
        ("59355", "59350"),
        ("59998", "59350"),
        ("59201", "59350"),
        ("62041", "62041"),
        ("62999", "62400"),
        ("59000", None),
        ("593500", None),
        ("", None),
        ("\0", None),
    ],
)
def test_commune_of_today_for_any_insee_code(code, commune):
    found = commune_from_insee(code)
    assert (found.pk if found else None) == commune


def test_insee_codes_damaged_by_a_spreadsheet_are_understood():
    Commune.objects.create(insee_code="01001", name="Exemple", departement_id="59")
    Commune.objects.create(insee_code="2A004", name="Exemple", departement_id="59")
    assert commune_from_insee("1001").pk == "01001"
    assert commune_from_insee("2a004").pk == "2A004"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Lille 1er", "Lille 1er Arrondissement"),
        ("lille 1ere arrdt", "Lille 1er Arrondissement"),
        ("LILLE CEDEX", "Lille"),
        ("Lille Cedex 9", "Lille"),
        ("villeneuve dascq", "Villeneuve-d’Ascq"),
        ("Villeneuve dAscq CEDEX", "Villeneuve-d’Ascq"),
    ],
)
def test_places_as_people_write_them(text, first):
    assert labels(text)[0] == first


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Paris 18ème", "paris 18e"),
        ("Paris 18 eme arrondissement", "paris 18e"),
        ("Paris 1er", "paris 1er"),
        ("Lyon 3e arr.", "lyon 3e"),
        ("59300 Valenciennes Cedex", "59300 valenciennes"),
        ("Rue du 8 mai", "rue du 8 mai"),
    ],
)
def test_ordinals_and_cedex(text, key):
    assert typed_key(text) == key


def test_apostrophes_left_out():
    assert "l hay les roses" in whole_keys("LHaÿ-les-Roses")
    assert whole_keys("paris 18ème")[-1] == "paris 18e arrondissement"
    assert whole_keys(" ") == []

"""What the pages are answered while someone types, or looks at a map."""

import pytest
from django.urls import reverse

from jalons.territories.services import load_reference
from tests.territories.conftest import write_edition

COMMUNES = "/territoires/communes.json"
OUTLINES = "/territoires/departements.geojson"


def test_urls_are_named():
    assert reverse("territories:communes") == COMMUNES
    assert reverse("territories:departements") == OUTLINES


@pytest.mark.parametrize("url", [COMMUNES, OUTLINES])
def test_only_for_people_who_signed_in(client, settings, url, loaded):
    settings.LOGIN_URL = "/entrer"
    answer = client.get(url)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/entrer?next={url}")


@pytest.mark.parametrize("url", [COMMUNES, OUTLINES])
def test_nothing_can_be_posted(signed_in, url):
    assert signed_in.post(url).status_code == 405


def test_suggestions(signed_in, loaded, django_assert_num_queries):
    with django_assert_num_queries(4):  # session, who works nowhere, their account, search
        answer = signed_in.get(COMMUNES, {"q": "lom"})
    assert answer.json() == [
        {"code": "59350", "label": "Lomme (commune associée de Lille)", "detail": "Nord (59)"}
    ]


def test_suggestions_of_some_departements(signed_in, loaded):
    found = signed_in.get(COMMUNES, {"q": "lille", "departement": ["62", "60"]}).json()
    assert [row["code"] for row in found] == ["62001"]


@pytest.mark.parametrize(
    "query", [{}, {"q": ""}, {"q": "\0"}, {"q": "%"}, {"q": "😀"}, {"q": "lille", "departement": "\0"}]
)
def test_senseless_questions_get_an_empty_list(signed_in, loaded, query):
    answer = signed_in.get(COMMUNES, query)
    assert (answer.status_code, answer.json()) == (200, [])


def test_outlines_are_sent_once_then_known(signed_in, loaded, edition):
    answer = signed_in.get(OUTLINES)
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert "private" in answer.headers["Cache-Control"]
    assert [row["properties"] for row in answer.json()["features"]] == [
        {"code": "59", "name": "Nord", "region": "32"},
        {"code": "62", "name": "Pas-de-Calais", "region": "32"},
    ]
    known = {"HTTP_IF_NONE_MATCH": answer.headers["ETag"]}
    assert signed_in.get(OUTLINES, **known).status_code == 304

    edition["departements"][0]["nom"] = "Le Nord"
    load_reference(node_modules=write_edition(loaded, edition))
    newer = signed_in.get(OUTLINES, **known)
    assert newer.status_code == 200
    assert [row["properties"]["name"] for row in newer.json()["features"]] == ["Pas-de-Calais"]


def test_outlines_before_the_first_load(signed_in):
    assert signed_in.get(OUTLINES).json() == {"type": "FeatureCollection", "features": []}


def test_outlines_around_a_point(signed_in, loaded):
    def codes(around: str) -> list[str]:
        return [row["id"] for row in signed_in.get(OUTLINES, {"autour": around}).json()["features"]]

    boxes = {
        row["id"]: row["geometry"]["coordinates"][0][0][0]
        for row in signed_in.get(OUTLINES).json()["features"]
    }
    longitude, latitude = boxes["59"]
    assert "59" in codes(f"{latitude},{longitude}")
    assert codes(f"{latitude - 20},{longitude}") == []
    for senseless in ("", "nord", "50", "nan,3", "1e9,2", ",,,"):
        assert codes(senseless) == ["59", "62"]

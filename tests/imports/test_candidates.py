"""A row that may speak of several sites: they stand side by side, with their distances, in words and on a map."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.imports.judging.candidates import metres_words
from tests import factories
from tests.factories import LILLE
from tests.imports.test_applying import given

pytestmark = pytest.mark.django_db
HEADERS = "Commune\tSite\tPers.\tVu le"


def lines_page(client: Client, cast: Any, text: str) -> str:
    batch = given(factories.actor(cast.correspondent59), text)
    client.force_login(cast.correspondent59, factories.BACKEND)
    return client.get(reverse("imports:lines", args=[batch.public_id])).content.decode().replace("\xa0", " ")


@pytest.fixture
def _two_mulberries(cast: Any) -> None:
    factories.make_site("Immeuble rue Mûre", LILLE, latitude=50.63000, longitude=3.06000)
    factories.make_site("Jardin rue Mûre", LILLE, latitude=50.63108, longitude=3.06000)


@pytest.mark.usefixtures("_two_mulberries")
def test_candidates_are_compared_with_the_first(cast: Any, client: Client) -> None:
    page = lines_page(client, cast, f"{HEADERS}\nLille\true Mûre\t12\t28/09/2026\n")
    assert page.count("data-point-sign=") == 2
    assert 'data-point-lat="50.63108"' in page
    assert "à 120 m de A" in page
    assert "data-map " in page
    assert "L’épingle" not in page


@pytest.mark.usefixtures("_two_mulberries")
def test_candidates_are_compared_with_the_point_of_the_row(cast: Any, client: Client) -> None:
    """The row stands 2 km north of both: nothing is chosen by distance alone."""
    row = "Lille\true Mûre\t12\t28/09/2026\t50.64900\t3.06000\n"
    page = lines_page(client, cast, f"{HEADERS}\tLatitude\tLongitude\n{row}")
    assert "à 2,1 km du point de la ligne" in page
    assert "à 2,0 km du point de la ligne" in page
    assert 'data-lat="50.64900"' in page
    assert "L’épingle est le point de la ligne." in page


def test_no_map_for_candidates_without_points(cast: Any, client: Client) -> None:
    factories.make_site("Immeuble rue Mûre", LILLE)
    factories.make_site("Jardin rue Mûre", LILLE)
    page = lines_page(client, cast, f"{HEADERS}\nLille\true Mûre\t12\t28/09/2026\n")
    assert "Cette ligne parle de…" in page
    assert "data-point-sign" not in page
    assert "sans point" not in page


@pytest.mark.parametrize(
    ("metres", "words"), [(0, "0 m"), (999, "999 m"), (1000, "1,0 km"), (1249, "1,2 km"), (None, "")]
)
def test_distances_in_words(metres: int | None, words: str) -> None:
    assert metres_words(metres).replace("\xa0", " ") == words

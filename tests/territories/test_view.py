"""Where a map opens when nothing says better."""

import pytest

from jalons.territories.models import Outline
from jalons.territories.selectors import view_over
from tests.factories import make_territories

pytestmark = pytest.mark.django_db
SQUARE = {
    "type": "MultiPolygon",
    "coordinates": [[[[2.0, 50.0], [4.0, 50.0], [4.0, 51.0], [2.0, 51.0], [2.0, 50.0]]]],
}


def test_a_map_opens_on_the_departements_asked_for() -> None:
    make_territories()
    assert view_over(["59"]) is None, "sans contour, rien ne dit où regarder"
    Outline.objects.create(departement_id="59", geometry=SQUARE)
    assert view_over(["59", "62"]) == (50.5, 3.0, 8)
    assert view_over([]) is None

"""The coloured map: a class for each number, a pattern for each class, words for who does not see it."""

from xml.etree import ElementTree

import pytest

from jalons.reports.drawing import BOUNDS, class_of, class_words, draw_choropleth, fill_of
from jalons.territories.choropleth import LOOKS

NORD = {
    "id": "59",
    "properties": {"name": "Nord"},
    "geometry": {"coordinates": [[[[2.0, 50.0], [4.0, 50.0], [4.0, 51.0], [2.0, 51.0], [2.0, 50.0]]]]},
}


@pytest.mark.parametrize(
    ("count", "rank"), [(0, 0), (1, 1), (4, 1), (5, 2), (9, 2), (10, 3), (19, 3), (20, 4), (900, 4)]
)
def test_a_number_has_its_class(count: int, rank: int) -> None:
    assert class_of(count) == rank


def test_a_class_is_told_by_more_than_its_colour() -> None:
    assert [class_words(rank) for rank in range(len(BOUNDS))] == [
        "aucun site", "de 1 à 4 sites", "de 5 à 9 sites", "de 10 à 19 sites", "20 sites et plus",
    ]  # fmt: skip
    assert len({fill_of(rank) for rank in range(len(BOUNDS))}) == len(BOUNDS)
    assert len({strokes for _, strokes in LOOKS}) == len(LOOKS) == len(BOUNDS) - 1


def test_the_drawing_says_in_words_what_it_shows() -> None:
    root = ElementTree.fromstring(draw_choropleth("Sites", [NORD], {"59": 7}))
    assert "De 5 à 9 sites\u00a0: Nord." in root.attrib["aria-label"]
    assert draw_choropleth("Sites", [], {"59": 7}) == ""
    assert "Aucun site ouvert." in draw_choropleth("Sites", [NORD], {})

"""What rose and what fell: only what is certain, when not everything was counted."""

import pytest

from jalons.core.values import Ratio, Sum
from jalons.figures.readings import FigureReading
from jalons.reports.selectors.barometer import FELL, ROSE, SAME, UNKNOWN, move_of


def people(total: int, known: int, expected: int = 3) -> FigureReading:
    return FigureReading(Sum.from_counts(total, known=known, expected=expected))


@pytest.mark.parametrize(
    ("then", "now", "way"),
    [
        (people(10, 3), people(12, 3), ROSE),
        (people(12, 3), people(10, 3), FELL),
        (people(12, 3), people(12, 3), SAME),
        (people(10, 3), people(12, 2), ROSE),  # at least 12
        (people(12, 3), people(10, 2), UNKNOWN),  # the site that is not counted may hold them
        (people(12, 2), people(10, 3), FELL),  # at least 12, then 10
        (people(10, 2), people(12, 3), UNKNOWN),
        (people(10, 2), people(12, 2), UNKNOWN),
        (people(12, 2), people(10, 2), UNKNOWN),
        (people(0, 0), people(12, 3), UNKNOWN),
        (people(12, 3), people(0, 0), UNKNOWN),
    ],
)
def test_a_move_is_told_when_it_is_certain(then: FigureReading, now: FigureReading, way: str) -> None:
    assert move_of("personnes", then, now)[0] == way


def test_what_is_not_certain_says_why() -> None:
    told = move_of("personnes", people(12, 3), people(10, 2))[1].replace("\u00a0", " ").replace("\u202f", " ")
    assert told == (
        "Le nombre de personnes : de 12 à ≥ 10 ; tout n’est pas compté, on ne sait pas s’il a diminué, "
        "d’après 3 sites sur 3, puis 2 sur 3."
    )


def test_a_share_says_how_many_sites_it_rests_on() -> None:
    then, now = FigureReading(Ratio(3, 10, 2, 3)), FigureReading(Ratio(6, 10, 3, 3))
    way, sentence = move_of("scolarisation", then, now)
    assert way == ROSE
    assert "d’après 2 sites sur 3, puis 3 sur 3" in sentence.replace("\u00a0", " ")

"""The last counts of the front page are found among the newest of all, or among those of a small territory."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jalons.sites.models import Survey
from jalons.sites.selectors import last_surveys, rows
from tests import factories as make
from tests.factories import LILLE, MARSEILLE, Cast

FIRST = dt.date(2026, 1, 1)


def counted(code: str, *minutes_ago: int) -> list[Survey]:
    """Counts of a new site, recorded so many minutes ago."""
    site, found = make.make_site(code=code), []
    for day, ago in enumerate(minutes_ago):
        survey = make.make_survey(site, FIRST + dt.timedelta(days=day))
        Survey.objects.filter(pk=survey.pk).update(recorded_at=timezone.now() - dt.timedelta(minutes=ago))
        found.append(survey)
    return found


@pytest.mark.parametrize(("walked", "queries"), [(9, 1), (4, 2)])
def test_the_newest_of_the_territory(
    cast: Cast,
    walked: int,
    queries: int,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    monkeypatch.setattr(rows, "WALKED", walked)
    one, three, eight = counted(LILLE, 1, 3, 8)
    counted(MARSEILLE, 2, 4, 5)
    (six,) = counted(LILLE, 6)
    Survey.objects.filter(pk=three.pk).update(unchanged=True)  # only says again
    assert last_surveys(cast.correspondent59, 3) == [one, six, eight]  # rights are read
    with django_assert_num_queries(queries):
        assert last_surveys(cast.correspondent59, 3) == [one, six, eight]
    assert last_surveys(cast.correspondent59, 9) == [one, six, eight]
    assert len(last_surveys(cast.national, 4)) == 4

"""The list of conventions, filtered: two years of the Nord, made once."""

from typing import Any

import pytest

from jalons.conventions.overview.listing import ConventionFilter, filtered_conventions
from tests.conventions.samples import make_convention, sample
from tests.worlds import stored

pytestmark = pytest.mark.django_db


def new_years(cast: Any) -> None:
    for year in (2022, 2023):
        make_convention(sample(f"exemple-{year}", year))


stored_years, years = stored(new_years)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (ConventionFilter(), ["Exemple 2023", "Exemple 2022"]),
        (ConventionFilter(year=2023), ["Exemple 2023"]),
        (ConventionFilter(q="exèmple 2022"), ["Exemple 2022"]),
        (ConventionFilter(q="departement du NORD"), ["Exemple 2023", "Exemple 2022"]),
        (ConventionFilter(q="introuvable"), []),
        (ConventionFilter(departement="13"), []),
        (ConventionFilter(departement="59", state="draft"), ["Exemple 2023", "Exemple 2022"]),
        (ConventionFilter(state="signed"), []),
    ],
)
def test_the_list_is_filtered(cast: Any, years: None, asked: ConventionFilter, found: list[str]) -> None:
    assert [each.short_title for each in filtered_conventions(cast.national, asked)] == found

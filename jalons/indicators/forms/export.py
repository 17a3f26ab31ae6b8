"""Which years leave of the dispositifs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jalons.core import clock
from jalons.core.queries import pairs_of
from jalons.core.values import join_and

YEARS_PARAMETER, STATUS_PARAMETER = "annee", "termines"
ALL_YEARS = "toutes"
# Enough for what Jalons may hold; an address with another year asks nothing.
OLDEST, NEWEST = 1990, 2100


@dataclass(frozen=True, slots=True)
class AskedYears:
    """`years` None: all those in which each dispositif ran. `every_status`: those that are over and to come too."""

    years: frozenset[int] | None
    every_status: bool = False

    def bounds(self, first: int) -> tuple[int, int]:
        """The first and the last year, when dispositifs began in `first`."""
        this = clock.today().year
        return (first, this) if self.years is None else (min(self.years), max(self.years))

    @property
    def words(self) -> str:
        if self.years is None:
            return "Toutes les années"
        several = "Années" if len(self.years) > 1 else "Année"
        return f"{several} {join_and([str(year) for year in sorted(self.years)])}"


def read_year(params: Mapping[str, Any]) -> int:
    """The one year of `?annee=2025`, the newest of several; this year otherwise."""
    return max(read_years(params).years or {clock.today().year})


def read_years(params: Mapping[str, Any]) -> AskedYears:
    """`?annee=2025&annee=2024`, `?annee=toutes`; this year and the one before otherwise."""
    chosen = [value.strip() for name, value in pairs_of(params) if name == YEARS_PARAMETER]
    every_status = any(name == STATUS_PARAMETER and value for name, value in pairs_of(params))
    if ALL_YEARS in chosen:
        return AskedYears(None, every_status)
    years = {int(value) for value in chosen if value.isascii() and value.isdigit() and len(value) == 4}
    known = frozenset(year for year in years if OLDEST <= year <= NEWEST)
    this = clock.today().year
    return AskedYears(known or frozenset({this - 1, this}), every_status)

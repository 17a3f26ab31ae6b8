"""Reading editions. What is open to all reads `OpenHalfYear` and nothing else."""

from dataclasses import dataclass
from typing import Any

from jalons.public.enums import EditionState
from jalons.public.half_years import HalfYear, between
from jalons.public.models import CountedHalfYear, OpenEdition, OpenHalfYear


@dataclass(frozen=True, slots=True)
class OutHalfYear:
    """A half-year that may be read now, in the last edition that holds it."""

    half_year: HalfYear
    key: int
    edition: int
    fingerprint: str


def half_years_out() -> list[OutHalfYear]:
    """The newest first: one query."""
    rows = OpenHalfYear.objects.filter(is_out=True).order_by(
        "-half_year", "-edition__published_at", "-edition"
    )
    latest: dict[str, OutHalfYear] = {}
    for code, key, number, mark in rows.values_list("half_year", "pk", "edition__number", "fingerprint"):
        if code not in latest and (half_year := HalfYear.parse(code)):
            latest[code] = OutHalfYear(half_year, key, number, mark)
    return list(latest.values())


def content_of(out: OutHalfYear) -> dict[str, Any]:
    return dict(OpenHalfYear.objects.values_list("content", flat=True).get(pk=out.key))


def half_years_of(edition: OpenEdition) -> list[HalfYear]:
    first, last = HalfYear.parse(edition.first), HalfYear.parse(edition.last)
    return between(first, last) if first and last else []


def latest_out() -> int:
    """The number of the last edition that ever went out; 0 when none did."""
    numbers = OpenEdition.objects.filter(published_at__isnull=False).order_by("-number")
    return numbers.values_list("number", flat=True).first() or 0


def counted_of(edition: OpenEdition, half_year: str) -> CountedHalfYear | None:
    return CountedHalfYear.objects.filter(edition=edition, half_year=half_year).first()


def being_prepared() -> OpenEdition | None:
    return OpenEdition.objects.filter(state=EditionState.PREPARING).first()

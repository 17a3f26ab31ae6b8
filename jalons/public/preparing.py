"""Counting, protecting and auditing an edition: minutes of work. Only the worker loads this module, and its solver."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from jalons.core.progress import Steps, Tell, ignore
from jalons.public.counting import contributions_of, country
from jalons.public.disclosure.cells import OpenedTable, TableShape, backings
from jalons.public.disclosure.protection import Protected, protect
from jalons.public.enums import EditionState
from jalons.public.half_years import HalfYear
from jalons.public.models import CountedHalfYear, OpenEdition
from jalons.public.selectors import half_years_of
from jalons.public.storing import counted_cells, table_from


def prepare(edition: OpenEdition, tell: Tell = ignore) -> None:
    """Writes what it counted and the verdict of the audit, in one transaction at the end."""
    shape = country()
    asked = half_years_of(edition)
    steps = Steps(tell, len(asked))
    done: dict[HalfYear, Protected] = {}
    rows = []
    for half_year in asked:
        counted = backings(shape, contributions_of(half_year, edition.known_on))
        done[half_year] = protect(shape, counted, tables_out(shape, half_year, edition.beside))
        cells = counted_cells(done[half_year], counted)
        rows.append(CountedHalfYear(edition=edition, half_year=half_year.code, cells=cells))
        steps.add()
    is_safe = not any(protected.exposed for protected in done.values())
    with transaction.atomic():
        edition.counted.all().delete()
        CountedHalfYear.objects.bulk_create(rows)
        OpenEdition.objects.filter(pk=edition.pk, state=EditionState.PREPARING).update(
            state=EditionState.READY if is_safe else EditionState.REFUSED,
            verdict=verdict_of(done),
            failure="",
        )


def tables_out(shape: TableShape, half_year: HalfYear, beside: int) -> list[OpenedTable]:
    """What already went out of a half-year, in its order. What was withdrawn was read: it counts as known."""
    rows = CountedHalfYear.objects.filter(
        half_year=half_year.code,
        edition__number__lte=beside,
        edition__published_at__isnull=False,
    )
    return [table_from(shape, row.cells) for row in rows.order_by("edition__published_at", "edition")]


def verdict_of(done: Mapping[HalfYear, Protected]) -> dict[str, Any]:
    """By half-year: what is hidden at each level and why, what gave way. Then how much was tried."""
    return {
        "half_years": {half_year.code: hidden_of(protected) for half_year, protected in done.items()},
        "figures": sum(protected.count.figures for protected in done.values()),
        "programs": sum(protected.count.programs for protected in done.values()),
    }


def hidden_of(protected: Protected) -> dict[str, Any]:
    why = Counter(str(why) for why in protected.why.values())
    return {
        "why": dict(why),
        "open": len(protected.table.values) - len(protected.why),
        "hidden": len(protected.why),
        "rounds": protected.rounds,
        "exposed": sorted([unknown.measure, unknown.area] for unknown in protected.exposed),
    }

"""What a count is compared with: the one before of its source, and of the other sources the one that differs most."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby, takewhile
from typing import Any

# Two sources counted the same people when their counts are this close.
DISAGREEMENT_DAYS = 30
CLOSE = dt.timedelta(days=DISAGREEMENT_DAYS)
COMPARED = ("people", "source_kind", "source_id", "unchanged")


def source_of(count: Any) -> tuple[str, int]:
    return count.source_kind, count.source_id or 0


def compared_counts(ranked: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """`people_before` and `people_apart` of the counts of any number of sites, by primary key; nothing for those that
    have neither. `ranked`: the counts that may stand, those that would stand first before the others.
    """
    compared: dict[int, dict[str, Any]] = {}
    for _, of_site in groupby(
        sorted(ranked, key=lambda count: count.site_id), key=lambda count: count.site_id
    ):
        counts = list(of_site)  # still ranked: sorting keeps the order of equals
        for rank, count in enumerate(counts):
            before, apart = count_before(count, counts[rank + 1 :]), count_apart(count, counts, rank)
            if before is not None or apart is not None:
                compared[count.pk] = {"people_before": before, "people_apart": apart}
    return compared


def count_before(count: Any, older: Sequence[Any]) -> int | None:
    """One that only said again « rien n’a changé » is no count."""
    if count.unchanged:
        return None
    source = source_of(count)
    for other in older:
        if not other.unchanged and other.valid_on < count.valid_on and source_of(other) == source:
            return int(other.people)
    return None


def count_apart(count: Any, counts: Sequence[Any], rank: int) -> int | None:
    """Of the other sources up to thirty days before, the count farthest from this one; of two as far, the newest."""
    since, source = count.valid_on - CLOSE, source_of(count)
    first = rank
    while first and counts[first - 1].valid_on == count.valid_on:
        first -= 1
    close = takewhile(lambda other: other.valid_on >= since, counts[first:])
    others = [int(other.people) for other in close if source_of(other) != source]
    return max(others, key=lambda people: abs(people - count.people), default=None)

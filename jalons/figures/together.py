"""Several places read at once: the rows of all of them, grouped by those in which they stand, then added up for each.

A row of the nation, of its région and of its département is read once and counts in the three.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, Case, Count, Max, Q, Value, When
from django.db.models.aggregates import Aggregate

from jalons.core.values.numbers import add

Wheres = Sequence[Q]


def marks_of(wheres: Wheres) -> dict[str, Case]:
    """Whether a row stands in each of the places, by a name of its own. Nothing for those that take all of them."""
    return {
        f"in_{place}": Case(When(where, then=Value(True)), default=Value(False), output_field=BooleanField())
        for place, where in enumerate(wheres)
        if where
    }


def standing_in_some(rows: Any, wheres: Wheres) -> Any:
    """Those that stand in none are not read. `rows` are unordered, and so is the answer."""
    marked = rows.order_by().annotate(**marks_of(wheres))
    return marked.filter(reduce(or_, wheres)) if all(wheres) else marked


def shared_out(rows: Any, wheres: Wheres, *names: str) -> Iterable[tuple[list[int], tuple[Any, ...]]]:
    """The distinct values of `names`, with the ranks of the places where they stand: one query."""
    marks = list(marks_of(wheres))
    everywhere = [place for place, where in enumerate(wheres) if not where]
    ranks = [int(mark.removeprefix("in_")) for mark in marks]
    for row in standing_in_some(rows, wheres).values_list(*marks, *names).distinct():
        stands = [rank for rank, inside in zip(ranks, row, strict=False) if inside]
        yield [*everywhere, *stands], row[len(marks) :]


def added_up(rows: Any, wheres: Wheres, sums: Mapping[str, Aggregate]) -> list[dict[str, Any]]:
    """What `rows.aggregate(**sums)` would give in each place: one query. Counts, sums and last days, which add up."""
    marks = marks_of(wheres)
    marked = standing_in_some(rows, wheres)
    groups: Sequence[dict[str, Any]] = (
        list(marked.values(*marks).annotate(**sums)) if marks else [marked.aggregate(**sums)]
    )
    return [
        folded((group for group in groups if group.get(f"in_{place}", True)), sums)
        for place in range(len(wheres))
    ]


def by_place(
    rows: Any, by: str, sums: Mapping[str, Aggregate]
) -> tuple[dict[str, Any], dict[Any, dict[str, Any]]]:
    """What `rows.aggregate(**sums)` would give, and the same for each value of `by` that some row has: one query."""
    groups = {group[by]: group for group in rows.order_by().values(by).annotate(**sums)}
    return folded(groups.values(), sums), groups


def folded(groups: Iterable[Mapping[str, Any]], sums: Mapping[str, Aggregate]) -> dict[str, Any]:
    """Several groups as one."""
    total: dict[str, Any] = {name: 0 if isinstance(column, Count) else None for name, column in sums.items()}
    merges: dict[str, Callable[[Any, Any], Any]] = {
        name: max if isinstance(column, Max) else add for name, column in sums.items()
    }
    for group in groups:
        for name, merge in merges.items():
            total[name] = merged(merge, total[name], group[name])
    return total


def merged(merge: Callable[[Any, Any], Any], total: Any, more: Any) -> Any:
    """Nothing adds nothing."""
    if total is None or more is None:
        return more if total is None else total
    return merge(total, more)

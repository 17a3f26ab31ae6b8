"""Twins of two lists, and what changed between them."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, NamedTuple

from jalons.conventions.changes.change import Change, ChangePlace, change
from jalons.conventions.changes.describing import NOTHING, DescribedPart, part_words, said_of
from jalons.conventions.dossier.content import AnnexContent, DeliberationContent, Sheet, Tracking

# Matching ----------------------------------------------------------------------------------------------------

Name = Callable[[Any], Hashable]


def pairs(before: Sequence[Any], after: Sequence[Any], name: Name) -> Iterator[tuple[Any, Any]]:
    """Twins of both lists: those of one name (the first with the first), then what is left in the order it stands.

    None stands for the one that is not there.
    """
    waiting: dict[Hashable, list[Any]] = defaultdict(list)
    for item in before:
        waiting[name(item)].append(item)
    twins: dict[int, Any] = {}
    for item in after:
        if same := waiting.get(name(item)):
            twins[id(item)] = same.pop(0)
    taken = {id(twin) for twin in twins.values()}
    left = [item for item in before if id(item) not in taken]
    for item in after:
        twin = twins.get(id(item))
        if twin is None and left and not keyed(item):
            twin = left.pop(0)
        yield twin, item
    for gone in left:
        yield gone, None


def keyed(piece: Any) -> bool:
    """What has an identifier of its own is never taken for another; nor is a sheet or a vote."""
    inner = next(
        (getattr(piece, name) for name in ("commitment", "annex", "table") if hasattr(piece, name)), piece
    )
    if isinstance(piece, Sheet | AnnexContent | DeliberationContent):
        return True
    return bool(getattr(piece, "key", "") or (isinstance(piece, Tracking) and getattr(inner, "key", "")))


def compare(
    place: ChangePlace, before: dict[str, DescribedPart], after: dict[str, DescribedPart], parts: bool = False
) -> Iterator[Change]:
    """Item by item; the value itself has the empty name."""
    for name in [*after, *(name for name in before if name not in after)]:
        was, now = before.get(name, NOTHING), after.get(name, NOTHING)
        if was != now:
            yield change(
                place, part_words(name) if parts else name or "valeur", was, now, name if parts else ""
            )


class ListOf(NamedTuple):
    """A list of a dossier or of a sheet: its attribute, the name of a piece from one version to the next, its title.

    `ordered` false: the file has no order for them, and a database gives them back in its own.
    """

    attribute: str
    name: Name
    title: Callable[[Any], str]
    describe: Callable[[Any], dict[str, DescribedPart]] = said_of
    ordered: bool = True
    is_follow_up: Callable[[Any], bool] = lambda piece: False


def compare_each(place: ChangePlace, before: Any, after: Any, *lists: ListOf) -> Iterator[Change]:
    """`before` or `after` may be None: what stands in it came, or went."""
    for pieces in lists:
        was, now = (getattr(side, pieces.attribute) if side is not None else () for side in (before, after))
        yield from compare_list(place, was, now, pieces)


def compare_list(
    place: ChangePlace, before: Sequence[Any], after: Sequence[Any], pieces: ListOf
) -> Iterator[Change]:
    """Pieces of one kind: those that came, those that went, what changed in the others, and their order."""
    stayed: list[Any] = []
    for was, now in pairs(before, after, pieces.name):
        where = ", ".join(filter(None, (place.where, pieces.title(now if now is not None else was))))
        # What was agreed and becomes followed up, or the reverse, is a change of what was agreed.
        here = place.at(where, follow_up=all(map(pieces.is_follow_up, filter(None, (was, now)))))
        if was is None or now is None:
            yield came_or_went(here, was is None)
        else:
            stayed.append(was)
        before_words, after_words = (
            pieces.describe(piece) if piece is not None else {} for piece in (was, now)
        )
        yield from compare(here, before_words, after_words)
    order = {id(piece): index for index, piece in enumerate(before)}
    places = [order[id(was)] for was in stayed]
    if pieces.ordered and places != sorted(places):
        yield Change(
            place.sheet,
            place.where,
            "Ordre",
            "",
            "Les lignes sont dans un autre ordre",
            area=place.area,
            follow_up=place.follow_up,
        )


def came_or_went(place: ChangePlace, came: bool) -> Change:
    what = "Ajout" if came else "Retrait"
    return Change(
        place.sheet,
        place.where,
        what,
        "" if came else "présent",
        "présent" if came else "",
        area=place.area,
        follow_up=place.follow_up,
    )

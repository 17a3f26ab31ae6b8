"""What changes in the annexes and the votes."""

from collections.abc import Iterator
from typing import Any

from jalons.conventions.changes.change import Area, Change, ChangePlace, cut
from jalons.conventions.changes.describing import said_of
from jalons.conventions.changes.matching import Name, compare_lists, pairs
from jalons.conventions.dossier.content import Dossier
from jalons.core.values import fold

# Annexes and votes -------------------------------------------------------------------------------------------


def annex_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    place = ChangePlace(Area.ANNEX)
    yield from compare_lists(
        place,
        before.annexes,
        after.annexes,
        lambda one: one.annex.key,
        lambda one: str(one.annex) or "Annexe financière",
        lambda one: said_of(one.annex),
    )
    for was, now in pairs(before.annexes, after.annexes, lambda one: one.annex.key):
        here = place.at(str((now or was).annex) or "Annexe financière")
        old, new = (each.tables if each else [] for each in (was, now))
        name: Name = lambda one: one.table.key or fold(one.table.title)  # noqa: E731
        yield from compare_lists(
            here, old, new, name, lambda one: table_title(one), lambda one: said_of(one.table)
        )
        for first, second in pairs(old, new, name):
            yield from compare_lists(
                here.at(f"{here.where}, {table_title(second or first)}"),
                first.lines if first else (),
                second.lines if second else (),
                lambda line: (line.kind_words, line.number, line.action_number, fold(line.label)),
                lambda line: cut(line.label),
            )


def table_title(content: Any) -> str:
    return cut(content.table.title) or f"tableau {content.table.position + 1}"


def vote_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    place = ChangePlace(Area.DELIBERATION)
    name: Name = lambda one: (one.deliberation.assembly, one.deliberation.number)  # noqa: E731
    yield from compare_lists(
        place,
        before.deliberations,
        after.deliberations,
        name,
        lambda one: f"Délibération {one.deliberation.number}",
        lambda one: said_of(one.deliberation),
    )
    for was, now in pairs(before.deliberations, after.deliberations, name):
        here = place.at(f"Délibération {(now or was).deliberation.number}")
        yield from compare_lists(
            here,
            was.amounts if was else (),
            now.amounts if now else (),
            lambda one: (one.convention_key, one.meaning),
            lambda one: f"montant autorisé pour {one.convention_key}",
        )
        yield from compare_lists(
            here,
            was.lines if was else (),
            now.lines if now else (),
            lambda one: (one.operation, one.envelope),
            lambda one: f"ligne comptable {one.operation} {one.envelope}".strip(),
        )

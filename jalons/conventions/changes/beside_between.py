"""What changes in the annexes and the votes."""

from collections.abc import Iterator
from typing import Any

from jalons.conventions.changes.change import Area, Change, ChangePlace, cut
from jalons.conventions.changes.describing import said_of
from jalons.conventions.changes.matching import ListOf, compare_each, pairs
from jalons.conventions.dossier.content import Dossier
from jalons.core.values import fold

# Annexes and votes -------------------------------------------------------------------------------------------


def annex_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    place = ChangePlace(Area.ANNEX)
    yield from compare_each(place, before, after, ANNEXES)
    for was, now in pairs(before.annexes, after.annexes, ANNEXES.name):
        here = place.at(ANNEXES.title(now or was))
        yield from compare_each(here, was, now, TABLES)
        old, new = (annex.tables if annex else [] for annex in (was, now))
        for first, second in pairs(old, new, TABLES.name):
            place_of_table = here.at(f"{here.where}, {table_title(second or first)}")
            yield from compare_each(place_of_table, first, second, LINES)


def table_title(content: Any) -> str:
    return cut(content.table.title) or f"tableau {content.table.position + 1}"


def vote_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    place = ChangePlace(Area.DELIBERATION)
    yield from compare_each(place, before, after, VOTES)
    for was, now in pairs(before.deliberations, after.deliberations, VOTES.name):
        here = place.at(VOTES.title(now or was))
        yield from compare_each(here, was, now, AUTHORISED, ACCOUNTED)


ANNEXES = ListOf(
    "annexes",
    lambda content: content.annex.key,
    lambda content: str(content.annex) or "Annexe financière",
    lambda content: said_of(content.annex),
)
TABLES = ListOf(
    "tables",
    lambda content: content.table.key or fold(content.table.title),
    table_title,
    lambda content: said_of(content.table),
)
LINES = ListOf(
    "lines",
    lambda line: (line.kind_words, line.number, line.action_number, fold(line.label)),
    lambda line: cut(line.label),
)
VOTES = ListOf(
    "deliberations",
    lambda content: (content.deliberation.assembly, content.deliberation.number),
    lambda content: f"Délibération {content.deliberation.number}",
    lambda content: said_of(content.deliberation),
)
AUTHORISED = ListOf(
    "amounts",
    lambda amount: (amount.convention_key, amount.meaning),
    lambda amount: f"montant autorisé pour {amount.convention_key}",
)
ACCOUNTED = ListOf(
    "lines",
    lambda line: (line.operation, line.envelope),
    lambda line: f"ligne comptable {line.operation} {line.envelope}".strip(),
)

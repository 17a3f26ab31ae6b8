"""Sends the requests and judges the answers. Every request is undone: each may be sent again alone."""

import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection, transaction
from django.test import Client

from tests.fuzz.ground import Ground, counter
from tests.fuzz.shots import Shot, draw
from tests.guards import commits
from tests.house.edges import EDGES, Edge, emptied
from tests.house.world import World

# Requests in a row sent to the same world: the ordinary one, or one at an edge.
BLOCK = 25
# What a hostile request may cost beside an ordinary visit: some more for rows that it adds to a form.
TIMES, MORE = 3, 120
JALONS = Path(__file__).parents[2] / "jalons"


@dataclass(frozen=True)
class Failure:
    number: int
    edge: str
    shot: Shot
    what: str
    where: str = ""

    @property
    def kind(self) -> str:
        """Two failures of one kind have one cause, as far as one can see."""
        return (
            f"{self.what.splitlines()[0][:90]} {self.where}"
            if self.where
            else f"{self.what} {self.shot.target.page.name}"
        )


@dataclass
class Figures:
    statuses: Counter[int] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    worst: Counter[str] = field(default_factory=Counter)  # the most queries, by page
    failures: list[Failure] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(self.pages.values())


def edge_of(seed: int, number: int) -> Edge | None:
    """Two blocks of three are sent to the ordinary world."""
    rng = Random(f"{seed}:monde:{number // BLOCK}")
    return rng.choice([*EDGES, *emptied()]) if rng.random() < 1 / 3 else None


def fuzz(world: World, ground: Ground, *, seed: int, numbers: Iterable[int], only: str = "") -> Figures:
    figures = Figures()
    for block, run in groupby(numbers, key=lambda number: number // BLOCK):
        edge = edge_of(seed, block * BLOCK)
        with commits.held():
            if edge:
                edge.bend(world)
            for number in run:
                shot = draw(Random(f"{seed}:{number}"), ground)
                if only in shot.target.page.name:
                    judge(figures, number, edge.name if edge else "", shot, ground)
            transaction.set_rollback(True)
    return figures


def judge(figures: Figures, number: int, edge: str, shot: Shot, ground: Ground) -> None:
    name = shot.target.page.name
    figures.pages[name] += 1
    queries: list[None] = []
    try:
        with connection.execute_wrapper(counter(queries)):
            status = fire(shot, ground.cookies[shot.who])
    except Exception as error:
        figures.statuses[500] += 1
        figures.failures.append(
            Failure(number, edge, shot, f"{type(error).__name__} : {error}", origin(error))
        )
        return
    figures.statuses[status] += 1
    figures.worst[name] = max(figures.worst[name], len(queries))
    if status >= 500:
        figures.failures.append(Failure(number, edge, shot, f"réponse {status}"))
    elif len(queries) > TIMES * shot.target.queries + MORE:
        what = f"{len(queries)} requêtes à la base, pour {shot.target.queries} d’ordinaire,"
        figures.failures.append(Failure(number, edge, shot, what))


def fire(shot: Shot, session: str) -> int:
    """The status of the answer, read to its end, with what it left to do once written."""
    client = Client()
    if session:
        client.cookies["sessionid"] = session
    with commits.held():
        answer: Any = client.generic(
            shot.method, shot.path, shot.body, shot.content_type, headers=shot.headers
        )
        for _ in answer.streaming_content if answer.streaming else ():
            pass
        transaction.set_rollback(True)
    return int(answer.status_code)


def origin(error: BaseException) -> str:
    """The last place of ours that the exception went through."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(JALONS)
    ]
    last = (ours or traceback.extract_tb(error.__traceback__))[-1]
    return f"{Path(last.filename).name}:{last.lineno} ({last.name})"


def kinds(failures: Iterable[Failure]) -> Iterator[list[Failure]]:
    """The failures, those of one kind together, the most numerous first."""
    by_kind: dict[str, list[Failure]] = {}
    for failure in failures:
        by_kind.setdefault(failure.kind, []).append(failure)
    yield from sorted(by_kind.values(), key=len, reverse=True)

"""What is searched, and what a search gives."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jalons.core.values import fold
from jalons.territories.selectors import NamedGround, named_ground

MAX_WORDS = 8
LONGEST = 200  # characters; what is beyond is not read


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `url` is empty for what has no page of its own."""

    label: str
    url: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ResultLink:
    """To a list that holds exactly `count` things for the same words: « 37 sites ouverts »."""

    count: int
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """The first things of a kind and how many there are, all of which the reader may read."""

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    links: list[ResultLink] = field(default_factory=list)


@dataclass(frozen=True)
class SearchedWords:
    """What was typed, as it is searched. Falsy when nothing is left of it."""

    typed: str
    folded: tuple[str, ...]

    @cached_property
    def ground(self) -> NamedGround:
        """The territory so named: one query, for all the kinds that stand on the ground."""
        return named_ground(self.typed)

    def __bool__(self) -> bool:
        return bool(self.folded)


@dataclass(frozen=True, slots=True)
class ResultKind:
    """`code` stands in the address. `find(user, words, limit)` reads what `user` may read, and nothing else."""

    code: str
    title: str
    find: Callable[[Any, SearchedWords, int], Found]


def words_of(text: str) -> SearchedWords:
    """Whatever is typed: a database takes no NUL for a letter, and eight words say enough."""
    typed = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    return SearchedWords(typed, tuple(fold(typed).split()[:MAX_WORDS]))

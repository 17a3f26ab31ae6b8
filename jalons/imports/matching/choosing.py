"""Of the known sites (or dispositifs), the one that a row speaks of."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from rapidfuzz import fuzz

from jalons.core.values import french_spaces, join_and
from jalons.imports.enums import RowOutcome
from jalons.imports.matching.names import (
    NO_NAME,
    WrittenName,
    name_of,
    nearly_same,
    same_address,
    same_street,
    same_words,
    within,
)

RESEMBLING = 85  # of 100
WEAK_WORD = 8  # letters of a word that two names of dispositifs share by chance
MOST_CANDIDATES = 5
SAME_NAME = "le même nom"
T = TypeVar("T")


@dataclass(frozen=True)
class KnownThing:
    """Something that Jalons knows. `group`: its commune, or its département for a dispositif.

    Its names are cut in words once, and go with it: kept for all tables, they would weigh on the worker for ever.
    """

    key: str
    names: tuple[str, ...]
    group: str
    group_label: str = ""
    address: str = ""

    def name(self) -> str:
        return self.names[0]

    @cached_property
    def written_names(self) -> tuple[WrittenName, ...]:
        return tuple(map(name_of, self.names))

    @cached_property
    def written_address(self) -> WrittenName:
        return name_of(self.address)


@dataclass(frozen=True, slots=True)
class Written:
    """What the row writes."""

    name: str
    group: str = ""
    address: str = ""
    key: str = ""
    near: frozenset[str] = frozenset()  # keys of those within 300 m


@dataclass(frozen=True, slots=True)
class RowMatch:
    """`key` of the one for THIS; `candidates` for CHOOSE. `why` in French."""

    outcome: RowOutcome
    why: str
    key: str = ""
    candidates: tuple[KnownThing, ...] = field(default=())


NOTHING_KNOWN = RowMatch(RowOutcome.NEW, french_spaces("rien de connu sous ce nom ici"))


class KnownNames:
    """What is known, by group and by words. `shares_words`: dispositifs that share one long word are candidates too."""

    def __init__(self, known: Iterable[KnownThing], *, shares_words: bool = False) -> None:
        self.known = list(known)
        self.by_key = {one.key: one for one in self.known}
        self.by_group: dict[str, list[KnownThing]] = {}
        self.by_words: dict[frozenset[str], list[KnownThing]] = {}
        self.by_name: dict[tuple[str, str], dict[str, KnownThing]] = {}  # (group, folded name): by key
        self.shares_words = shares_words
        for one in self.known:
            self.by_group.setdefault(one.group, []).append(one)
            for told in one.written_names:
                self.by_words.setdefault(told.words, []).append(one)
                self.by_name.setdefault((one.group, told.folded), {})[one.key] = one

    def match(self, written: Written) -> RowMatch:
        if written.key and (one := self.by_key.get(written.key)):
            return RowMatch(RowOutcome.THIS, "le code de Jalons", key=one.key)
        here = self.by_group.get(written.group, [])
        name = name_of(written.name)
        address = name_of(written.address) if here else NO_NAME  # compared with nobody’s
        same = self.by_name.get((written.group, name.folded), {}) if name.folded else {}
        if len(same) == 1:
            return RowMatch(RowOutcome.THIS, SAME_NAME, key=next(iter(same)))
        for why, rule in RULES:
            found = [one for one in here if rule(name, address, one)]
            if len(found) == 1:
                return RowMatch(RowOutcome.THIS, why, key=found[0].key)
            if found:
                return choose(found, french_spaces("plusieurs répondent à ce nom"))
        resembling = [one for one in here if resembles(written, name, address, one, self.shares_words)]
        if resembling:
            return choose(resembling, french_spaces("un nom ou une adresse qui ressemble"))
        elsewhere = [one for one in self.by_words.get(name.words, []) if one.group != written.group]
        if elsewhere and name.is_telling:
            places = join_and(sorted({one.group_label or one.group for one in elsewhere})[:3])
            return choose(elsewhere, french_spaces(f"un site de ce nom existe à {places}"))
        return NOTHING_KNOWN


def choose(known_things: Sequence[KnownThing], why: str) -> RowMatch:
    return RowMatch(RowOutcome.CHOOSE, why, candidates=tuple(known_things[:MOST_CANDIDATES]))


def any_name(known_thing: KnownThing, rule: Callable[[WrittenName], bool]) -> bool:
    return any(map(rule, known_thing.written_names))


Rule = Callable[[WrittenName, WrittenName, KnownThing], bool]
# From the surest; the first that finds one, and only one, decides.
RULES: tuple[tuple[str, Rule], ...] = (
    (
        SAME_NAME,
        lambda name, _, one: any_name(one, lambda other: bool(name.folded) and name.folded == other.folded),
    ),
    ("les mêmes mots", lambda name, _, one: any_name(one, lambda other: same_words(name, other))),
    (
        "le même nom à une lettre près",
        lambda name, _, one: any_name(one, lambda other: nearly_same(name, other)),
    ),
    (
        "la même adresse, et une partie du nom",
        lambda name, address, one: (
            same_address(address, one.written_address)
            and any_name(one, lambda other: bool(name.words & other.words))
        ),
    ),
    (
        "une partie du nom, et la même rue",
        lambda name, address, one: (
            same_street(address, one.written_address) and any_name(one, lambda other: within(name, other))
        ),
    ),
)


def resembles(
    written: Written, name: WrittenName, address: WrittenName, known_thing: KnownThing, shares_words: bool
) -> bool:
    place = known_thing.written_address
    if known_thing.key in written.near or same_address(address, place):
        return True
    if name.words and (name.words == place.words or any_name(known_thing, lambda other: within(name, other))):
        return True
    if not name.words and address.words and same_street(address, place):
        return True
    if shares_words and any_name(
        known_thing, lambda other: any(len(word) >= WEAK_WORD for word in name.words & other.words)
    ):
        return True
    return bool(name.folded) and any_name(
        known_thing,
        lambda other: (
            fuzz.token_set_ratio(" ".join(sorted(name.words)), " ".join(sorted(other.words))) >= RESEMBLING
        ),
    )

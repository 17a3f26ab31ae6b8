"""Two dated facts that do not agree. One sentence a pair of kinds, whatever the order in which they were entered.

What is dated after the end, or before the beginning, of what it is about is warned, never refused: see the decision
0022. Sites and dispositifs say here which of their facts have a date; forms, merges, sheets and lists read the result.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jalons.core.values import format_date, format_number, french_spaces


@dataclass(frozen=True, slots=True)
class Wording:
    """A kind of fact in a sentence: « le recensement du {day} est daté », « recensements sont datés ».

    `on_last_day`: it may be dated of the first day of the end (people leave on the day a site closes). `early`: it may
    come before the beginning.
    """

    singular: str
    several: str
    on_last_day: bool = False
    early: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """One fact: its kind and its day."""

    kind: StrEnum
    day: dt.date


@dataclass(frozen=True, slots=True)
class Life:
    """The time of a site or of a dispositif. `begins` None: nobody said since when. `ends` is its first day without."""

    begins: dt.date | None
    ends: dt.date | None
    begun: str  # « l’installation du site »
    ended: str  # « la fermeture du site »


def is_late(fact: Dated, wording: Wording, ends: dt.date) -> bool:
    return fact.day > ends if wording.on_last_day else fact.day >= ends


def is_early(fact: Dated, wording: Wording, begins: dt.date) -> bool:
    return not wording.early and fact.day < begins


def discords(life: Life, facts: Iterable[Dated], wordings: dict[StrEnum, Wording]) -> list[str]:
    """What does not agree, in French: for each kind, what comes after the end, then what comes before the beginning."""
    by_kind: dict[StrEnum, list[Dated]] = {kind: [] for kind in wordings}
    for fact in facts:
        by_kind[fact.kind].append(fact)
    discords = []
    for kind, dated in by_kind.items():
        wording = wordings[kind]
        if life.ends is not None:
            late = [fact.day for fact in dated if is_late(fact, wording, life.ends)]
            discords += sentence(wording, late, max, f"après {life.ended}", life.ends)
        if life.begins is not None:
            early = [fact.day for fact in dated if is_early(fact, wording, life.begins)]
            discords += sentence(wording, early, min, f"avant {life.begun}", life.begins)
    return discords


def sentence(wording: Wording, days: Sequence[dt.date], far: object, where: str, bound: dt.date) -> list[str]:
    """« Le recensement du 15/09/2026 est daté après la fermeture du site (01/06/2026). », nothing without a day."""
    if not days:
        return []
    limit = f"{where} ({format_date(bound)})"
    if len(days) == 1:
        return [
            french_spaces(f"{wording.singular.format(day=format_date(days[0]), year=days[0].year)} {limit}.")
        ]
    furthest = max(days) if far is max else min(days)
    which = "le dernier" if far is max else "le premier"
    count = format_number(len(days))
    return [french_spaces(f"{count} {wording.several} {limit}, {which} du {format_date(furthest)}.")]

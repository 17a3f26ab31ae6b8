"""Of the indicators that a structure fills in, the one that a row names."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from jalons.core.values import fold, french_spaces
from jalons.imports.enums import RowOutcome

WORDS = Path(__file__).resolve().parent.parent / "data" / "indicator_words.json"
NEARLY = 90  # of 100: one letter in ten
RESEMBLING = 75
MOST_CANDIDATES = 5
_PREFIX = re.compile(
    r"^(?:[-–•>*]+\s*)?(?:(?:nombre|nb|nbre|total) (?:total )?(?:de |d['’]|des )?)?(?:dont )?"
)


@dataclass(frozen=True, slots=True)
class NamedIndicator:
    """`names`: folded. `parent`: the key of the one that it details."""

    key: str
    label: str
    names: frozenset[str]
    parent: str = ""
    parent_label: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorMatch:
    outcome: RowOutcome
    why: str
    key: str = ""
    candidates: tuple[NamedIndicator, ...] = ()


@cache
def usual_words() -> Mapping[str, Sequence[str]]:
    """What people write for a national indicator, by its code."""
    return dict(json.loads(WORDS.read_text(encoding="utf-8")))


def plain_name(words: str) -> str:
    """« Nb de ménages suivis » as « menages suivis »; « dont femmes » as « femmes »."""
    folded = " ".join(re.sub(r"[.:]", " ", fold(words)).split())
    return _PREFIX.sub("", folded).strip() or folded


def named(
    key: str, label: str, code: str = "", parent: str = "", parent_label: str = "", counted: str = ""
) -> NamedIndicator:
    names = {label, counted, f"{parent_label} {label}" if parent else label, *usual_words().get(code, ())}
    return NamedIndicator(
        key, label, frozenset(plain_name(name) for name in names if name), parent, parent_label
    )


def match_indicator(words: str, known: Iterable[NamedIndicator], above: str) -> IndicatorMatch:
    """`above`: the key of the last one named that is no detail; a « dont » below it is a detail of it."""
    everything, plain = list(known), plain_name(words)
    if not plain:
        return IndicatorMatch(RowOutcome.CHOOSE, "la ligne ne nomme aucun indicateur")
    same = [one for one in everything if plain in one.names]
    is_detail = fold(words).lstrip("-–•>* ").startswith("dont ")
    for found in (of_parent(same, above) if is_detail else [], same):
        if len(found) == 1:
            return IndicatorMatch(RowOutcome.THIS, "le même intitulé", key=found[0].key)
    if same:
        return choose(of_parent(same, above) or same, "plusieurs indicateurs portent ce nom")
    scored = sorted(((nearness(plain, one), one) for one in everything), key=lambda pair: -pair[0])
    near = [one for score, one in scored if score >= NEARLY]
    if len(near) == 1:
        return IndicatorMatch(RowOutcome.THIS, "le même intitulé à une lettre près", key=near[0].key)
    alike = [one for score, one in scored if score >= RESEMBLING or resembles(plain, one)]
    if alike:
        return choose(alike, "un intitulé qui ressemble")
    return IndicatorMatch(
        RowOutcome.CHOOSE,
        french_spaces(
            "ce dispositif ne suit rien de ce nom : ajoutez l’indicateur à son suivi, puis relisez, ou laissez la "
            "ligne de côté"
        ),
    )


def of_parent(named_indicators: Sequence[NamedIndicator], parent: str) -> list[NamedIndicator]:
    return [named_indicator for named_indicator in named_indicators if named_indicator.parent == parent]


def nearness(plain: str, named_indicator: NamedIndicator) -> float:
    return max(fuzz.ratio(plain, name) for name in named_indicator.names)


def resembles(plain: str, named_indicator: NamedIndicator) -> bool:
    words = {word for word in plain.split() if len(word) > 3}
    return any(
        words and words & {word for word in name.split() if len(word) > 3} for name in named_indicator.names
    )


def choose(named_indicators: Sequence[NamedIndicator], why: str) -> IndicatorMatch:
    return IndicatorMatch(RowOutcome.CHOOSE, why, candidates=tuple(named_indicators[:MOST_CANDIDATES]))

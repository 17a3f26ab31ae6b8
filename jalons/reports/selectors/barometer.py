"""What rose, what fell over a period, in one sentence each."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jalons.core.values import Number, format_number, format_percent, plural
from jalons.core.values.formats import MINUS
from jalons.figures.readings import FigureReading
from jalons.figures.registry import FigureQuestion, read_families

ROSE, FELL, SAME, UNKNOWN = "rose", "fell", "same", "unknown"
# Key → how a sentence names it.
FOLLOWED = {
    "sites-ouverts": "le nombre de sites ouverts",
    "personnes": "le nombre de personnes",
    "mineurs": "le nombre de mineurs",
    "scolarisation": "la part des mineurs scolarisés",
    "conditions-water": "le nombre de sites où l’eau est à améliorer",
    "conditions-fire": "le nombre de sites où le risque d’incendie est à réduire",
    "sans-recensement": "le nombre de sites sans recensement récent",
    "sites-couverts": "la part des sites couverts par un dispositif",
}
READ = ("sites", "conditions", "couverture")
SHARES = ("scolarisation", "sites-couverts")


@dataclass(frozen=True, slots=True)
class Barometer:
    """The state on `before`, the eve of the period, against that of its last day."""

    before: dt.date
    rose: Sequence[str]
    fell: Sequence[str]
    same: Sequence[str]
    unknown: Sequence[str]


def barometer(asked: FigureQuestion, now: Mapping[str, FigureReading]) -> Barometer:
    """`now`: the readings of the last day, already read. One query for the eve."""
    eve = asked.days[0] - dt.timedelta(days=1)
    past = replace(asked, at=replace(asked.at, valid=eve))
    then = read_families(READ, past)
    moves = [move_of(key, then[key], now[key]) for key in FOLLOWED if key in then and key in now]
    rose, fell, same, unknown = (
        [sentence for moved, sentence in moves if moved == way] for way in (ROSE, FELL, SAME, UNKNOWN)
    )
    return Barometer(before=eve, rose=rose, fell=fell, same=same, unknown=unknown)


def move_of(key: str, then: FigureReading, now: FigureReading) -> tuple[str, str]:
    """Which way, and « Le nombre de personnes est passé de 1 240 à 1 390 (+ 12 %). »"""
    name = FOLLOWED[key][0].upper() + FOLLOWED[key][1:]
    ending = "e" if name.startswith("La ") else ""
    before, after = then.number, now.number
    if before is None or after is None:
        lacking = "au début et à la fin" if before is after else "au début" if before is None else "à la fin"
        return UNKNOWN, f"{name}\u00a0: inconnu{ending} {lacking} de la période."
    partly = partial_words(then, now)
    if then.short() == now.short():  # « de 45 % à 45 % » says nothing
        return SAME, f"{name} est resté{ending} à {now.short(none='0')}{partly}."
    if key not in SHARES and not is_certain(then, now):
        way = "augmenté" if after > before else "diminué"
        unsure = f"tout n’est pas compté, on ne sait pas s’il a {way}{partly}"
        return UNKNOWN, f"{name}\u00a0: de {then.short(none='0')} à {now.short(none='0')}\u00a0; {unsure}."
    by = f"{'+' if after > before else MINUS}\u00a0{change_words(before, after, share=key in SHARES)}"
    sentence = f"{name} est passé{ending} de {then.short(none='0')} à {now.short(none='0')} ({by}){partly}."
    return ROSE if after > before else FELL, sentence


def is_certain(then: FigureReading, now: FigureReading) -> bool:
    """« ≥ 7 » may hide more: it rises for certain above an exact number, and nothing falls for certain down to it."""
    before, after = then.number, now.number
    assert before is not None and after is not None  # noqa: S101, PT018  # the caller checked
    return not (then.is_partial if after > before else now.is_partial)


def change_words(before: Number, after: Number, *, share: bool) -> str:
    """« 6 points » between two percentages, else « 12 % », or the number itself when there was none."""
    gap = abs(float(after) - float(before))
    if share:
        points = max(round(gap), 1)
        return f"{format_number(points)}\u00a0{plural(points, 'point', 'points')}"
    return format_percent(100 * gap / float(before), 0) if before else format_number(int(gap))


def partial_words(then: FigureReading, now: FigureReading) -> str:
    """A figure that does not cover the same sites twice may move because more is known."""
    if not (then.is_partial or now.is_partial):
        return ""
    before, after = then.worth, now.worth
    return (
        f", d’après {format_number(before.known)} sites sur {format_number(before.expected)}, "
        f"puis {format_number(after.known)} sur {format_number(after.expected)}"
    )

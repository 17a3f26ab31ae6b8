"""Believable figures: how many people a site holds over time, what each source says of it, how one lives there."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jalons.demonstration.chance import Chance
from jalons.sites.enums import Condition, Reliability, SiteKind, SourceKind, Theme
from jalons.sites.questions import QUESTIONS, Question

BANDS = {
    "minors_0_3": 0.17,
    "minors_3_6": 0.2,
    "minors_6_12": 0.34,
    "minors_12_16": 0.19,
    "minors_16_18": 0.1,
}
# Per household: how many of each, on a piece of land and in a building.
DWELLINGS = {
    SiteKind.LAND: {"caravans": 0.35, "huts": 0.7, "tents": 0.1, "cars": 0.05},
    SiteKind.BUILDING: {"mattresses": 2.6, "tents": 0.1},
}
# What an association does not always manage to ask, and how often it says so (ND).
OFTEN_MISSING = {"minors_at_school": 0.12, "girls": 0.06, "women": 0.04, "minors_16_18": 0.05}


@dataclass(slots=True)
class Crowd:
    """The people of one site: `size` when it opened, then a trend and seasons."""

    size: int
    opened: dt.date
    trend: float  # share a month
    season: float  # share, at its strongest
    peak: int  # day of the year
    minors: float
    women: float
    household: float
    school: float
    emptied: tuple[dt.date, dt.date] | None = None  # people leave from the first day to the second

    @classmethod
    def drawn(cls, chance: Chance, size: int, opened: dt.date) -> "Crowd":
        return cls(
            size=size,
            opened=opened,
            trend=max(-0.02, min(0.02, chance.gauss(0.002, 0.009))),
            season=chance.uniform(0.02, 0.18),
            peak=chance.choice((30, 60, 200, 330)),
            minors=chance.uniform(0.28, 0.5),
            women=chance.uniform(0.42, 0.54),
            household=chance.uniform(3.0, 4.4),
            school=chance.uniform(0.35, 0.85),
        )

    def on(self, day: dt.date) -> int:
        """How many people are really there."""
        months = (day - self.opened).days / 30.4
        # Growth fades: no site doubles every year for ever.
        grown = self.size * math.exp(self.trend * min(months, 30))
        people = grown * (
            1 + self.season * math.cos((day.timetuple().tm_yday - self.peak) * 2 * math.pi / 365)
        )
        if self.emptied and day > self.emptied[0]:
            left = (self.emptied[1] - day) / (self.emptied[1] - self.emptied[0])
            people *= max(0.12, left)
        return max(3, round(people))


def counted(chance: Chance, crowd: Crowd, kind: str, people: int) -> dict[str, Any]:
    """An association that counts: nearly everything, with its own gaps."""
    minors = round(people * crowd.minors)
    households = max(1, round(people / crowd.household))
    columns: dict[str, Any] = {
        "people": people,
        "households": households,
        "women": round((people - minors) * crowd.women),
        "minors": minors,
        "girls": round(minors * 0.48),
        **shared_out(minors),
    }
    schoolable = columns["minors_3_6"] + columns["minors_6_12"] + columns["minors_12_16"]
    columns["minors_at_school"] = round(schoolable * crowd.school)
    for dwelling, share in DWELLINGS.get(SiteKind(kind), {}).items():
        columns[dwelling] = round(households * share)
    missing = [name for name, often in OFTEN_MISSING.items() if chance.random() < often]
    columns |= dict.fromkeys(missing)
    columns["blanks"] = dict.fromkeys(missing, "nd")
    return columns


def shared_out(minors: int) -> dict[str, int]:
    """Age bands that add up to `minors`."""
    return shared_by(BANDS, minors)


def shared_by(shares: Mapping[str, float], total: int) -> dict[str, int]:
    """Whole numbers in these shares (of 1) that add up to `total`."""
    parts, share, before = {}, 0.0, 0
    for name, part in shares.items():
        share += part
        upto = round(total * share)
        parts[name], before = upto - before, upto
    return parts


def seen_from_outside(chance: Chance, people: int, *, step: int, also: Mapping[str, float]) -> dict[str, Any]:
    """A round number of people, and a few parts of them; the minors may be not available."""
    rounded = max(step, step * round(people / step))
    columns: dict[str, Any] = {"people": rounded, "blanks": {}}
    for name, share in also.items():
        if name == "minors" and chance.happens(0.4):
            columns["blanks"] = {"minors": "nd"}
        else:
            columns[name] = round(rounded * share)
    return columns


def said_by(source: SourceKind, chance: Chance, crowd: Crowd, kind: str, day: dt.date) -> dict[str, Any]:
    """Columns of a `Survey` of a source on a day: each one counts in its own way."""
    people = crowd.on(day)
    if source == SourceKind.OPERATOR:
        people = max(1, round(people * chance.gauss(1, 0.02)))
        return {"reliability": Reliability.COUNTED, **counted(chance, crowd, kind, people)}
    if source == SourceKind.POLICE:
        seen = round(people * chance.gauss(0.97, 0.11))
        return {
            "reliability": Reliability.ESTIMATED,
            **seen_from_outside(chance, seen, step=5, also={"minors": 0.4}),
        }
    if source == SourceKind.MUNICIPALITY:
        seen = round(people * chance.gauss(0.98, 0.06))
        also = {"households": 0.27, "minors": 0.38}
        return {"reliability": Reliability.DECLARED, **seen_from_outside(chance, seen, step=1, also=also)}
    seen = round(people * chance.gauss(1.02, 0.09))
    return {"reliability": Reliability.ESTIMATED, **seen_from_outside(chance, seen, step=10, also={})}


# --- living conditions -----------------------------------------------------------------------------------------

USUAL: dict[Theme, dict[Condition, float]] = {
    Theme.WATER: {Condition.GOOD: 4, Condition.TO_IMPROVE: 4, Condition.BAD: 1, Condition.UNKNOWN: 1},
    Theme.SANITATION: {Condition.GOOD: 3, Condition.TO_IMPROVE: 5, Condition.BAD: 2, Condition.UNKNOWN: 1},
    Theme.ELECTRICITY: {Condition.GOOD: 4, Condition.TO_IMPROVE: 5, Condition.BAD: 1, Condition.UNKNOWN: 1},
    Theme.WASTE: {Condition.GOOD: 5, Condition.TO_IMPROVE: 4, Condition.BAD: 1.5, Condition.UNKNOWN: 1},
    Theme.PESTS: {Condition.GOOD: 5, Condition.BAD: 2, Condition.UNKNOWN: 3},
    Theme.FIRE: {Condition.GOOD: 2, Condition.TO_IMPROVE: 5, Condition.BAD: 1, Condition.UNKNOWN: 3},
}


def first_states(chance: Chance) -> dict[Theme, Condition]:
    return {theme: chance.weighted(weights) for theme, weights in USUAL.items()}


def moved_states(chance: Chance, states: dict[Theme, Condition]) -> dict[Theme, Condition]:
    """One theme or two are found otherwise than last time."""
    themes = chance.sample(list(Theme), chance.randint(1, 2))
    return states | {theme: chance.weighted(USUAL[theme]) for theme in themes}


def answers_for(chance: Chance, states: Mapping[Theme, Condition]) -> dict[str, dict[str, Any]]:
    """Answers from which the assessment finds these states."""
    return {
        theme.value: theme_answers(chance, QUESTIONS[theme], state)
        for theme, state in states.items()
        if state != Condition.UNKNOWN
    }


def theme_answers(chance: Chance, questions: tuple[Question, ...], state: Condition) -> dict[str, Any]:
    answers = {question.code: good_answer(question) for question in questions}
    lowering = [
        (question, question.bad if state == Condition.BAD else question.improve) for question in questions
    ]
    lowering = [(question, worth) for question, worth in lowering if worth]
    if state == Condition.GOOD or not lowering:
        return answers
    question, worth = chance.choice(lowering)
    code = chance.choice(list(worth))
    lowered = [code] if question.several else code
    # Without water nobody asks whether it flows all day.
    return {question.code: lowered} if question.key else {**answers, question.code: lowered}


def good_answer(question: Question) -> Any:
    """The answer that lowers nothing."""
    lowering = {**question.bad, **question.improve}
    if question.several:
        return [code for code, _ in question.options if code not in lowering and code != "other"][-1:]
    return "no" if "yes" in lowering else "yes"

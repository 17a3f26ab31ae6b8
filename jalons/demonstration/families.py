"""The families that a dispositif accompanies: who enters, who leaves and why, and every figure that follows.

Families come and go whole, so that the figures agree with one another at every date, whatever one adds up.
"""

import math
from collections import Counter
from dataclasses import dataclass, field

from jalons.demonstration.chance import Chance
from jalons.demonstration.figures import shared_by

Figures = dict[str, int | str]
WAYS_OUT = {"sorties-positives": 0.6, "abandons": 0.3, "exclusions": 0.1}
LEVELS = {"maternelle": 0.24, "elementaire": 0.46, "college": 0.2, "lycee": 0.06, "autre-scolarite": 0.04}


@dataclass(frozen=True, slots=True)
class Family:
    people: int
    women: int
    minors: int


def family(chance: Chance) -> Family:
    adults, minors = chance.choice((1, 2, 2, 2, 3)), chance.choice((0, 1, 1, 2, 2, 3, 4))
    women = adults // 2 if chance.happens(0.35) else (adults + 1) // 2
    return Family(adults + minors, women, minors)


def moved(way: str, families: list[Family]) -> Figures:
    """The four lines that tell of people who enter or leave."""
    return {
        way: sum(family.people for family in families),
        f"{way}-familles": len(families),
        f"{way}-femmes": sum(family.women for family in families),
        f"{way}-mineurs": sum(family.minors for family in families),
    }


@dataclass(slots=True)
class Group:
    """The families of one operator, or those that several follow together."""

    chance: Chance
    size: int  # families, once it runs at full speed
    months: float = 0.0  # since the start
    present: list[Family] = field(default_factory=list)
    school: float = 0.0  # shares reached in the long run
    jobs: float = 0.0
    cover: float = 0.0

    def __post_init__(self) -> None:
        self.school, self.jobs = self.chance.uniform(0.6, 0.92), self.chance.uniform(0.15, 0.4)
        self.cover = self.chance.uniform(0.6, 0.85)

    def step(self, months: float) -> tuple[Figures, Figures]:
        """What `months` more bring: the stocks at their end, the flows in between."""
        first, self.months = not self.present, self.months + months
        flows: Figures = {}
        left = {way: [] if first else self.leave(share, months) for way, share in WAYS_OUT.items()}
        entering = self.entering(first, months)
        self.present += entering
        flows |= moved("entrees", entering)
        for way, families in left.items():
            flows |= moved(way, families)
        flows |= self.housed(left["sorties-positives"], months) | self.helped(months)
        return self.stocks(), flows

    def entering(self, first: bool, months: float) -> list[Family]:
        """Two thirds of the places at first; then those left free are taken again little by little."""
        room = max(0.0, self.size * self.chance.uniform(0.8, 1.15) - len(self.present))
        wanted = self.size * 0.7 if first else min(3 * months, room * 0.6)
        return [family(self.chance) for _ in range(max(1 if first else 0, round(wanted)))]

    def leave(self, share: float, months: float) -> list[Family]:
        """About one family in twenty leaves each month."""
        number = self.drawn(len(self.present) * 0.05 * share * months)
        number = min(number, max(0, len(self.present) - 3))
        return [self.present.pop(self.chance.randrange(len(self.present))) for _ in range(number)]

    def drawn(self, mean: float) -> int:
        """A whole number around `mean`, never negative."""
        return max(0, int(self.chance.gauss(mean, math.sqrt(mean) * 0.7) + 0.5)) if mean > 0 else 0

    def housed(self, families: list[Family], months: float) -> Figures:
        """Those who left for the better found a flat, a place in a shelter, or a solution of their own."""
        ways: dict[str, list[Family]] = {"logement": [], "hebergement": [], "": []}
        for family in families:
            ways[self.chance.choices(("logement", "hebergement", ""), (6, 3, 1))[0]].append(family)
        households = len(self.present)
        return {
            **{f"{way}-menages": len(ways[way]) for way in ("logement", "hebergement")},
            **{
                f"{way}-personnes": sum(family.people for family in ways[way])
                for way in ("logement", "hebergement")
            },
            "demandes-siao": self.drawn(households * 0.05 * months),
            "demandes-logement-social": self.drawn(households * 0.06 * months),
            "recours-dalo": self.drawn(households * 0.015 * months),
        }

    def helped(self, months: float) -> Figures:
        adults = sum(household.people - household.minors for household in self.present)
        contracts = self.drawn(adults * 0.04 * months)
        return {
            "france-travail": self.drawn(adults * 0.05 * months),
            "mission-locale": self.drawn(adults * 0.02 * months),
            "formations": self.drawn(adults * 0.03 * months),
            "contrats": contracts,
            "contrats-femmes": round(contracts * self.chance.uniform(0.2, 0.6)),
            "autoentrepreneurs": self.drawn(adults * 0.008 * months),
            "orientations-sante": self.drawn(adults * 0.12 * months),
            "accompagnements-sante": self.drawn(adults * 0.09 * months),
        }

    def stocks(self) -> Figures:
        people, minors = (
            sum(household.people for household in self.present),
            sum(household.minors for household in self.present),
        )
        # What the team does takes months to show.
        progress = 1 - math.exp(-(self.months + 2) / 8)
        schoolable = round(minors * 0.74)
        covered = round(people * self.cover * progress)
        return {
            "menages": len(self.present),
            "personnes": people,
            "femmes": sum(household.women for household in self.present),
            "mineurs": minors,
            "scolarisables": schoolable,
            **shared_by(LEVELS, round(schoolable * self.school * progress)),
            "mediation-scolaire": round(schoolable * 0.4 * progress),
            "en-emploi": round((people - minors) * self.jobs * progress),
            "puma-valide": round(covered * 0.6),
            "puma-en-cours": round((people - covered) * 0.3),
            "ame-valide": covered - round(covered * 0.6),
            "ame-en-cours": round((people - covered) * 0.2),
            "domiciliations": round((people - minors) * 0.9 * progress),
            "droits-caf": round(len(self.present) * 0.6 * progress),
            "points-eau": 1 + self.size // 12 + (self.months > 6),
            "wc": 2 + self.size // 6 + 2 * (self.months > 9),
            "electricite": "partial" if self.months < 8 else "yes",
            "bennes": 1 + self.size // 15,
        }


def added(figures: list[Figures]) -> Figures:
    """The flows of several steps, when the reports in between were left out."""
    total: Counter[str] = Counter()
    for figure in figures:
        for code, number in figure.items():
            total[code] += int(number)
    return dict(total)

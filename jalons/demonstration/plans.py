"""What happens to each site, decided before anything is written: where, how large, from when to when."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jalons.demonstration.chance import IN_USE, Chance, data
from jalons.sites.enums import ClosingReason, SiteKind

# Half of the world is in the Nord, where most accounts are.
SHARES = {"59": 10, "13": 4, "93": 4, "31": 3}
FRESHNESS = {"fresh": 74, "due": 13, "late": 9, "never": 4}
# Days without a survey, from the most to the least recent.
SILENCE = {"fresh": (2, 55), "due": (95, 170), "late": (215, 420), "never": (0, 0)}
STEPS = {
    "": 55,
    "complaint": 18,
    "judicial": 10,
    "decision": 6,
    "cfp_requested": 5,
    "cfp_granted": 3,
    "cfp_refused": 3,
}


@dataclass(slots=True)
class Plan:
    """The fate of one site. `opened`, `closed` and `silent` are in days before today."""

    commune: dict[str, Any]
    opened: int
    people: int
    kind: str
    closed: int | None = None
    reason: str = ""
    freshness: str = "fresh"
    silent: int = 10
    procedure: str = ""
    special: frozenset[str] = frozenset()
    resettled_from: int | None = None
    surveys: int = 0
    what: str = ""  # why the site is in the demonstration, for who reads the file of plans

    @property
    def known(self) -> int:
        """Since how many days Jalons knows the site."""
        return min(self.opened, IN_USE)

    @property
    def followed(self) -> int:
        """During how many days the site is counted."""
        return max(1, self.known - self.silent)


def plans(chance: Chance, *, sites: int, surveys: int) -> list[Plan]:
    """One plan a site: those of `data/plans.json` first, then drawn ones. `surveys` is the mean for a site."""
    made = [plan for plan, _ in zip(all_plans(chance), range(sites), strict=False)]
    counted = [plan for plan in made if plan.freshness != "never"]
    days = sum(plan.followed for plan in counted)
    for plan in made:
        plan.surveys = (
            1 if plan.freshness == "never" else max(2, round(surveys * sites * plan.followed / days))
        )
    return made


def all_plans(chance: Chance) -> Iterator[Plan]:
    communes = {row["code"]: row for row in data("communes")}
    for wanted in data("plans"):
        given = {
            **wanted,
            "commune": communes[wanted["commune"]],
            "special": frozenset(wanted.get("special", ())),
        }
        yield completed(chance, given)
    by_departement = {
        code: [row for row in communes.values() if row["departement"] == code] for code in SHARES
    }
    while True:
        near = by_departement[chance.weighted(SHARES)]
        commune = chance.choices(near, weights=[row["weight"] for row in near])[0]
        yield completed(chance, {"commune": commune, **fate(chance)})


def fate(chance: Chance) -> dict[str, Any]:
    """When a site opens and whether it has closed; half were there before Jalons."""
    opened = chance.randint(IN_USE, 2200) if chance.happens(0.5) else chance.randint(40, IN_USE)
    drawn: dict[str, Any] = {"opened": opened, "freshness": chance.weighted(FRESHNESS)}
    if chance.happens(0.24) and opened > 200:
        drawn["closed"] = chance.randint(5, min(opened, IN_USE) - 120)
        drawn["reason"] = chance.weighted(
            dict.fromkeys(ClosingReason.values, 2)
            | {ClosingReason.RESORBED.value: 5, ClosingReason.COURT.value: 4}
        )
        drawn["freshness"] = "fresh"
    return drawn


def completed(chance: Chance, given: dict[str, Any]) -> Plan:
    """A plan from what is wanted of it; everything else is drawn."""
    people = min(260, max(4, round(chance.lognormvariate(3.75, 0.8))))
    kind = chance.weighted(
        {SiteKind.LAND: 6, SiteKind.BUILDING: 4, SiteKind.OTHER: 0.4, SiteKind.UNKNOWN: 0.3}
    )
    procedure = chance.weighted(STEPS)
    special = given.get("special", frozenset())
    known = min(given["opened"], IN_USE)
    low, high = SILENCE[given.get("freshness", "fresh")]
    silent = chance.randint(low, high)
    if given.get("closed"):
        silent = given["closed"] + chance.randint(4, 25)
    drawn = {"people": people, "kind": kind.value, "procedure": procedure}
    plan = Plan(**{**drawn, **given, "silent": max(2, min(silent, known - 20))})
    if plan.closed and plan.reason in (ClosingReason.COURT, ClosingReason.PREFECTURE):
        plan.procedure = "evacuated"
    for step in ("cfp_requested", "cfp_granted", "cfp_refused", "insalubrity", "evacuation_soon"):
        if step in special:
            plan.procedure = step
    return plan

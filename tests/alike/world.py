"""Sites that closed, described in a line each, and what a careful reader would say of them."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db.models import F
from django.utils import timezone

from jalons.actions.models import ActionSite, Intervention, Participation
from jalons.sites.enums import Condition, ProcedureKind
from jalons.sites.models import LivingConditions, Occupation, Procedure, Site, Survey
from tests import factories
from tests.factories import AIX, ARRAS, LILLE, MARSEILLE, ROUBAIX, SAINT_DENIS

TODAY = timezone.localdate()
COMMUNES = {LILLE: "59", ROUBAIX: "59", ARRAS: "62", MARSEILLE: "13", AIX: "13", SAINT_DENIS: "93"}
KNOWN_FOR = dt.timedelta(days=400)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@dataclass
class Past:
    """Days are days ago. `surveys`: (day, people, minors, huts, caravans); `waters`: (day, condition)."""

    name: str
    code: str
    closed: int | None
    kind: str = "land"
    surveys: list[tuple[int, int, int | None, int, int]] = field(default_factory=list)
    waters: list[tuple[int, int]] = field(default_factory=list)
    steps: list[tuple[int, str]] = field(default_factory=list)

    @property
    def departement(self) -> str:
        return COMMUNES[self.code]

    @property
    def last_day(self) -> int:
        """How long ago the site was lived in for the last time: facts of the day of the closing are not its own."""
        return 0 if self.closed is None else self.closed + 1

    def make(self) -> Site:
        site = factories.make_site(self.name, self.code, opened=ago(1500), kind=self.kind)
        for day, people, minors, huts, caravans in self.surveys:
            factories.make_survey(site, ago(day), people, minors=minors, huts=huts, caravans=caravans)
        for day, water in self.waters:
            factories.make_conditions(site, ago(day), water=water)
        for day, kind in self.steps:
            factories.make_procedure(site, ago(day), kind)
        if self.closed is not None:
            factories.close_site(site, ago(self.closed))
        return site


def drawn(chance: Random, number: int, *, closed: bool = True) -> Past:
    """Any site; its facts may come after its end, on the day before, on the day itself."""
    ended = chance.choice([20, 40, 40, 300]) if closed else None
    days = [chance.choice([ended - 5, ended, ended + 1, ended + 60]) if ended else 10 for _ in range(2)]
    surveys = [
        (
            day,
            chance.choice([4, 9, 10, 30, 49, 50, 99, 100, 250]),
            chance.choice([None, 0, 2, 4]),
            chance.choice([0, 3]),
            chance.choice([0, 0, 3, 5]),
        )
        for day in dict.fromkeys(days)
    ]
    return Past(
        name=f"Lieu {number:02}",
        code=chance.choice(list(COMMUNES)),
        closed=ended,
        kind=chance.choice(["land", "land", "building"]),
        surveys=surveys[: chance.randint(0, 2)] if closed else surveys,
        waters=[(days[0], chance.choice([Condition.BAD, Condition.TO_IMPROVE, Condition.UNKNOWN]))],
        steps=[(days[-1], chance.choice(ProcedureKind.values)) for _ in range(chance.randint(0, 1))],
    )


# By hand -----------------------------------------------------------------------------------------------------

STAGES = {"complaint": 1, "judicial": 2, "bailiff": 2, "litigation": 2, "cfp": 4}
WEIGHTS = {"taille": 3, "eau": 2, "habitat": 2, "procedure": 2, "mineurs": 1}


def classes(past: Past, *, justice: bool) -> dict[str, Any]:
    """Each criterion that is known of a site on its last day."""
    found: dict[str, Any] = {}
    counted = [survey for survey in past.surveys if survey[0] >= past.last_day]
    if past.kind == "building":
        found["habitat"] = "building"
    if counted:
        _, people, minors, huts, caravans = min(counted)
        found["taille"] = sum(people >= bound for bound in (0, 10, 50, 100, 200))
        if minors is not None and minors <= people:
            found["mineurs"] = sum(minors / people >= bound for bound in (0, 0.2, 0.4, 0.6))
        if past.kind != "building" and huts + caravans:
            found["habitat"] = "mixed" if huts == caravans else "huts" if huts > caravans else "caravans"
    waters = [water for water in past.waters if water[0] >= past.last_day]
    if waters and min(waters)[1] != Condition.UNKNOWN:
        found["eau"] = int(min(waters)[1])
    stages = [STAGES.get(kind, 3) for day, kind in past.steps if day >= past.last_day]
    if stages and justice:
        found["procedure"] = max(stages)
    return found


def apart(here: Any, there: Any) -> int:
    if here == there:
        return 0
    near = isinstance(here, int) and isinstance(there, int) and abs(here - there) == 1
    return 1 if near else 2


def by_hand(
    here: Past, others: list[Past], chosen: set[str], *, seen: set[str], justice: set[str]
) -> list[str]:
    """The names of the situations alike, the nearest first. `seen`, `justice`: départements that are read."""
    mine = classes(here, justice=here.departement in justice)
    used = [name for name in WEIGHTS if name in chosen and name in mine]
    rows = []
    for place, past in enumerate(others):
        if past.departement not in seen or past.closed is None:
            continue
        theirs = classes(past, justice=past.departement in justice)
        gaps = {name: apart(mine[name], theirs.get(name, "?")) for name in used}
        total = sum(WEIGHTS[name] * gap for name, gap in gaps.items())
        if used and total <= sum(WEIGHTS[name] for name in used) and gaps.get("taille", 0) < 2:
            rows.append((total, past.closed, place, past.name))
    return [name for *_, name in sorted(rows)]


def known_for_long() -> None:
    """Whatever was entered was known more than a quarter ago."""
    for model in (Occupation, Survey, LivingConditions, Procedure, Intervention, Participation, ActionSite):
        model.objects.update(
            recorded_at=F("recorded_at") - KNOWN_FOR, superseded_at=F("superseded_at") - KNOWN_FOR
        )

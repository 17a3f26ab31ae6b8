"""Families drawn at random, with facts that overlap, contradict each other, miss dates, and are corrected."""

import datetime as dt
from random import Random

from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.enums import (
    Attendance,
    EmploymentService,
    ExitReason,
    FactKind,
    HealthCover,
    HomeKind,
    HousingRequestKind,
    RightState,
    SchoolLevel,
    WorkKind,
)

FIRST = dt.date(2026, 1, 1)
DAYS = 14
ACTIONS = ("a", "b")
MOMENTS = [dt.datetime(2026, 6, 1, tzinfo=dt.UTC) + dt.timedelta(days=n) for n in range(8)]
VALUES = {
    FactKind.DISPOSITIF: (ACTIONS, ["", *ExitReason.values]),
    FactKind.PRESENCE: ([""], ["", *ExitReason.values]),
    FactKind.SCHOOL: (SchoolLevel.values, ["", *Attendance.values]),
    FactKind.SCHOOL_SUPPORT: ([""], [""]),
    FactKind.EMPLOYMENT_SERVICE: (EmploymentService.values, [""]),
    FactKind.TRAINING: ([""], [""]),
    FactKind.WORK: (WorkKind.values, [""]),
    FactKind.HEALTH_COVER: (HealthCover.values, ["", *RightState.values]),
    FactKind.HEALTH_REFERRAL: ([""], [""]),
    FactKind.HEALTH_OUTING: ([""], [""]),
    FactKind.DOMICILIATION: ([""], [""]),
    FactKind.CAF: ([""], [""]),
    FactKind.HOUSING_REQUEST: (HousingRequestKind.values, [""]),
    FactKind.HOME: (HomeKind.values, [""]),
    FactKind.FIRST_CONTACT: (["we_went"], [""]),
}
PERSONAL = {FactKind.PRESENCE, FactKind.SCHOOL, FactKind.SCHOOL_SUPPORT}
HOUSEHOLD = {FactKind.DISPOSITIF, FactKind.FIRST_CONTACT, FactKind.CAF}
TEXTS = ["", "Élodie", "Иван", "👩‍👧", "a\u0000b", "Note\nlongue"]
YEARS = [None, 2007, 2008, 2009, 2010, 2015, 2022, 2023, 2025, 2026, 2027]


class FamilyDraw:
    """Families of one seed: few days and few values, so that dates meet and facts contradict each other."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)

    def date(self) -> dt.date | None:
        return self.chance.choice([None, *[FIRST + dt.timedelta(days=n) for n in range(-2, DAYS)]])

    def fact(self, people: list[str], number: int) -> FamilyFact:
        kinds = [k for k in VALUES if people or k not in PERSONAL]
        often = [FactKind.DISPOSITIF] if number < 2 else [FactKind.PRESENCE] * 6 if people else []
        kind = self.chance.choice(often if number < 2 else [*often, *kinds])
        values, details = VALUES[kind]
        person = ""
        if kind in PERSONAL or (kind not in HOUSEHOLD and people and self.chance.random() < 0.6):
            person = self.chance.choice(people)
        return FamilyFact(
            id=f"f{number}",
            kind=kind.value,
            person=person,
            since=self.date(),
            until=self.date(),
            value=str(self.chance.choice(list(values))),
            detail=str(self.chance.choice(details)),
            text=self.chance.choice(TEXTS),
        )

    def family(self, identifier: str = "h") -> FollowedFamily:
        family = FollowedFamily(id=identifier)
        people = [f"p{n}" for n in range(self.chance.choice([0, 1, 2, 3]))]
        for person in people:
            member = FamilyMember(
                person,
                self.chance.choice(YEARS),
                self.chance.choice(["", "f", "m"]),
                given_name=self.chance.choice(TEXTS),
            )
            family = edits.with_member(family, member, MOMENTS[0])
        for number in range(self.chance.randint(0, 14)):
            family = edits.with_fact(family, self.fact(people, number), MOMENTS[1])
        for moment in MOMENTS[2 : 2 + self.chance.randint(0, 5)]:
            family = self.changed(family, moment)
        return family

    def changed(self, family: FollowedFamily, moment: dt.datetime) -> FollowedFamily:
        """The family after a correction, a withdrawal or an erasing, when there is something to change."""
        known = family.as_known()
        acts = ["correct", "correct", "withdraw", "erase"] if known.facts else []
        acts += ["member", "erase_member"] if known.people else []
        if not acts:
            return family
        act = self.chance.choice(acts)
        if act in ("member", "erase_member"):
            person = self.chance.choice(known.people).id
            if act == "erase_member":
                return edits.erase_member(family, person)
            return edits.correct_member(family, person, moment, year_of_birth=self.chance.choice(YEARS))
        fact = self.chance.choice(known.facts).id
        if act == "correct":
            return edits.correct_fact(family, fact, moment, since=self.date(), until=self.date())
        return edits.erase_fact(family, fact) if act == "erase" else edits.withdraw_fact(family, fact, moment)


def drawn_families(seed: int, number: int = 8) -> list[FollowedFamily]:
    draw = FamilyDraw(seed)
    return [draw.family(f"h{n}") for n in range(number)]

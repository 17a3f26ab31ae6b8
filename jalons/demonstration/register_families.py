"""Invented families for the register of the demonstration: always the same, dated from the day that is given."""

import datetime as dt
from random import Random

from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.enums import FactKind

GIVEN = {
    "f": [
        "Ana",
        "Elena",
        "Ioana",
        "Lavinia",
        "Mirela",
        "Sonia",
        "Violeta",
        "Denisa",
        "Rebeca",
        "Nadia",
        "Мария",
        "Inès",
    ],
    "m": [
        "Adrian",
        "Costel",
        "Ionut",
        "Marius",
        "Nicolae",
        "Petru",
        "Radu",
        "Stefan",
        "Vasile",
        "Emil",
        "Иван",
        "Noé",
    ],
}
FAMILY = [
    "Exemplescu",
    "Fictiu",
    "Imaginar",
    "Inventat",
    "Modelescu",
    "Nimeni",
    "Oarecare",
    "Pildaru",
    "Povestea",
    "Testov",
]
NOTES = [
    "Vu toute la famille. Vaccins des deux petits à jour, carnet de santé retrouvé.",
    "Dossier de domiciliation complet, dépôt au CCAS jeudi.",
    "Cantine acceptée par la mairie ; reste le transport jusqu’au collège.",
    "Rendez-vous à France Travail préparé ensemble, CV imprimé.",
    "Pas rencontrés, voisins disent qu’ils reviennent lundi.",
    "Demande de logement social renouvelée, numéro unique noté dans le dossier papier.",
]
GOALS = [
    "Inscrire les deux aînés au collège du secteur",
    "Obtenir la domiciliation avant l’été",
    "Trouver une formation de français deux fois par semaine",
    "Ouvrir les droits à la CAF",
    "Faire le bilan de santé de toute la famille",
    "Signer un contrat d’insertion",
]
FAMILIES = 36


class InventedFamilies:
    """`sites` and `actions`: public identifiers that the organisation works with; a few families stay without."""

    def __init__(self, today: dt.date, sites: list[str], actions: list[str], author: str) -> None:
        self.chance = Random(17)  # noqa: S311
        self.today, self.sites, self.actions, self.author = today, sites, actions, author
        self.at = dt.datetime.combine(today - dt.timedelta(days=1), dt.time(9), dt.UTC)

    def families(self, number: int = FAMILIES) -> list[FollowedFamily]:
        return [self.family(index) for index in range(number)]

    def day(self, most: int, least: int = 1) -> dt.date:
        return self.today - dt.timedelta(days=self.chance.randint(least, most))

    def fact(self, kind: str, **values: object) -> FamilyFact:
        fact = FamilyFact(f"{self.chance.getrandbits(48):012x}", kind, author=self.author)
        return fact._replace(**values)  # type: ignore[arg-type]

    def family(self, index: int) -> FollowedFamily:
        family = FollowedFamily("")
        people = self.people()
        for person in people:
            family = edits.with_member(family, person, self.at)
        for fact in [*self.path(index), *self.visits(index), *self.of_people(people), *self.of_household()]:
            family = edits.with_fact(family, fact, self.at)
        return family

    def people(self) -> list[FamilyMember]:
        surname = self.chance.choice(FAMILY)
        year = self.today.year - self.chance.randint(22, 48)
        given = {
            sex: self.chance.sample(names, len(names)) for sex, names in GIVEN.items()
        }  # nobody has another's
        people = [self.person("f", year, "reference", given, surname)]
        if self.chance.random() < 0.75:
            people.append(self.person("m", year - self.chance.randint(-3, 5), "partner", given, surname))
        for _ in range(self.chance.choice([0, 1, 2, 2, 3, 4, 5])):
            born = min(self.today.year, year + self.chance.randint(17, 40))
            people.append(self.person(self.chance.choice("fm"), born, "child", given, surname))
        return people

    def person(
        self, sex: str, year: int, link: str, given: dict[str, list[str]], surname: str
    ) -> FamilyMember:
        return FamilyMember(
            f"{self.chance.getrandbits(48):012x}", year, sex, link, given[sex].pop(), surname,
            self.chance.choice(["european", "european", ""]), author=self.author,
        )  # fmt: skip

    def path(self, index: int) -> list[FamilyFact]:
        arrived = self.day(1200, 400)
        facts = [
            self.fact(FactKind.ARRIVAL, since=arrived.replace(day=1)),
            self.fact(
                FactKind.FIRST_CONTACT, since=arrived + dt.timedelta(days=20),
                value=self.chance.choice(["we_went", "they_came"]),
            ),
        ]  # fmt: skip
        if self.sites:
            facts.append(self.fact(FactKind.SITE, since=arrived, value=self.chance.choice(self.sites)))
        if self.actions and index % 9:
            entered = arrived + dt.timedelta(days=self.chance.randint(20, 300))
            gone = index % 7 == 0
            facts.append(
                self.fact(
                    FactKind.DISPOSITIF, since=entered, value=self.actions[index % len(self.actions)],
                    until=self.day(60) if gone else None,
                    detail=self.chance.choice(["housing", "abandoned", "accommodation"]) if gone else "",
                )
            )  # fmt: skip
            facts.append(
                self.fact(FactKind.CONTRACT, since=entered, until=self.today + dt.timedelta(days=90))
            )
        return facts

    def visits(self, index: int) -> list[FamilyFact]:
        days = sorted(self.day(240) for _ in range(self.chance.randint(1, 6)))
        kinds = ["on_site", "on_site", "office", "phone", "outing"]
        facts = [
            self.fact(
                FactKind.VISIT, since=day, value=self.chance.choice(kinds), text=self.chance.choice(NOTES)
            )
            for day in days
        ]
        if index % 3:
            ahead = self.chance.randint(-6, 40)
            facts.append(
                self.fact(
                    FactKind.APPOINTMENT, since=max(days[-1], self.today) + dt.timedelta(days=max(ahead, 0))
                )
            )
        for _ in range(self.chance.randint(0, 2)):
            state = self.chance.choice(["going_on", "going_on", "done", "dropped"])
            review = (
                self.today + dt.timedelta(days=self.chance.randint(-20, 60)) if state == "going_on" else None
            )
            text = self.chance.choice(GOALS)
            goal = self.fact(FactKind.GOAL, since=self.day(300, 100), value=state, reviewed=review, text=text)
            facts.append(goal if review else goal._replace(until=self.day(90)))
        return facts

    def of_people(self, people: list[FamilyMember]) -> list[FamilyFact]:
        facts = []
        for person in people:
            age = self.today.year - (person.year_of_birth or self.today.year)
            if 3 <= age <= 16 and self.chance.random() < 0.85:
                level = (
                    "maternelle"
                    if age < 6
                    else "elementaire"
                    if age < 11
                    else "college"
                    if age < 15
                    else "lycee"
                )
                since = dt.date(self.today.year - (self.today.month < 9), 9, 1)
                attends = self.chance.choice(["regular", "regular", "irregular", ""])
                facts.append(
                    self.fact(FactKind.SCHOOL, person=person.id, since=since, value=level, detail=attends)
                )
            elif age >= 18 and self.chance.random() < 0.35:
                kind = self.chance.choice(["fixed_term", "insertion", "permanent", "self"])
                facts.append(self.fact(FactKind.WORK, person=person.id, since=self.day(300), value=kind))
        return facts

    def of_household(self) -> list[FamilyFact]:
        facts = []
        if self.chance.random() < 0.7:
            facts.append(self.fact(FactKind.DOMICILIATION, since=self.day(400, 60)))
        if self.chance.random() < 0.8:
            state = self.chance.choice(["valid", "valid", "pending"])
            facts.append(self.fact(FactKind.HEALTH_COVER, since=self.day(300), value="ame", detail=state))
        if self.chance.random() < 0.3:
            facts.append(self.fact(FactKind.HOUSING_REQUEST, since=self.day(200), value="siao"))
        return facts

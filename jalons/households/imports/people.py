"""One family made of its rows: its people, its facts, and what was left out."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from jalons.core.values import french_spaces
from jalons.households.families.checks import LONGEST_TEXT
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.enums import (
    EmploymentService,
    FactKind,
    FamilyLink,
    VisitKind,
)
from jalons.households.families.free_text import text_warnings
from jalons.households.imports.columns import MOST_CHILDREN
from jalons.households.imports.values import BY_AGE, ELDER, bare, level_of_age, sex_of_link, words_of

if TYPE_CHECKING:
    from jalons.households.imports.gathering import FamilySheetReader

LONGEST_NAME = 100
# Of the household: what its first row that says it says.
HOUSEHOLD_DAYS = {
    "arrival": FactKind.ARRIVAL,
    "first_contact": FactKind.FIRST_CONTACT,
    "appointment": FactKind.APPOINTMENT,
}
SCHOOLS = ("maternelle", "elementaire", "primaire", "college", "lycee")


class FamilyMaker:
    """Takes the rows of a family, sheet after sheet, then makes it. Identifiers are places: p0, p1…"""

    def __init__(self, key: str, dispositif: str, today: dt.date) -> None:
        self.key, self.dispositif, self.today = key, dispositif, today
        self.people: list[FamilyMember] = []
        self.facts: list[FamilyFact] = []
        self.remarks: list[str] = []
        self.single: dict[str, Any] = {}  # of the household, by field
        self.exits: list[tuple[str, dt.date, str]] = []
        self.rows = self.rows_entered = 0

    def remark(self, sentence: str) -> None:
        sentence = french_spaces(sentence)
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def fact(self, kind: FactKind, person: str = "", **what: Any) -> None:
        self.facts.append(FamilyFact(f"f{len(self.facts)}", kind.value, person, **what))

    # Rows ---------------------------------------------------------------------------------------------------------

    def add_rows(self, reader: "FamilySheetReader", rows: list[int]) -> None:
        for row in rows:
            self.rows += 1
            if reader.choices.rows == "families":
                self.add_family_row(reader, row)
            else:
                person = self.person_of(reader, row)
                if person is not None:
                    self.facts_of(reader, row, person)
                self.household_of(reader, row, person.id if person else "")
        if reader.choices.site:
            self.single.setdefault("site", reader.choices.site)

    def add_person(self, **known: Any) -> FamilyMember:
        person = FamilyMember(f"p{len(self.people)}", **known)
        self.people.append(person)
        return person

    def person_of(self, reader: "FamilySheetReader", row: int) -> FamilyMember | None:
        given, family = names_of(reader, row)
        year = reader.reading("birth", row).value or reader.reading("age", row).value
        link = reader.reading("link", row).value or ""
        sex = reader.reading("sex", row).value or sex_of_link(bare(reader.text("link", row)))
        origin = reader.reading("nationality", row).value or ""
        if not (given or family or year or link or sex):
            return None
        return self.add_person(
            given_name=given, family_name=family, year_of_birth=year, link=link, sex=sex, origin=origin
        )

    def facts_of(self, reader: "FamilySheetReader", row: int, person: FamilyMember) -> None:
        self.school_of(reader, row, person)
        if work := reader.reading("work", row).value:
            self.fact(FactKind.WORK, person.id, value=work)
        if training := reader.reading("training", row).value:
            self.fact(FactKind.TRAINING, person.id, text="" if training == "yes" else self.words(training))
        if reader.reading("employment_service", row).value:
            self.fact(FactKind.EMPLOYMENT_SERVICE, person.id, value=EmploymentService.FRANCE_TRAVAIL.value)
        if cover := reader.reading("health", row).value:
            value, state = cover.split()
            self.fact(FactKind.HEALTH_COVER, person.id, value=value, detail=state)
        if where := reader.reading("domiciliation", row).value:
            self.fact(FactKind.DOMICILIATION, person.id, text="" if where == "yes" else self.words(where))

    def school_of(self, reader: "FamilySheetReader", row: int, person: FamilyMember) -> None:
        level, name = reader.reading("level", row).value, reader.text("school", row)
        enrolled = reader.reading("enrolled", row, quiet=bool(level or name)).value
        tokens = bare(name).split()
        if not level and tokens:
            level = words_of("level").get(bare(name)) or next(
                (words_of("level")[word] for word in tokens if word in SCHOOLS), BY_AGE
            )
            if bare(name) in ("non", "x", "oui"):
                level = "none" if bare(name) == "non" else BY_AGE
                name = ""
        level = level or enrolled
        if not level:
            return
        if level == BY_AGE:
            age = person.age_in(self.today.year)
            level = level_of_age(age)
            self.remark("un niveau scolaire est dit d’après l’âge")
        self.fact(FactKind.SCHOOL, person.id, value=str(level), text=self.words(name))

    def household_of(self, reader: "FamilySheetReader", row: int, person: str) -> None:
        for key in (
            "site",
            "site_since",
            "arrival",
            "first_contact",
            "appointment",
            "entered",
            "caf",
            "housing",
        ):
            value = reader.reading(key, row).value
            if value is None:
                continue
            self.rows_entered += key == "entered"
            before = self.single.setdefault(key, value)
            if before != value:
                self.remark(
                    "deux lignes de cette famille ne disent pas la même chose : la première est reprise"
                )
        left = reader.reading("left", row).value
        if left is not None:
            self.exits.append((person, left, reader.reading("exit_reason", row).value or ""))
        elif reason := reader.reading("exit_reason", row).value:
            self.single.setdefault("exit_reason", reason)
            self.remark("un motif de sortie sans date de sortie : il n’est pas repris")
        if notes := reader.own_text("notes", row):
            who = next((p.given_name or p.name for p in self.people if p.id == person), "")
            text = self.words(f"{who} : {notes}" if who and reader.choices.rows == "people" else notes)
            self.fact(FactKind.VISIT, since=self.today, value=VisitKind.NOTE.value, text=french_spaces(text))

    def words(self, text: str) -> str:
        """A free text, as anywhere else in the register: a word that names an origin is noticed, not refused."""
        for warning in text_warnings(text):
            self.remark(warning.message)
        if len(text) > LONGEST_TEXT:
            self.remark("un texte trop long est coupé")
        return text[:LONGEST_TEXT]

    # A row that is a whole family ---------------------------------------------------------------------------------

    def add_family_row(self, reader: "FamilySheetReader", row: int) -> None:
        first = self.person_of(reader, row)
        named = 1 if first else 0
        if first is not None:
            self.people[-1] = first = first._replace(link=first.link or ELDER)
            self.facts_of(reader, row, first)
        partner, born = reader.text("partner", row), reader.reading("partner_birth", row).value
        if partner or born:
            given, family = split_name(partner)
            self.add_person(
                given_name=given, family_name=family, year_of_birth=born, link=FamilyLink.PARTNER.value
            )
            named += 1
        children = self.add_children(reader, row)
        self.add_unnamed(reader, row, named, children)
        self.household_of(reader, row, "")

    def add_children(self, reader: "FamilySheetReader", row: int) -> int:
        before = len(self.people)
        for rank in range(1, MOST_CHILDREN + 1):
            name = reader.text(f"child {rank}", row)
            year = reader.reading(f"child_birth {rank}", row).value
            if name or year:
                given, family = split_name(name)
                self.add_person(
                    given_name=given, family_name=family, year_of_birth=year, link=FamilyLink.CHILD.value
                )
        for name in filter(None, (words.strip() for words in reader.text("children_names", row).split(","))):
            self.add_person(given_name=name[:LONGEST_NAME], link=FamilyLink.CHILD.value)
        return len(self.people) - before

    def add_unnamed(self, reader: "FamilySheetReader", row: int, named: int, named_children: int) -> None:
        """Those that a composition counts and nobody names."""
        adults, children, total = reader.reading("composition", row).value or (0, 0, 0)
        adults = max(adults, reader.reading("adults", row).value or 0)
        children = max(children, reader.reading("children", row).value or 0)
        total = max(total, adults + children, reader.reading("people", row).value or 0)
        before = len(self.people)
        for _ in range(max(0, adults - named)):
            self.add_person()
        for _ in range(max(0, children - named_children)):
            self.add_person(link=FamilyLink.CHILD.value)
        for _ in range(max(0, total - (len(self.people) - before) - named - named_children)):
            self.add_person()
        if len(self.people) > before:
            self.remark("des personnes sans nom, d’après la composition de la famille")

    # The family ---------------------------------------------------------------------------------------------------

    def family(self, reference: str) -> FollowedFamily:
        if reference:
            self.fact(FactKind.FILE_REFERENCE, value=reference)
        for key, kind in HOUSEHOLD_DAYS.items():
            if day := self.single.get(key):
                self.fact(kind, since=day)
        site, since = self.single.get("site"), self.single.get("site_since")
        if site:
            self.fact(FactKind.SITE, value=site, since=since)
        if self.single.get("caf"):
            self.fact(FactKind.CAF)
        for request in str(self.single.get("housing", "")).split():
            self.fact(FactKind.HOUSING_REQUEST, value=request)
        self.accompaniment()
        return FollowedFamily(self.key, tuple(linked(self.people)), tuple(self.facts))

    def accompaniment(self) -> None:
        if not self.dispositif:
            return
        entered = self.single.get("entered")
        if entered and any(day < entered for _, day, _ in self.exits):
            self.remark("une sortie avant l’entrée : la sortie n’est pas reprise")
            self.exits = [(person, day, reason) for person, day, reason in self.exits if day >= entered]
        whole = len(self.exits) >= self.rows and len({(day, reason) for _, day, reason in self.exits}) == 1
        first = self.people[0].id if self.people else ""
        if not whole and self.rows_entered <= 1 and [person for person, _, _ in self.exits] == [first]:
            whole = True
            self.remark("la sortie, écrite sur la première ligne seulement, vaut pour toute la famille")
        until, detail = (self.exits[0][1], self.exits[0][2]) if whole else (None, "")
        self.fact(FactKind.DISPOSITIF, value=self.dispositif, since=entered, until=until, detail=detail)
        if not whole:
            for person, day, reason in self.exits:
                if person:
                    self.fact(FactKind.PRESENCE, person, until=day, detail=reason)


def names_of(reader: "FamilySheetReader", row: int) -> tuple[str, str]:
    given = reader.text("given_name", row)
    family = reader.text("family_name", row)
    whole = reader.text("full_name", row)
    if whole and not (given and family):
        first, last = split_name(whole, family_first=reader_says_family_first(reader))
        given, family = given or first, family or last
    return given[:LONGEST_NAME], family[:LONGEST_NAME]


def reader_says_family_first(reader: "FamilySheetReader") -> bool:
    heading = next(h for h in reader.table.headings if h.column == reader.columns["full_name"])
    words = bare(heading.words)
    return not ("prenom" in words and words.find("prenom") < words.find("nom"))


def split_name(text: str, *, family_first: bool = False) -> tuple[str, str]:
    """(given, family): capitals are a family name; else the order that the heading says; a single word is given."""
    words = text.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    others = [word for word in words if word not in capitals]
    if capitals and others:
        return " ".join(others)[:LONGEST_NAME], " ".join(capitals)[:LONGEST_NAME]
    if len(words) < 2:
        return ("", text[:LONGEST_NAME]) if capitals else (text[:LONGEST_NAME], "")
    if family_first:
        return " ".join(words[1:])[:LONGEST_NAME], words[0][:LONGEST_NAME]
    return " ".join(words[:-1])[:LONGEST_NAME], words[-1][:LONGEST_NAME]


def linked(people: list[FamilyMember]) -> list[FamilyMember]:
    """« Père » and « mère » as the person of reference, then the partner: what they are to one another."""
    roles = iter([FamilyLink.REFERENCE.value, FamilyLink.PARTNER.value])
    if any(p.link == FamilyLink.PARTNER for p in people):
        roles = iter([FamilyLink.REFERENCE.value])
    return [p._replace(link=next(roles, "")) if p.link == ELDER else p for p in people]

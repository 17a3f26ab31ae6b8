"""What the page of a table shows: family by family, what it would become. Reads, never writes."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.utils import timezone

from jalons.core.values import join_and, plural
from jalons.households.families.content import FollowedFamily
from jalons.households.families.stored import UnreadableFamily, from_json
from jalons.households.imports.completing import RegisterDifference, completed
from jalons.households.imports.content import Doubt
from jalons.households.imports.matching import COMPLETE, LEAVE, NEW, REPLACE, FamilyVerdict
from jalons.households.imports.values import CODED, NOTHING, OPTIONS
from jalons.households.keys import learn_keys, opened
from jalons.households.models import Household
from jalons.households.sheets.display import LINKS, family_title
from jalons.households.vault import OpenRegister

PAGE_SIZE = 50
MOST_DOUBTS = 60
OUTCOMES = {
    NEW: ("good", "nouvelle"),
    COMPLETE: ("good", "déjà là : complétée"),
    REPLACE: ("due", "déjà là : remplacée"),
    LEAVE: ("due", "laissée"),
    "": ("late", "à regarder"),
}
DECISIONS = {
    COMPLETE: "c’est elle : compléter, sans rien remplacer",
    REPLACE: "c’est elle : compléter, et remplacer ce qui diffère",
    NEW: "c’est une autre famille : l’ajouter",
    LEAVE: "ne pas la reprendre",
}


@dataclass(frozen=True, slots=True)
class FamilyPreview:
    """A family of the table as a line of the page. `number`: its place in the table, which names its field."""

    number: int
    verdict: FamilyVerdict
    title: str = field(repr=False)
    people: list[str] = field(repr=False)
    added: list[str] = field(repr=False)
    differences: list[RegisterDifference] = field(repr=False)

    @property
    def look(self) -> str:
        return OUTCOMES[self.verdict.outcome][0]

    @property
    def words(self) -> str:
        return OUTCOMES[self.verdict.outcome][1]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """None for a family that the register does not know."""
        if not self.verdict.chooses:
            return []
        return [(code, words) for code, words in DECISIONS.items() if code != NEW or not self.verdict.is_sure]


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """`options`: (code, label), with none for what is typed."""

    number: int
    doubt: Doubt
    label: str
    options: list[tuple[str, str]]
    typed: str
    error: bool = False

    @property
    def name(self) -> str:
        return f"sens-{self.number}"


def counts_of(decided: list[FamilyVerdict]) -> dict[str, int]:
    outcomes = Counter(verdict.outcome for verdict in decided)
    return {
        "new": outcomes[NEW],
        "known": outcomes[COMPLETE] + outcomes[REPLACE],
        "open": outcomes[""],
        "left": outcomes[LEAVE],
    }


def counts_words(counts: dict[str, int]) -> str:
    """« 30 nouvelles, 2 déjà là et 2 à regarder »."""
    words = [
        (counts["new"], plural(counts["new"], "nouvelle", "nouvelles")),
        (counts["known"], "déjà là"),
        (counts["open"], "à regarder"),
        (counts["left"], plural(counts["left"], "laissée", "laissées")),
    ]
    return join_and([f"{count} {word}" for count, word in words if count])


def preview_page(
    register: OpenRegister, decided: list[FamilyVerdict], number: str | None, today: dt.date
) -> tuple[Page[int], list[FamilyPreview]]:
    """Those to look at first, then the file's order. One query for the households of the page."""
    order = sorted(range(len(decided)), key=lambda place: (not decided[place].is_open, place))
    page = Paginator(order, PAGE_SIZE).get_page(number)
    here = [(place, decided[place]) for place in page.object_list]
    ids = [verdict.known.household_id for _, verdict in here if verdict.known]
    rows = [*Household.objects.of(register).filter(pk__in=ids)] if ids else []
    learn_keys(register, rows)
    families = {row.pk: readable(register, row) for row in rows}
    lines = []
    for place, verdict in here:
        mine = families.get(verdict.known.household_id) if verdict.known else None
        done = (
            None
            if mine is None
            else completed(mine, verdict.read.family, at=timezone.now(), author="", overwrite=False)
        )
        lines.append(
            FamilyPreview(
                place,
                verdict,
                family_title(verdict.read.family),
                [person_words(person) for person in verdict.read.family.people],
                done.added if done else [],
                done.differences if done else [],
            )
        )
    return page, lines


def readable(register: OpenRegister, row: Household) -> FollowedFamily | None:
    payload = opened(register, row, "content")
    try:
        return None if payload is None else from_json(payload, str(row.pk))
    except UnreadableFamily:
        return None


def person_words(person: object) -> str:
    """« Ana Exemplescu, 1988, conjointe »."""
    name, year, link = person.name, person.year_of_birth, person.link  # type: ignore[attr-defined]
    return ", ".join(
        part for part in (name or "sans nom", str(year or ""), LINKS.get(link, "").lower()) if part
    )


def doubt_lines(
    doubts: list[Doubt],
    labels: dict[str, str],
    sites: list[tuple[str, str]],
    typed: dict[int, str],
    errors: set[int],
) -> list[DoubtLine]:
    """Those of the page: what stands most often first is not needed, they come in the order of the file."""
    lines = []
    for number, doubt in enumerate(doubts[:MOST_DOUBTS]):
        options = sites if doubt.field == "site" else [*OPTIONS.get(CODED.get(doubt.field, ""), ())]
        if options:
            options = [*options, (NOTHING, "Ne rien en reprendre")]
        lines.append(
            DoubtLine(
                number,
                doubt,
                labels.get(doubt.field, doubt.field),
                options,
                typed.get(number, doubt.suggest),
                number in errors,
            )
        )
    return lines

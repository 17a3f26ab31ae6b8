"""Reads families: one query for the rows of the organisation, then all is in memory."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404

from jalons.actions.models import Action
from jalons.core.values.text import fold
from jalons.households.families.content import FamilyFact, FollowedFamily, members_at
from jalons.households.families.enums import FactKind
from jalons.households.families.stored import (
    FamilyCard,
    UnreadableFamily,
    card_from_summary,
    from_json,
)
from jalons.households.keys import learn_keys, opened
from jalons.households.models import Household
from jalons.households.vault import OpenRegister
from jalons.sites.models import Site

TO_REVIEW, ALL, GONE, UNREADABLE = "revoir", "", "sorties", "illisibles"


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family in the list. `card` is None when its key is destroyed or missing."""

    household_id: UUID
    reference: str
    card: FamilyCard | None
    today: dt.date

    @property
    def names(self) -> str:
        if self.card is None:
            return ""
        named = [p.name for p in self.card.family.people if p.name]
        more = len(named) - 3
        rest = f" et {more} autre{'s' if more > 1 else ''}" if more > 0 else ""
        return ", ".join(named[:3]) + rest

    @property
    def people(self) -> int:
        return len(members_at(self.card.family, self.today)) if self.card else 0

    @property
    def review_on(self) -> dt.date | None:
        return self.card.review_on if self.card else None

    @property
    def last_contact(self) -> dt.date | None:
        return self.card.last_contact if self.card else None

    @property
    def is_late(self) -> bool:
        return self.review_on is not None and self.review_on <= self.today

    def at(self, kind: str) -> FamilyFact | None:
        return self.card.family.current(kind, self.today) if self.card else None

    @property
    def site(self) -> str:
        fact = self.at(FactKind.SITE)
        return fact.value if fact else ""

    @property
    def actions(self) -> list[str]:
        if self.card is None:
            return []
        return [f.value for f in self.card.family.of_kind(FactKind.DISPOSITIF) if f.covers(self.today)]

    @property
    def is_gone(self) -> bool:
        """Accompanied once, and by nobody on the day."""
        if self.card is None:
            return False
        spans = self.card.family.by_kind.get(FactKind.DISPOSITIF, [])
        return bool(spans) and not any(f.until is None or f.until > self.today for f in spans)

    def answers(self, words: list[str]) -> bool:
        """Every word is in its reference or in a name: « pop ana » is Ana Popescu."""
        if self.card is None:
            return False
        text = fold(" ".join([self.reference, *self.card.family.names]))
        return all(word in text for word in words)

    @property
    def urgency(self) -> tuple[int, dt.date, str]:
        """« À revoir » first, the longest awaited before; then those to come, then those seen the longest ago."""
        if self.review_on is not None:
            return (0 if self.is_late else 1, self.review_on, self.reference)
        return (2, self.last_contact or dt.date.min, self.reference)


def family_lines(register: OpenRegister, today: dt.date) -> list[FamilyLine]:
    """Every household of the register, in one query; a household that cannot be read is there, without content."""
    rows = [*Household.objects.of(register).defer("content").order_by("number")]
    learn_keys(register, rows)
    return [FamilyLine(row.pk, row.reference, read_card(register, row), today) for row in rows]


def read_card(register: OpenRegister, household: Household) -> FamilyCard | None:
    payload = opened(register, household, "summary")
    if payload is None:
        return None
    try:
        return card_from_summary(payload, str(household.pk))
    except UnreadableFamily:
        return None


def chosen_lines(
    lines: list[FamilyLine], *, query: str = "", view: str = "", site: str = "", action: str = ""
) -> list[FamilyLine]:
    """The filters of the list, in memory."""
    words = fold(query).split()
    return sorted(
        (
            line
            for line in lines
            if (not words or line.answers(words))
            and in_view(line, view)
            and (not site or line.site == site)
            and (not action or action in line.actions)
        ),
        key=lambda line: line.urgency,
    )


def in_view(line: FamilyLine, view: str) -> bool:
    match view:
        case "revoir":
            return line.is_late
        case "sorties":
            return line.is_gone
        case "illisibles":
            return line.card is None
        case _:
            return not line.is_gone


def read_household(register: OpenRegister, household_id: UUID) -> tuple[Household, FollowedFamily | None]:
    """404 outside of the register; no family when its key is destroyed or missing."""
    household = Household.objects.of(register).filter(pk=household_id).first()
    if household is None:
        raise Http404
    learn_keys(register, [household])
    payload = opened(register, household, "content")
    try:
        return household, None if payload is None else from_json(payload, str(household.pk))
    except UnreadableFamily:
        return household, None


def all_families(register: OpenRegister) -> Iterator[tuple[str, bytes]]:
    """The opened summary of each household that can be read: what figures start from."""
    rows = [*Household.objects.of(register).defer("content").order_by("number")]
    learn_keys(register, rows)
    for row in rows:
        payload = opened(register, row, "summary")
        if payload is not None:
            yield str(row.pk), payload


# Places and dispositifs that a family may be linked to -------------------------------------------------------------


def own_actions(register: OpenRegister, user: Any) -> list[tuple[str, str]]:
    """The dispositifs that the organisation carries or carried, among those the person reads."""
    actions = Action.objects.visible_to(user).operated_by(register.organisation_id, ever=True)
    return [*actions.order_by("name", "pk").values_list("public_id", "name")]


def known_sites(user: Any, codes: set[str]) -> dict[str, str]:
    """Names of sites by their public identifier, among those the person reads."""
    return dict(Site.objects.visible_to(user).filter(public_id__in=codes).values_list("public_id", "name"))


def site_choices(register: OpenRegister, user: Any, also: set[str]) -> list[tuple[str, str]]:
    """The sites of the organisation's dispositifs, and those a family already names."""
    actions = Action.objects.visible_to(user).operated_by(register.organisation_id, ever=True)
    sites = Site.objects.visible_to(user)
    covered = sites.filter(action_links__action__in=actions.order_by().values("pk"))
    rows = {*covered.values_list("public_id", "name")}
    rows |= {*sites.filter(public_id__in=also).values_list("public_id", "name")} if also else set()
    return sorted(rows, key=lambda row: (fold(row[1]), row[0]))

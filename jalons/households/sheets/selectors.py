"""Reads families: one query for the rows of the organisation, then all is in memory."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404

from jalons.actions.models import Action
from jalons.core.values.text import fold
from jalons.households.families.content import FollowedFamily, members_at
from jalons.households.families.enums import FactKind
from jalons.households.families.stored import (
    FamilyCard,
    UnreadableFamily,
    card_from_summary,
    from_json,
)
from jalons.households.keys import learn_keys, opened, opened_summaries
from jalons.households.models import Household, reference_of
from jalons.households.sheets.display import linked_codes
from jalons.households.vault import OpenRegister
from jalons.sites.models import Site


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family in the list. `card` is None when its key is destroyed or missing."""

    household_id: UUID
    number: int
    card: FamilyCard | None
    today: dt.date
    is_gone: bool  # accompanied once, and by nobody on the day

    @property
    def reference(self) -> str:
        return reference_of(self.number)

    @property
    def names(self) -> str:
        named = self.card.names if self.card else []
        more = len(named) - 3
        rest = f" et {more} autre{'s' if more > 1 else ''}" if more > 0 else ""
        return ", ".join(named[:3]) + rest

    @property
    def people(self) -> int:
        return len(members_at(self.card.family, self.today)) if self.card else 0

    @property
    def former(self) -> str:
        """« M-0143, M-0150 »: what the households merged into it were called."""
        return ", ".join(self.card.former) if self.card else ""

    @property
    def review_on(self) -> dt.date | None:
        return self.card.review_on if self.card else None

    @property
    def last_contact(self) -> dt.date | None:
        return self.card.last_contact if self.card else None

    @property
    def is_late(self) -> bool:
        return self.review_on is not None and self.review_on <= self.today

    def at(self, kind: str) -> list[str]:
        return self.card.values_on(kind, self.today) if self.card else []

    @property
    def site(self) -> str:
        return next(iter(self.at(FactKind.SITE)), "")

    @property
    def actions(self) -> list[str]:
        return self.at(FactKind.DISPOSITIF)

    def answers(self, words: list[str]) -> bool:
        """Every word is in its reference, in a former one or in a name: « pop ana » is Ana Popescu."""
        if self.card is None:
            return False
        text = fold(" ".join([self.reference, *self.card.former, *self.card.names]))
        return all(word in text for word in words)

    @property
    def urgency(self) -> tuple[int, dt.date, int]:
        """« À revoir » first, the longest awaited before; then those to come, then those seen the longest ago."""
        if self.review_on is not None:
            return (0 if self.is_late else 1, self.review_on, self.number)
        return (2, self.last_contact or dt.date.min, self.number)


def family_lines(register: OpenRegister, today: dt.date) -> list[FamilyLine]:
    """Every household of the register, in one query; a household that cannot be read is there, without content."""
    written_day = today.isoformat()
    lines = []
    for household_id, number, payload in opened_summaries(register):
        card = None if payload is None else read_card(payload, household_id)
        gone = card is not None and card.is_gone(written_day)
        lines.append(FamilyLine(household_id, number, card, today, gone))
    return lines


def read_card(payload: bytes, household_id: UUID) -> FamilyCard | None:
    try:
        return card_from_summary(payload, str(household_id))
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
    for household_id, _, payload in opened_summaries(register):
        if payload is not None:
            yield str(household_id), payload


# Places and dispositifs that a family may be linked to -------------------------------------------------------------


def own_actions(register: OpenRegister, user: Any) -> list[tuple[str, str]]:
    """The dispositifs that the organisation carries or carried, among those the person reads."""
    actions = Action.objects.visible_to(user).operated_by(register.organisation_id, ever=True)
    return [*actions.order_by("name", "pk").values_list("public_id", "name")]


def known_sites(user: Any, codes: set[str]) -> dict[str, str]:
    """Names of sites by their public identifier, among those the person reads."""
    return dict(Site.objects.visible_to(user).filter(public_id__in=codes).values_list("public_id", "name"))


def linked_names(register: OpenRegister, user: Any, family: FollowedFamily) -> dict[str, str]:
    """Names of the sites and dispositifs that a family names, by identifier: two queries at most."""
    sites, actions = linked_codes(family)
    names = known_sites(user, sites)
    return names | dict(own_actions(register, user)) if actions else names


def site_choices(register: OpenRegister, user: Any, also: set[str]) -> list[tuple[str, str]]:
    """The sites of the organisation's dispositifs, and those a family already names."""
    actions = Action.objects.visible_to(user).operated_by(register.organisation_id, ever=True)
    sites = Site.objects.visible_to(user)
    covered = sites.filter(action_links__action__in=actions.order_by().values("pk"))
    rows = {*covered.values_list("public_id", "name")}
    rows |= {*sites.filter(public_id__in=also).values_list("public_id", "name")} if also else set()
    return sorted(rows, key=lambda row: (fold(row[1]), row[0]))

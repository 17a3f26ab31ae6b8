"""Whose papers a person reads: with several Départements, each sees its own vote, its own payments, its own sheets."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.conventions.models import Commitment, Convention, Party


@dataclass(frozen=True, slots=True)
class Sight:
    """The parties whose papers are open to a person. What is of no party is open to all who see the convention."""

    everything: bool
    parties: frozenset[int] = frozenset()

    def covers(self, party_id: int | None) -> bool:
        return self.everything or party_id is None or party_id in self.parties


def sight(user: Any, convention: Convention, right: Right = Right.READ_CONVENTIONS) -> Sight:
    """Where `right` holds among the parties of a convention, which the person may open."""
    territory = territory_of(user, right)
    parties = list(convention.parties.all())
    councils = {party.departement_id for party in parties if party.departement_id}
    if territory.everywhere or len(councils) < 2:
        return Sight(everything=True)
    codes = set(territory.departements)
    of_party = {party.pk: party.departement_id for party in parties}
    seats = convention.seats.select_related("commitment") if territory.organisations else ()
    for seat in seats:
        if seat.organisation_id not in territory.organisations or seat.role not in territory.parts:
            continue
        if seat.party_id is None and seat.commitment_id is None:
            return Sight(everything=True)
        party = seat.party_id or (seat.commitment.party_id if seat.commitment else None)
        code = of_party.get(party) if party else None
        if code:
            codes.add(code)
    return Sight(False, frozenset(party.pk for party in parties if party.departement_id in codes))


def open_sheets(user: Any, convention: Convention) -> frozenset[str] | None:
    """Keys of the sheets that a person reads; None for all of them."""
    keys = frozenset(convention.commitments.values_list("key", flat=True))
    seen = Commitment.objects.filter(convention=convention).visible_to(user)
    readable = frozenset(seen.values_list("key", flat=True))
    return None if readable == keys else readable


def parties_seen(user: Any, convention: Convention, parties: Iterable[Party]) -> frozenset[int] | None:
    """Whose sheets, votes, reports and payments this person sees; None: everybody's. See `Commitment.within`."""
    territory = territory_of(user, Right.READ_CONVENTIONS)
    if territory.everywhere:
        return None
    signing = [party for party in parties if party.departement_id]
    if len({party.departement_id for party in signing}) < 2:
        return None
    seats = [
        seat
        for seat in convention.seats.all()
        if seat.organisation_id in territory.organisations and seat.role in territory.parts
    ]
    if any(seat.party_id is None and seat.commitment_id is None for seat in seats):
        return None
    named = {seat.party_id for seat in seats if seat.party_id}
    return frozenset(
        party.pk for party in parties if party.departement_id in territory.departements or party.pk in named
    )


def sees_whole(user: Any, convention: Convention) -> bool:
    """Is everything of the convention in sight? Otherwise a seat on one sheet, or one Département among others."""
    territory = territory_of(user, Right.READ_CONVENTIONS)
    if territory.everywhere or convention.departement_codes & territory.departements:
        return True
    return any(
        seat.party_id is None
        and seat.commitment_id is None
        and seat.organisation_id in territory.organisations
        and seat.role in territory.parts
        for seat in convention.seats.all()
    )

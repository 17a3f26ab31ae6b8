"""« Nouveau lecteur »: a kind of organisation begins to read in a territory, and those who feed it are told.

Found by a job that compares the rights of today with those already told, whatever page or command gave them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership
from jalons.accounts.permissions import Territory, membership_territory
from jalons.core.clock import paris_day
from jalons.core.values import format_number, plural
from jalons.readership.models import KnownReaders
from jalons.readership.notifications import send_new_readers

READS = (
    Right.READ_SITES,
    Right.READ_ACTIONS,
    Right.READ_JUSTICE,
    Right.READ_OWNER,
    Right.READ_FUNDING,
)
FEEDS = (Right.UPDATE_SITE, Right.FOLLOW_ACTION)
FRANCE = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A kind of organisation reads with one right in one département (code; `FRANCE` for the whole country)."""

    right: Right
    departement: str
    kind: str


def tell_new_readers() -> str:
    """The job: what is new is kept and told in one transaction, so that nothing is told twice nor lost."""
    memberships = list(Membership.objects.active().filter(user__is_active=True).with_access())
    today = readings(memberships)
    with transaction.atomic():
        first_count = not KnownReaders.objects.exists()
        known = {Reading(Right(row.right), row.departement, row.kind): row for row in standing()}
        for reading in known.keys() - today.keys():
            KnownReaders.objects.filter(pk=known[reading].pk).update(ended_on=paris_day())
        appeared = [
            remember(reading, today[reading], first_count=first_count)
            for reading in sorted(today.keys() - known.keys(), key=lambda r: (r.departement, r.kind, r.right))
        ]
        news = [] if first_count else [row for row in appeared if row and not covered(row, known)]
        letters = letters_for(news, memberships)
        for user_id, rows in letters.items():
            send_new_readers.enqueue(user_id, [row.pk for row in rows])
    if not news:
        return "Aucun nouveau lecteur."
    count = (
        f"{format_number(len(letters))} {plural(len(letters), 'personne prévenue', 'personnes prévenues')}"
    )
    return f"Nouveaux lecteurs\u00a0: {format_number(len(news))}, {count}."


def standing() -> Any:
    """Locked: of two runs at the same time, the second sees what the first told."""
    return KnownReaders.objects.standing().select_for_update()


def readings(memberships: list[Membership]) -> dict[Reading, Membership]:
    """Everything that is read today, each with a membership that reads it: the first that began."""
    membership_by_reading: dict[Reading, Membership] = {}
    for membership in sorted(memberships, key=lambda row: (row.starts_on, row.pk)):
        for right in READS:
            for code in departements_of(membership_territory(membership, right), membership):
                membership_by_reading.setdefault(
                    Reading(right, code, membership.organisation.kind), membership
                )
    return membership_by_reading


def departements_of(territory: Territory, membership: Membership) -> Iterator[str]:
    """Where a right holds by its place, in whole or in part; a part in a dispositif has no place."""
    if territory.everywhere:
        yield FRANCE
        return
    yield from territory.departements
    for scope in membership.scopes.all():
        if scope.commune and scope.commune.pk in territory.communes:
            yield scope.commune.departement_id
        if scope.epci and scope.epci.pk in territory.epcis:
            yield from {commune.departement_id for commune in scope.epci.communes.all()}


def remember(reading: Reading, membership: Membership, *, first_count: bool) -> KnownReaders | None:
    """The row of what appeared; None when another run wrote it meanwhile."""
    grant = next((row for row in membership.grants.all() if row.right == reading.right and row.allowed), None)
    row, created = KnownReaders.objects.get_or_create(
        right=reading.right,
        departement=reading.departement,
        kind=reading.kind,
        ended_on=None,
        defaults={
            "organisation": membership.organisation,
            "granted_by": (grant or membership).changed_by,
            "until": grant.ends_on if grant else membership.ends_on,
            "first_count": first_count,
        },
    )
    return row if created else None


def covered(row: KnownReaders, known: dict[Reading, KnownReaders]) -> bool:
    """Already told for the whole of France."""
    return bool(row.departement) and Reading(Right(row.right), FRANCE, row.kind) in known


def letters_for(news: list[KnownReaders], memberships: list[Membership]) -> dict[int, list[KnownReaders]]:
    """By person who feeds a place where somebody new reads; not to those of the new organisation itself."""
    letters: dict[int, list[KnownReaders]] = defaultdict(list)
    if not news:
        return letters
    for membership in memberships:
        fed = set()
        for right in FEEDS:
            fed |= set(departements_of(membership_territory(membership, right), membership))
        for row in news:
            touches = bool(fed) and (not row.departement or row.departement in fed or FRANCE in fed)
            theirs = membership.organisation_id == row.organisation_id
            if touches and not theirs and row not in letters[membership.user_id]:
                letters[membership.user_id].append(row)
    return {user_id: rows for user_id, rows in letters.items() if rows}

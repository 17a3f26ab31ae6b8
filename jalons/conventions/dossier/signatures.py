"""What the signatures of a convention say of its state. Pure: no query."""

import datetime as dt
from collections.abc import Iterable

from jalons.conventions.enums import ConventionState
from jalons.conventions.models import Convention, Party
from jalons.core.values import format_long_date

PROPOSED_STATE = "etat"  # in the address of the page on identity: the state that it proposes


def signature_day(convention: Convention, parties: Iterable[Party]) -> dt.date | None:
    """The day of the convention, else that of the last party once all of them have signed."""
    if convention.signed_on is not None:
        return convention.signed_on
    days = [party.signed_on for party in parties]
    signed = [day for day in days if day is not None]
    return max(signed) if signed and len(signed) == len(days) else None


def signature_to_confirm(convention: Convention, parties: Iterable[Party]) -> dt.date | None:
    """The day of the signature of a convention that is not said to be signed yet."""
    if convention.state not in (ConventionState.DRAFT, ConventionState.VOTED):
        return None
    return signature_day(convention, parties)


def signature_of(party: Party, convention: Convention) -> str:
    """« Signée le 12 juillet 2022 à Lille »; nothing while it is not."""
    on, place = party.signed_on or convention.signed_on, party.place or convention.place
    if on is None:
        return ""
    return f"Signée le {format_long_date(on)}{f' à {place}' if place else ''}"

"""Giving and taking back a seat on a convention."""

from django.core.exceptions import ValidationError
from django.db import transaction

from jalons.accounts.models import Organisation
from jalons.conventions.alerts.after_write import touched
from jalons.conventions.enums import AlertScope, ConventionRole
from jalons.conventions.models import Commitment, Convention, Party, Seat
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, save_record

# Seats change no figure: no rule is run again.
NO_RULE: list[AlertScope] = []


@transaction.atomic
def add_seat(
    *,
    convention: Convention,
    organisation: Organisation,
    role: ConventionRole,
    by: Actor,
    party: Party | None = None,
    commitment: Commitment | None = None,
    breakdown: str = "",
) -> Seat:
    """Raises `Refused` when the organisation already holds this very seat."""
    seat = Seat(
        convention=convention,
        organisation=organisation,
        role=role,
        party=party,
        commitment=commitment,
        breakdown=breakdown,
    )
    # Two who add the same seat at once: the second waits here, and is told.
    Convention.objects.select_for_update().get(pk=convention.pk)
    try:
        seat.validate_constraints()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    save_record(record=seat, by=by)
    touched(convention=convention, scopes=NO_RULE)
    return seat


@transaction.atomic
def remove_seat(*, seat: Seat, by: Actor, reason: str, expected_version: int | None = None) -> None:
    """Its history stays. Raises `Refused` for the last seat of who leads the whole, `Stale`."""
    Convention.objects.select_for_update().get(pk=seat.convention_id)
    others = Seat.objects.filter(convention=seat.convention_id, role=ConventionRole.PILOT).exclude(pk=seat.pk)
    if seat.role == ConventionRole.PILOT and not others.exists():
        raise Refused(
            "C’est la seule structure qui pilote cette convention : donnez d’abord ce rôle à une autre."
        )
    save_record(record=seat, by=by, reason=reason, expected_version=expected_version)
    seat.delete()
    touched(convention=seat.convention, scopes=NO_RULE)

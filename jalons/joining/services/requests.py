"""Asking for an account, and answering: approve, refuse, ask a question."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from jalons.accounts.enums import Role
from jalons.accounts.models import Membership, Organisation
from jalons.history.services import Actor, Stale, save_record
from jalons.joining.enums import WAITING, RequestState
from jalons.joining.models import AccessRequest, RequestMessage
from jalons.joining.notifications import receive_request, tell_answer, tell_question, tell_reply
from jalons.joining.services.accounts import create_organisation, invite
from jalons.joining.sources import is_quoted_source
from jalons.territories.models import Scope

DAY = dt.timedelta(days=1)
MOST_BY_ADDRESS, MOST_BY_ORIGIN = 3, 20  # requests a day


def origin_digest(client_address: str | None) -> str:
    """What is kept, for a day, of where a request came from: nobody reads an address from it."""
    return salted_hmac("joining.origin", client_address).hexdigest()[:32] if client_address else ""


def too_many(*, email: str, origin: str) -> bool:
    """Too many requests today with this address, or from this place; says nothing of who has an account."""
    recent = AccessRequest.objects.filter(created_at__gt=timezone.now() - DAY)
    if recent.filter(email=email).count() >= MOST_BY_ADDRESS:
        return True
    return bool(origin) and recent.filter(origin=origin).count() >= MOST_BY_ORIGIN


@transaction.atomic
def ask_access(
    *,
    name: str,
    email: str,
    organisation: Organisation | None,
    organisation_name: str,
    organisation_kind: str,
    siret: str,
    territory: Scope,
    duties: str,
    purpose: str,
    origin: str = "",
) -> AccessRequest:
    """Writes the request; whether the address has an account is looked at later, by the worker.

    So nobody learns from the page, nor from the time that it takes, who has an account.
    """
    access_request = AccessRequest(
        name=name,
        email=email,
        organisation=organisation,
        organisation_name="" if organisation else organisation_name,
        organisation_kind="" if organisation else organisation_kind,
        siret="" if organisation else siret,
        territory=territory,
        duties=duties,
        purpose=purpose,
        national=is_quoted_source(email, organisation.name if organisation else organisation_name),
        origin=origin,
    )
    save_record(record=access_request, by=None)
    transaction.on_commit(partial(receive_request.enqueue, access_request.pk))
    return access_request


def lock(request: AccessRequest) -> None:
    """Of two people who answer at once, the second waits here, then reads the answer of the first: `Stale`."""
    current = AccessRequest.objects.select_for_update().get(pk=request.pk)
    if not current.is_waiting or current.version != request.version:
        raise Stale(current)


def answered(request: AccessRequest, *, state: RequestState, by: Actor, answer: str = "") -> None:
    request.state, request.answer, request.answered_at = state, answer, timezone.now()
    save_record(record=request, by=by, reason=answer)


@transaction.atomic
def approve(
    *,
    request: AccessRequest,
    by: Actor,
    organisation: Organisation | None,
    new_organisation: dict[str, Any] | None,
    role: Role,
    scopes: Sequence[Scope],
    ends_on: dt.date | None = None,
) -> Membership:
    """Opens the account, in an organisation that exists or in a new one (`create_organisation`).

    Raises `Stale` when the request has its answer, `ValidationError` as `invite` and `create_organisation` do.
    """
    lock(request)
    held = organisation or create_organisation(by=by, territory=request.territory, **(new_organisation or {}))
    membership = invite(
        email=request.email,
        name=request.name,
        organisation=held,
        role=role,
        scopes=scopes,
        by=by,
        reason="Demande d’accès acceptée",
        ends_on=ends_on,
    )
    request.membership, request.organisation = membership, held
    answered(request, state=RequestState.APPROVED, by=by)
    return membership


@transaction.atomic
def refuse(*, request: AccessRequest, by: Actor, reason: str) -> None:
    """Says no, with the reason that the person reads in an e-mail."""
    lock(request)
    answered(request, state=RequestState.REFUSED, by=by, answer=reason)
    transaction.on_commit(partial(tell_answer.enqueue, request.pk))


@transaction.atomic
def ask_question(*, request: AccessRequest, by: Actor, text: str) -> RequestMessage:
    """Asks the person something; the e-mail has a link to answer. Raises `Stale` when an answer was given."""
    lock(request)
    request.state = RequestState.ASKED
    save_record(record=request, by=by)
    message = RequestMessage.objects.create(
        request=request, author=by.user, organisation=by.organisation, text=text
    )
    transaction.on_commit(partial(tell_question.enqueue, message.pk))
    return message


@transaction.atomic
def reply(*, request: AccessRequest, text: str) -> RequestMessage:
    """The person answers; the request waits for an administrator again. Raises `Stale` once it has its answer."""
    waiting = AccessRequest.objects.select_for_update().filter(pk=request.pk, state__in=WAITING).first()
    if waiting is None:
        raise Stale(request)
    waiting.state = RequestState.PENDING
    save_record(record=waiting, by=None)
    message = RequestMessage.objects.create(request=waiting, text=text)
    transaction.on_commit(partial(tell_reply.enqueue, message.pk))
    return message

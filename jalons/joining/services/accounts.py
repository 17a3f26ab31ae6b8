"""Giving and taking away access: invite, change, end, close. Whoever calls has checked the right (`permissions`)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from jalons.accounts.enums import OrganisationKind, Right, Role
from jalons.accounts.models import Grant, Membership, Organisation, User
from jalons.core.clock import paris_day
from jalons.core.values import join_and
from jalons.history.services import Actor, Stale, save_record
from jalons.joining.enums import AccountEventKind
from jalons.joining.models import AccountEvent
from jalons.joining.notifications import send_activation, tell_new_membership
from jalons.joining.proposals import proposed_category
from jalons.joining.territory import scope_words
from jalons.territories.models import Scope

CLOSED_ACCOUNT = (
    "Le compte de cette adresse est fermé. Rouvrez-le depuis sa page, puis ajoutez le rattachement."
)
ALREADY_THERE = "Cette personne a déjà ce rôle dans cette structure."
LAST_ADMIN = (
    "C’est le dernier administrateur national\u00a0: sans lui, personne ne pourrait plus rien administrer. Donnez "
    "d’abord ce rôle à quelqu’un d’autre."
)


def record_event(
    *, user: User, kind: AccountEventKind, by: Actor | None, detail: str = "", reason: str = ""
) -> AccountEvent:
    """One line of the journal of an account; `by` None is the person, or the operator of the server."""
    return AccountEvent.objects.create(
        user=user,
        kind=kind,
        author=by.user if by else None,
        organisation=by.organisation if by else None,
        detail=detail,
        reason=reason,
    )


@transaction.atomic
def create_organisation(
    *,
    name: str,
    kind: str,
    territory: Scope,
    by: Actor,
    siret: str = "",
    acronym: str = "",
    reason: str = "",
) -> Organisation:
    """Raises `ValidationError` when one of that name is already in that territory, or one has that SIRET."""
    organisation = Organisation(
        name=name,
        acronym=acronym,
        kind=OrganisationKind(kind),
        category=proposed_category(kind),
        territory=territory,
        siret=siret,
    )
    organisation.full_clean()
    return save_record(record=organisation, by=by, reason=reason)


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    role: Role,
    scopes: Sequence[Scope],
    by: Actor,
    reason: str = "",
    ends_on: dt.date | None = None,
) -> Membership:
    """Opens an account, or adds a membership to the one of this address, and tells the person by e-mail.

    The account opens with the link of the e-mail. Raises `ValidationError` when the account is closed, or already
    has this role there.
    """
    user = User.objects.filter(email=email).first()
    if user is not None and not user.is_active:
        raise ValidationError(CLOSED_ACCOUNT)
    is_new = user is None
    if user is None:
        user = User.objects.create_user(email, name)
        record_event(user=user, kind=AccountEventKind.INVITED, by=by, detail=organisation.name, reason=reason)
    membership = add_membership(
        user=user, organisation=organisation, role=role, scopes=scopes, by=by, reason=reason, ends_on=ends_on
    )
    letter = send_activation if is_new or not user.has_usable_password() else tell_new_membership
    transaction.on_commit(partial(letter.enqueue, user.pk if letter is send_activation else membership.pk))
    return membership


@transaction.atomic
def add_membership(
    *,
    user: User,
    organisation: Organisation,
    role: Role,
    scopes: Sequence[Scope],
    by: Actor,
    reason: str = "",
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Membership:
    """Raises `ValidationError` when the person has this role there already, or for dates in the wrong order."""
    # Two people who add the same at once: the second waits here, then reads what the first wrote.
    User.objects.select_for_update().get(pk=user.pk)
    if user.memberships.active().filter(organisation=organisation, role=role).exists():
        raise ValidationError(ALREADY_THERE)
    membership = Membership(
        user=user, organisation=organisation, role=role, starts_on=starts_on or paris_day(), ends_on=ends_on
    )
    check_dates(membership)
    save_record(record=membership, by=by, reason=reason)
    membership.scopes.set(scopes)
    record_event(user=user, kind=AccountEventKind.SCOPES, by=by, detail=scopes_told(membership, (), scopes))
    return membership


def check_dates(record: Membership | Grant) -> None:
    if record.ends_on and record.ends_on < record.starts_on:
        raise ValidationError({"ends_on": "La fin est avant le début. Corrigez l’une des deux dates."})


def scopes_told(membership: Membership, before: Iterable[Scope], after: Iterable[Scope]) -> str:
    old, new = (join_and([scope_words(scope) for scope in scopes]) for scopes in (before, after))
    change = f"{old} → {new}" if old else new
    return f"{membership.organisation}, {membership.get_role_display().lower()}\u00a0: {change}"


@transaction.atomic
def change_membership(
    *,
    membership: Membership,
    role: Role,
    scopes: Sequence[Scope],
    starts_on: dt.date,
    ends_on: dt.date | None,
    by: Actor,
    reason: str = "",
    expected_version: int | None = None,
) -> Membership:
    """Raises `Stale` when somebody changed it meanwhile; `ValidationError` for the last national administrator."""
    if membership.ended_at:
        raise Stale(membership)
    before = list(membership.scopes.with_territory().order_by("pk"))
    if membership.role == Role.NATIONAL_ADMIN and (role != Role.NATIONAL_ADMIN or ends_on):
        keep_one_admin(besides=Membership.objects.filter(pk=membership.pk))
    membership.role, membership.starts_on, membership.ends_on = role, starts_on, ends_on
    check_dates(membership)
    save_record(record=membership, by=by, reason=reason, expected_version=expected_version)
    if {scope.pk for scope in before} != {scope.pk for scope in scopes}:
        membership.scopes.set(scopes)
        record_event(
            user=membership.user,
            kind=AccountEventKind.SCOPES,
            by=by,
            detail=scopes_told(membership, before, scopes),
            reason=reason,
        )
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, by: Actor | None, reason: str = "", expected_version: int | None = None
) -> Membership:
    """Ends it now: open sessions lose its rights with their next page. Already ended: `Stale`."""
    if membership.ended_at:
        raise Stale(membership)
    if membership.role == Role.NATIONAL_ADMIN:
        keep_one_admin(besides=Membership.objects.filter(pk=membership.pk))
    membership.ended_at = timezone.now()
    # Never before its start, which a constraint forbids: `ended_at` is what takes the rights away.
    membership.ends_on = max(membership.starts_on, paris_day())
    return save_record(record=membership, by=by, reason=reason, expected_version=expected_version)


def keep_one_admin(*, besides: Any) -> None:
    """Raises `ValidationError` when no national administrator would be left without these memberships."""
    admins = Membership.objects.active().filter(role=Role.NATIONAL_ADMIN, user__is_active=True)
    # Locked: two administrators who end each other at once must not both find the other one still there.
    left = [
        held
        for held in admins.select_related("user").select_for_update(of=("self",)).order_by("pk")
        if held.user.has_usable_password()
    ]
    gone = set(besides.values_list("pk", flat=True))
    if not any(held.pk not in gone for held in left):
        raise ValidationError(LAST_ADMIN)


@transaction.atomic
def grant_right(
    *,
    membership: Membership,
    right: Right,
    allowed: bool,
    by: Actor,
    reason: str,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Grant:
    """Gives one right to one person, or takes it away, with the reason in its history."""
    if membership.grants.active().filter(right=right, allowed=allowed).exists():
        raise ValidationError(
            {"right": "Ce droit est déjà donné ou retiré à cette personne. Terminez-le d’abord."}
        )
    grant = Grant(
        membership=membership,
        right=right,
        allowed=allowed,
        starts_on=starts_on or paris_day(),
        ends_on=ends_on,
    )
    check_dates(grant)
    return save_record(record=grant, by=by, reason=reason)


@transaction.atomic
def end_grant(*, grant: Grant, by: Actor, reason: str = "", expected_version: int | None = None) -> Grant:
    """Ends it now. Already ended: `Stale`."""
    if grant.ended_at:
        raise Stale(grant)
    grant.ended_at = timezone.now()
    grant.ends_on = max(grant.starts_on, paris_day())
    return save_record(record=grant, by=by, reason=reason, expected_version=expected_version)


@transaction.atomic
def close_account(*, user: User, by: Actor | None, reason: str = "") -> bool:
    """Nobody signs in with it any more, and open sessions end with their next page. False when it was closed already.

    Memberships end too: reopening gives back the account, not its rights.
    """
    held = user.memberships.active().select_related("user").order_by("pk")
    if held.filter(role=Role.NATIONAL_ADMIN).exists():
        keep_one_admin(besides=held)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        return False
    user.is_active = False
    for membership in [*held, *user.memberships.filter(starts_on__gt=paris_day(), ended_at__isnull=True)]:
        membership.ended_at = timezone.now()
        membership.ends_on = max(membership.starts_on, paris_day())
        save_record(record=membership, by=by, reason=reason)
    record_event(user=user, kind=AccountEventKind.CLOSED, by=by, reason=reason)
    return True


@transaction.atomic
def reopen_account(*, user: User, by: Actor, reason: str = "") -> bool:
    """The person signs in again as before; rights are given anew. False when it was open already."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        return False
    user.is_active = True
    record_event(user=user, kind=AccountEventKind.REOPENED, by=by, reason=reason)
    return True

"""Who may do what with a page of good practice. A page, its buttons and its services ask here."""

from typing import Any

from django.core.exceptions import PermissionDenied

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can, membership_territory, territory_of
from jalons.history.services import Actor
from jalons.sharing.enums import PracticeState
from jalons.sharing.models import Practice


def may_write(user: Any, practice: Practice) -> bool:
    return can(user, Right.WRITE_PRACTICE, practice)


def may_publish(user: Any) -> bool:
    return territory_of(user, Right.PUBLISH_PRACTICE).everywhere


def publisher_or_403(user: Any) -> None:
    if not may_publish(user):
        raise PermissionDenied("Une page est publiée par l’administration nationale.")


def new_writer(user: Any) -> Actor:
    """In whose name a person begins a page: the organisation that they chose to write for, or their first that may."""
    held = [row for row in user.active_memberships if membership_territory(row, Right.WRITE_PRACTICE)]
    if not held:
        raise PermissionDenied
    chosen = next((row for row in held if row.organisation_id == user.acting_for), held[0])
    return Actor(user, chosen.organisation)


def may_ask(user: Any, practice: Practice) -> bool:
    """The owner, when what is written is not what is read."""
    waits = practice.awaits_review or (practice.is_published and not practice.changed_since)
    return may_write(user, practice) and not may_publish(user) and not waits


def may_publish_now(user: Any, practice: Practice) -> bool:
    return may_publish(user) and not (practice.is_published and not practice.changed_since)


def may_withdraw(user: Any, practice: Practice) -> bool:
    return may_write(user, practice) and practice.state != PracticeState.WITHDRAWN

"""A dispositif as a record: name, contacts, places of insertion."""

from typing import Any

from django.db import transaction

from jalons.actions.models import Action, ActionContact, InsertionSite
from jalons.core.values import fold
from jalons.history.services import Actor, save_record


def save_action(
    *, action: Action, by: Actor, reason: str = "", expected_version: int | None = None
) -> Action:
    action.search_text = fold(f"{action.name} {action.departement.name}")[:400]
    return save_record(record=action, by=by, reason=reason, expected_version=expected_version)


@transaction.atomic
def update_action(
    *, action: Action, by: Actor, expected_version: int, reason: str = "", **described: Any
) -> Action:
    """Other words for a dispositif. Raises `Stale` when someone else saved it meanwhile."""
    for name, value in described.items():
        setattr(action, name, value)
    return save_action(action=action, by=by, reason=reason, expected_version=expected_version)


@transaction.atomic
def save_insertion_site(
    *, ground: InsertionSite, by: Actor, expected_version: int | None = None
) -> InsertionSite:
    saved = save_record(record=ground, by=by, expected_version=expected_version)
    ground.action.__dict__.pop("communes", None)
    return saved


@transaction.atomic
def remove_insertion_site(*, ground: InsertionSite, by: Actor) -> None:
    save_record(record=ground, by=by, reason="terrain retiré")
    ground.delete()


@transaction.atomic
def save_contact(*, contact: ActionContact, by: Actor, expected_version: int | None = None) -> ActionContact:
    return save_record(record=contact, by=by, expected_version=expected_version)


@transaction.atomic
def remove_contact(*, contact: ActionContact, by: Actor) -> None:
    save_record(record=contact, by=by, reason="contact retiré")
    contact.delete()

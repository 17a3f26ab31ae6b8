"""What is due: deadlines, reminders, the follow-ups seen."""

import datetime as dt

from django.db import transaction

from jalons.accounts.models import Organisation
from jalons.actions.models import Action, Deadline, Intervention, Nudge, ReminderRound
from jalons.actions.services.lasting import intervention_of
from jalons.history.services import Actor, Stale, save_record


@transaction.atomic
def add_deadline(*, action: Action | None, due_on: dt.date, by: Actor, label: str = "") -> Deadline:
    """One more date at which the follow-up is asked; the same twice is one."""
    known = Deadline.objects.filter(action=action, due_on=due_on).first()
    return known or save_record(record=Deadline(action=action, due_on=due_on, label=label), by=by)


@transaction.atomic
def remove_deadline(*, deadline: Deadline, by: Actor) -> None:
    save_record(record=deadline, by=by, reason="échéance retirée")
    deadline.delete()


def seen_now(action: Action, seen: Intervention | None) -> Intervention:
    current = intervention_of(action)
    if seen is not None and seen.pk != current.pk:
        raise Stale(current)
    return current


@transaction.atomic
def open_round(*, day: dt.date) -> bool:
    """Takes the reminders of a day, for a transaction that writes them all. False when another has done it."""
    return ReminderRound.objects.get_or_create(day=day)[1]


def note_nudge(*, action: Action, reporter: Organisation, due_on: dt.date, by: Actor) -> tuple[Nudge, bool]:
    """Who asked a structure for what it owes, and whether it is new: once for each deadline, whoever asks."""
    author_columns = {"author": by.user, "organisation": by.organisation}
    return Nudge.objects.get_or_create(
        action=action, reporter=reporter, due_on=due_on, defaults=author_columns
    )

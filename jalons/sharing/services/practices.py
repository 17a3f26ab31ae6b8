"""A page of good practice, from its draft to its editions."""

import datetime as dt

from django.db import transaction

from jalons.core import clock
from jalons.core.values import fold
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, Stale, save_record
from jalons.sharing.enums import PracticeState
from jalons.sharing.models import Practice, PracticeEdition
from jalons.sharing.notifications import tell_given_back, tell_published, tell_review_asked

NOTHING_NEW = "Cette page est déjà publiée telle quelle."


@transaction.atomic
def save_practice(*, practice: Practice, by: Actor, expected_version: int | None = None) -> Practice:
    """The text of the owner: readers keep the edition that they have until another is published."""
    if practice.pk is None:
        practice.owner = by.organisation
        practice.reviewed_on = clock.today()
    return save_record(record=practice, by=by, expected_version=expected_version)


def lock(practice: Practice) -> Practice:
    """The page as it stands; raises `Stale` when it is not the one that the writer saw."""
    current = Practice.objects.select_for_update(of=("self",)).select_related("owner").get(pk=practice.pk)
    if current.version != practice.version:
        raise Stale(current)
    return practice


@transaction.atomic
def ask_review(*, practice: Practice, by: Actor) -> Practice:
    """The owner would like it published as it stands."""
    lock(practice)
    if practice.is_published and not practice.changed_since:
        raise Refused(NOTHING_NEW)
    practice.awaits_review, practice.answer = True, ""
    save_record(record=practice, by=by, reason="proposée à la publication")
    tell_review_asked(practice, by)
    return practice


@transaction.atomic
def publish(*, practice: Practice, by: Actor) -> PracticeEdition:
    """Everybody reads it from now on, under the next number."""
    lock(practice)
    if practice.is_published and not practice.changed_since:
        raise Refused(NOTHING_NEW)
    last = practice.editions.order_by("-number").first()
    edition = PracticeEdition(
        practice=practice,
        number=last.number + 1 if last else 1,
        **{name: getattr(practice, name) for name in PracticeEdition.WORDS},
        search_text=fold(f"{practice.title} {practice.summary} {practice.body} {practice.owner.name}"),
        published_by=by.user,
        published_for=by.organisation,
    )
    edition.save(force_insert=True)
    practice.current, practice.state = edition, PracticeState.PUBLISHED
    practice.awaits_review, practice.answer = False, ""
    save_record(record=practice, by=by, reason=f"édition {edition.number} publiée")
    tell_published(practice, by)
    return edition


@transaction.atomic
def give_back(*, practice: Practice, by: Actor, reason: str) -> Practice:
    """Not published as it is: the owner reads why."""
    lock(practice)
    if not practice.awaits_review:
        raise Refused("Cette page n’attend plus d’être publiée.")
    practice.awaits_review, practice.answer = False, reason
    save_record(record=practice, by=by, reason="rendue à son auteur")
    tell_given_back(practice, by)
    return practice


@transaction.atomic
def read_again(*, practice: Practice, by: Actor, on: dt.date | None = None) -> Practice:
    """Read again, and still true."""
    practice.reviewed_on = on or clock.today()
    return save_record(record=practice, by=by, reason="relue")


@transaction.atomic
def withdraw_practice(*, practice: Practice, by: Actor, reason: str) -> Practice:
    """Nobody else reads it any more; its editions stay for who writes it."""
    lock(practice)
    if practice.state == PracticeState.WITHDRAWN:
        raise Refused("Cette page est déjà retirée.")
    practice.state, practice.awaits_review, practice.answer = PracticeState.WITHDRAWN, False, reason
    return save_record(record=practice, by=by, reason="retirée")

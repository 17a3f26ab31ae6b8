"""Offering a dispositif to the directory, or taking it out."""

from collections.abc import Sequence

from django.db import transaction

from jalons.actions.models import Action, ActionContact
from jalons.core.values import fold
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, save_record
from jalons.sharing.models import ActionOffer
from jalons.sharing.selectors.offers import documents_to_offer


@transaction.atomic
def set_offer(
    *,
    action: Action,
    by: Actor,
    is_offered: bool,
    title: str,
    summary: str,
    contact: ActionContact | None,
    documents: Sequence[str],
    expected_version: int,
) -> ActionOffer:
    """Raises `Stale` when somebody wrote since `expected_version` (0: nobody ever did)."""
    # Of two who offer it first at once, both find the same row.
    ActionOffer.objects.bulk_create([ActionOffer(action=action)], ignore_conflicts=True)
    offer = ActionOffer.objects.get(action=action)
    if is_offered and not (title.strip() and summary.strip()):
        raise Refused("Pour le montrer, donnez-lui un nom et dites en quelques phrases ce qu’il fait.")
    may = {document.public_id for document in documents_to_offer(action)}
    offer.is_offered, offer.title, offer.summary = is_offered, title, summary
    offer.contact = contact
    offer.documents = [public_id for public_id in documents if public_id in may]
    offer.search_text = fold(f"{title} {summary} {action.departement.name} {action.departement_id}")
    return save_record(record=offer, by=by, expected_version=expected_version)

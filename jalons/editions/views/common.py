"""An edition that one may read, and what may be done with it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from jalons.accounts.enums import Right
from jalons.editions.models import ReportEdition
from jalons.editions.permissions import is_author, may_write
from jalons.exports.services import organisation_with
from jalons.history.services import Actor

ASKED = "C’est demandé : cette page dit où cela en est."
AUTHOR_ALONE = "Seule la personne qui a demandé cette édition peut le faire."
WRITERS_ALONE = "Vous lisez cette édition ; son auteur peut vous donner à y écrire."


def edition_of(request: HttpRequest, public_id: str) -> ReportEdition:
    editions = ReportEdition.objects.visible_to(request.user).select_related(
        "author", "organisation", "published_by", "previous"
    )
    return get_object_or_404(editions, public_id=public_id)


def own_edition(request: HttpRequest, public_id: str) -> ReportEdition:
    """403 for its readers."""
    edition = edition_of(request, public_id)
    if not is_author(request.user, edition):
        raise PermissionDenied(AUTHOR_ALONE)
    return edition


def written_edition(request: HttpRequest, public_id: str) -> ReportEdition:
    edition = edition_of(request, public_id)
    if not may_write(request.user, edition):
        raise PermissionDenied(WRITERS_ALONE)
    return edition


def actor(request: HttpRequest, edition: ReportEdition) -> Actor:
    """In the name of the structure that asked."""
    return Actor(request.user, edition.organisation)


def actor_with(user: Any, right: Right) -> Actor:
    """In the name of the structure that gives the right."""
    organisation = organisation_with(user, right)
    if organisation is None:
        raise PermissionDenied
    return Actor(user, organisation)

"""Who may read, attach and withdraw a document: the rights of the thing that it is attached to.

Sensitive documents (pieces of a procedure of a site, of the funding of a dispositif) also need the right to read or
write those there: `Subject.read_sensitive`. A document is withdrawn by the organisation that attached it, or by the one
that it was merged into.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from jalons.accounts.permissions import can, check, fetch_again, membership_territory
from jalons.accounts.subjects import subject_of
from jalons.documents.models import Document
from jalons.history.services import Actor


def may_read_sensitive(user: Any, obj: Any) -> bool:
    return can(user, subject_of(obj).read_sensitive, obj)


def may_attach(user: Any, obj: Any, *, sensitive: bool = False) -> bool:
    subject = subject_of(obj)
    if subject.frozen(obj) or not can(user, subject.attach, obj):
        return False
    return not sensitive or can(user, subject.write_sensitive, obj)


def fetch_document(user: Any, public_id: str) -> Document:
    """A document that one may read: 404 outside of what one sees and once withdrawn, 403 for what is sensitive."""
    document = get_object_or_404(Document.objects.standing(), public_id=public_id)
    subject = subject_of(document.subject)
    obj = fetch_again(user, document.subject, subject.read)
    if document.sensitive:
        check(user, subject.read_sensitive, obj)
    return document


def withdrawer(user: Any, document: Document, obj: Any) -> Actor | None:
    """In whose name this person may withdraw this document; None when they may not."""
    if document.withdrawn_at or not may_attach(user, obj, sensitive=document.sensitive):
        return None
    for membership in user.active_memberships:
        ours = membership.organisation_id == document.organisation.standing_id
        if ours and membership_territory(membership, subject_of(obj).attach).holds(obj):
            return Actor(user, membership.organisation)
    return None


def withdrawer_or_403(user: Any, document: Document, obj: Any) -> Actor:
    by = withdrawer(user, document, obj)
    if by is None:
        raise PermissionDenied("Seule la structure qui a joint un document peut le retirer.")
    return by

"""Writing comments."""

import unicodedata
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from jalons.core.form_fields import no_control_characters
from jalons.core.values import format_number
from jalons.discussions.models import Comment
from jalons.history.services import Actor

NOTHING = "Écrivez quelque chose avant d’ajouter le commentaire."


@transaction.atomic
def add_comment(*, subject: Any, text: str, by: Actor) -> Comment:
    """A comment on `subject`, in plain text. `ValidationError` for one that is empty or too long."""
    comment = Comment(subject=subject, text=plain_text(text), author=by.user, organisation=by.organisation)
    comment.save(force_insert=True)
    return comment


def plain_text(text: str) -> str:
    """The text as it is kept: one kind of line end, composed accents, no blank around."""
    written = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not written:
        raise ValidationError(NOTHING, code="required")
    longest = settings.COMMENT_MAX_LENGTH
    if len(written) > longest:
        raise ValidationError(
            f"Ce commentaire a {format_number(len(written))} caractères\u00a0: {format_number(longest)} au plus. "
            "Raccourcissez-le, ou joignez un document.",
            code="max_length",
        )
    no_control_characters(written)
    return written


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: Actor) -> None:
    """Hide one’s own comment from everybody, with the trace of who and when. Once withdrawn, nothing more happens."""
    if comment.author_id != by.user.pk:
        raise PermissionDenied("Seule la personne qui a écrit un commentaire peut le retirer.")
    Comment.objects.standing().filter(pk=comment.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=by.user, withdrawn_for=by.organisation
    )

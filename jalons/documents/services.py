"""Attaching and withdrawing documents."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from jalons.documents.checks import Upload, visible_text
from jalons.documents.enums import DocumentCategory
from jalons.documents.models import Document
from jalons.history.services import Actor

NO_REASON = "Dites en quelques mots pourquoi vous retirez ce document."


class AlreadyReplaced(Exception):
    """Somebody else gave another version meanwhile: `newer`."""

    def __init__(self, newer: Document) -> None:
        super().__init__(newer.title)
        self.newer = newer


@transaction.atomic
def attach_document(
    *,
    subject: Any,
    upload: Upload,
    by: Actor,
    title: str = "",
    note: str = "",
    sensitive: bool = False,
    category: str = DocumentCategory.OTHER,
) -> Document:
    """Keep a checked file. Without a title its name stands for it."""
    document = Document(
        subject=subject,
        title=visible_text(title)[:200] or upload.name.rpartition(".")[0][:200],
        name=upload.name,
        kind=upload.kind,
        size=upload.size,
        sha256=upload.sha256,
        note=visible_text(note),
        sensitive=sensitive,
        category=DocumentCategory(category),
        author=by.user,
        organisation=by.organisation,
    )
    return keep(document, upload)


@transaction.atomic
def replace_document(*, document: Document, upload: Upload, by: Actor, note: str = "") -> Document:
    """A new version of a document, under its title and its rights. Raises `AlreadyReplaced`."""
    # Locked: of two people who replace it at once, the second waits here, then sees the version of the first.
    Document.objects.select_for_update().get(pk=document.pk)
    newer = document.replacements.standing().order_by("-pk").first()
    if newer is not None:
        raise AlreadyReplaced(newer)
    version = Document(
        subject=document.subject,
        title=document.title,
        name=upload.name,
        kind=upload.kind,
        size=upload.size,
        sha256=upload.sha256,
        note=visible_text(note),
        sensitive=document.sensitive,
        category=document.category,
        replaces=document,
        author=by.user,
        organisation=by.organisation,
    )
    return keep(version, upload)


def keep(document: Document, upload: Upload) -> Document:
    """The file, then its row."""
    document.file.save(upload.name, File(upload.file), save=False)
    try:
        document.save(force_insert=True)
    except BaseException:
        # The file is written first: without its row nobody would ever find it.
        document.file.storage.delete(str(document.file.name))
        raise
    return document


@transaction.atomic
def withdraw_document(*, document: Document, by: Actor, reason: str) -> None:
    """Remove the file for ever and keep the row, with who and why. Once withdrawn, nothing more happens."""
    why = visible_text(reason)
    if not why:
        raise ValidationError(NO_REASON, code="required")
    storage, path = document.file.storage, document.file.name
    done = (
        Document.objects.standing()
        .filter(pk=document.pk)
        .update(
            file="",
            withdrawn_at=timezone.now(),
            withdrawn_by=by.user,
            withdrawn_for=by.organisation,
            withdrawn_reason=why[:300],
        )
    )
    if done and path:
        transaction.on_commit(partial(storage.delete, path))

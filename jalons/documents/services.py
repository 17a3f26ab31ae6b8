"""Attaching and withdrawing documents."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import DatabaseError, transaction
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


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A checked file that is in the storage already: `path` is what its row will say."""

    upload: Upload
    path: str


@contextmanager
def stored(uploads: Iterable[Upload | None], *, field: Any = None) -> Iterator[list[StoredFile]]:
    """The files, written before the transaction of their rows opens: nobody waits for a disk to save.

    Those to which no row points when the block ends (refused, sent twice, failed) are removed: nobody would ever find
    them. `field`: where the rows keep them, a document by default.
    """
    field = field or Document._meta.get_field("file")
    files: list[StoredFile] = []
    try:
        for upload in uploads:
            if upload is not None:
                path = field.generate_filename(None, upload.name)
                path = field.storage.save(path, File(upload.file), max_length=field.max_length)
                files.append(StoredFile(upload, path))
        yield files
    finally:
        # The base says which are kept. One that does not answer says nothing, and nothing is removed.
        with suppress(DatabaseError):
            paths = [file.path for file in files]
            rows = field.model._default_manager.filter(**{f"{field.name}__in": paths})
            for path in {*paths} - set(rows.values_list(field.name, flat=True)):
                field.storage.delete(path)


@transaction.atomic
def attach_document(
    *,
    subject: Any,
    file: StoredFile,
    by: Actor,
    title: str = "",
    note: str = "",
    sensitive: bool = False,
    category: str = DocumentCategory.OTHER,
) -> Document:
    """Keep a checked file. Without a title its name stands for it."""
    upload = file.upload
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
        file=file.path,
    )
    document.save(force_insert=True)
    return document


@transaction.atomic
def replace_document(*, document: Document, file: StoredFile, by: Actor, note: str = "") -> Document:
    """A new version of a document, under its title and its rights. Raises `AlreadyReplaced`."""
    # Locked: of two people who replace it at once, the second waits here, then sees the version of the first.
    Document.objects.select_for_update().get(pk=document.pk)
    newer = document.replacements.standing().order_by("-pk").first()
    if newer is not None:
        raise AlreadyReplaced(newer)
    upload = file.upload
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
        file=file.path,
    )
    version.save(force_insert=True)
    return version


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

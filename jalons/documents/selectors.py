"""Reading documents. Those that a person may not read are not read in the database either."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.text import capfirst

from jalons.accounts.querysets import AttachedQuerySet, none_of
from jalons.accounts.subjects import subject_of
from jalons.core.ui import Entry
from jalons.documents.checks import IMAGES
from jalons.documents.models import Document
from jalons.documents.permissions import may_attach, may_read_sensitive, withdrawer

ANCHOR = "documents"


def readable_documents(obj: Any, user: Any, *others: Model) -> AttachedQuerySet:
    """Withdrawn ones too; `others` are of the same model and place as `obj` (sites merged into it)."""
    if none_of("documents", obj, *others):
        return Document.objects.none()
    documents = Document.objects.about(obj, *others).with_people().newest_first()
    return documents if may_read_sensitive(user, obj) else documents.filter(sensitive=False)


def documents_on(obj: Any, user: Any, *others: Model) -> list[Document]:
    """The documents on a thing that this person may read, newest first: one query."""
    return list(readable_documents(obj, user, *others).standing())


@dataclass(frozen=True, slots=True)
class Piece:
    """The version in force of a document, and those before it, newest first."""

    document: Document
    may_withdraw: bool
    may_replace: bool = False
    former: Sequence[Document] = ()

    @property
    def shown_inside(self) -> bool:
        """Can it be looked at without being taken away?"""
        return self.document.kind in IMAGES


def with_versions(documents: Sequence[Document]) -> list[tuple[Document, list[Document]]]:
    """The last version of each of these documents, with those that it replaced; in the order given."""
    by_pk = {document.pk: document for document in documents}
    replaced = {document.replaces_id for document in documents}
    chains = []
    for document in documents:
        if document.pk in replaced:
            continue
        former, before = [], by_pk.get(document.replaces_id or 0)
        while before is not None:
            former.append(before)
            before = by_pk.get(before.replaces_id or 0)
        chains.append((document, former))
    return chains


@dataclass(frozen=True, slots=True)
class Pieces:
    """What `documents/_documents.html` shows. `attach_url` is empty for a reader who may not attach."""

    pieces: Sequence[Piece]
    attach_url: str
    sensitive_words: str
    anchor: str = ANCHOR


def pieces_on(user: Any, obj: Any, *others: Model) -> Pieces:
    return Pieces(
        pieces=[
            Piece(
                document,
                withdrawer(user, document, obj) is not None,
                may_attach(user, obj, sensitive=document.sensitive),
                former,
            )
            for document, former in with_versions(documents_on(obj, user, *others))
        ],
        attach_url=(
            reverse("documents:attach", args=[subject_of(obj).kind, obj.public_id])
            if may_attach(user, obj)
            else ""
        ),
        sensitive_words=capfirst(subject_of(obj).sensitive_words.removeprefix("une ")),
    )


def document_entries(obj: Any, user: Any, *others: Model) -> list[Entry]:
    """For a timeline: what was attached and withdrawn, by whom and why."""
    entries = []
    for document in readable_documents(obj, user, *others):
        sentence = f"le document « {document.title} »"
        url = "" if document.withdrawn_at else reverse("documents:download", args=[document.public_id])
        who, organisation = str(document.author), str(document.organisation)
        act = f"a remplacé {sentence}" if document.replaces_id else f"a joint {sentence}"
        entries.append(Entry(document.created_at, who, act, organisation=organisation, url=url))
        if document.withdrawn_at:
            entries.append(
                Entry(
                    document.withdrawn_at,
                    str(document.withdrawn_by),
                    f"a retiré {sentence}",
                    organisation=str(document.withdrawn_for),
                    reason=document.withdrawn_reason,
                )
            )
    return entries

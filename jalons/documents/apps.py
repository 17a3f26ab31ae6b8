from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig

from jalons.accounts.rights import register_rights
from jalons.accounts.subjects import subject_of
from jalons.documents.rights import DOCUMENTS
from jalons.readership.things import Ground, ReadBlock, Thing, register_thing, thing_of


class DocumentsConfig(AppConfig):
    name = "jalons.documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        register_rights(DOCUMENTS)
        register_thing(
            Thing(
                kind="document",
                words="ce document",
                model=self.get_model("Document"),
                url=lambda document: subject_of(document.subject).url(document.subject),
                blocks=read_blocks,
                ground=ground_of,
                finder="jalons.documents.permissions.fetch_document",
                held_on=lambda document: document.subject,
            )
        )


def read_blocks(document: Any) -> Iterable[ReadBlock]:
    """A document is read with the right of what it is attached to, and with that of its block when it is sensitive."""
    subject = subject_of(document.subject)
    if document.sensitive:
        return [ReadBlock("Ce document", subject.read_sensitive, also=subject.read)]
    return [ReadBlock("Ce document", subject.read)]


def ground_of(document: Any) -> Ground:
    return thing_of(document.subject).ground(document.subject)

"""Attaching a file as a page does: the file first, then its row."""

from typing import Any

from jalons.documents.checks import Upload
from jalons.documents.models import Document
from jalons.documents.services import attach_document, stored


def attach_upload(*, upload: Upload, **said: Any) -> Document:
    with stored([upload]) as [file]:
        return attach_document(file=file, **said)

"""Documents attached to anything that `accounts.subjects` knows."""

import secrets

from django.db import models
from django.db.models import Q

from jalons.accounts.models import Attached
from jalons.documents.checks import size_in_words
from jalons.documents.enums import DocumentCategory, DocumentType


def storage_path(document: models.Model, name: str) -> str:
    """A random name without extension: the one given by a person stays in the database."""
    token = secrets.token_hex(16)
    return f"documents/{token[:2]}/{token}"


class Document(Attached):
    """Pièce jointe. The file is in the private storage and is only read through the view that checks the right.

    A withdrawn document keeps its row, with who, when and why; its file is removed. `sensitive`: read with the right
    that its subject names (a piece of a procedure, of the funding). `replaces`: the version before this one, which can
    still be read; a withdrawn version gives its place back to it.
    """

    title = models.CharField("titre", max_length=200)
    name = models.CharField("nom du fichier", max_length=255, editable=False)
    kind = models.CharField("type", max_length=5, choices=DocumentType, editable=False)
    size = models.PositiveBigIntegerField("taille", editable=False)  # bytes
    sha256 = models.CharField("empreinte", max_length=64, editable=False)
    file = models.FileField("fichier", upload_to=storage_path, blank=True, editable=False)
    category = models.CharField(
        "sorte", max_length=10, choices=DocumentCategory, default=DocumentCategory.OTHER
    )
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="replacements",
        verbose_name="remplace",
    )
    note = models.CharField("précision", max_length=500, blank=True)
    sensitive = models.BooleanField("pièce sensible", default=False)
    withdrawn_reason = models.CharField("motif du retrait", max_length=300, blank=True, editable=False)

    class Meta(Attached.Meta):
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        constraints = [
            *Attached.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(withdrawn_at__isnull=True) & ~Q(file=""))
                | (Q(withdrawn_at__isnull=False, file="") & ~Q(withdrawn_reason="")),
                name="documents_document_file_until_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def described(self) -> str:
        """« PDF, 1,2 Mo »."""
        return f"{DocumentType(self.kind).label}, {size_in_words(self.size)}"

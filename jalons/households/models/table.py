"""A table of families that a team gave to its register."""

import uuid

from django.db import models
from django.utils import timezone

from jalons.accounts.models import Organisation, User
from jalons.households.enums import ImportState


class RegisterImport(models.Model):
    """A table of families given to the register: its sheets, and what was read of them, both sealed.

    Its key is in `HouseholdKey` under its own identifier, apart from the archives: a renewal of the register’s key
    drops it. Nothing of the file is kept but that, not even its name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="donné par")
    created_at = models.DateTimeField("donné le", default=timezone.now, editable=False)
    state = models.CharField("état", max_length=7, choices=ImportState, default=ImportState.READ)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    sheets = models.BinaryField("feuilles, scellées", editable=False)
    reading = models.BinaryField("lecture, scellée", editable=False)
    households = models.PositiveIntegerField("ménages enregistrés", default=0, editable=False)
    applied_at = models.DateTimeField("enregistré le", null=True, editable=False)

    class Meta:
        verbose_name = "tableau de familles"
        verbose_name_plural = "tableaux de familles"
        indexes = [models.Index(fields=["organisation", "-created_at"], name="households_import_at")]

    def __str__(self) -> str:
        return f"Tableau du {self.created_at:%Y-%m-%d}"

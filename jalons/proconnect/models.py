from django.db import models
from django.utils import timezone

from jalons.accounts.models import User


class Identity(models.Model):
    """An account recognised by somebody else: `sub` is what `issuer` calls this person, for ever. Gives no right."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="identities", verbose_name="compte")
    issuer = models.CharField("émetteur", max_length=255, editable=False)
    sub = models.CharField("identifiant chez l’émetteur", max_length=255, editable=False)
    linked_at = models.DateTimeField("relié le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "identité ProConnect"
        constraints = [models.UniqueConstraint(fields=["issuer", "sub"], name="proconnect_identity_once")]

    def __str__(self) -> str:
        return f"ProConnect · {self.user}"

"""Published texts, each with its versions, and who accepted the charter."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from jalons.accounts.models import Organisation, User
from jalons.charter.enums import TextKind


class Charter(models.Model):
    """One version of a published text. Never changed: another version replaces it, and this one can still be read."""

    kind = models.CharField("texte", max_length=13, choices=TextKind)
    number = models.PositiveIntegerField("version")
    body = models.TextField("contenu", max_length=40_000)
    what_changed = models.CharField("ce qui change", max_length=300, blank=True)
    published_at = models.DateTimeField("publié le", default=timezone.now, editable=False)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="publié par"
    )
    published_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )

    class Meta:
        verbose_name = "texte publié"
        verbose_name_plural = "textes publiés"
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="charter_one_text_a_number"),
        ]

    def __str__(self) -> str:
        return f"{TextKind(self.kind).label}, version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a published text is replaced, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a published text is replaced, never deleted")


class CharterSignature(models.Model):
    """A person accepted one version of the charter."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="compte")
    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField("acceptée le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "acceptation de la charte"
        verbose_name_plural = "acceptations de la charte"
        constraints = [
            models.UniqueConstraint(fields=["user", "charter"], name="charter_accepted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.charter}"

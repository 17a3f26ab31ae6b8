"""Who took what away, and when."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from jalons.accounts.models import Organisation, User
from jalons.exports.enums import Format
from jalons.exports.querysets import DownloadQuerySet


class Download(models.Model):
    """A file that left Jalons; never changed nor erased. `rows` is null when it was not sent to its end."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="downloads", verbose_name="compte")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="downloads", verbose_name="structure"
    )
    at = models.DateTimeField("le", default=timezone.now, editable=False)
    export = models.CharField("export", max_length=60)
    label = models.CharField("contenu", max_length=250)
    format = models.CharField("format", max_length=7, choices=Format)
    parameters = models.JSONField("paramètres", default=dict, blank=True)
    rows = models.PositiveIntegerField("lignes", null=True)

    objects = DownloadQuerySet.as_manager()

    class Meta:
        verbose_name = "téléchargement"
        indexes = [
            models.Index(fields=["-at"], name="exports_download_at"),
            models.Index(fields=["user", "-at"], name="exports_download_user_at"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.format})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("downloads are only added")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("downloads are only added")

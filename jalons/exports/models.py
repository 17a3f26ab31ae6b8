"""Who took what away, and when; the large files that wait to be taken."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from jalons.accounts.models import Organisation, User
from jalons.core.fields import PublicIdField
from jalons.exports.enums import Format, PreparedState
from jalons.exports.querysets import DownloadQuerySet, PreparedFileQuerySet


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


class PreparedFile(models.Model):
    """A large file that the worker makes for one person, and that only they may take, for a day.

    `maker` and `query` say again what was asked; `reach`, what the rights of the person were (`preparing.reach_of`):
    once they change, the file is not given.
    """

    public_id = PublicIdField()
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="prepared_files", verbose_name="compte"
    )
    state = models.CharField(
        "état", max_length=10, choices=PreparedState, default=PreparedState.WAITING, editable=False
    )
    asked_at = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    label = models.CharField("contenu", max_length=250)
    format = models.CharField("format", max_length=7, choices=Format)
    maker = models.CharField(max_length=200, editable=False)
    query = models.TextField(blank=True, editable=False)
    acting_for = models.BigIntegerField(null=True, editable=False)
    proved_twice = models.BooleanField(default=False, editable=False)
    with_justice = models.BooleanField(default=False, editable=False)
    reach = models.CharField(max_length=64, editable=False)
    name = models.CharField(max_length=200, blank=True, editable=False)
    rows = models.PositiveIntegerField("lignes", null=True, editable=False)
    content = models.BinaryField(null=True, editable=False)

    objects = PreparedFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier préparé"
        indexes = [models.Index(fields=["user", "-asked_at"], name="exports_prepared_user_at")]

    def __str__(self) -> str:
        return f"{self.label} ({self.format})"

    @property
    def is_at_work(self) -> bool:
        return self.state in (PreparedState.WAITING, PreparedState.RUNNING)

"""What Jalons knows of its backups: enough to say that the last one is too old, or that this base is a restored one."""

from django.db import models
from django.utils import timezone


class BackupRun(models.Model):
    """A backup that was taken, then read again whole. One that failed leaves no row."""

    archive = models.CharField("fichier", max_length=200)
    taken_at = models.DateTimeField("prise le", db_index=True)
    verified_at = models.DateTimeField("vérifiée le")
    size = models.PositiveBigIntegerField("taille")  # bytes
    sealed = models.BooleanField("chiffrée")
    attachments = models.PositiveIntegerField("pièces jointes")
    missing_files = models.PositiveIntegerField("pièces jointes sans fichier", default=0)

    class Meta:
        verbose_name = "sauvegarde"

    def __str__(self) -> str:
        return self.archive


class Restoration(models.Model):
    """This base was loaded from a backup: until someone confirms, no e-mail of the outbox leaves."""

    taken_at = models.DateTimeField("sauvegarde prise le")
    restored_at = models.DateTimeField("restaurée le", default=timezone.now)
    confirmed_at = models.DateTimeField("courriels repris le", null=True)

    class Meta:
        verbose_name = "restauration"

    def __str__(self) -> str:
        return f"{self.restored_at:%d/%m/%Y}"

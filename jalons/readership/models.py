"""Traces: who read what is sensitive, and which kinds of organisations read what in each département."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from jalons.accounts.enums import OrganisationKind, Right
from jalons.accounts.models import Organisation, User
from jalons.core.clock import paris_day
from jalons.readership.querysets import KnownReadersQuerySet, SensitiveReadingQuerySet


class SensitiveReading(models.Model):
    """One person read one sensitive block of one thing on one day (of Paris): the first time and the last."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="compte")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    right = models.CharField("bloc", max_length=30, choices=Right)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    day = models.DateField("jour", default=paris_day)
    first_at = models.DateTimeField("première lecture")
    last_at = models.DateTimeField("dernière lecture")

    objects = SensitiveReadingQuerySet.as_manager()

    class Meta:
        verbose_name = "lecture sensible"
        verbose_name_plural = "lectures sensibles"
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "right", "day", "user"],
                name="readership_reading_once_a_day",
            )
        ]
        indexes = [models.Index(fields=["-last_at"], name="readership_reading_last")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_right_display()} · {self.day}"


class KnownReaders(models.Model):
    """A kind of organisation that reads something in a département, told once to those who feed it.

    `departement` is a code, empty for the whole of France. `ended_on`: the day when nobody of the kind read there any
    more; a return is told again.
    """

    right = models.CharField("droit", max_length=30, choices=Right)
    departement = models.CharField("département", max_length=3, blank=True)
    kind = models.CharField("type de structure", max_length=20, choices=OrganisationKind)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="première structure"
    )
    since = models.DateField("depuis le", default=paris_day)
    ended_on = models.DateField("jusqu’au", null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="accordé par"
    )
    until = models.DateField("accordé jusqu’au", null=True, blank=True)
    first_count = models.BooleanField("connu dès la mise en service", default=False)

    objects = KnownReadersQuerySet.as_manager()

    class Meta:
        verbose_name = "nouveau lecteur"
        verbose_name_plural = "nouveaux lecteurs"
        constraints = [
            models.UniqueConstraint(
                fields=["right", "departement", "kind"],
                condition=models.Q(ended_on__isnull=True),
                name="readership_kind_known_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_right_display()} · {self.departement or 'France'}"

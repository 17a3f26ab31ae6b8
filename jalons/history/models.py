"""The two ways the past is kept: facts (what is true, said by someone) and records (how we describe things)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from jalons.history.querysets import FactQuerySet


class Fact(models.Model):
    """One version of something true in the world, said by someone. Rows are only ever added.

    Two time axes: `valid_on`, the date from which the fact is true; `recorded_at` to `superseded_at`
    (excluded), when Jalons held this version for right. The versions of one fact share `lineage`; a
    correction adds a version and closes the one before; a withdrawal adds a version with `withdrawn` set,
    so that who withdrew it, when and why are kept like the rest.
    """

    lineage = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    valid_on = models.DateField("date")
    recorded_at = models.DateTimeField("enregistré le", default=timezone.now, editable=False)
    superseded_at = models.DateTimeField("remplacé le", null=True, editable=False)
    withdrawn = models.BooleanField("retiré", default=False, editable=False)
    reason = models.CharField("motif de la correction", max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["lineage"],
                condition=Q(superseded_at__isnull=True),
                name="%(app_label)s_%(class)s_one_current",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("recorded_at")),
                name="%(app_label)s_%(class)s_known_forwards",
            ),
        ]


class Record(models.Model):
    """How we describe something. Each save through `save_record` leaves a line of history.

    `version` grows by one at each save: a form that was opened on an older version is refused
    (`services.Stale`) instead of erasing what someone else wrote meanwhile.
    """

    version = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField("modifié le", default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="auteur"
    )
    changed_for = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="structure"
    )

    history = HistoricalRecords(inherit=True, get_user=lambda instance, **_: instance.changed_by)

    class Meta:
        abstract = True

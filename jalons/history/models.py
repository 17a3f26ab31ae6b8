"""The two ways the past is kept: facts (what is true, said by someone), records (how we describe)."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from jalons.history.querysets import FactQuerySet, StandingQuerySet


class Fact(models.Model):
    """One version of something true in the world, said by someone. Rows are only ever added.

    Two time axes: `valid_on`, the date from which the fact is true; `recorded_at` to `superseded_at`
    (excluded), when Jalons held this version for right. The versions of one fact share `lineage`; a
    correction adds a version and closes the one before; a withdrawal adds a version with `withdrawn` set,
    so that who withdrew it, when and why are kept like the rest.

    `ACTS`: fields whose change has a verb of its own in the history: (once filled, once emptied).
    """

    ACTS: Mapping[str, tuple[str, str]] = {}

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


# « Until something else takes its place »: a date, so that one range asks for it on any database.
FOREVER = dt.date.max


class Standing(Fact):
    """A fact that stands for its subject until another takes its place: a count, an assessment.

    Among the known facts of one `SUBJECT` that satisfy `CONTENDS`, the one that stands on a date is the
    newest, then the greatest in `RANK`, then the last entered. `holds_until` (excluded) keeps that choice as
    we know it now, so that the state on any date is one indexed range; it equals `valid_on` for a row that
    never stands.
    `services.settle` computes it at every write and nothing else does.
    `WITHIN`: columns that divide the subject; one fact stands for each of their values (each step of a site).
    """

    SUBJECT = "site"
    WITHIN: tuple[str, ...] = ()
    RANK: tuple[str, ...] = ()
    CONTENDS: Q = Q()
    # Other columns computed at every write by `derive`, with what they say of a fact that does not contend.
    DERIVED: Mapping[str, Any] = {}
    DERIVED_FROM: tuple[str, ...] = ()

    holds_until = models.DateField(default=FOREVER, editable=False)

    objects = StandingQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Fact.Meta):
        abstract = True

    @classmethod
    def derive(cls, contenders: Sequence[Any]) -> dict[int, dict[str, Any]]:
        """The columns of `DERIVED`, by primary key, for the ranked contenders of any number of subjects."""
        return {}

    @classmethod
    def subject_key(cls, row: Any) -> tuple[Any, ...]:
        """What a row (of this model, or named columns of it) stands for: its subject, and what divides it."""
        return (getattr(row, f"{cls.SUBJECT}_id"), *(getattr(row, name) for name in cls.WITHIN))


class ManagerMadeOnce(HistoryManager):
    """Django writes a class of managers from one of querysets, and simple_history asks for it at each line of history.

    It was a fifteenth of the time of importing a convention.
    """

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[models.QuerySet[Any]], class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class Record(models.Model):
    """How we describe something. Each save through `save_record` leaves a line of history.

    `version` grows by one at each save: a form that was opened on an older version is refused
    (`services.Stale`) instead of erasing what someone else wrote meanwhile.
    """

    version = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField("modifié le", default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        null=True,  # null: the server's operator, through a command
        verbose_name="auteur",
    )
    changed_for = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        null=True,
        verbose_name="structure",
    )

    history = HistoricalRecords(
        inherit=True,
        get_user=lambda instance, **_: instance.changed_by,
        history_manager=ManagerMadeOnce,
    )

    class Meta:
        abstract = True

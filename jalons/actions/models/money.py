"""Funding and teams."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from jalons.accounts.models import Organisation
from jalons.actions.enums import FundingType, Job
from jalons.actions.models.action import Action
from jalons.core.values import Value, format_number, value_from
from jalons.history.models import Fact


class FundingLine(Fact):
    """The money of one funder for one year: planned, committed, executed. Sensitive: read with its own right.

    An amount is in euros, or null with its state in `blanks`; null alone is « not told yet ».
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="funding_lines", db_index=False)
    year = models.PositiveSmallIntegerField(
        "année", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    kind = models.CharField("type de financement", max_length=12, choices=FundingType)
    funder = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="financeur",
    )
    note = models.CharField("précision", max_length=300, blank=True)
    planned = models.DecimalField("prévu", max_digits=12, decimal_places=2, null=True, blank=True)
    committed = models.DecimalField("engagé", max_digits=12, decimal_places=2, null=True, blank=True)
    executed = models.DecimalField("exécuté", max_digits=12, decimal_places=2, null=True, blank=True)
    blanks = models.JSONField(default=dict, editable=False)

    AMOUNTS = ("planned", "committed", "executed")

    class Meta(Fact.Meta):
        verbose_name = "financement"
        indexes = [
            models.Index(
                fields=["action", "year"],
                condition=Q(superseded_at__isnull=True, withdrawn=False),
                name="actions_funding_current",
            ),
            models.Index(fields=["action", "recorded_at"], name="actions_funding_known"),
        ]

    def value(self, field: str) -> Value:
        """An amount in euros, typed."""
        euros = getattr(self, field)
        return Value.amount(euros) if euros is not None else value_from(None, self.blanks.get(field))


class StaffLine(Fact):
    """One job of the team of an operator at a date. The team on a date is what was told last before it."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="staff_lines", db_index=False)
    reporter = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="opérateur"
    )
    job = models.CharField("métier", max_length=14, choices=Job)
    job_note = models.CharField("précision", max_length=80, blank=True)
    fte = models.DecimalField(
        "ETP", max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    occasional = models.BooleanField("ponctuel", default=False)

    class Meta(Fact.Meta):
        verbose_name = "ligne d’équipe"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(fte__isnull=False, occasional=False) | Q(fte__isnull=True, occasional=True),
                name="actions_staff_told",
                violation_error_message="Indiquez un nombre d’ETP, ou « ponctuel ».",
            ),
        ]
        indexes = [models.Index(fields=["action", "valid_on"], name="actions_staff_by_date")]

    @property
    def words(self) -> str:
        """« 0,75 ETP », « ponctuel »."""
        return "ponctuel" if self.fte is None else f"{format_number(self.fte)}\u00a0ETP"

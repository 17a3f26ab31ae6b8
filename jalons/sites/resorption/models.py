"""What prepares the resorption of a site: nine steps, and whether the ground can be fitted out."""

from django.db import models

from jalons.accounts.models import Organisation, User
from jalons.core.fields import CodesField
from jalons.history.models import Standing
from jalons.sites.enums import SiteConstraint, SourceKind, StepKind, StepState, Suitability
from jalons.sites.models.site import Site

NOTE_LENGTH = 500


class PreparatoryStep(Standing):
    """Where one preparatory step stands from `valid_on` on. One row stands at a time for each step of a site.

    `planned_on`: the day foreseen for it to be done; a step that is not done by then is late (`progress.status_of`).
    `led_by`, `led_by_person`: who sees to it. `note`: why it is not needed, or a precision; whoever reads the site
    reads it, so that nothing of a procedure or of an owner goes there (decision 0017).
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="preparatory_steps", db_index=False)
    kind = models.CharField("étape", max_length=12, choices=StepKind)
    state = models.CharField("où en est-elle ?", max_length=10, choices=StepState)
    planned_on = models.DateField("date prévue", null=True, blank=True)
    led_by = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="structure chargée de l’étape",
    )
    led_by_person = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="personne chargée de l’étape",
    )
    note = models.CharField("précision ou motif", max_length=NOTE_LENGTH, blank=True)

    WITHIN = ("kind",)

    class Meta(Standing.Meta):
        verbose_name = "étape préparatoire"
        verbose_name_plural = "étapes préparatoires"
        indexes = [
            models.Index(fields=["site", "holds_until", "valid_on", "kind"], name="sites_step_standing"),
            models.Index(fields=["kind", "state", "holds_until", "valid_on"], name="sites_step_standing_on"),
            models.Index(fields=["recorded_at"], name="sites_step_recorded"),
        ]


class SiteSuitability(Standing):
    """Whether a site can be fitted out (« aménageable »), what makes it hard, and who looked at it."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="suitabilities", db_index=False)
    answer = models.CharField("aménageable", max_length=10, choices=Suitability)
    constraints = CodesField("contraintes", choices=SiteConstraint)
    source_kind = models.CharField("source", max_length=15, choices=SourceKind)
    source = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="structure source",
    )
    note = models.CharField("précision", max_length=NOTE_LENGTH, blank=True)

    class Meta(Standing.Meta):
        verbose_name = "possibilité d’aménager le site"
        indexes = [
            models.Index(fields=["site", "holds_until", "valid_on"], name="sites_suitability_standing")
        ]

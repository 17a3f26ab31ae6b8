"""A site that somebody who may not declare it has seen."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation, User
from jalons.accounts.permissions import territory_of
from jalons.core.fields import PublicIdField
from jalons.documents.models import storage_path
from jalons.sites.enums import SiteReportState
from jalons.territories.models import Commune

ANSWER_LENGTH = 1000


class SiteReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """One’s own, and those of the communes where one may declare a site."""
        return self.filter(Q(author=user.pk) | territory_of(user, Right.DECLARE_SITE).q())

    def to_answer_by(self, user: Any) -> Self:
        return self.filter(territory_of(user, Right.DECLARE_SITE).q(), state=SiteReportState.PENDING)


class SiteReport(models.Model):
    """« Signaler un site »: where, when, what was seen. Answered once by whoever may declare there: see `services`.

    `site`: the one that was declared, or that was already known. `photo`: private, under a random name.
    """

    public_id = PublicIdField()
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="auteur"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="structure"
    )
    created_at = models.DateTimeField("signalé le", default=timezone.now, editable=False)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="site_reports", verbose_name="commune"
    )
    address = models.CharField("adresse", max_length=200, blank=True)
    address_detail = models.CharField("précision sur le lieu", max_length=300, blank=True)
    latitude = models.FloatField(
        "latitude", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        "longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    seen_on = models.DateField("vu le")
    message = models.TextField("message", max_length=2000)
    photo = models.FileField("photo", upload_to=storage_path, blank=True, editable=False)
    photo_name = models.CharField("nom de la photo", max_length=255, blank=True, editable=False)
    photo_kind = models.CharField("type de la photo", max_length=5, blank=True, editable=False)
    state = models.CharField(
        "état", max_length=8, choices=SiteReportState, default=SiteReportState.PENDING, editable=False
    )
    answer = models.CharField("réponse", max_length=ANSWER_LENGTH, blank=True, editable=False)
    answered_at = models.DateTimeField("répondu le", null=True, editable=False)
    answered_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="répondu par",
    )
    site = models.ForeignKey(
        "jalons_sites.Site",
        on_delete=models.PROTECT,
        null=True,
        related_name="reports",
        editable=False,
        verbose_name="site",
    )

    objects = SiteReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement d’un site"
        verbose_name_plural = "signalements de sites"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=SiteReportState.PENDING, answered_at__isnull=True, answered_by__isnull=True)
                | (
                    ~Q(state=SiteReportState.PENDING)
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                ),
                name="sites_report_answer_is_whole",
            )
        ]
        indexes = [
            models.Index(fields=["commune"], condition=Q(state="pending"), name="sites_report_pending"),
            models.Index(fields=["author", "-created_at"], name="sites_report_of"),
        ]

    def __str__(self) -> str:
        return f"{self.address or self.commune}, {self.created_at:%d/%m/%Y}"

    @property
    def is_pending(self) -> bool:
        return self.state == SiteReportState.PENDING

"""A site, its names, where it stands in time."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from jalons.core.fields import CodesField, PublicIdField
from jalons.core.values import Value, format_date, format_long_date, value_from
from jalons.history.models import Fact, Record
from jalons.sites.enums import ClosingReason, OrientationKind, Origin, SiteKind
from jalons.sites.querysets import OccupationQuerySet, SiteQuerySet
from jalons.territories.models import Commune


class Site(Record):
    """A bidonville or a squat: where it is and how it is named. What happens there is in facts."""

    public_id = PublicIdField()
    name = models.CharField("nom du site", max_length=120)
    search_text = models.CharField(
        max_length=900, editable=False
    )  # folded: name, address, commune, département
    address = models.CharField("adresse", max_length=200, blank=True)
    address_detail = models.CharField("précision sur le lieu", max_length=300, blank=True)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="sites", verbose_name="commune"
    )
    latitude = models.FloatField(
        "latitude", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        "longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    kind = models.CharField("type de site", max_length=10, choices=SiteKind, default=SiteKind.UNKNOWN)
    origins = CodesField("origines", choices=Origin, blank=True)
    resorption_target = models.PositiveSmallIntegerField(
        "année visée pour la résorption",
        null=True,
        blank=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name="fusionné dans",
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = "site"
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="sites_site_point_is_whole",
                violation_error_message="Il manque la latitude ou la longitude.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SiteAlias(Record):
    """Another name of a site: each actor has its own."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField("appellation", max_length=120)
    name_folded = models.CharField(max_length=160, editable=False)
    used_by = models.CharField("employée par", max_length=120, blank=True)

    class Meta:
        verbose_name = "appellation"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "name_folded"],
                name="sites_alias_unique",
                violation_error_message="Ce site porte déjà cette appellation.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Occupation(Fact):
    """The time a site is lived in: from `valid_on` to `ended_on` (excluded: it is closed on that day).

    One current version a site. A site is open on D when `valid_on <= D` and not `ended_on <= D`. A closing is
    a correction that sets `ended_on`; reopening after a mistaken closing is a correction that clears it.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="occupations", db_index=False)
    starts_text = models.CharField("date d’installation telle que dite", max_length=60, blank=True)
    start_is_known = models.BooleanField("installation datée", default=False)
    ended_on = models.DateField("fermé le", null=True, blank=True)
    closing_reason = models.CharField(
        "raison de la fermeture", max_length=12, choices=ClosingReason, blank=True
    )
    closing_note = models.CharField("précision", max_length=500, blank=True)

    ACTS = {"ended_on": ("a fermé", "a rouvert")}

    objects = OccupationQuerySet.as_manager()  # type: ignore[misc]

    @property
    def words(self) -> str:
        """« installation : mars 2017 », « connu depuis le 3 avril 2025 », « fermé le 12/12/2025 »."""
        if self.ended_on:
            return f"fermé le {format_date(self.ended_on)}"
        if self.starts_text:
            return f"installation\u00a0: {self.starts_text}"
        since = format_long_date(self.valid_on)
        return f"depuis le {since}" if self.start_is_known else f"connu depuis le {since}"

    class Meta(Fact.Meta):
        verbose_name = "occupation"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("valid_on")),
                name="sites_occupation_forwards",
                violation_error_message="La fermeture précède l’installation.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, closing_reason="")
                | (Q(ended_on__isnull=False) & ~Q(closing_reason="")),
                name="sites_occupation_closing_has_reason",
                violation_error_message="Une fermeture a une date et une raison.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["site", "valid_on", "ended_on"],
                condition=Q(superseded_at__isnull=True, withdrawn=False),
                name="sites_occupation_current",
            ),
            models.Index(fields=["site", "recorded_at"], name="sites_occupation_known"),
            models.Index(fields=["recorded_at"], name="sites_occupation_recorded"),
        ]


class Orientation(models.Model):
    """People of a closed site who went one way. Belongs to one version of the closing and lives with it."""

    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, related_name="orientations")
    kind = models.CharField("orientation", max_length=10, choices=OrientationKind)
    people = models.PositiveIntegerField("personnes", null=True, blank=True)
    households = models.PositiveIntegerField("ménages", null=True, blank=True)
    blanks = models.JSONField(default=dict, editable=False)
    note = models.CharField("précision", max_length=300, blank=True)

    class Meta:
        verbose_name = "orientation"
        constraints = [
            models.UniqueConstraint(fields=["occupation", "kind"], name="sites_orientation_unique")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def value(self, field: str) -> Value:
        return value_from(getattr(self, field), self.blanks.get(field))

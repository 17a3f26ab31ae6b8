"""What is observed on a site."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F, Q

from jalons.accounts.models import Organisation
from jalons.core.values import Value, value_from
from jalons.history.models import Fact, Standing
from jalons.sites.enums import (
    Condition,
    DiagnosisStatus,
    EventKind,
    OwnerKind,
    ProcedureKind,
    ProcedureStatus,
    Reliability,
    SourceKind,
    Theme,
    TriState,
)
from jalons.sites.models.rivals import COMPARED, compared_counts
from jalons.sites.models.site import Site


class Ownership(Fact):
    """Who owns the ground or the building. Sensitive: read only with its own right."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="ownerships", db_index=False)
    kind = models.CharField("type de propriétaire", max_length=10, choices=OwnerKind)
    name = models.CharField("propriétaire", max_length=200, blank=True)
    note = models.CharField("précision", max_length=500, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "propriétaire"
        indexes = [models.Index(fields=["site", "valid_on"], name="sites_ownership_by_site")]


class Survey(Standing):
    """One dated count of people, with its source. Every source is kept; the one that stands gives the figure.

    A count is a number, or null with its state in `blanks` (`{"minors": "nd"}`); null alone is « empty ».
    `people_before`, `people_apart`: what it is compared with (`rivals`), as we know it now.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="surveys", db_index=False)
    source_kind = models.CharField("source", max_length=15, choices=SourceKind)
    source = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="structure source",
    )
    reliability = models.SmallIntegerField("fiabilité", choices=Reliability, default=Reliability.DECLARED)
    people = models.PositiveIntegerField("personnes", null=True, blank=True)
    households = models.PositiveIntegerField("ménages", null=True, blank=True)
    women = models.PositiveIntegerField("femmes", null=True, blank=True)
    minors = models.PositiveIntegerField("mineurs", null=True, blank=True)
    girls = models.PositiveIntegerField("filles mineures", null=True, blank=True)
    minors_0_3 = models.PositiveIntegerField("mineurs de 0 à 3 ans", null=True, blank=True)
    minors_3_6 = models.PositiveIntegerField("mineurs de 3 à 6 ans", null=True, blank=True)
    minors_6_12 = models.PositiveIntegerField("mineurs de 6 à 12 ans", null=True, blank=True)
    minors_12_16 = models.PositiveIntegerField("mineurs de 12 à 16 ans", null=True, blank=True)
    minors_16_18 = models.PositiveIntegerField("mineurs de 16 à 18 ans", null=True, blank=True)
    minors_at_school = models.PositiveIntegerField("mineurs scolarisés", null=True, blank=True)
    caravans = models.PositiveIntegerField("caravanes", null=True, blank=True)
    huts = models.PositiveIntegerField("habitats autoconstruits", null=True, blank=True)
    tents = models.PositiveIntegerField("tentes", null=True, blank=True)
    cars = models.PositiveIntegerField("voitures", null=True, blank=True)
    mattresses = models.PositiveIntegerField("matelas", null=True, blank=True)
    blanks = models.JSONField(default=dict, editable=False)
    set_aside = models.BooleanField("écarté", default=False, editable=False)
    unchanged = models.BooleanField("« rien n’a changé »", default=False, editable=False)
    people_before = models.PositiveIntegerField("personnes, même source", null=True, editable=False)
    people_apart = models.PositiveIntegerField("personnes, autre source", null=True, editable=False)
    note = models.CharField("commentaire", max_length=1000, blank=True)

    ACTS = {"set_aside": ("a écarté", "a repris")}
    # The figure: the newest date; on one date counted, then declared, then estimated.
    RANK = ("reliability",)
    CONTENDS = Q(set_aside=False, people__isnull=False)
    DERIVED = {"people_before": None, "people_apart": None}
    DERIVED_FROM = COMPARED
    COUNTS = (
        "people",
        "households",
        "women",
        "minors",
        "girls",
        "minors_0_3",
        "minors_3_6",
        "minors_6_12",
        "minors_12_16",
        "minors_16_18",
        "minors_at_school",
        "caravans",
        "huts",
        "tents",
        "cars",
        "mattresses",
    )

    class Meta(Standing.Meta):
        verbose_name = "recensement"
        indexes = [
            # Covering: the sums and the orders of the list are read in the index alone, twice as quickly.
            models.Index(
                fields=[
                    "site",
                    "holds_until",
                    "valid_on",
                    "people",
                    "minors",
                    "households",
                    "women",
                    "minors_at_school",
                ],
                name="sites_survey_standing",
            ),
            # The same for a whole country, read in one go: what a bitmap of rows cost five times more on PostgreSQL.
            models.Index(
                fields=[
                    "holds_until",
                    "valid_on",
                    "site",
                    "people",
                    "minors",
                    "households",
                    "women",
                    "minors_at_school",
                ],
                name="sites_survey_standing_on",
            ),
            # As it was known on a past day the choice is made again. Partial, or SQLite would take it for the
            # standing range as well, where it is ten times slower.
            models.Index(
                fields=["site", "valid_on", "reliability", "recorded_at", "id"],
                condition=Q(set_aside=False, people__isnull=False, withdrawn=False),
                name="sites_survey_known",
            ),
            models.Index(fields=["recorded_at"], name="sites_survey_recorded"),
        ]

    @classmethod
    def derive(cls, contenders: Sequence[Any]) -> dict[int, dict[str, Any]]:
        return compared_counts(contenders)

    def value(self, field: str) -> Value:
        return value_from(getattr(self, field), self.blanks.get(field))


class LivingConditions(Standing):
    """One dated assessment of the six themes. `answers` follows `checks.QUESTIONS`; statuses come from it."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="living_conditions", db_index=False)
    answers = models.JSONField("réponses", default=dict)
    water = models.SmallIntegerField(Theme.WATER.label, choices=Condition, default=Condition.UNKNOWN)
    sanitation = models.SmallIntegerField(
        Theme.SANITATION.label, choices=Condition, default=Condition.UNKNOWN
    )
    electricity = models.SmallIntegerField(
        Theme.ELECTRICITY.label, choices=Condition, default=Condition.UNKNOWN
    )
    waste = models.SmallIntegerField(Theme.WASTE.label, choices=Condition, default=Condition.UNKNOWN)
    pests = models.SmallIntegerField(Theme.PESTS.label, choices=Condition, default=Condition.UNKNOWN)
    fire = models.SmallIntegerField(Theme.FIRE.label, choices=Condition, default=Condition.UNKNOWN)
    unchanged = models.BooleanField("« rien n’a changé »", default=False, editable=False)
    note = models.CharField("commentaire", max_length=1000, blank=True)

    class Meta(Standing.Meta):
        verbose_name = "conditions de vie"
        verbose_name_plural = "conditions de vie"
        indexes = [
            models.Index(
                fields=["site", "holds_until", "valid_on", "water", "sanitation", "fire"],
                name="sites_conditions_standing",
            ),
            models.Index(
                fields=["holds_until", "valid_on", "site", *Theme.values],
                name="sites_conditions_standing_on",
            ),
            models.Index(fields=["recorded_at"], name="sites_conditions_recorded"),
            models.Index(
                fields=["site", "valid_on", "recorded_at", "id"],
                condition=Q(withdrawn=False),
                name="sites_conditions_known",
            ),
        ]


class SocialDiagnosis(Standing):
    """Whether a social diagnosis of the inhabitants is planned or done, and by whom."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="diagnoses", db_index=False)
    status = models.CharField("diagnostic social", max_length=10, choices=DiagnosisStatus)
    led_by = models.CharField("réalisé par", max_length=160, blank=True)
    note = models.CharField("précision", max_length=500, blank=True)

    class Meta(Standing.Meta):
        verbose_name = "diagnostic social"
        indexes = [models.Index(fields=["site", "holds_until", "valid_on"], name="sites_diagnosis_standing")]


class Procedure(Standing):
    """One step of justice or of the administration. Sensitive: read only with its own right.

    The step that stands is the last one that plans an evacuation: its date is the one to watch.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="procedures", db_index=False)
    kind = models.CharField("étape", max_length=12, choices=ProcedureKind)
    status = models.CharField(
        "où en est-on ?", max_length=10, choices=ProcedureStatus, default=ProcedureStatus.UNKNOWN
    )
    body = models.CharField("autorité ou juridiction", max_length=160, blank=True)
    appeal = models.CharField("appel en cours", max_length=8, choices=TriState, default=TriState.UNKNOWN)
    evacuation_on = models.DateField("date d’évacuation prévue", null=True, blank=True)
    note = models.CharField("précision", max_length=1000, blank=True)

    CONTENDS = Q(evacuation_on__isnull=False)

    class Meta(Standing.Meta):
        verbose_name = "procédure"
        indexes = [
            models.Index(
                fields=["site", "holds_until", "valid_on", "evacuation_on"], name="sites_procedure_standing"
            ),
            models.Index(fields=["holds_until", "valid_on", "site"], name="sites_procedure_standing_on"),
            models.Index(fields=["recorded_at"], name="sites_procedure_recorded"),
        ]


class SiteEvent(Fact):
    """Something that happened on a site: its journal."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField("événement", max_length=12, choices=EventKind)
    description = models.CharField("description", max_length=1000, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "événement"
        indexes = [
            models.Index(fields=["site", "valid_on"], name="sites_event_by_site"),
            models.Index(fields=["recorded_at"], name="sites_event_recorded"),
        ]


class Resettlement(Fact):
    """People of a site who settled on another, on `valid_on`."""

    origin = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="departures", verbose_name="site quitté"
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="arrivals", verbose_name="site rejoint"
    )
    people = models.PositiveIntegerField("personnes", null=True, blank=True)
    households = models.PositiveIntegerField("ménages", null=True, blank=True)
    blanks = models.JSONField(default=dict, editable=False)
    note = models.CharField("précision", max_length=500, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "réinstallation"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(origin=F("site")),
                name="sites_resettlement_elsewhere",
                violation_error_message="Une réinstallation relie deux sites différents.",
            ),
        ]
        indexes = [
            models.Index(fields=["origin", "valid_on"], name="sites_resettlement_from"),
            models.Index(fields=["site", "valid_on"], name="sites_resettlement_to"),
        ]

    def value(self, field: str) -> Value:
        return value_from(getattr(self, field), self.blanks.get(field))

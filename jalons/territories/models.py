"""Reference territories of France, the search index over them, and scopes.

All of it but `Scope` is loaded from published files by `load_territories`: neither facts nor records.
"""

from django.db import models
from django.db.models import Q

from jalons.territories.enums import EpciKind, PlaceKind, ScopeLevel
from jalons.territories.querysets import PlaceQuerySet, ScopeQuerySet

TERRITORY_KEYS = ("region", "departement", "epci", "commune")
OVERSEAS_COLLECTIVITIES = ("975", "977", "978", "984", "986", "987", "988", "989")


class Region(models.Model):
    """Région, or overseas collectivity (which stands for its own région)."""

    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)

    class Meta:
        verbose_name = "région"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Departement(models.Model):
    """Département, or overseas collectivity."""

    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="departements", verbose_name="région"
    )

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Outline(models.Model):
    """The border of a département: a GeoJSON MultiPolygon, good to a kilometre.

    Apart from `Departement`, which every site brings along: reading a border a thousand times costs seconds.
    """

    departement = models.OneToOneField(
        Departement,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="outline",
        verbose_name="département",
    )
    geometry = models.JSONField("contour", editable=False)

    class Meta:
        verbose_name = "contour"

    def __str__(self) -> str:
        return str(self.departement_id)


class Epci(models.Model):
    """Établissement public de coopération intercommunale à fiscalité propre."""

    siren = models.CharField("SIREN", max_length=9, primary_key=True)
    name = models.CharField("nom", max_length=120)
    kind = models.CharField("type", max_length=5, choices=EpciKind)
    ended = models.BooleanField("disparu", default=False)

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["name", "siren"]

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    """Commune of today. `ended`: absent from the last edition, kept because sites may stand there."""

    insee_code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=80)
    departement = models.ForeignKey(
        Departement, on_delete=models.PROTECT, related_name="communes", verbose_name="département"
    )
    epci = models.ForeignKey(
        Epci, on_delete=models.PROTECT, null=True, related_name="communes", verbose_name="intercommunalité"
    )
    population = models.PositiveIntegerField("population", null=True)
    ended = models.BooleanField("disparue", default=False)

    class Meta:
        verbose_name = "commune"
        ordering = ["name", "insee_code"]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """One way of finding a territory: a row for a whole name, for each later word of it, for a postcode.

    Wholly rebuilt at each load: never point a foreign key here. The territory found is the foreign key that
    `kind` names (`territory`); rows that lead to a commune also carry its département.
    """

    folded = models.CharField(max_length=120)
    whole = models.BooleanField()  # False: `folded` begins at a later word of the name
    label = models.CharField(max_length=140)
    kind = models.CharField(max_length=11, choices=PlaceKind)
    code = models.CharField(max_length=9)  # what may be typed instead of a name
    weight = models.PositiveIntegerField(default=0)  # inhabitants, 0 when unknown
    # Found through `folded` or `code`, never from the territory: indexes here would only slow the load.
    commune = models.ForeignKey(
        Commune, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    departement = models.ForeignKey(
        Departement, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    epci = models.ForeignKey(Epci, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    region = models.ForeignKey(Region, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "lieu cherché"
        verbose_name_plural = "lieux cherchés"
        indexes = [
            models.Index(fields=["folded"], name="territories_place_folded"),
            models.Index(fields=["code"], name="territories_place_code"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def territory(self) -> Commune | Departement | Epci | Region:
        """Where the result leads: for a former commune or a postcode, the commune of today."""
        return self.commune or self.departement or self.epci or self.region  # type: ignore[return-value]

    @property
    def detail(self) -> str:
        """What tells apart two places with the same label: « Seine-Saint-Denis (93) »."""
        if self.departement and self.commune:
            where = f"{self.departement.name} ({self.departement.code})"
            return f"{self.code} · {where}" if self.kind == PlaceKind.POSTCODE else where
        if self.epci:
            return self.epci.get_kind_display()
        if self.code in OVERSEAS_COLLECTIVITIES:
            return "Collectivité d’outre-mer"
        return self.get_kind_display()


def only(level: str) -> Q:
    """The foreign key of `level` is set and no other is."""
    where = Q(level=level)
    for key in TERRITORY_KEYS:
        where &= Q(**{f"{key}__isnull": key != level})
    return where


class Scope(models.Model):
    """Territoire d’intervention: where an organisation acts, where a right holds. One row per territory."""

    level = models.CharField("échelon", max_length=11, choices=ScopeLevel)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="scopes", verbose_name="région"
    )
    departement = models.ForeignKey(
        Departement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="scopes",
        verbose_name="département",
    )
    epci = models.ForeignKey(
        Epci,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="scopes",
        verbose_name="intercommunalité",
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="scopes",
        verbose_name="commune",
    )

    objects = ScopeQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire d’intervention"
        verbose_name_plural = "territoires d’intervention"
        constraints = [
            models.CheckConstraint(
                condition=only("nation")
                | only("region")
                | only("departement")
                | only("epci")
                | only("commune"),
                name="territories_scope_territory_of_its_level",
                violation_error_message="Indiquez le territoire de l’échelon choisi, et lui seul.",
            ),
            models.UniqueConstraint(
                fields=["level"], condition=Q(level="nation"), name="territories_scope_one_nation"
            ),
            models.UniqueConstraint(fields=["region"], name="territories_scope_one_region"),
            models.UniqueConstraint(fields=["departement"], name="territories_scope_one_departement"),
            models.UniqueConstraint(fields=["epci"], name="territories_scope_one_epci"),
            models.UniqueConstraint(fields=["commune"], name="territories_scope_one_commune"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def territory(self) -> Region | Departement | Epci | Commune | None:
        """The territory itself; None for the nation."""
        return None if self.level == ScopeLevel.NATION else getattr(self, self.level)

    @property
    def code(self) -> str:
        """Code of the territory (région, département, SIREN or INSEE code); empty for the nation."""
        return "" if self.level == ScopeLevel.NATION else getattr(self, f"{self.level}_id")

    @property
    def label(self) -> str:
        """« Nation », « Nord », « Métropole Européenne de Lille »; read scopes through `with_territory()`."""
        return str(self.territory or ScopeLevel.NATION.label)


class ReferenceLoad(models.Model):
    """Which edition of a reference is loaded: `checksum` of its source files and of the way they are read."""

    name = models.CharField(max_length=40, primary_key=True)
    checksum = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "référentiel chargé"
        verbose_name_plural = "référentiels chargés"

    def __str__(self) -> str:
        return self.name

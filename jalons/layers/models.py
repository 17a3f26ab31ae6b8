"""Layers that organisations keep to look at sites beside them: farms, networks, grounds."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from jalons.accounts.models import Organisation
from jalons.core.clock import paris_day
from jalons.core.fields import PublicIdField
from jalons.history.models import Record
from jalons.layers.enums import CoordinateGrid, LayerColour, LayerPart, LayerSymbol, PlaceFile, ShapeKind
from jalons.layers.looks import LayerLook, look_of
from jalons.layers.querysets import DraftQuerySet, FeatureQuerySet, LayerQuerySet, ShownQuerySet
from jalons.territories.models import Commune, Scope

LONGEST_NAME = 80


class MapLayer(Record):
    """A layer and who reads it. `shared_with`: the people who see the sites of this territory, since `shared_on`.

    Withdrawn, nobody reads it; its owner may put it back until its objects are erased (`services.erase_withdrawn`).
    """

    public_id = PublicIdField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="map_layers", verbose_name="structure"
    )
    title = models.CharField("titre", max_length=LONGEST_NAME)
    source = models.CharField("source", max_length=200)
    dated_on = models.DateField("date des données")
    colour = models.CharField("couleur", max_length=5, choices=LayerColour, default=LayerColour.BLUE)
    symbol = models.CharField("dessin", max_length=7, choices=LayerSymbol, default=LayerSymbol.STAR)
    shared_with = models.ForeignKey(
        Scope, on_delete=models.PROTECT, null=True, related_name="map_layers", verbose_name="partagée avec"
    )
    shared_on = models.DateField("partagée depuis le", null=True)
    current = models.PositiveIntegerField("version des objets", default=0, editable=False)
    withdrawn_at = models.DateTimeField("retirée le", null=True)
    erased = models.BooleanField("objets effacés", default=False)

    objects = LayerQuerySet.as_manager()

    class Meta:
        verbose_name = "couche de carte"
        verbose_name_plural = "couches de carte"
        indexes = [models.Index(fields=["organisation", "title"], name="layers_layer_by_structure")]

    def __str__(self) -> str:
        return self.title

    @property
    def look(self) -> LayerLook:
        return look_of(self.colour, self.symbol)

    def within(self, territory: Any) -> bool:
        """For its organisation, by its part; for who sees the sites of a territory, where it is shared."""
        if LayerPart.OWNER in territory.parts and self.organisation_id in territory.organisations:
            return True
        return self.shared_with is not None and self.ground.meets(territory)

    @cached_property
    def ground(self) -> "SharedGround":
        """One query, for a layer that is shared."""
        return SharedGround(self.shared_with)


class SharedGround:
    """The communes of a scope, by which two territories meet or not."""

    def __init__(self, scope: Scope | None) -> None:
        self.is_nation = scope is not None and scope.territory is None
        self.communes: frozenset[str] = frozenset()
        self.departements: frozenset[str] = frozenset()
        self.epcis: frozenset[str] = frozenset()
        if scope is not None and not self.is_nation:
            paths = {
                "region": "departement__region",
                "departement": "departement",
                "epci": "epci",
                "commune": "pk",
            }
            rows = Commune.objects.filter(**{paths[scope.level]: scope.code})
            codes = list(rows.values_list("pk", "departement_id", "epci_id"))
            self.communes = frozenset(commune for commune, _, _ in codes)
            self.departements = frozenset(departement for _, departement, _ in codes)
            self.epcis = frozenset(epci for _, _, epci in codes if epci)

    def meets(self, territory: Any) -> bool:
        if territory.everywhere:
            return True
        if self.is_nation:
            return bool(territory.departements or territory.epcis or territory.communes)
        return bool(
            self.departements & territory.departements
            or self.epcis & territory.epcis
            or self.communes & territory.communes
        )


class LayerVersion(models.Model):
    """What was put in a layer, by whom and when; of the last one alone the objects are kept.

    `drawn`: what a map is sent, compressed (`drawn.packed`). `label_key`: the property that each object bears beside
    its name. `left_out`: the properties of the file that Jalons did not take.
    """

    layer = models.ForeignKey(MapLayer, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("version")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    created_at = models.DateTimeField("enregistrée le", default=timezone.now, editable=False)
    file_name = models.CharField("fichier", max_length=255)
    file_kind = models.CharField("type de fichier", max_length=7, choices=PlaceFile)
    points = models.PositiveIntegerField("points", default=0)
    lines = models.PositiveIntegerField("lignes", default=0)
    outlines = models.PositiveIntegerField("contours", default=0)
    refused = models.PositiveIntegerField("objets refusés", default=0)
    name_key = models.CharField("colonne du nom", max_length=60, blank=True)
    label_key = models.CharField("colonne de l’étiquette", max_length=60, blank=True)
    left_out = models.JSONField("colonnes laissées de côté", default=list)
    west = models.FloatField(default=0)
    south = models.FloatField(default=0)
    east = models.FloatField(default=0)
    north = models.FloatField(default=0)
    drawn = models.BinaryField("dessin", default=b"", editable=False)

    class Meta:
        verbose_name = "version d’une couche"
        verbose_name_plural = "versions d’une couche"
        constraints = [models.UniqueConstraint(fields=["layer", "number"], name="layers_version_once")]

    def __str__(self) -> str:
        return f"{self.layer} · {self.number}"

    @property
    def features(self) -> int:
        return self.points + self.lines + self.outlines


class MapFeature(models.Model):
    """One object of a layer: its name, one word beside it, its shape (`geometry`: the parts of `layers.geometry`)."""

    layer = models.ForeignKey(MapLayer, on_delete=models.CASCADE, related_name="features")
    rank = models.PositiveIntegerField("rang")
    name = models.CharField("nom", max_length=LONGEST_NAME, blank=True)
    label = models.CharField("étiquette", max_length=LONGEST_NAME, blank=True)
    kind = models.CharField("forme", max_length=7, choices=ShapeKind)
    geometry = models.JSONField("géométrie")
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    objects = FeatureQuerySet.as_manager()

    class Meta:
        verbose_name = "objet d’une couche"
        verbose_name_plural = "objets d’une couche"
        constraints = [models.UniqueConstraint(fields=["layer", "rank"], name="layers_feature_once")]
        indexes = [models.Index(fields=["layer", "west", "east"], name="layers_feature_by_place")]

    def __str__(self) -> str:
        return self.name or f"objet {self.rank}"


class LayerDraft(models.Model):
    """A file that was read and waits to be looked at; forgotten after a week. `layer`: the one that it would replace.

    `content`: its objects, compressed, with the properties that Jalons may take (`drafts.packed`). `notes`: what is to
    be said of the file.
    """

    public_id = PublicIdField()
    layer = models.ForeignKey(MapLayer, on_delete=models.CASCADE, null=True, related_name="drafts")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    created_at = models.DateTimeField("donné le", default=timezone.now, editable=False)
    file_name = models.CharField("fichier", max_length=255)
    file_kind = models.CharField("type de fichier", max_length=7, choices=PlaceFile)
    done_at = models.DateTimeField("enregistré ou oublié le", null=True, editable=False)
    grid = models.CharField("coordonnées", max_length=9, choices=CoordinateGrid)
    content = models.BinaryField("objets", default=b"", editable=False)
    notes = models.JSONField("remarques", default=dict)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "couche à vérifier"
        verbose_name_plural = "couches à vérifier"
        indexes = [models.Index(fields=["created_at"], name="layers_draft_by_age")]

    def __str__(self) -> str:
        return self.file_name


class ShownLayer(models.Model):
    """A layer that a person draws on their maps, until they choose otherwise."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    layer = models.ForeignKey(MapLayer, on_delete=models.CASCADE, related_name="+")
    since = models.DateField("depuis le", default=paris_day)

    objects = ShownQuerySet.as_manager()

    class Meta:
        verbose_name = "couche affichée"
        verbose_name_plural = "couches affichées"
        constraints = [models.UniqueConstraint(fields=["user", "layer"], name="layers_shown_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.layer}"

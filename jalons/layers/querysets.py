"""Reads over layers: who sees which, and what stands near a place."""

import datetime as dt
import math
from typing import Any, Self

from django.db import models
from django.db.models import ExpressionWrapper, F, FloatField, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.layers.geometry import DEGREE
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Commune, Departement

DRAFT_KEPT = dt.timedelta(days=7)
WITHDRAWN_KEPT = dt.timedelta(days=90)


def owned_by(organisations: Any) -> Q:
    """A structure that was merged hands its layers on."""
    owners = sorted(organisations)
    return Q(organisation__in=owners) | Q(organisation__merged_into__in=owners)


def shared_within(territory: Territory) -> Q:
    """Shared with a territory that has ground in common with this one."""
    if territory.everywhere:
        return Q(shared_with__isnull=False)
    departements, epcis, communes = (
        sorted(codes) for codes in (territory.departements, territory.epcis, territory.communes)
    )
    if not (departements or epcis or communes):
        return Q(pk__in=[])
    # What has no département of its own is looked up: communes and intercommunalités alone.
    around = Commune.objects.filter(Q(epci__in=epcis) | Q(pk__in=communes)).order_by()
    held = Q(pk__in=departements)
    if epcis or communes:
        held |= Q(pk__in=around.values("departement"))
    touched = Departement.objects.filter(held).order_by()
    inside = Commune.objects.filter(
        Q(departement__in=departements) | Q(epci__in=epcis) | Q(pk__in=communes), epci__isnull=False
    ).order_by()
    return (
        Q(shared_with__level=ScopeLevel.NATION)
        | Q(shared_with__region__in=touched.values("region"))
        | Q(shared_with__departement__in=touched.values("pk"))
        | Q(shared_with__epci__in=inside.values("epci"))
        | Q(shared_with__commune__departement__in=departements)
        | Q(shared_with__commune__epci__in=epcis)
        | Q(shared_with__commune__in=communes)
    )


class LayerQuerySet(models.QuerySet[Any]):
    def of_own(self, user: Any) -> Self:
        """Those of the organisations of a person, withdrawn ones too."""
        return self.filter(owned_by(territory_of(user, Right.READ_LAYERS).organisations))

    def visible_to(self, user: Any) -> Self:
        """Those of one's organisations, and those shared with a territory of which one sees the sites."""
        own = owned_by(territory_of(user, Right.READ_LAYERS).organisations)
        shared = shared_within(territory_of(user, Right.READ_SITES))
        return self.filter(own | shared, withdrawn_at__isnull=True)

    def in_order(self) -> Self:
        return self.order_by("title", "pk")

    def to_erase(self) -> Self:
        return self.filter(withdrawn_at__lt=timezone.now() - WITHDRAWN_KEPT, erased=False)


class FeatureQuerySet(models.QuerySet[Any]):
    def near(self, *, longitude: float, latitude: float, metres: float) -> Self:
        """Those whose box is within `metres` of a point, nearest boxes first: exact for a point, less for a shape."""
        scale = math.cos(math.radians(latitude))
        high = metres / DEGREE
        wide = high / max(0.01, scale)
        aside = Greatest(F("west") - longitude, longitude - F("east"), Value(0.0)) * scale
        above = Greatest(F("south") - latitude, latitude - F("north"), Value(0.0))
        away = ExpressionWrapper(aside * aside + above * above, output_field=FloatField())
        boxes = self.filter(
            west__lte=longitude + wide,
            east__gte=longitude - wide,
            south__lte=latitude + high,
            north__gte=latitude - high,
        )
        return boxes.annotate(away=away).order_by("away", "pk")


class DraftQuerySet(models.QuerySet[Any]):
    def kept_by(self, user: Any) -> Self:
        """Those of the organisations for which this person keeps layers."""
        return self.filter(owned_by(territory_of(user, Right.KEEP_LAYERS).organisations))

    def waiting(self) -> Self:
        return self.filter(done_at__isnull=True)

    def forgotten(self) -> Self:
        return self.filter(created_at__lt=timezone.now() - DRAFT_KEPT)


class ShownQuerySet(models.QuerySet[Any]):
    def chosen_by(self, user: Any) -> Self:
        return self.filter(user=user.pk)

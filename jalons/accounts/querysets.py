"""Reads over memberships and grants; finding what is named."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Prefetch, Q

from jalons.core.clock import paris_day
from jalons.core.values import fold, folded_pattern
from jalons.core.values.dates import PARIS
from jalons.territories.models import Commune, Departement


def related_manager(model: type[models.Model], name: str) -> Any:
    """The manager at the other end of a relation, which a queryset module may not import."""
    other: Any = model._meta.get_field(name).related_model
    return other._default_manager


def has_words(words: Iterable[str], *columns: str) -> Q:
    """Every word is in one of the columns, which are not kept folded: accents and case do not count."""
    found = Q()
    for word in words:
        pattern = folded_pattern(fold(word))
        in_one = Q()
        for column in columns:
            in_one |= Q(**{f"{column}__regex": pattern})
        found &= in_one
    return found


class Dated(models.QuerySet):
    def active(self, on: dt.date | None = None) -> Self:
        """Those in force on a day, today in Paris by default: rights begin and end with it. The last day counts.

        What was ended by hand is out from that instant, even before its last day is over.
        """
        day = on or paris_day()
        tomorrow = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), PARIS)
        not_ended = Q(ended_at__isnull=True) | Q(ended_at__gte=tomorrow)
        return self.filter(not_ended, Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class GrantQuerySet(Dated):
    pass


class MembershipQuerySet(Dated):
    def with_access(self) -> Self:
        """Everything the rights are computed from and named by, whatever the number of rights then asked.

        Three queries, one more when a scope is a région, one more when a scope is an EPCI.
        """
        grants = related_manager(self.model, "grants").active().order_by("pk")
        scopes = related_manager(self.model, "scopes").with_territory().order_by("pk")
        departements = Departement.objects.only("pk", "region_id")
        members = Commune.objects.only("pk", "departement_id", "epci_id")
        spread = scopes.prefetch_related(
            Prefetch("region__departements", departements), Prefetch("epci__communes", members)
        )
        return (
            self.select_related("organisation")
            .prefetch_related(Prefetch("scopes", spread), Prefetch("grants", grants))
            .order_by("pk")
        )


class AccountLetterQuerySet(models.QuerySet):
    """The letters about accounts."""


class AttachedQuerySet(models.QuerySet):
    """What is attached to things: comments, documents."""

    def about(self, *objects: models.Model) -> Self:
        """Attached to any of `objects`, which are of one model."""
        if not objects:
            return self.none()
        kind = ContentType.objects.get_for_model(objects[0])
        return self.filter(content_type=kind, object_id__in=[each.pk for each in objects])

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def with_people(self) -> Self:
        return self.select_related("author", "organisation", "withdrawn_by", "withdrawn_for")

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

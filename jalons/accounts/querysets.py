"""Reads over memberships and grants; finding what is named."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import FilteredRelation, Prefetch, Q, prefetch_related_objects

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
    query = Q()
    for word in words:
        pattern = folded_pattern(fold(word))
        in_one = Q()
        for column in columns:
            in_one |= Q(**{f"{column}__regex": pattern})
        query &= in_one
    return query


class Dated(models.QuerySet[Any]):
    def active(self, on: dt.date | None = None) -> Self:
        """Those in force on a day, today in Paris by default: rights begin and end with it. The last day counts.

        What was ended by hand is out from that instant, even before its last day is over.
        """
        return self.filter(in_force(on))


def in_force(on: dt.date | None = None, prefix: str = "") -> Q:
    """The condition of `Dated.active`, through the relation `prefix` (« grants__ »)."""
    day = on or paris_day()
    tomorrow = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), PARIS)
    not_ended = Q((f"{prefix}ended_at__isnull", True)) | Q((f"{prefix}ended_at__gte", tomorrow))
    not_over = Q((f"{prefix}ends_on__isnull", True)) | Q((f"{prefix}ends_on__gte", day))
    return not_ended & not_over & Q((f"{prefix}starts_on__lte", day))


class GrantQuerySet(Dated):
    pass


class MembershipQuerySet(Dated):
    def with_access(self) -> Self:
        """Everything the rights are computed from and named by, whatever the number of rights then asked.

        Three queries, one more when a scope is a région, one more when a scope is an EPCI.
        """
        grants = related_manager(self.model, "grants").active().order_by("pk")
        scopes = related_manager(self.model, "scopes").with_territory().order_by("pk")
        return (
            self.select_related("organisation")
            .prefetch_related(
                Prefetch("scopes", scopes.prefetch_related(*spread())), Prefetch("grants", grants)
            )
            .order_by("pk")
        )

    def with_all(self, *related: str) -> Self:
        """A row for each scope with each grant in force: what `folded` makes memberships of."""
        given = FilteredRelation("grants", condition=in_force(prefix="grants__"))
        rows = self.annotate(given=given, place=FilteredRelation("scopes"))
        places = [f"place__{level}" for level in ("commune", "departement", "epci", "region")]
        rows = rows.select_related("organisation", "given", *places, *related)
        return rows.order_by("pk", "place__pk", "given__pk")

    def read_at_once(self) -> list[Any]:
        """What `with_access` reads, in one query: for the few memberships of one person, of which each request reads
        the rights. What is read is a list, not to be filtered.
        """
        return folded(self.with_all())


def folded(rows: Iterable[Any]) -> list[Any]:
    """The memberships of these rows, each with its scopes and its grants."""
    memberships = Folded()
    for row in rows:
        memberships.add(row)
    scopes = [scope for places in memberships.scopes.values() for scope in places.values()]
    if wide := [scope for scope in scopes if scope.region_id or scope.epci_id]:
        prefetch_related_objects(wide, *spread())
    return memberships.memberships()


def spread() -> tuple["Prefetch[str, Any, Any]", "Prefetch[str, Any, Any]"]:
    """The départements of a région and the communes of an EPCI, from a scope: the rights that hold on them ask."""
    departements = Departement.objects.only("pk", "region_id")
    members = Commune.objects.only("pk", "departement_id", "epci_id")
    return Prefetch("region__departements", departements), Prefetch("epci__communes", members)


class Folded:
    """Rows of one membership, each with a scope (`place`) and a grant (`given`), as memberships that hold theirs."""

    def __init__(self) -> None:
        self.first: dict[int, Any] = {}
        self.scopes: dict[int, dict[int, Any]] = {}
        self.grants: dict[int, dict[int, Any]] = {}

    def add(self, row: Any) -> None:
        self.first.setdefault(row.pk, row)
        for name, index in (("place", self.scopes), ("given", self.grants)):
            held = index.setdefault(row.pk, {})
            related = getattr(row, name, None)
            if related is not None:
                held.setdefault(related.pk, related)

    def memberships(self) -> list[Any]:
        for pk, row in self.first.items():
            row._prefetched_objects_cache = {
                "scopes": list(self.scopes[pk].values()),
                "grants": list(self.grants[pk].values()),
            }
        return list(self.first.values())


class AccountLetterQuerySet(models.QuerySet[Any]):
    """The letters about accounts."""


def none_of(kind: str, *objects: models.Model) -> bool:
    """Who read each of `objects` also asked whether it has any of this (« has_comments »), and it has none."""
    return all(not getattr(record, f"has_{kind}", True) for record in objects)


class AttachedQuerySet(models.QuerySet[Any]):
    """What is attached to things: comments, documents."""

    def about(self, *objects: models.Model) -> Self:
        """Attached to any of `objects`, which are of one model."""
        if not objects:
            return self.none()
        kind = ContentType.objects.get_for_model(objects[0])
        return self.filter(content_type=kind, object_id__in=[record.pk for record in objects])

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def with_people(self) -> Self:
        return self.select_related("author", "organisation", "withdrawn_by", "withdrawn_for")

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

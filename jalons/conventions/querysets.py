"""Reads over conventions and their sheets: what one may see."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.history.querysets import FactQuerySet


def related_manager(model: Any, name: str) -> Any:
    """The manager at the other end of a relation, which this module may not import."""
    return model._meta.get_field(name).related_model._default_manager


class CurrentQuerySet(FactQuerySet):
    """Cells and amounts."""


class ConventionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.in_territory(territory_of(user, Right.READ_CONVENTIONS))

    def in_territory(self, territory: Territory) -> Self:
        """Where a right holds: the conventions of its départements, and those where its organisations have a seat."""
        if territory.everywhere:
            return self
        return self.filter(self.where(territory))

    def where(self, territory: Territory) -> Q:
        q = Q(pk__in=[])
        if territory.departements:
            codes = sorted(territory.departements)
            parties = related_manager(self.model, "parties").filter(departement__in=codes)
            q |= Q(departement__in=codes) | Q(pk__in=parties.values("convention"))
        if territory.organisations:
            seats = related_manager(self.model, "seats").filter(
                organisation__in=territory.organisations, role__in=sorted(territory.parts)
            )
            q |= Q(pk__in=seats.values("convention"))
        return q


class CommitmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.in_territory(territory_of(user, Right.READ_CONVENTIONS))

    def in_territory(self, territory: Territory) -> Self:
        """The sheets where a right holds: see `Commitment.within`, which says the same of one."""
        if territory.everywhere:
            return self
        q = Q(pk__in=[])
        if territory.departements:
            codes = sorted(territory.departements)
            q |= Q(party__departement__in=codes)
            conventions = related_manager(self.model, "convention").filter(
                ConventionQuerySet(related_manager(self.model, "convention").model).where(
                    Territory(departements=territory.departements)
                )
            )
            q |= Q(party__isnull=True, convention__in=conventions)
        if territory.organisations:
            seats = related_manager(self.model, "seats").filter(
                organisation__in=territory.organisations, role__in=sorted(territory.parts)
            )
            of_sheets = seats.exclude(commitment=None).values("commitment")
            whole = seats.filter(commitment=None)
            q |= Q(pk__in=of_sheets) | Q(parent__in=of_sheets)
            q |= Q(convention__in=whole.filter(party=None).values("convention"))
            of_parties = whole.exclude(party=None)
            q |= Q(party__in=of_parties.values("party"))
            q |= Q(party__isnull=True, convention__in=of_parties.values("convention"))
        return self.filter(q)


class DeliberationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        conventions = related_manager(self.model, "conventions").visible_to(user)
        return self.filter(conventions__in=conventions).distinct()

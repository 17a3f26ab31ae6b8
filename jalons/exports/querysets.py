"""Reads over downloads, which nothing changes once they are written."""

from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.territories.models import Commune, Scope


class DownloadQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own; for who manages accounts, also those of the structures of their territory."""
        return self.filter(Q(user=user) | made_within(territory_of(user, Right.MANAGE_ACCOUNTS)))

    def made_by(self, user: Any) -> Self:
        return self.filter(user=user)

    def complete(self, rows: int) -> None:
        """The one thing that is learnt afterwards: how many rows a file sent as it was written had."""
        models.QuerySet.update(self.filter(rows__isnull=True), rows=rows)

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("downloads are only added")

    def delete(self) -> NoReturn:
        raise TypeError("downloads are only added")


def made_within(territory: Territory) -> Q:
    """Downloads made for structures that act inside of a territory."""
    if territory.everywhere:
        return Q(pk__isnull=False)
    if not territory:
        return Q(pk__in=[])
    communes = Commune.objects.filter(
        Q(departement__in=territory.departements) | Q(epci__in=territory.epcis) | Q(pk__in=territory.communes)
    ).order_by()
    scopes = Scope.objects.filter(
        Q(departement__in=territory.departements)
        | Q(epci__in=territory.epcis)
        | Q(epci__in=communes.filter(departement__in=territory.departements).values("epci"))
        | Q(commune__in=communes.values("pk"))
    )
    return Q(organisation__territory__in=scopes.values("pk"))

"""Reads over requests and invitations."""

from typing import Any, Self

from django.db import models
from django.db.models import Max, Prefetch

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.joining.enums import WAITING
from jalons.joining.permissions import scopes_within
from jalons.territories.models import Scope


class AccessRequestQuerySet(models.QuerySet[Any]):
    """Requests for access."""

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING)

    def visible_to(self, user: Any) -> Self:
        """Those that this person may answer: of their territory; all of them for the national administration."""
        territory = territory_of(user, Right.MANAGE_ACCOUNTS)
        if territory.everywhere:
            return self.all()
        return self.filter(national=False, territory__in=scopes_within(territory))

    def with_people(self) -> Self:
        """In two queries: joined all at once, PostgreSQL takes 50 ms to plan them (ADR 0046)."""
        territories = Prefetch("territory", Scope.objects.with_territory())
        return self.select_related("organisation", "changed_by", "changed_for").prefetch_related(territories)


class InvitationQuerySet(models.QuerySet[Any]):
    """Links of activation."""

    def with_newest(self) -> Self:
        """`newest`: the primary key of the last link of the same person."""
        return self.annotate(newest=Max("user__invitations__pk"))

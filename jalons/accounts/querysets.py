"""Reads over memberships and grants."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone


class Dated(models.QuerySet):
    def active(self, on: dt.date | None = None) -> Self:
        """Those in force on a day, today by default; the last day counts."""
        day = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class GrantQuerySet(Dated):
    pass


class MembershipQuerySet(Dated):
    def with_access(self) -> Self:
        """Everything the rights are computed from, in three queries."""
        to_grants: Any = self.model._meta.get_field("grants")
        to_scopes: Any = self.model._meta.get_field("scopes")
        grants = to_grants.related_model._default_manager.active().order_by("pk")
        scopes = to_scopes.related_model._default_manager.select_related("commune")
        return (
            self.select_related("organisation")
            .prefetch_related(Prefetch("scopes", scopes.order_by("pk")), Prefetch("grants", grants))
            .order_by("pk")
        )

"""Reads over editions: who sees which."""

from typing import Any, Self

from django.db import models
from django.db.models import Q


class EditionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Its author, as long as they work for the structure that asked; the readers that were named."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        mine = sorted({membership.organisation_id for membership in user.active_memberships})
        own = Q(author=user.pk) & (Q(organisation__in=mine) | Q(organisation__merged_into__in=mine))
        return self.filter(own | Q(accesses__user=user.pk)).distinct()

    def light(self) -> Self:
        """Without what only its own page reads."""
        return self.defer("values", "rights", "options")

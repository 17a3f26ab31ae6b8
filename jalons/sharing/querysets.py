"""What is offered and what is published, by who may read it."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, has, territory_of
from jalons.sharing.enums import PracticePart, PracticeState


class ActionOfferQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Those offered today, to whoever reads what is shared."""
        return self.filter(is_offered=True) if has(user, Right.READ_SHARED) else self.none()


class PracticeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Those published, to whoever reads what is shared; the others, to who writes them."""
        writes = territory_of(user, Right.WRITE_PRACTICE)
        if writes.everywhere:
            return self
        published = Q(state=PracticeState.PUBLISHED) if has(user, Right.READ_SHARED) else Q(pk__in=[])
        return self.filter(published | owned_q(writes))

    def in_territory(self, territory: Territory) -> Self:
        return self.filter(owned_q(territory))

    def published(self) -> Self:
        return self.filter(state=PracticeState.PUBLISHED)

    def written_by(self, user: Any) -> Self:
        return self.filter(owned_q(territory_of(user, Right.WRITE_PRACTICE)))

    def of(self, organisations: Any) -> Self:
        ours = sorted(organisations)
        return self.filter(Q(owner__in=ours) | Q(owner__merged_into__in=ours))


def owned_q(territory: Territory) -> Q:
    if territory.everywhere:
        return Q()
    if PracticePart.OWNER not in territory.parts:
        return Q(pk__in=[])
    ours = sorted(territory.organisations)
    return Q(owner__in=ours) | Q(owner__merged_into__in=ours)

"""Reads over a register. What is sealed is opened by `jalons.households.keys`, never here."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership
from jalons.accounts.permissions import territory_of
from jalons.households.enums import HandingState


class RegisterQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """That of one's organisation, for who holds the right: no merged structure, no territory, no administrator."""
        return self.filter(organisation__in=sorted(territory_of(user, Right.KEEP_REGISTER).organisations))


class MemberQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def admitted(self) -> Self:
        """Those who have the key."""
        return self.standing().filter(admitted_at__isnull=False)

    def present(self) -> Self:
        """Those who have the key, an open account, and still work in the organisation."""
        works_there = Membership.objects.active().filter(
            user=OuterRef("user"), organisation=OuterRef("register__organisation")
        )
        return self.admitted().filter(Exists(works_there), user__is_active=True)


class HouseholdQuerySet(models.QuerySet[Any]):
    def of(self, register: Any) -> Self:
        """The households of an opened register, each with its key: one query."""
        return self.filter(organisation=register.organisation_id).select_related("key")


class HandingQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        return self.filter(state=HandingState.WAITING)

    def received_by(self, organisation_id: int) -> Self:
        """Those that it may open, the oldest first."""
        return (
            self.waiting().filter(receiver=organisation_id).select_related("sender").order_by("sent_at", "pk")
        )

    def sent_by_organisation(self, organisation_id: int) -> Self:
        return (
            self.filter(sender=organisation_id)
            .select_related("receiver", "sent_by")
            .order_by("-sent_at", "pk")
        )


class RegisterReadingQuerySet(models.QuerySet[Any]):
    def of_organisation(self, organisation_id: int) -> Self:
        return self.filter(organisation=organisation_id)

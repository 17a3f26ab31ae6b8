"""Proposals by who may read them."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.proposals.enums import ProposalPart, ProposalState

PARTS = {"proposer": ProposalPart.PROPOSER, "pilot": ProposalPart.RECIPIENT}
# What a line says. PostgreSQL weighs every order of the joins: seven took it 50 ms to plan, four take 1 (ADR 0046).
RELATED = ("departement", "pilot", "proposer", "author")


class ActionProposalQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.in_territory(territory_of(user, Right.READ_PROPOSALS))

    def answered_through(self, user: Any) -> Self:
        """Those that `user` may answer."""
        return self.in_territory(territory_of(user, Right.ANSWER_PROPOSAL))

    def in_territory(self, territory: Territory) -> Self:
        if territory.everywhere:
            return self
        q = Q(departement__in=sorted(territory.departements)) if territory.departements else Q(pk__in=[])
        organisations = sorted(territory.organisations)
        for column, part in PARTS.items():
            if part in territory.parts:
                q |= Q(**{f"{column}__in": organisations})
                q |= Q(**{f"{column}__merged_into__in": organisations})
        return self.filter(q)

    def proposed_by(self, organisations: Any) -> Self:
        ours = sorted(organisations)
        return self.filter(Q(proposer__in=ours) | Q(proposer__merged_into__in=ours))

    def sent(self) -> Self:
        """Nobody answered yet."""
        return self.filter(state=ProposalState.SENT)

    def to_declare(self) -> Self:
        return self.filter(state=ProposalState.AGREED)

    def with_people(self) -> Self:
        return self.select_related(*RELATED)

"""Who may do what with one proposal. A page, its buttons and its services ask here."""

from typing import Any

from django.core.exceptions import PermissionDenied

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can, membership_territory
from jalons.actions.models import Action
from jalons.history.services import Actor
from jalons.proposals.models import ActionProposal
from jalons.territories.models import Departement


def may_answer(user: Any, proposal: ActionProposal) -> bool:
    """Whoever acts for the organisation that received it, until somebody answered."""
    return proposal.is_sent and can(user, Right.ANSWER_PROPOSAL, proposal)


def may_declare(user: Any, proposal: ActionProposal) -> bool:
    """Opens the dispositif: the recipient at once, and once it agreed, whoever declares dispositifs there."""
    answers = proposal.is_agreed or may_answer(user, proposal)
    return answers and can(user, Right.DECLARE_ACTION, undeclared(proposal.departement))


def withdrawer_of(user: Any, proposal: ActionProposal) -> Actor | None:
    """In whose name this person takes it back: the organisation that sent it; None when they may not."""
    if not (proposal.is_sent or proposal.is_agreed):
        return None
    return sender_of(user, proposal)


def sender_of(user: Any, proposal: ActionProposal) -> Actor | None:
    for membership in user.active_memberships:
        ours = membership.organisation_id == proposal.proposer.standing_id
        if ours and membership_territory(membership, Right.PROPOSE_ACTION):
            return Actor(user, membership.organisation)
    return None


def sender_or_403(user: Any, proposal: ActionProposal) -> Actor:
    sender = sender_of(user, proposal)
    if sender is None:
        raise PermissionDenied("Seule la structure qui a envoyé une proposition peut la retirer.")
    return sender


def undeclared(departement: Departement) -> Action:
    """A dispositif that does not exist yet, to ask who may declare it."""
    action = Action(departement=departement)
    action.parts, action.communes = frozenset(), ()
    return action

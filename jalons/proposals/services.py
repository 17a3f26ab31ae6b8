"""Sending a proposal, answering it, taking it back. Whoever comes second reads the answer of the first: `Stale`."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jalons.accounts.models import Organisation
from jalons.actions.models import Action
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, Stale, save_record
from jalons.proposals.enums import OPEN_STATES, ProposalKind, ProposalState
from jalons.proposals.models import ActionProposal
from jalons.proposals.notifications import tell_agreed, tell_answer, tell_sent, tell_withdrawn
from jalons.proposals.querysets import ActionProposalQuerySet
from jalons.sites.models import Site


@transaction.atomic
def propose(
    *,
    by: Actor,
    kind: ProposalKind,
    sites: Sequence[Site],
    pilot: Organisation,
    why: str,
    wanted_on: dt.date | None = None,
    themes: Sequence[str] = (),
) -> ActionProposal:
    """Sends it to `pilot`, whose people are told by e-mail. `Refused` for sites of several départements."""
    departements = {site.commune.departement_id: site.commune.departement for site in sites}
    if len(departements) != 1:
        raise Refused("Une proposition est pour un ou plusieurs sites d’un même département.")
    proposal = ActionProposal(
        kind=kind,
        departement=next(iter(departements.values())),
        wanted_on=wanted_on,
        why=why,
        proposer=by.organisation,
        author=by.user,
        pilot=pilot,
    )
    proposal.themes = tuple(themes)
    save_record(record=proposal, by=by)
    proposal.sites.set(sites)
    tell_sent(proposal)
    return proposal


def lock(proposal: ActionProposal, states: Sequence[ProposalState]) -> None:
    """Of two people who answer at once, the second waits here, then reads the answer of the first."""
    current = ActionProposal.objects.select_for_update(of=("self",)).with_people().get(pk=proposal.pk)
    if current.state not in states or current.version != proposal.version:
        raise Stale(current)


def settle(
    proposal: ActionProposal,
    by: Actor,
    *,
    state: ProposalState,
    answer: str = "",
    action: Action | None = None,
) -> None:
    proposal.state, proposal.answer, proposal.action = state, answer, action
    proposal.answered_at, proposal.answered_by = timezone.now(), by.user
    proposal.answered_for = by.organisation
    save_record(record=proposal, by=by, reason=answer[:100])


@transaction.atomic
def agree(*, proposal: ActionProposal, by: Actor, answer: str = "") -> ActionProposal:
    """The recipient says yes; whoever declares dispositifs there is told that this one is to be declared."""
    lock(proposal, [ProposalState.SENT])
    settle(proposal, by, state=ProposalState.AGREED, answer=answer)
    tell_answer(proposal)
    tell_agreed(proposal)
    return proposal


@transaction.atomic
def refuse(*, proposal: ActionProposal, by: Actor, reason: str) -> ActionProposal:
    lock(proposal, [ProposalState.SENT])
    settle(proposal, by, state=ProposalState.REFUSED, answer=reason)
    tell_answer(proposal)
    return proposal


@transaction.atomic
def become(*, proposal: ActionProposal, action: Action, by: Actor) -> ActionProposal:
    """It is this dispositif from now on: called in the transaction that declares it."""
    lock(proposal, OPEN_STATES)
    settle(proposal, by, state=ProposalState.DECLARED, answer=proposal.answer, action=action)
    tell_answer(proposal)
    return proposal


@transaction.atomic
def take_back(*, proposal: ActionProposal, by: Actor, reason: str) -> ActionProposal:
    lock(proposal, OPEN_STATES)
    settle(proposal, by, state=ProposalState.WITHDRAWN, answer=reason)
    tell_withdrawn(proposal)
    return proposal


def proposals_between(first: Organisation, second: Organisation) -> ActionProposalQuerySet:
    """What waits for an answer of one of the two to the other."""
    sent = ActionProposal.objects.filter(state=ProposalState.SENT)
    between = Q(proposer=first, pilot=second) | Q(proposer=second, pilot=first)
    return sent.filter(between).order_by("pk")


@transaction.atomic
def end_between(*, first: Organisation, second: Organisation, by: Actor, reason: str) -> None:
    """The two become one, which has nobody to answer it: it declares what it wants. What was agreed stays."""
    for proposal in proposals_between(first, second):
        settle(proposal, by, state=ProposalState.WITHDRAWN, answer=reason)

"""Who is told what about a proposal, in the transaction of what it says. Where, never what: rights keep the page."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership, User
from jalons.accounts.permissions import membership_territory
from jalons.core.values import format_number, french_spaces, plural
from jalons.discussions.models import Comment
from jalons.discussions.services import queue_mail
from jalons.proposals.enums import ProposalState
from jalons.proposals.models import ActionProposal
from jalons.readership.selectors import reading_memberships
from jalons.readership.things import thing_of
from jalons.territories.models import Scope

TOPIC = "proposals"
# Days without an answer after which the recipient is reminded, then the author told that they may ask somebody else.
REMINDED_AFTER, AUTHOR_TOLD_AFTER = 7, 14

ANSWERS = {
    ProposalState.AGREED: "a accepté votre proposition : il reste à déclarer le dispositif",
    ProposalState.DECLARED: "a accepté votre proposition : le dispositif est déclaré",
    ProposalState.REFUSED: "n’a pas retenu votre proposition",
}


def people_with(proposal: ActionProposal, right: Right) -> list[User]:
    """Everybody who holds a right on it today, each once."""
    held = reading_memberships(thing_of(proposal), proposal, right)
    return list({row.user_id: row.user for row in held}.values())


def answerers(proposal: ActionProposal) -> list[User]:
    return people_with(proposal, Right.ANSWER_PROPOSAL)


def declarers(proposal: ActionProposal) -> list[User]:
    """Those who declare dispositifs in the whole département."""
    code = proposal.departement_id
    scopes = list(Scope.objects.meeting([code]).values_list("pk", flat=True))
    held = Membership.objects.active().filter(user__is_active=True, scopes__in=scopes)
    return list(
        {
            row.user_id: row.user
            for row in held.distinct().with_access().select_related("user")
            if membership_territory(row, Right.DECLARE_ACTION).covers_departement(code)
        }.values()
    )


def write(
    proposal: ActionProposal, people: Iterable[User], *, key: str, subject: str, body: str, about: str = ""
) -> int:
    """One e-mail a person, never twice under one key; how many are new."""
    link = f"{settings.ORIGIN}{reverse('proposals:sheet', args=[proposal.public_id])}"
    written = 0
    for user in people:
        mail = queue_mail(
            key=f"proposal/{proposal.public_id}/{key}/{user.pk}",
            user=user,
            topic=TOPIC,
            subject=french_spaces(subject),
            body=french_spaces(f"{body}\n\nLa lire et répondre :\n{link}"),
            about=[f"proposition:{proposal.public_id}", *([about] if about else [])],
        )
        written += mail is not None
    return written


def what(proposal: ActionProposal) -> str:
    """« Un diagnostic social, dans le Nord »: the sites are on the page."""
    return f"{proposal.get_kind_display()} ({proposal.departement.name})"


def tell_sent(proposal: ActionProposal) -> None:
    people = [user for user in answerers(proposal) if user.pk != proposal.author_id]
    who = f"{proposal.author} ({proposal.proposer})"
    write(
        proposal,
        people,
        key="sent",
        subject=f"{proposal.proposer} vous adresse une proposition",
        body=f"{who} propose à votre structure : {what(proposal).lower()}.\n\n"
        "Vous pouvez l’accepter, poser une question ou la refuser. Rien n’est compté tant que vous ne l’avez pas "
        "acceptée.",
    )


def tell_answer(proposal: ActionProposal) -> None:
    if proposal.author_id == proposal.answered_by_id:
        return
    verb = ANSWERS[ProposalState(proposal.state)]
    write(
        proposal,
        [proposal.author],
        key=f"answer/{proposal.state}",
        subject=f"{proposal.answered_for} {verb.split(' : ')[0]}",
        body=f"{proposal.answered_by} ({proposal.answered_for}) {verb}.\n\nVotre proposition : "
        f"{what(proposal).lower()}.",
    )


def tell_agreed(proposal: ActionProposal) -> None:
    people = [user for user in declarers(proposal) if user.pk != proposal.answered_by_id]
    write(
        proposal,
        people,
        key="agreed",
        subject="Un dispositif accepté attend d’être déclaré",
        body=f"{proposal.pilot} a accepté ce que {proposal.proposer} proposait : {what(proposal).lower()}.\n\n"
        "Le formulaire du dispositif est déjà rempli de ce qui est su.",
    )


def tell_withdrawn(proposal: ActionProposal) -> None:
    people = [user for user in answerers(proposal) if user.pk != proposal.answered_by_id]
    write(
        proposal,
        people,
        key="withdrawn",
        subject=f"{proposal.proposer} a retiré sa proposition",
        body=f"Vous n’avez plus à répondre : {what(proposal).lower()}.",
    )


def tell_comment(comment: Comment, subject: Any) -> None:
    """A question or a reply: the other side is told. One kept for some readers is not told beyond its mentions."""
    proposal: ActionProposal = subject
    if comment.restricted:
        return
    mentioned = set(comment.mentioned.values_list("pk", flat=True))
    both = {user.pk: user for user in [proposal.author, *answerers(proposal)]}
    ours = comment.organisation.standing_id
    others = [
        user
        for user in both.values()
        if user.pk not in mentioned | {comment.author_id} and ours not in user.organisation_ids
    ]
    write(
        proposal,
        others,
        key=f"comment/{comment.public_id}",
        subject=f"{comment.organisation} a écrit au sujet d’une proposition",
        body=f"{comment.author} ({comment.organisation}) a écrit un commentaire sous la proposition : "
        f"{what(proposal).lower()}.",
        about=f"comment:{comment.public_id}",
    )


def remind() -> str:
    """The periodic job: the recipient after seven days, the author after fourteen. Each is told once."""
    now, written = timezone.now(), 0
    late = ActionProposal.objects.sent().filter(created_at__lte=now - dt.timedelta(days=REMINDED_AFTER))
    for proposal in late.with_people().order_by("pk"):
        with transaction.atomic():
            written += remind_of(proposal, (now - proposal.created_at).days)
    return f"{format_number(written)}\u00a0{plural(written, 'rappel écrit', 'rappels écrits')}."


def remind_of(proposal: ActionProposal, days: int) -> int:
    written = write(
        proposal,
        answerers(proposal),
        key=f"waits/{REMINDED_AFTER}",
        subject=f"Une proposition de {proposal.proposer} attend votre réponse",
        body=f"Personne n’a encore répondu, depuis {days} jours : {what(proposal).lower()}.\n\n"
        "Un refus expliqué vaut mieux qu’un silence : il laisse chercher ailleurs.",
    )
    if days >= AUTHOR_TOLD_AFTER:
        written += write(
            proposal,
            [proposal.author],
            key=f"silence/{AUTHOR_TOLD_AFTER}",
            subject=f"{proposal.pilot} n’a pas encore répondu",
            body=f"Votre proposition est sans réponse depuis {days} jours : {what(proposal).lower()}.\n\n"
            "Vous pouvez appeler, ou la retirer pour l’adresser à une autre structure.",
        )
    return written

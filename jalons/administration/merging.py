"""Two rows for one organisation become one.

What is going on moves to the one that is kept: accounts, parts in dispositifs, seats, funding, sources, requests that
wait. Who wrote what does not move: a fact keeps the organisation that said it, which stays under its name and leads to
the other. What such a name gives the right to (withdraw a document, read a comment kept for it) goes to the people of
the one that is kept: `Organisation.standing_id`.
"""

from typing import Any

from django.db import models, transaction

from jalons.accounts.models import Membership, Organisation
from jalons.actions.models import ActionContact, FollowUp, FundingLine, Nudge, Participation, StaffLine
from jalons.administration.references import Reference, declared_obstacles, declared_references
from jalons.conventions.models import Party, Seat
from jalons.core.values import format_number, french_spaces, join_and, plural
from jalons.directory.models import OrganisationCard
from jalons.history.models import Fact, Record
from jalons.history.services import Actor, correct, save_record, withdraw
from jalons.indicators.models import FollowUpDraft, Series
from jalons.joining.enums import WAITING
from jalons.joining.models import AccessRequest
from jalons.proposals.enums import OPEN_STATES
from jalons.proposals.models import ActionProposal
from jalons.proposals.services import end_between, proposals_between
from jalons.sharing.models import Practice
from jalons.sites.models import PreparatoryStep, SiteSuitability, Survey


class CannotMerge(Exception):
    """Why the two cannot be one yet, and what to do first: French, for the person who asked."""


def rows_of(reference: Reference, organisation: Organisation) -> models.QuerySet[Any]:
    manager = reference.model._default_manager
    rows = manager.known() if issubclass(reference.model, Fact) else manager.all()
    return rows.filter(reference.only or models.Q(), **{reference.field: organisation}).order_by("pk")


def same_part(part: Participation, survivor: Organisation) -> Any:
    if part.ended_on is not None:
        return Participation.objects.none()
    return Participation.objects.going_on().filter(
        action=part.action_id, role=part.role, participant=survivor
    )


def same_seat(seat: Seat, survivor: Organisation) -> Any:
    same = {
        name: getattr(seat, name)
        for name in ("convention_id", "role", "party_id", "commitment_id", "breakdown")
    }
    return Seat.objects.filter(organisation=survivor, **same)


def same_nudge(nudge: Nudge, reporter: Organisation) -> Any:
    return Nudge.objects.filter(action=nudge.action_id, due_on=nudge.due_on, reporter=reporter)


MOVED = (
    Reference(Membership, "organisation", ("compte rattaché", "comptes rattachés")),
    Reference(
        Participation, "participant", ("rôle dans un dispositif", "rôles dans des dispositifs"), same_part
    ),
    Reference(FundingLine, "funder", ("ligne de financement", "lignes de financement")),
    Reference(FollowUp, "reporter", ("point de suivi", "points de suivi")),
    Reference(
        Nudge,
        "reporter",
        ("relance reçue pour un suivi", "relances reçues pour un suivi"),
        same_nudge,
    ),
    Reference(StaffLine, "reporter", ("ligne d’équipe", "lignes d’équipe")),
    Reference(ActionContact, "organisation", ("contact", "contacts")),
    Reference(
        Survey, "source", ("recensement dont elle est la source", "recensements dont elle est la source")
    ),
    Reference(
        PreparatoryStep,
        "led_by",
        ("étape de résorption dont elle est chargée", "étapes de résorption dont elle est chargée"),
    ),
    Reference(
        SiteSuitability,
        "source",
        (
            "réponse « aménageable » dont elle est la source",
            "réponses « aménageable » dont elle est la source",
        ),
    ),
    Reference(Party, "organisation", ("convention signée", "conventions signées")),
    Reference(Seat, "organisation", ("place dans une convention", "places dans des conventions"), same_seat),
    Reference(
        AccessRequest,
        "organisation",
        ("demande d’accès en attente", "demandes d’accès en attente"),
        only=models.Q(state__in=WAITING),
    ),
    Reference(
        ActionProposal,
        "pilot",
        ("proposition à laquelle répondre", "propositions auxquelles répondre"),
        only=models.Q(state__in=OPEN_STATES),
    ),
    Reference(
        ActionProposal,
        "proposer",
        ("proposition en cours qu’elle a envoyée", "propositions en cours qu’elle a envoyées"),
        only=models.Q(state__in=OPEN_STATES),
    ),
    Reference(Practice, "owner", ("bonne pratique", "bonnes pratiques")),
)


def references() -> list[Reference]:
    return [*MOVED, *declared_references()]


# Neither facts nor records: they follow their dispositif.
CARRIED = (Series, FollowUpDraft)


def outcome(*, survivor: Organisation, gone: Organisation) -> list[str]:
    """What the merge does, before it is done: one sentence a kind of thing, and what does not move."""
    sentences = []
    ended = proposals_between(survivor, gone).values_list("pk", flat=True)
    for reference in references():
        rows = rows_of(reference, gone)
        count = (rows.exclude(pk__in=ended) if reference.model is ActionProposal else rows).count()
        if count:
            sentences.append(
                f"{format_number(count)}\u00a0{plural(count, *reference.words)} passent à {survivor}."
            )
    sentences = [agreed(sentence) for sentence in sentences]
    if waiting := len(ended):
        words = ("proposition qui attend entre elles", "propositions qui attendent entre elles")
        whole = f"{format_number(waiting)}\u00a0{plural(waiting, *words)}"
        ends = plural(waiting, "est retirée", "sont retirées")
        sentences.append(f"{whole} {ends} : une structure ne se répond pas à elle-même.")
    kept_words = f"Ce que {gone} a écrit reste signé de son nom dans l’historique."
    leads = f"{gone} n’est plus proposée nulle part."
    return [*map(french_spaces, sentences), kept_words, leads]


def agreed(sentence: str) -> str:
    return (
        sentence.replace("passent", "passe", 1) if sentence.startswith(("1\u00a0", "0\u00a0")) else sentence
    )


def obstacles(*, survivor: Organisation, gone: Organisation) -> list[str]:
    """Where the figures of the two would mix: both filled in the same dispositif."""
    mine = Series.objects.filter(reporter=survivor).values("action")
    both = Series.objects.filter(reporter=gone, action__in=mine).values_list("action__name", flat=True)
    days = FollowUp.objects.known().filter(reporter=survivor).values("action")
    also = (
        FollowUp.objects.known().filter(reporter=gone, action__in=days).values_list("action__name", flat=True)
    )
    return sorted({*both, *also})


@transaction.atomic
def merge_organisations(
    *, survivor: Organisation, gone: Organisation, by: Actor, reason: str
) -> Organisation:
    """Raises `CannotMerge`; `Stale` when one of the two was changed meanwhile."""
    if survivor.pk == gone.pk:
        raise CannotMerge("Choisissez deux structures différentes.")
    if gone.merged_into_id or survivor.merged_into_id:
        raise CannotMerge("L’une des deux est déjà fusionnée dans une autre.")
    if names := obstacles(survivor=survivor, gone=gone):
        raise CannotMerge(
            f"Les deux ont rempli le suivi de {join_and([f'« {name} »' for name in names])} : leurs chiffres se "
            "mélangeraient. Retirez d’abord les points de l’une des deux."
        )
    for words in declared_obstacles(survivor, gone):
        raise CannotMerge(words)
    why = french_spaces(f"fusion avec « {gone.name} » : {reason}")[:300]
    end_between(first=survivor, second=gone, by=by, reason="Les deux structures n’en font plus qu’une.")
    for reference in references():
        for row in rows_of(reference, gone):
            move(reference, row, survivor=survivor, by=by, why=why)
    drop_older_drafts(gone, survivor)
    for model in CARRIED:
        model._default_manager.filter(reporter=gone).update(reporter=survivor)
    join_expertises(survivor=survivor, gone=gone)
    # What had been merged into the one that goes follows it: a structure leads in one step to the one that acts.
    for row in [*gone.merged.order_by("pk"), gone]:
        row.merged_into = survivor
        words = french_spaces(f"fusionnée dans « {survivor.name} » : {reason}")[:300]
        save_record(record=row, by=by, reason=words)
    return gone


def drop_older_drafts(gone: Organisation, reporter: Organisation) -> None:
    """Of two drafts of one person for one dispositif, the newer stays."""
    for draft in FollowUpDraft.objects.filter(reporter=gone).order_by("pk"):
        twins = FollowUpDraft.objects.filter(user=draft.user_id, action=draft.action_id, reporter=reporter)
        if twins.filter(saved_at__gt=draft.saved_at).exists():
            draft.delete()
        else:
            twins.delete()


def join_expertises(*, survivor: Organisation, gone: Organisation) -> None:
    """What the directory says that both can do."""
    card = OrganisationCard.objects.filter(organisation=gone).first()
    if card is not None:
        whole, _ = OrganisationCard.objects.get_or_create(organisation=survivor)
        whole.expertises.add(*card.expertises.all())


def move(reference: Reference, row: Any, *, survivor: Organisation, by: Actor, why: str) -> None:
    """A fact is corrected, a record saved: both keep what stood before. The rest is renamed. A twin goes away."""
    twin = bool(reference.twin and reference.twin(row, survivor).exists())
    if isinstance(row, Fact):
        if twin:
            withdraw(fact=row, by=by, reason=why)
        else:
            changes: dict[str, Any] = {reference.field: survivor}
            correct(fact=row, by=by, reason=why, **changes)
        return
    if isinstance(row, Record):
        if not twin:
            setattr(row, reference.field, survivor)
        save_record(record=row, by=by, reason=why)
    elif not twin:
        setattr(row, reference.field, survivor)
        row.save(update_fields=[reference.field])
    if twin:
        row.delete()

"""The directory of dispositifs of France. Nothing here is read but what their actors offered. Constant queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from jalons.accounts.models import Organisation
from jalons.accounts.querysets import has_words
from jalons.actions.enums import ActionTheme, ParticipationRole
from jalons.actions.models import Action, Intervention, Participation
from jalons.core.values import fold, format_date
from jalons.documents.models import Document
from jalons.history.querysets import NOW
from jalons.sharing.models import ActionOffer
from jalons.territories.models import Departement

MAX_WORDS = 6
RUNNING, OVER, COMING = "en-cours", "termines", "a-venir"


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """What one looks for; `operator`: a primary key."""

    q: str = ""
    theme: str = ""
    departement: str = ""
    operator: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A dispositif as it is shown to everybody. `sign` and `state`: where it stands today."""

    offer: ActionOffer
    operators: Sequence[str]
    pilots: Sequence[str]
    dates: str
    sign: str
    state: str
    documents: Sequence[Document]

    @property
    def url(self) -> str:
        return reverse("sharing:offered", args=[self.offer.public_id])

    @property
    def departement(self) -> Departement:
        return self.offer.action.departement

    @property
    def themes(self) -> list[str]:
        return [str(ActionTheme(code).label) for code in self.offer.action.themes]


def filtered_offers(user: Any, asked: OfferFilter) -> Any:
    """By name. Words are sought in what is shown, and in the names of the operators."""
    offers = ActionOffer.objects.visible_to(user)
    for word in fold(asked.q.replace("\0", " "))[:120].split()[:MAX_WORDS]:
        named = Participation.objects.going_on().filter(
            has_words([word], "participant__name", "participant__acronym"), role=ParticipationRole.OPERATOR
        )
        offers = offers.filter(
            Q(search_text__contains=word) | Q(action__in=named.order_by().values("action"))
        )
    if asked.theme:
        offers = offers.filter(action__themes__contains=f"|{asked.theme}|")
    if asked.departement:
        offers = offers.filter(action__departement=asked.departement)
    if asked.operator:
        operated = Action.objects.operated_by(asked.operator)
        offers = offers.filter(action__in=operated.order_by().values("pk"))
    if asked.state:
        chosen = {
            RUNNING: Action.objects.in_progress,
            OVER: Action.objects.ended,
            COMING: Action.objects.coming,
        }
        offers = offers.filter(action__in=chosen[asked.state](NOW).order_by().values("pk"))
    return offers.select_related("action__departement", "contact").order_by("title", "pk")


def offer_lines(offers: Iterable[ActionOffer]) -> list[OfferLine]:
    """Three queries, whatever their number."""
    rows = list(offers)
    keys = [row.action_id for row in rows]
    runs = {run.action_id: run for run in Intervention.objects.known(NOW).filter(action__in=keys)}
    parts = parts_of(keys)
    documents = offered_documents(rows)
    return [offer_line(row, runs.get(row.action_id), parts, documents) for row in rows]


def parts_of(actions: Sequence[int]) -> Mapping[tuple[int, str], Sequence[str]]:
    """The names of pilots and operators by (dispositif, role), the main operator first."""
    roles = [ParticipationRole.PILOT, ParticipationRole.OPERATOR]
    rows = Participation.objects.going_on().filter(action__in=actions, role__in=roles)
    names: dict[tuple[int, str], list[str]] = defaultdict(list)
    for part in rows.select_related("participant").order_by("-is_main", "pk"):
        names[part.action_id, part.role].append(part.participant.name)
    return names


def offered_documents(offers: Sequence[ActionOffer]) -> Mapping[int, Sequence[Document]]:
    """By dispositif: those that were ticked, that still stand and that are not sensitive."""
    wanted = {public_id for offer in offers for public_id in offer.documents}
    if not wanted:
        return {}
    owners = {offer.action_id: set(offer.documents) for offer in offers}
    documents: dict[int, list[Document]] = defaultdict(list)
    rows = Document.objects.standing().filter(public_id__in=sorted(wanted), sensitive=False)
    for row in rows.select_related("content_type").order_by("title", "pk"):
        if row.content_type.model_class() is Action and row.public_id in owners.get(row.object_id, ()):
            documents[row.object_id].append(row)
    return documents


def offer_line(
    offer: ActionOffer,
    run: Intervention | None,
    parts: Mapping[tuple[int, str], Sequence[str]],
    documents: Mapping[int, Sequence[Document]],
) -> OfferLine:
    dates, sign, state = standing_of(run)
    return OfferLine(
        offer,
        parts.get((offer.action_id, ParticipationRole.OPERATOR), ()),
        parts.get((offer.action_id, ParticipationRole.PILOT), ()),
        dates,
        sign,
        state,
        documents.get(offer.action_id, ()),
    )


def standing_of(run: Intervention | None) -> tuple[str, str, str]:
    """Dates, badge and state of a dispositif today."""
    if run is None:
        return "", "unknown", "Sans date"
    start = format_date(run.valid_on)
    if run.valid_on > NOW.day:
        return f"à partir du {start}", "unknown", "À venir"
    if run.ended_on and run.ended_on <= NOW.day:
        return f"du {start} au {format_date(run.ended_on)}", "unknown", "Terminé"
    until = f", fin prévue le {format_date(run.planned_end)}" if run.planned_end else ""
    return f"depuis le {start}{until}", "good", "En cours"


def documents_to_offer(action: Action) -> list[Document]:
    """The last version of each document of a dispositif that is not sensitive."""
    rows = Document.objects.about(action).standing().filter(sensitive=False)
    replaced = set(rows.values_list("replaces", flat=True))
    return [row for row in rows.newest_first() if row.pk not in replaced]


def choices_in_use(user: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The départements and the operators of what is offered, to filter by: two queries."""
    actions = ActionOffer.objects.visible_to(user).order_by().values("action")
    places = Departement.objects.filter(actions__in=actions).distinct().order_by("name")
    parts = Participation.objects.going_on().filter(role=ParticipationRole.OPERATOR, action__in=actions)
    operators = Organisation.objects.filter(pk__in=parts.values("participant")).order_by("name", "pk")
    return (
        list(places.values_list("code", "name")),
        [(str(key), name) for key, name in operators.values_list("pk", "name")],
    )

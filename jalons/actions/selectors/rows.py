"""The lines of one page of the list of dispositifs."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import Territory, territory_of
from jalons.actions.chronology import action_discords
from jalons.actions.deadlines import Due
from jalons.actions.enums import ActionPlace, ActionTheme, DueState, ParticipationRole
from jalons.actions.models import (
    Action,
    ActionContact,
    ActionSite,
    InsertionSite,
    Intervention,
    Participation,
)
from jalons.actions.querysets import ActionQuerySet
from jalons.actions.selectors.dues import dues_of
from jalons.actions.selectors.listing_search import present
from jalons.core.values import format_date, format_long_date
from jalons.history.querysets import NOW, AsOf

# Beyond this number, the places of a dispositif are counted.
SHOWN_PLACES = 3
HELD_BY = (ParticipationRole.PILOT, ParticipationRole.OPERATOR)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a dispositif works. `kind` is said beside the name; `public_id`: a site that the reader may open."""

    name: str
    where: str = ""
    kind: str = ""
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """One who holds a dispositif: the State service, or an operator with what it has to fill in.

    `due` None: nothing is asked of it, or the view is of the past. `own`: the reader fills in for it.
    """

    organisation: Organisation
    contacts: Sequence[ActionContact]
    is_main: bool = False
    due: Due | None = None
    own: bool = False

    @property
    def asks(self) -> bool:
        return self.due is not None and self.due.state != DueState.GOOD and self.due.on is not None

    @property
    def due_words(self) -> str:
        """« Indicateurs à remplir avant le 12 décembre 2020 »."""
        if self.due is None or self.due.on is None:
            return ""
        to_fill = f"à remplir avant le {format_long_date(self.due.on)}"
        late = self.due.state == DueState.LATE
        return f"En retard\u00a0: indicateurs {to_fill}" if late else f"Indicateurs {to_fill}"

    @property
    def told_words(self) -> str:
        """« Dernier suivi le 30/06/2020 »; nothing in a view of the past."""
        if self.due is None:
            return ""
        return (
            f"Dernier suivi le {format_date(self.due.last)}"
            if self.due.last
            else "Aucun suivi pour l’instant"
        )


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One line of the list."""

    action: Action
    intervention: Intervention
    day: dt.date
    spots: Sequence[Spot]
    pilots: Sequence[Held]
    operators: Sequence[Held]
    discords: Sequence[str] = ()

    @property
    def dates(self) -> Sequence[str]:
        """« Depuis le 01/01/2020 », « Fin prévue le 31/12/2020 »; « Le 01/01/2020 » for one day."""
        return dates_in_words(self.intervention, self.day)

    @property
    def themes(self) -> list[str]:
        return [ActionTheme(theme).label for theme in self.action.themes]

    @property
    def shown_spots(self) -> Sequence[Spot]:
        # « et 1 autre » would take the place of its name.
        return self.spots if len(self.spots) == SHOWN_PLACES + 1 else self.spots[:SHOWN_PLACES]

    @property
    def more_spots(self) -> int:
        return len(self.spots) - len(self.shown_spots)


def dates_in_words(run: Intervention, day: dt.date) -> list[str]:
    start = format_date(run.valid_on)
    over = run.ended_on is not None and run.ended_on <= day
    end = run.ended_on if over else run.planned_end
    if end == run.valid_on:
        return [f"Le {start}"]
    if over and end is not None:
        return [f"Du {start} au {format_date(end)}"]
    begun = f"Depuis le {start}" if run.valid_on <= day else f"À partir du {start}"
    if end is None:
        return [begun]
    passed = ", dépassée" if end < day else ""
    return [begun, f"Fin prévue le {format_date(end)}{passed}"]


def action_rows(user: Any, page: ActionQuerySet, at: AsOf = NOW) -> list[ActionRow]:
    """The lines of one page (an ordered and sliced queryset of `filtered_actions`), in its order.

    Nine queries, and five for what is due, which is told only today.
    """
    # Keys first: a database that sorts thousands of dispositifs should not carry their objectives along.
    pks = list(page.values_list("pk", flat=True))
    joined = ("departement", "intervention")
    records = Action.objects.filter(pk__in=pks).declared(at).select_related(*joined).order_by("pk")
    actions: dict[int, Any] = {action.pk: action for action in records}
    spots = spots_of(user, actions, at)
    held = held_by(user, actions, at)
    funding = territory_of(user, Right.READ_FUNDING)
    # By its territory alone: what one reads by taking part would be asked of each dispositif.
    money = [pk for pk in pks if funding.everywhere or actions[pk].departement_id in funding.departements]
    discords = action_discords(pks, at, money=money)
    return [
        ActionRow(
            action=actions[pk],
            intervention=actions[pk].intervention,
            day=at.day,
            spots=spots[pk],
            pilots=held[pk, ParticipationRole.PILOT],
            operators=held[pk, ParticipationRole.OPERATOR],
            discords=discords.get(pk, ()),
        )
        for pk in pks
    ]


def spots_of(user: Any, actions: dict[int, Any], at: AsOf) -> dict[int, list[Spot]]:
    """Insertion sites first, which the dispositif made; then its sites; then where else it works."""
    readable = territory_of(user, Right.READ_SITES)
    spots: dict[int, list[Spot]] = defaultdict(list)
    grounds = InsertionSite.objects.filter(action__in=actions).exclude(opened_on__gt=at.day)
    for ground in grounds.select_related("commune").order_by("pk"):
        spots[ground.action_id].append(ground_spot(ground, at.day))
    links = present(ActionSite, at).filter(action__in=actions).select_related("site__commune")
    for link in links.order_by("site__name", "pk"):
        spots[link.action_id].append(site_spot(link.site, readable))
    for pk, action in actions.items():
        if action.place_kinds or action.place_note:
            spots[pk].append(elsewhere(action))
    return spots


def elsewhere(action: Action) -> Spot:
    """« Dans le logement », with what was added in free words."""
    kinds = [ActionPlace(kind).label for kind in action.place_kinds]
    return Spot(", ".join(kinds), action.place_note) if kinds else Spot(action.place_note)


def ground_spot(ground: InsertionSite, day: dt.date) -> Spot:
    closed = ground.closed_on is not None and ground.closed_on <= day
    kind = "terrain d’insertion fermé" if closed else "terrain d’insertion"
    name = ground.name or ground.address or str(ground.commune)
    return Spot(name, whereabouts(ground, name), kind=kind)


def site_spot(site: Any, readable: Territory) -> Spot:
    public_id = site.public_id if readable.covers(site.commune) else ""
    return Spot(site.name, whereabouts(site, site.name), public_id=public_id)


def whereabouts(thing: Any, name: str) -> str:
    """« Lille, 12 rue du Moulin », without what the name already says."""
    parts = (thing.commune.name, thing.address)
    return ", ".join(part for part in parts if part and part != name)


def held_by(user: Any, actions: dict[int, Any], at: AsOf) -> dict[tuple[int, ParticipationRole], list[Held]]:
    """The State services and the operators of some dispositifs, the main operator first."""
    rows = present(Participation, at).filter(action__in=actions, role__in=HELD_BY)
    parts = list(rows.select_related("participant").order_by("-is_main", "pk"))
    operated = {part.action_id for part in parts if part.role == ParticipationRole.OPERATOR}
    dues: dict[tuple[int, int], Due] = {}
    contacts: dict[tuple[int, int], list[ActionContact]] = defaultdict(list)
    mine: set[int] = set()
    if not at.is_past:
        # Contacts too are kept as they stand now: a view of the past does not show them.
        dues = {
            (pk, reporter.reporter.organisation.pk): reporter.due
            for pk, reporters in dues_of(actions.values()).items()
            for reporter in reporters
        }
        for contact in ActionContact.objects.filter(action__in=actions).order_by("pk"):
            contacts[contact.action_id, contact.organisation_id].append(contact)
        mine = user.organisation_ids if territory_of(user, Right.FOLLOW_ACTION) else set()
    held_by_role: dict[tuple[int, ParticipationRole], list[Held]] = defaultdict(list)
    for part in parts:
        role, key = ParticipationRole(part.role), (part.action_id, part.participant_id)
        # The State service fills in when there is no operator.
        fills = role == ParticipationRole.OPERATOR or part.action_id not in operated
        held = Held(
            organisation=part.participant,
            contacts=contacts[key],
            is_main=part.is_main,
            due=dues.get(key) if fills else None,
            own=part.participant_id in mine,
        )
        held_by_role[part.action_id, role].append(held)
    return held_by_role

"""What lasts: dates of a dispositif, who takes part, the sites it covers."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jalons.accounts.models import Organisation
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, ActionSite, FollowUp, Intervention, Lasting, Participation
from jalons.core.values import format_date
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, Stale, correct, enter, enter_all, withdraw
from jalons.sites.models import Site


@dataclass(frozen=True, slots=True)
class Part:
    """What an organisation does in a dispositif."""

    participant: Organisation
    role: ParticipationRole | str
    is_main: bool = False
    blocks: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, str]:
        return self.participant.pk, str(self.role)


def check_dates(starts_on: dt.date, planned_end: dt.date | None) -> None:
    if planned_end and planned_end < starts_on:
        raise Refused(
            f"La fin prévue ({format_date(planned_end)}) précède le début ({format_date(starts_on)})."
        )


def intervention_of(action: Action) -> Intervention:
    """The dates as we know them now."""
    return Intervention.objects.known().get(action=action)


@transaction.atomic
def set_dates(
    *,
    action: Action,
    by: Actor,
    starts_on: dt.date,
    planned_end: dt.date | None,
    reason: str = "",
    seen: Intervention | None = None,
) -> Intervention:
    """Say better when a dispositif begins and should end. `seen` is the version that the writer saw."""
    current = intervention_of(action)
    if (current.valid_on, current.planned_end) == (starts_on, planned_end):
        return current
    if seen is not None and seen.pk != current.pk:
        raise Stale(current)
    check_dates(starts_on, planned_end)
    check_start(action, starts_on)
    if current.ended_on and starts_on > current.ended_on:
        raise Refused(f"Le dispositif est fermé depuis le {format_date(current.ended_on)}, avant cette date.")
    for model in (Participation, ActionSite):
        begun = model._default_manager.known().filter(action=action, valid_on=current.valid_on)
        for fact in begun.order_by("pk"):
            if fact.ended_on is None or fact.ended_on >= starts_on:
                correct(fact=fact, by=by, reason=reason, valid_on=starts_on)
    return correct(fact=current, by=by, reason=reason, valid_on=starts_on, planned_end=planned_end)


def check_start(action: Action, starts_on: dt.date) -> None:
    """The figures of a follow-up before the beginning would be nowhere: refused here as it is on the follow-up."""
    follow_ups = FollowUp.objects.known().filter(action=action, valid_on__lt=starts_on).order_by("valid_on")
    first = follow_ups.values_list("valid_on", flat=True).first()
    if first:
        raise Refused(
            f"Un point de suivi a été rempli dès le {format_date(first)} : le dispositif ne peut pas commencer après "
            f"({format_date(starts_on)}). Corrigez d’abord la date de ce point, ou celle du début."
        )


@transaction.atomic
def set_parts(*, action: Action, parts: Sequence[Part], on: dt.date, by: Actor) -> None:
    """Who takes part from `on`: newcomers enter, those left out end, the others are said again if they changed."""
    wanted = {part.key: part for part in parts}
    if not any(part.role == ParticipationRole.PILOT for part in wanted.values()):
        raise Refused("Un dispositif a au moins un service pilote.")
    facts = {
        (fact.participant_id, fact.role): fact
        for fact in Participation.objects.known().filter(Participation.going_on(), action=action)
    }
    end_missing(facts, wanted, on, by)
    for key, part in wanted.items():
        columns: dict[str, Any] = {"is_main": part.is_main, "blocks": tuple(part.blocks)}
        if key not in facts:
            fact = Participation(
                action=action, participant=part.participant, role=part.role, valid_on=on, **columns
            )
            enter(fact=fact, by=by)
        elif any(getattr(facts[key], name) != value for name, value in columns.items()):
            correct(fact=facts[key], by=by, reason="", **columns)
    action.__dict__.pop("parts", None)


@transaction.atomic
def set_sites(*, action: Action, sites: Iterable[Site], on: dt.date, by: Actor) -> None:
    """The sites covered from `on`: the same rule as for those who take part."""
    wanted = {site.pk: site for site in sites}
    facts = {
        fact.site_id: fact for fact in ActionSite.objects.known().filter(ActionSite.going_on(), action=action)
    }
    end_missing(facts, wanted, on, by)
    newcomers = [
        ActionSite(action=action, site=site, valid_on=on) for pk, site in wanted.items() if pk not in facts
    ]
    enter_all(facts=newcomers, by=by)
    action.__dict__.pop("communes", None)


@transaction.atomic
def change_parts(
    *,
    action: Action,
    by: Actor,
    begun: Iterable[tuple[Part, dt.date]] = (),
    restated: Iterable[tuple[Participation, Part]] = (),
    ended: Iterable[tuple[Participation, dt.date]] = (),
) -> None:
    """Newcomers with their first day, participations said again, those that end with the first day without them.

    Those left out are untouched. Raises `Stale` when a version given is not the current one any more.
    """
    for fact, on in ended:
        end(fact, on, by)
    for fact, part in restated:
        changes: dict[str, Any] = {"is_main": part.is_main, "blocks": tuple(part.blocks)}
        if any(getattr(fact, name) != value for name, value in changes.items()):
            correct(fact=fact, by=by, reason="", **changes)
    going_on = Participation.objects.known().filter(Participation.going_on(), action=action)
    held = set(going_on.values_list("participant_id", "role"))
    for part, on in begun:
        if part.key in held:
            role = ParticipationRole(part.role).label.lower()
            raise Refused(f"{part.participant} est déjà {role} de ce dispositif.")
        held.add(part.key)
        does: dict[str, Any] = {"is_main": part.is_main, "blocks": tuple(part.blocks)}
        fact = Participation(action=action, participant=part.participant, role=part.role, valid_on=on, **does)
        enter(fact=fact, by=by)
    if not any(role == ParticipationRole.PILOT for _, role in held):
        raise Refused("Un dispositif a au moins un service pilote.")
    action.__dict__.pop("parts", None)


def end(fact: Lasting, on: dt.date, by: Actor) -> None:
    """What lasts ends on `on`; what had not begun by then was never true."""
    if fact.valid_on >= on:
        withdraw(fact=fact, by=by, reason="")
    else:
        correct(fact=fact, by=by, reason="", ended_on=on)


def end_missing(facts: Mapping[Any, Lasting], wanted: Mapping[Any, object], on: dt.date, by: Actor) -> None:
    """What is not wanted any more ends on `on`."""
    for key, fact in facts.items():
        if key not in wanted:
            end(fact, on, by)

"""Writing dispositifs. Every function says who writes (`by`) and is all or nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from jalons.accounts.enums import ParticipationRole
from jalons.accounts.models import Organisation
from jalons.actions.enums import FundingType, Job
from jalons.actions.models import (
    Action,
    ActionContact,
    ActionSite,
    Deadline,
    FollowUp,
    FundingLine,
    InsertionSite,
    Intervention,
    Lasting,
    Participation,
    ReminderRound,
    StaffLine,
)
from jalons.core.values import Value, fold, format_date, to_columns
from jalons.history.services import Actor, Stale, correct, enter, enter_all, save_record, withdraw
from jalons.sites.models import Site
from jalons.sites.services import Refused
from jalons.territories.models import Departement

__all__ = ["Refused"]


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


@dataclass(frozen=True, slots=True)
class Money:
    """One line of funding: amounts in euros, or why there is none. `line` is the version that the writer saw."""

    year: int
    kind: FundingType | str
    funder: Organisation | None = None
    note: str = ""
    amounts: Mapping[str, Value] = field(default_factory=dict)
    line: FundingLine | None = None

    def columns(self) -> dict[str, Any]:
        numbers, blanks = to_columns(self.amounts)
        told = {name: None if number is None else Decimal(number) for name, number in numbers.items()}
        amounts = {**dict.fromkeys(FundingLine.AMOUNTS), **told}
        return {
            "year": self.year,
            "kind": str(self.kind),
            "funder": self.funder,
            "note": self.note,
            "blanks": blanks,
            **amounts,
        }


@dataclass(frozen=True, slots=True)
class Worker:
    """One job of a team: a number of full-time equivalents, or None for « ponctuel »."""

    job: Job | str
    fte: Decimal | None = None
    job_note: str = ""


def save_action(
    *, action: Action, by: Actor, reason: str = "", expected_version: int | None = None
) -> Action:
    action.search_text = fold(f"{action.name} {action.departement.name}")[:400]
    return save_record(record=action, by=by, reason=reason, expected_version=expected_version)


@transaction.atomic
def declare_action(
    *,
    by: Actor,
    name: str,
    departement: Departement,
    starts_on: dt.date,
    themes: Iterable[str],
    parts: Sequence[Part],
    planned_end: dt.date | None = None,
    sites: Iterable[Site] = (),
    **described: Any,
) -> Action:
    """A new dispositif. A name, a start, a theme and a pilot are enough. `described`: other columns of `Action`."""
    action = Action(name=name, departement=departement, **described)
    action.themes = tuple(themes)  # type: ignore[assignment]  # CodesField
    save_action(action=action, by=by)
    check_dates(starts_on, planned_end)
    enter(fact=Intervention(action=action, valid_on=starts_on, planned_end=planned_end), by=by)
    set_parts(action=action, parts=parts, on=starts_on, by=by)
    set_sites(action=action, sites=sites, on=starts_on, by=by)
    return action


@transaction.atomic
def update_action(
    *, action: Action, by: Actor, expected_version: int, reason: str = "", **described: Any
) -> Action:
    """Other words for a dispositif. Raises `Stale` when someone else saved it meanwhile."""
    for name, value in described.items():
        setattr(action, name, value)
    return save_action(action=action, by=by, reason=reason, expected_version=expected_version)


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
    told = FollowUp.objects.known().filter(action=action, valid_on__lt=starts_on).order_by("valid_on")
    first = told.values_list("valid_on", flat=True).first()
    if first:
        raise Refused(
            f"Un point de suivi a été rempli dès le {format_date(first)} : le dispositif ne peut pas commencer après "
            f"({format_date(starts_on)}). Corrigez d’abord la date de ce point, ou celle du début."
        )


# --- who takes part, and where ---------------------------------------------------------------------------------


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
        told: dict[str, Any] = {"is_main": part.is_main, "blocks": tuple(part.blocks)}
        if key not in facts:
            fact = Participation(
                action=action, participant=part.participant, role=part.role, valid_on=on, **told
            )
            enter(fact=fact, by=by)
        elif any(getattr(facts[key], name) != value for name, value in told.items()):
            correct(fact=facts[key], by=by, reason="", **told)
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
    told: Iterable[tuple[Participation, Part]] = (),
    ended: Iterable[tuple[Participation, dt.date]] = (),
) -> None:
    """Newcomers with their first day, participations said again, those that end with the first day without them.

    Those left out are untouched. Raises `Stale` when a version given is not the current one any more.
    """
    for fact, on in ended:
        end(fact, on, by)
    for fact, part in told:
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


@transaction.atomic
def save_insertion_site(
    *, ground: InsertionSite, by: Actor, expected_version: int | None = None
) -> InsertionSite:
    saved = save_record(record=ground, by=by, expected_version=expected_version)
    ground.action.__dict__.pop("communes", None)
    return saved


@transaction.atomic
def remove_insertion_site(*, ground: InsertionSite, by: Actor) -> None:
    save_record(record=ground, by=by, reason="terrain retiré")
    ground.delete()


@transaction.atomic
def save_contact(*, contact: ActionContact, by: Actor, expected_version: int | None = None) -> ActionContact:
    return save_record(record=contact, by=by, expected_version=expected_version)


@transaction.atomic
def remove_contact(*, contact: ActionContact, by: Actor) -> None:
    save_record(record=contact, by=by, reason="contact retiré")
    contact.delete()


# --- money and team --------------------------------------------------------------------------------------------


@transaction.atomic
def set_money(
    *,
    action: Action,
    lines: Sequence[Money],
    by: Actor,
    on: dt.date,
    reason: str = "",
    source: str = "",
) -> list[tuple[FundingLine, FundingLine | None]]:
    """The lines given: new ones enter, those that say something else than the version seen replace it.

    Lines left out are untouched. Returns what was written, each with the version that it replaced. `source`: where
    new lines come from, when nobody typed them. Raises `Stale` when a line was changed by someone else meanwhile.
    """
    written: list[tuple[FundingLine, FundingLine | None]] = []
    for money in lines:
        told = money.columns()
        if money.line is None:
            fact = FundingLine(action=action, valid_on=on, reason=source, **told)
            written.append((enter(fact=fact, by=by), None))
        elif any(getattr(money.line, name) != value for name, value in told.items()):
            written.append((correct(fact=money.line, by=by, reason=reason or source, **told), money.line))
    return written


def remove_money(*, line: FundingLine, by: Actor, reason: str) -> FundingLine:
    return withdraw(fact=line, by=by, reason=reason)


def last_staff_line(action: Action, reporter: Organisation) -> int:
    """The primary key of the last line told of the team of an operator; 0 when nothing was."""
    told = StaffLine.objects.known().filter(action=action, reporter=reporter)
    return max(told.values_list("pk", flat=True), default=0)


@transaction.atomic
def set_team(
    *,
    action: Action,
    reporter: Organisation,
    on: dt.date,
    team: Sequence[Worker],
    by: Actor,
    reason: str = "",
    seen: int | None = None,
) -> None:
    """The whole team of an operator on a date. What was told of the same date is replaced.

    `seen`: the last line of that operator that the writer saw, 0 for none. Raises `Stale` when there is another.
    """
    Action.objects.select_for_update(no_key=True).get(pk=action.pk)
    if seen is not None and seen != last_staff_line(action, reporter):
        raise Stale(None)
    before = StaffLine.objects.known().filter(action=action, reporter=reporter, valid_on=on).order_by("pk")
    old = list(before)
    same = [(line.job, line.fte, line.job_note) for line in old]
    if same == [(str(one.job), one.fte, one.job_note) for one in team]:
        return
    for line in old:
        withdraw(fact=line, by=by, reason=reason)
    facts = [
        StaffLine(
            action=action,
            reporter=reporter,
            valid_on=on,
            job=one.job,
            job_note=one.job_note,
            fte=one.fte,
            occasional=one.fte is None,
        )
        for one in team
    ]
    enter_all(facts=facts, by=by)


# --- deadlines, closing ----------------------------------------------------------------------------------------


@transaction.atomic
def add_deadline(*, action: Action | None, due_on: dt.date, by: Actor, label: str = "") -> Deadline:
    """One more date at which the follow-up is asked; the same twice is one."""
    known = Deadline.objects.filter(action=action, due_on=due_on).first()
    return known or save_record(record=Deadline(action=action, due_on=due_on, label=label), by=by)


@transaction.atomic
def remove_deadline(*, deadline: Deadline, by: Actor) -> None:
    save_record(record=deadline, by=by, reason="échéance retirée")
    deadline.delete()


@transaction.atomic
def close_action(
    *, action: Action, by: Actor, ended_on: dt.date, final_account: str = "", seen: Intervention | None = None
) -> Intervention:
    """Close a dispositif, with its final account. `seen` is the version of the dates that the writer saw."""
    current = seen_now(action, seen)
    if current.ended_on:
        raise Refused(f"Ce dispositif est déjà fermé depuis le {format_date(current.ended_on)}.")
    if ended_on < current.valid_on:
        raise Refused(
            f"La fermeture ({format_date(ended_on)}) précède le début ({format_date(current.valid_on)})."
        )
    return correct(fact=current, by=by, reason="fermeture", ended_on=ended_on, final_account=final_account)


@transaction.atomic
def reopen_action(
    *, action: Action, by: Actor, reason: str, seen: Intervention | None = None
) -> Intervention:
    """Undo a closing. The closing and its account stay readable as they were known."""
    current = seen_now(action, seen)
    if not current.ended_on:
        raise Refused("Ce dispositif est déjà ouvert.")
    return correct(fact=current, by=by, reason=reason, ended_on=None, final_account="")


def seen_now(action: Action, seen: Intervention | None) -> Intervention:
    current = intervention_of(action)
    if seen is not None and seen.pk != current.pk:
        raise Stale(current)
    return current


# --- reminders -------------------------------------------------------------------------------------------------


@transaction.atomic
def open_round(*, day: dt.date) -> bool:
    """Takes the reminders of a day, for a transaction that writes them all. False when another has done it."""
    return ReminderRound.objects.get_or_create(day=day)[1]

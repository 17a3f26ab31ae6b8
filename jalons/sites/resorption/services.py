"""Writing the preparatory steps of a resorption, and whether a site can be fitted out."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from jalons.core.values import format_date
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, Stale, check_current, correct, enter, withdraw
from jalons.sites.enums import StepState
from jalons.sites.models import PreparatoryStep, Site, SiteSuitability
from jalons.sites.resorption.progress import PENDING
from jalons.sites.services.occupations import occupation_of

REPLACED = "remplacée par une situation datée d’avant"


@transaction.atomic
def set_step(
    *,
    site: Site,
    kind: str,
    state: str,
    on: dt.date,
    by: Actor,
    at: dt.datetime | None = None,
    **details: Any,
) -> PreparatoryStep:
    """Say where a step stands from `on` on; `details` are the other columns. `at`: when it was known, now otherwise.

    It holds until somebody says something else: what was said for later days is replaced. So a step said to be done on
    a day before the one on which it was said to be foreseen is done, and what was known before is still read as known.
    """
    refuse_after_closing(site, state, on)
    later = [step for step in steps_of(site, kind) if step.valid_on > on]
    if not later:
        known = {"recorded_at": at} if at else {}
        step = PreparatoryStep(site=site, kind=kind, state=state, valid_on=on, **known, **details)
        return enter(fact=step, by=by)
    withdraw_all(later[1:], by, at)
    reason = f"{StepState(state).label.lower()} au {format_date(on)}, avant ce qui était noté"
    return correct(fact=later[0], by=by, reason=reason, at=at, state=state, valid_on=on, **plain(details))


@transaction.atomic
def correct_step(
    *,
    step: PreparatoryStep,
    state: str,
    on: dt.date,
    by: Actor,
    reason: str,
    at: dt.datetime | None = None,
    **details: Any,
) -> PreparatoryStep:
    """The same situation, said better: a date, who is in charge, a mistaken state. Later ones are replaced as well."""
    check_current(step)
    refuse_after_closing(step.site, state, on)
    others = [other for other in steps_of(step.site, step.kind) if other.pk != step.pk]
    withdraw_all((other for other in others if other.valid_on > on), by, at)
    return correct(fact=step, by=by, reason=reason, at=at, state=state, valid_on=on, **plain(details))


def plain(details: dict[str, Any]) -> dict[str, Any]:
    """What a correction says of the columns that it does not name: nothing more."""
    return {"planned_on": None, "led_by": None, "led_by_person": None, "note": ""} | details


def steps_of(site: Site, kind: str) -> list[PreparatoryStep]:
    """What is known of one step, in the order of its days."""
    rows = PreparatoryStep.objects.known().filter(site=site, kind=kind)
    return list(rows.order_by("valid_on", "recorded_at", "pk"))


def withdraw_all(steps: Iterable[PreparatoryStep], by: Actor, at: dt.datetime | None) -> None:
    for step in steps:
        withdraw(fact=step, by=by, reason=REPLACED, at=at)


def refuse_after_closing(site: Site, state: str, on: dt.date) -> None:
    """A closed site takes what was done or decided by its last day; nothing is foreseen there any more."""
    ended_on = occupation_of(site).ended_on
    if ended_on is None:
        return
    if state in PENDING:
        raise Refused(
            f"Ce site est fermé depuis le {format_date(ended_on)} : plus rien n’y est prévu. Dites ce qui a été fait, "
            "ou rouvrez le site."
        )
    if on > ended_on:
        raise Refused(
            f"Ce site est fermé depuis le {format_date(ended_on)} : une étape n’y est plus faite après ce jour."
        )


def step_unchanged_since(*, site: Site, kind: str, seen: PreparatoryStep | None) -> None:
    """Raises `Stale` when another situation of this step is in force than the one that the form was opened on."""
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    known = (
        PreparatoryStep.objects.known().filter(site=site, kind=kind).select_related("author", "organisation")
    )
    last = known.ranked().first()
    if last is not None and last != seen:
        raise Stale(last)


@transaction.atomic
def set_suitability(
    *,
    site: Site,
    answer: str,
    on: dt.date,
    source_kind: str,
    by: Actor,
    constraints: Iterable[str] = (),
    source: Any = None,
    note: str = "",
) -> SiteSuitability:
    """Whether the site can be fitted out, as somebody looked at it on `on`."""
    occupation_of(site)
    fact = SiteSuitability(
        site=site,
        valid_on=on,
        answer=answer,
        constraints=tuple(constraints),  # type: ignore[misc]  # a tuple in Python, one text in the base
        source_kind=source_kind,
        source=source,
        note=note,
    )
    return enter(fact=fact, by=by)

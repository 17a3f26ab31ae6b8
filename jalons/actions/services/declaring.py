"""A new dispositif, its closing and reopening."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from jalons.actions.models import Action, Intervention
from jalons.actions.services.deadlines import seen_now
from jalons.actions.services.lasting import Part, check_dates, set_parts, set_sites
from jalons.actions.services.records import save_action
from jalons.core.values import format_date
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, correct, enter
from jalons.sites.models import Site
from jalons.territories.models import Departement


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
    action.themes = tuple(themes)
    save_action(action=action, by=by)
    check_dates(starts_on, planned_end)
    enter(fact=Intervention(action=action, valid_on=starts_on, planned_end=planned_end), by=by)
    set_parts(action=action, parts=parts, on=starts_on, by=by)
    set_sites(action=action, sites=sites, on=starts_on, by=by)
    return action


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

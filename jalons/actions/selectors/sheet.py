"""Everything that one person may read of a dispositif, as of any date."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.actions.models import (
    Action,
    ActionContact,
    ActionSite,
    FundingLine,
    InsertionSite,
    Intervention,
    Participation,
    StaffLine,
)
from jalons.actions.selectors.spending import funding_lines
from jalons.actions.selectors.team import team_on
from jalons.history.querysets import NOW, AsOf
from jalons.sites.models import Site


@dataclass(frozen=True, slots=True)
class Sheet:
    """`described`: the words of the record as they were known. `funding` is None for who may not read it.

    `hidden_sites`: how many sites the dispositif covers that the reader may not see.
    """

    action: Action
    described: Action
    at: AsOf
    run: Intervention
    parts: Sequence[Participation]
    contacts: Sequence[ActionContact]
    sites: Sequence[Site]
    hidden_sites: int
    grounds: Sequence[InsertionSite]
    team: Sequence[StaffLine]
    funding: Sequence[FundingLine] | None

    @property
    def closed_on(self) -> dt.date | None:
        """The day it ended, if it was over on the date looked at."""
        return self.run.ended_on if self.run.ended_on and self.run.ended_on <= self.at.day else None

    @property
    def final_account(self) -> str:
        return self.run.final_account if self.closed_on else ""


def run_of(action: Action, at: AsOf = NOW) -> Intervention | None:
    """The dates of a dispositif as they were known then; None before it was declared. One query."""
    return Intervention.objects.known(at).filter(action=action).order_by("pk").first()


def has_begun(run: Intervention, at: AsOf) -> bool:
    """False for a date asked before the start; one that is still to come is shown as it is planned."""
    return at.valid is None or run.valid_on <= at.valid


def action_sheet(user: Any, action: Action, at: AsOf, run: Intervention) -> Sheet:
    """Nine queries, whatever was written. Without the right to read it, funding is not asked of the base."""
    when = planned_day(run, at)
    links = ActionSite.objects.going_on(when).filter(action=action)
    covered = Site.objects.filter(action_links__in=links).distinct()
    sites = covered.visible_to(user).select_related("commune").order_by("name", "pk")
    visible = list(sites)
    parts = Participation.objects.going_on(when).filter(action=action).select_related("participant")
    return Sheet(
        action=action,
        described=as_described(action, at),
        at=at,
        run=run,
        parts=list(parts.order_by("-is_main", "valid_on", "pk")),
        contacts=records_of(ActionContact, action, at, "organisation"),
        sites=visible,
        hidden_sites=covered.count() - len(visible),
        grounds=records_of(InsertionSite, action, at, "commune"),
        team=team_of(action, at),
        funding=funding_of(action, at) if can(user, Right.READ_FUNDING, action) else None,
    )


def planned_day(run: Intervention, at: AsOf) -> AsOf:
    """Where to look for those who take part: at the start, when it is still to come."""
    return replace(at, valid=run.valid_on) if run.valid_on > at.day else at


def funding_of(action: Action, at: AsOf) -> list[FundingLine]:
    """The lines known, by year, newest first. On a past date, those that were true then. The caller has the right."""
    lines = funding_lines(at)
    return list(
        lines.filter(action=action)
        .select_related("funder")
        .order_by("-year", F("planned").desc(nulls_last=True), "pk")
    )


def team_of(action: Action, at: AsOf) -> list[StaffLine]:
    """What each operator told last of its team, operator by operator."""
    teams_by_operator: dict[int, dict[dt.date, list[StaffLine]]] = {}
    lines = StaffLine.objects.as_of(at).filter(action=action).select_related("reporter")
    for line in lines.order_by("reporter__name", "reporter", "valid_on", "pk"):
        teams_by_operator.setdefault(line.reporter_id, {}).setdefault(line.valid_on, []).append(line)
    return [line for teams in teams_by_operator.values() for line in team_on(teams, at.day)]


# --- records as they were known --------------------------------------------------------------------------------


def as_described(action: Action, at: AsOf) -> Action:
    """The words of the record as they were known then; today's when only the world is looked at in the past."""
    if at.instant is None:
        return action
    rows = action.history.filter(history_date__lt=at.instant)
    row = rows.select_related("changed_for").order_by("-history_date", "-history_id").first()
    if row is None:
        return action
    then: Action = row.instance
    then.departement, then.changed_for = action.departement, row.changed_for
    return then


def records_of(model: Any, action: Action, at: AsOf, related: str) -> list[Any]:
    """Contacts or grounds of a dispositif, as they were known; the first declared first. One query."""
    if at.instant is None:
        return list(model.objects.filter(action=action).select_related(related).order_by("pk"))
    rows = model.history.filter(action=action, history_date__lt=at.instant).select_related(related)
    last = {row.id: row for row in rows.order_by("id", "history_date", "history_id")}
    records = []
    for row in last.values():
        if row.history_type != "-":
            record = row.instance
            setattr(record, related, getattr(row, related))
            records.append(record)
    return records

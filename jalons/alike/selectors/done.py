"""What was done on some closed sites, for one reader: dispositifs, their cost, where people went, where they settled
again. A constant number of queries.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.actions.enums import ActionTheme, ParticipationRole
from jalons.actions.figures import amount
from jalons.actions.models import Action, ActionSite, Participation
from jalons.actions.selectors.spending import funding_lines
from jalons.alike.costs import CostedRun, Counts, HouseholdCost, household_cost
from jalons.core.values import Number, Sum, format_date, format_number, plural, total, value_from
from jalons.core.values.numbers import exact
from jalons.history.querysets import AsOf
from jalons.indicators.models import Measurement
from jalons.sites.models import Orientation, Resettlement

HOUSEHOLDS = "menages"


@dataclass(frozen=True, slots=True)
class PastAction:
    """A dispositif that covered a site. `cost` is None for who may not read its funding."""

    name: str
    url: str
    themes: Sequence[str]
    operators: Sequence[str]
    dates: str
    cost: HouseholdCost | None


def actions_on(user: Any, sites: Collection[int], at: AsOf) -> Mapping[int, Sequence[PastAction]]:
    """The dispositifs that covered each site, among those that the person sees. At most seven queries."""
    if not sites or not has(user, Right.READ_ACTIONS):
        return {}
    links = ActionSite.objects.as_of(at).filter(site__in=sites).order_by("valid_on", "pk")
    pairs = list(dict.fromkeys(links.values_list("site", "action")))
    seen = Action.objects.visible_to(user).on(at).filter(pk__in={action for _, action in pairs})
    actions: dict[int, Any] = {action.pk: action for action in seen.select_related("intervention")}
    parts = operators_by_action(actions, at)
    costs = costs_of(user, actions, parts, at)
    by_site: dict[int, list[PastAction]] = defaultdict(list)
    for site, pk in pairs:
        if pk in actions:
            by_site[site].append(past_action(actions[pk], parts[pk], costs.get(pk), at))
    return by_site


def past_action(
    action: Any, parts: Sequence[Participation], cost: HouseholdCost | None, at: AsOf
) -> PastAction:
    query = f"?{at.query}" if at.query else ""
    run = action.intervention
    since = format_date(run.valid_on)
    over = run.ended_on is not None and run.ended_on <= at.day
    return PastAction(
        name=action.name,
        url=reverse("actions:sheet", args=[action.public_id]) + query,
        themes=[str(ActionTheme(theme).label) for theme in action.themes],
        operators=list(dict.fromkeys(str(part.participant) for part in parts)),
        dates=f"du {since} au {format_date(run.ended_on)}" if over else f"depuis le {since}",
        cost=cost,
    )


def operators_by_action(actions: Collection[int], at: AsOf) -> Mapping[int, list[Participation]]:
    """Whoever was an operator by then, the main one first."""
    rows = Participation.objects.as_of(at).filter(role=ParticipationRole.OPERATOR, action__in=list(actions))
    by_action: dict[int, list[Participation]] = defaultdict(list)
    for part in rows.select_related("participant").order_by("-is_main", "pk"):
        by_action[part.action_id].append(part)
    return by_action


def costs_of(
    user: Any, actions: Mapping[int, Any], parts: Mapping[int, list[Participation]], at: AsOf
) -> Mapping[int, HouseholdCost]:
    """Of the dispositifs of which the person reads the funding: three queries."""
    if not actions or not has(user, Right.READ_FUNDING):
        return {}
    mine = Action.objects.filter(pk__in=list(actions)).writable_by(user, Right.READ_FUNDING).order_by()
    readable = set(mine.values_list("pk", flat=True))
    spent = spent_by_year(readable, at)
    counts = household_counts(readable, parts, at)
    return {
        pk: household_cost(run_of(actions[pk].intervention, at), spent.get(pk, {}), counts.get(pk, ()))
        for pk in readable
    }


def run_of(run: Any, at: AsOf) -> CostedRun:
    end = at.day + dt.timedelta(days=1)
    return CostedRun(run.valid_on, min(run.ended_on or end, end))


def spent_by_year(actions: Collection[int], at: AsOf) -> Mapping[int, Mapping[int, Sum]]:
    lines = funding_lines(at).filter(action__in=actions).order_by("pk")
    values: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for action, year, executed, blanks in lines.values_list("action", "year", "executed", "blanks"):
        values[action][year].append(amount(executed, blanks.get("executed")))
    return {
        action: {year: total(amounts) for year, amounts in by_year.items()}
        for action, by_year in values.items()
    }


def household_counts(
    actions: Collection[int], parts: Mapping[int, list[Participation]], at: AsOf
) -> Mapping[int, Sequence[Counts]]:
    """The households that each operator followed, day by day; none after it left."""
    counted = Measurement.objects.actuals(at).filter(
        series__indicator__code=HOUSEHOLDS, series__action__in=actions
    )
    # Of two counts of one day the last of this order stands, as everywhere else.
    rows = counted.order_by("valid_on", "measure", "recorded_at", "pk").values_list(
        "series__action", "series__reporter", "valid_on", "number"
    )
    days: dict[tuple[int, int | None], dict[dt.date, Number | None]] = defaultdict(dict)
    for action, reporter, on, number in rows:
        days[action, reporter][on] = exact(number)
    by_action: dict[int, list[Counts]] = defaultdict(list)
    for (action, reporter), counts in days.items():
        ended = [part.ended_on for part in parts.get(action, ()) if part.participant_id == reporter]
        if ended and all(ended):
            counts[max(day for day in ended if day)] = 0
        by_action[action].append(sorted(counts.items()))
    return by_action


def orientations_of(occupations: Iterable[int]) -> Mapping[int, Sequence[str]]:
    """« Logement : 42 personnes », by occupation: one query."""
    words: dict[int, list[str]] = defaultdict(list)
    for row in Orientation.objects.filter(occupation__in=list(occupations)).order_by("pk"):
        people = value_from(row.people, row.blanks.get("people"))
        number = people.number
        counted = (
            f"{format_number(number)} {plural(number, 'personne', 'personnes')}"
            if number is not None
            else "nombre de personnes inconnu"
        )
        words[row.occupation_id].append(f"{row.get_kind_display()}\u00a0: {counted}")
    return words


def resettlements_from(sites: Collection[int], at: AsOf) -> Mapping[int, str]:
    """« vers 2 autres sites, 30 personnes (1 réinstallation chiffrée sur 2) », by site left: one query."""
    rows = Resettlement.objects.as_of(at).filter(origin__in=sites).order_by("pk")
    targets: dict[int, set[int]] = defaultdict(set)
    people: dict[int, list[Any]] = defaultdict(list)
    for origin, site, number, blanks in rows.values_list("origin", "site", "people", "blanks"):
        targets[origin].add(site)
        people[origin].append(value_from(number, blanks.get("people")))
    words = {}
    for origin, sites_joined in targets.items():
        count, moved = len(sites_joined), total(people[origin])
        where = f"vers {format_number(count)} {plural(count, 'autre site', 'autres sites')}"
        coverage = moved.coverage("réinstallation chiffrée", "réinstallations chiffrées")
        known = (
            f", {moved.short()} {plural(int(moved.total), 'personne', 'personnes')}" if moved.is_known else ""
        )
        words[origin] = f"{where}{known} ({coverage})"
    return words

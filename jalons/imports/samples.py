"""A small table of each kind, made of what the person may write: given as it is, it asks and refuses nothing."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import OrganisationKind, Right
from jalons.accounts.organisations import Directory, organisation_label
from jalons.accounts.permissions import Territory
from jalons.actions.enums import FundingType
from jalons.actions.funders import contradicts
from jalons.actions.models import FundingLine
from jalons.core import clock
from jalons.core.values import format_date
from jalons.exports.writers.cells import guarded
from jalons.history.services import Actor
from jalons.imports.enums import TargetKind
from jalons.imports.judging.dispositifs import filled_by, runs_of, writable_actions
from jalons.imports.permissions import own_territory
from jalons.imports.trips.follow_ups import rows_of
from jalons.sites.models import Site
from jalons.territories.models import Commune

Rows = list[dict[str, str]]
EXAMPLE = "Exemple à remplacer"
COUNTS = {"people": "42", "households": "9", "minors": "19", "minors_at_school": "11"}
ANSWERS = {"water": "oui", "toilets": "non"}
# For who may write nothing of that kind: what such a table looks like.
GENERIC: Mapping[str, dict[str, str]] = {
    TargetKind.SITES: {"commune": "Lille", "name": EXAMPLE, **COUNTS},
    TargetKind.CONDITIONS: {"commune": "Lille", "name": EXAMPLE, **ANSWERS},
    TargetKind.FUNDING: {"action": EXAMPLE, "funder": "DDETS", "year": "2026", "planned": "185 000"},
    TargetKind.INDICATORS: {"action": EXAMPLE, "indicator": "Ménages", "unit": "ménages", "value": "14"},
    TargetKind.ORGANISATIONS: {"name": EXAMPLE, "kind": "Association", "commune": "Lille"},
}
DATED = (TargetKind.SITES, TargetKind.CONDITIONS, TargetKind.INDICATORS)


def sample_rows(kind: str, by: Actor) -> Rows:
    today = clock.today()
    rows = MAKERS[kind](by, today)
    if rows:
        return rows
    day = {"observed_on": format_date(today)} if kind in DATED else {}
    return [{**GENERIC[kind], **day}]


def site_rows(by: Actor, today: dt.date, content: Mapping[str, str]) -> Rows:
    """Sites on which the person writes; else a new one in a commune where they declare."""
    day = {"observed_on": format_date(today)}
    where = own_territory(by, Right.UPDATE_SITE)
    sites = Site.objects.visible_to(by.user).in_territory(where).open_on().select_related("commune")
    rows = [
        {
            "code": site.public_id,
            "insee": site.commune_id,
            "commune": site.commune.name,
            "name": site.name,
            **day,
        }
        for site in sites.filter(occupation__valid_on__lt=today).order_by("name", "pk")[:2]
    ]
    if not rows and (commune := a_commune(own_territory(by, Right.DECLARE_SITE))):
        rows = [{"code": "", "insee": commune.pk, "commune": commune.name, "name": EXAMPLE, **day}]
    return [{**row, **content} for row in rows]


def a_commune(territory: Territory) -> Commune | None:
    if not territory:
        return None
    communes = Commune.objects.order_by("-population", "pk")
    if not territory.everywhere:
        where = Q(departement__in=territory.departements) | Q(epci__in=territory.epcis)
        communes = communes.filter(where | Q(pk__in=territory.communes))
    return communes.first()


def name_of(action: Any, names: list[str]) -> str:
    """Its name, or its code when another one has that name too, or when a spreadsheet would take it for a formula."""
    is_safe = names.count(action.name) == 1 and guarded(action.name) == action.name
    return str(action.name if is_safe else action.public_id)


def funding_rows(by: Actor, today: dt.date) -> Rows:
    """Of the first dispositif whose money the person writes; a year that this funder has not told yet."""
    read = writable_actions(by, Right.READ_FUNDING)
    actions = [action for key, action in writable_actions(by, Right.WRITE_FUNDING).items() if key in read]
    if not actions:
        return []
    first, funder = actions[0], by.organisation
    kind = next(kind for kind in reversed(FundingType) if not contradicts(kind, funder))
    lines = FundingLine.objects.known().filter(action=first, funder=funder)
    taken = set(lines.values_list("year", flat=True))
    year = next(year for year in range(today.year, today.year + 60) if year not in taken)
    names = [action.name for action in actions]
    return [
        {
            "action": name_of(first, names),
            "funder": organisation_label(funder),
            "kind": kind.label,
            "year": str(year),
            "planned": "185 000",
            "executed": "92 500,40",
        }
    ]


def indicator_rows(by: Actor, today: dt.date) -> Rows:
    """Two figures of a dispositif that the person fills in, which has begun."""
    filled = filled_by(by)
    runs = runs_of(part.action for part in filled.values())
    begun = [part for part in filled.values() if (run := runs.get(part.action.pk)) and run.valid_on <= today]
    names = [part.action.name for part in {part.action.pk: part for part in filled.values()}.values()]
    for part in begun:
        rows = [
            {
                "action": name_of(part.action, names),
                "reporter": organisation_label(part.reporter),
                "indicator": row.indicator.label,
                "unit": row.indicator.unit,
                "observed_on": format_date(today),
                "value": "14",
            }
            for row in rows_of([part])
            if row.indicator.parent_id is None
        ]
        if rows:
            return rows[:2]
    return []


def organisation_rows(by: Actor, today: dt.date) -> Rows:
    commune = a_commune(own_territory(by, Right.MANAGE_ACCOUNTS))
    if commune is None:
        return []
    name = f"{EXAMPLE} {len(Directory().organisations)}"
    return [
        {
            "name": name,
            "kind": OrganisationKind.ASSOCIATION.label,
            "insee": commune.pk,
            "commune": commune.name,
            "siret": "",
        }
    ]


MAKERS: Mapping[str, Callable[[Actor, dt.date], Rows]] = {
    TargetKind.SITES: lambda by, today: site_rows(by, today, COUNTS),
    TargetKind.CONDITIONS: lambda by, today: site_rows(by, today, ANSWERS),
    TargetKind.FUNDING: funding_rows,
    TargetKind.INDICATORS: indicator_rows,
    TargetKind.ORGANISATIONS: organisation_rows,
}

"""Who told what within a period: what a report rests on, and what is missing of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max

from jalons.actions.enums import ParticipationRole
from jalons.actions.figures import running
from jalons.actions.models import Action, FollowUp, Participation
from jalons.core.values import fold
from jalons.editions.making.materials import structures_then
from jalons.editions.making.places import SiteLine
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import described
from jalons.territories.models import Departement


@dataclass(frozen=True, slots=True)
class PlaceCoverage:
    """Of a département: its open sites, those counted within the period, those never counted."""

    code: str
    name: str
    sites: int
    counted: int
    never: int


def coverage_by_departement(asked: FigureQuestion, lines: Iterable[SiteLine]) -> list[PlaceCoverage]:
    """`lines`: its open sites. One query."""
    first, last = asked.days
    by_code: dict[str, list[SiteLine]] = {}
    for line in lines:
        by_code.setdefault(line.departement, []).append(line)
    names = dict(Departement.objects.filter(pk__in=by_code).order_by().values_list("code", "name"))
    return [
        PlaceCoverage(
            code=code,
            name=f"{names.get(code, code)} ({code})",
            sites=len(sites),
            counted=sum(bool(site.counted_on and first <= site.counted_on <= last) for site in sites),
            never=sum(site.counted_on is None for site in sites),
        )
        for code, sites in sorted(by_code.items())
    ]


@dataclass(frozen=True, slots=True)
class SilentAction:
    """A dispositif in progress of which nothing was told within the period. `pk`: of the row."""

    pk: int
    departement: str
    key: str
    name: str
    operators: str
    latest: dt.date | None


def silent_actions(asked: FigureQuestion) -> list[SilentAction]:
    """By name, among those that the reader sees. Five queries."""
    first, last = asked.days
    actions = {action.pk: action for action in running(asked).order_by("pk")}
    reports = FollowUp.objects.as_of(asked.at).filter(action__in=list(actions), valid_on__lte=last)
    latest = dict(reports.order_by().values_list("action").annotate(Max("valid_on")))
    silent = [pk for pk in actions if latest.get(pk) is None or latest[pk] < first]
    operators = operators_then(silent, asked)
    names = {action.pk: action.name for action in described(Action, asked.at, id__in=silent)}
    rows = [
        SilentAction(
            pk=pk,
            departement=actions[pk].departement_id,
            key=actions[pk].public_id,
            name=names.get(pk, actions[pk].name),
            operators=", ".join(operators.get(pk, [])),
            latest=latest.get(pk),
        )
        for pk in silent
    ]
    return sorted(rows, key=lambda row: (fold(row.name), row.key))


def operators_then(pks: Iterable[int], asked: FigureQuestion) -> dict[int, list[str]]:
    """The operators of some dispositifs, the main one first, as they were named then. Two queries."""
    parts = Participation.objects.going_on(asked.at).filter(
        role=ParticipationRole.OPERATOR, action__in=list(pks)
    )
    rows = list(
        parts.order_by("-is_main", "pk").values_list("action_id", "participant_id", "participant__name")
    )
    names = structures_then((participant for _, participant, _ in rows), asked.at)
    operators: dict[int, list[str]] = {}
    for action, participant, name in rows:
        operators.setdefault(action, []).append(names.get(participant, name))
    return operators

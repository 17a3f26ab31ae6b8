"""The dates of a dispositif that do not agree with its beginning or its closing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any

from django.db.models import CharField, Value

from jalons.actions.models import (
    Action,
    ActionSite,
    Deadline,
    FollowUp,
    FundingLine,
    Intervention,
    Participation,
    StaffLine,
)
from jalons.history.chronology import Dated, Life, Wording, discords
from jalons.history.querysets import NOW, AsOf


class ActionFact(StrEnum):
    """What is dated in a dispositif, in the order in which it is told."""

    FOLLOW_UP = "follow_up"
    PART = "part"
    SITE = "site"
    STAFF = "staff"
    FUNDING = "funding"
    DEADLINE = "deadline"


WORDINGS: dict[StrEnum, Wording] = {
    ActionFact.FOLLOW_UP: Wording(
        "Le point de suivi du {day} est daté", "points de suivi sont datés", on_last_day=True
    ),
    ActionFact.PART: Wording(
        "Une structure intervient à partir du {day},", "structures interviennent", on_last_day=True
    ),
    ActionFact.SITE: Wording(
        "Un site est couvert à partir du {day},", "sites sont couverts", on_last_day=True
    ),
    ActionFact.STAFF: Wording("L’équipe du {day} est datée", "équipes sont datées", on_last_day=True),
    ActionFact.FUNDING: Wording(
        "Le financement de {year} porte", "années de financement portent", on_last_day=True
    ),
    ActionFact.DEADLINE: Wording("L’échéance du {day} tombe", "échéances tombent", on_last_day=True),
}
SOURCES: tuple[tuple[ActionFact, Any], ...] = (
    (ActionFact.FOLLOW_UP, FollowUp),
    (ActionFact.PART, Participation),
    (ActionFact.SITE, ActionSite),
    (ActionFact.STAFF, StaffLine),
)
ONE_A_DAY = frozenset([ActionFact.STAFF, ActionFact.FOLLOW_UP])
Row = tuple[int, Dated]


def life_of(run: Intervention | None) -> Life:
    begins, ends = (run.valid_on, run.ended_on) if run else (None, None)
    return Life(begins, ends, begun="le début du dispositif", ended="la fermeture du dispositif")


def day_of_year(year: int, life: Life) -> dt.date:
    """The day that stands for a year of funding: it agrees as soon as one of the days of the year does."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if life.begins and last < life.begins:
        return last
    return max(first, life.begins) if life.begins else first


def action_discords(
    pks: Collection[int], at: AsOf = NOW, *, money: Collection[int] = ()
) -> dict[int, list[str]]:
    """What does not agree, by primary key of the dispositif; those where all agrees are left out. Three queries.

    `money`: the dispositifs of which the reader may read the funding.
    """
    runs = {run.action_id: run for run in Intervention.objects.known(at).filter(action__in=pks)}
    lives = {pk: life_of(runs.get(pk)) for pk in pks}
    facts: dict[int, list[Dated]] = defaultdict(list)
    for pk, fact in [*dated(pks, at), *funded(money, lives, at)]:
        facts[pk].append(fact)
    discords_by_action = {pk: discords(lives[pk], facts[pk], WORDINGS) for pk in pks}
    return {pk: sentences for pk, sentences in discords_by_action.items() if sentences}


def dated(pks: Collection[int], at: AsOf) -> Iterator[Row]:
    """One query: a union of what each kind of fact says of its dates."""
    parts = [
        said_of(model.objects.known(at).filter(action__in=pks), kind, "valid_on") for kind, model in SOURCES
    ]
    chosen = said_of(Deadline.objects.filter(action__in=pks), ActionFact.DEADLINE, "due_on")
    for pk, day, kind in chosen.union(*parts, all=True):
        yield pk, Dated(ActionFact(kind), day)


def said_of(rows: Any, kind: ActionFact, day: str) -> Any:
    typed_rows = rows.order_by().annotate(fact_kind=Value(kind.value, output_field=CharField()))
    days = typed_rows.values_list("action_id", day, "fact_kind")
    # The several jobs of a team, the several reporters of a day, are one date.
    return days.distinct() if kind in ONE_A_DAY else days


def funded(pks: Collection[int], lives: Mapping[int, Life], at: AsOf) -> Iterator[Row]:
    rows = FundingLine.objects.known(at).filter(action__in=pks).order_by("year")
    for pk, year in rows.values_list("action_id", "year").distinct() if pks else ():
        yield pk, Dated(ActionFact.FUNDING, day_of_year(year, lives[pk]))


def known_discords(action: Action, *, money: bool, at: AsOf = NOW) -> list[str]:
    """What does not agree in one dispositif."""
    return action_discords([action.pk], at, money=[action.pk] if money else ()).get(action.pk, [])

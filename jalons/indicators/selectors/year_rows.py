"""Dispositifs year after year, with everything that their export tells of them. Read by batches."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import Territory, territory_of
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import (
    Action,
    ActionSite,
    FollowUp,
    FundingLine,
    InsertionSite,
    Intervention,
    Participation,
    StaffLine,
)
from jalons.core.values import Number, Sum, Value, exact, total
from jalons.history.querysets import NOW, AsOf
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.readings import ABSENT, figure
from jalons.indicators.selectors.year import DAY, YearFigure, YearFigures, year_end, year_figures

# Dispositifs read together: enough to make queries rare, few enough to stay small in memory.
BATCH = 200


@dataclass(frozen=True, slots=True)
class YearRow:
    """One dispositif over one year. `money` is None where the reader may not read it: it was not even read."""

    action: Action
    year: int
    run: Intervention
    day: dt.date  # the last of the year, or the one looked at
    parts: Sequence[Participation]
    sites: Sequence[Any]
    grounds: Sequence[InsertionSite]
    money: Sequence[FundingLine] | None
    team: Value | Sum
    reports: int
    last_report: dt.date | None
    figures: YearFigures | None

    @property
    def state(self) -> str:
        if self.run.valid_on > self.day:
            return "À venir"
        return "Terminé" if self.closed_on else "En cours"

    @property
    def closed_on(self) -> dt.date | None:
        ended = self.run.ended_on
        return ended if ended and ended <= self.day else None

    def who(self, role: ParticipationRole) -> list[str]:
        """The names of those who have a role during the year, the main operator first."""
        parts = [part for part in self.parts if part.role == role]
        return list(dict.fromkeys(str(part.participant) for part in parts))

    @property
    def communes(self) -> list[str]:
        places = (*self.grounds, *self.sites)
        return list(dict.fromkeys(place.commune.name for place in places))

    def amount(self, name: str, kind: str = "") -> Sum | Value:
        """What is told of a type of funding, of all of them without one. « Sans objet » for a type not used."""
        lines = self.money or ()
        of_kind = [line for line in lines if not kind or line.kind == kind]
        if not of_kind:
            return Value.na() if lines else Value.empty()
        return sum((amount(line, name) for line in of_kind), Sum())

    def figure(self, indicator: Indicator) -> YearFigure | None:
        return self.figures.of(self.action.pk, indicator) if self.figures else None


def amount(line: FundingLine, name: str) -> Sum:
    """One amount as a sum of one; `line.value` says the same, and costs as much as reading it."""
    euros = getattr(line, name)
    return ABSENT[line.blanks.get(name, "empty")] if euros is None else Sum(figure(euros), known=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read: without years, all those in which a dispositif ran. No indicators, no figures."""

    years: frozenset[int] | None
    indicators: Sequence[Indicator] = ()
    money: bool = True

    def of(self, run: Intervention, day: dt.date) -> list[int]:
        """The years of one dispositif, oldest first. One that is to come has a line, for the year of its start."""
        first = run.valid_on.year
        if run.valid_on > day:
            return [first]
        last = day if run.ended_on is None else min(day, max(run.ended_on - DAY, run.valid_on))
        ran = range(first, last.year + 1)
        return [year for year in ran if self.years is None or year in self.years]


def year_rows(
    user: Any, keys: Sequence[tuple[int, int]], wanted: Wanted, at: AsOf = NOW
) -> Iterator[YearRow]:
    """Dispositif after dispositif in the order of `keys` (its primary key, that of its dates), year after year."""
    for start in range(0, len(keys), BATCH):
        yield from read_batch(user, keys[start : start + BATCH], wanted, at)


def read_batch(user: Any, keys: Sequence[tuple[int, int]], wanted: Wanted, at: AsOf) -> Iterator[YearRow]:
    pks = [pk for pk, _ in keys]
    actions = Action.objects.select_related("departement__region").in_bulk(pks)
    runs = Intervention.objects.in_bulk([run for _, run in keys])
    by_pk = {pk: runs[run] for pk, run in keys}
    years = {pk: wanted.of(run, at.day) for pk, run in by_pk.items()}
    all_years = sorted({year for run_years in years.values() for year in run_years})
    know_access(user, actions)
    money = money_of(user, actions, all_years, at) if wanted.money else {}
    parts, links, grounds, team = parts_of(pks, at), links_of(pks, at), grounds_of(pks), team_of(pks, at)
    reports = {year: reports_of(pks, year, at) for year in all_years}
    figures = {}
    if wanted.indicators:
        for year in all_years:
            ran = [pk for pk in pks if year in years[pk]]
            figures[year] = year_figures(ran, year, at, indicators=wanted.indicators)
    for pk in pks:
        run = by_pk[pk]
        for year in years[pk]:
            span = Span(dt.date(year, 1, 1), year_end(year, at).day, run)
            there = [part for part in parts[pk] if span.holds(part.valid_on, part.ended_on)]
            number, last = reports[year].get(pk, (0, None))
            yield YearRow(
                action=actions[pk],
                year=year,
                run=run,
                day=span.end,
                parts=there,
                sites=[link.site for link in links[pk] if span.holds(link.valid_on, link.ended_on)],
                grounds=[ground for ground in grounds[pk] if span.holds(ground.opened_on, ground.closed_on)],
                money=None if pk not in money else money[pk].get(year, ()),
                team=team_at(
                    team[pk], span.end, {part.participant_id for part in there if span.keeps(part.ended_on)}
                ),
                reports=number,
                last_report=last,
                figures=figures.get(year),
            )


@dataclass(frozen=True, slots=True)
class Span:
    """A year of a dispositif: from `first` to `end`, or from its start when it is to come."""

    first: dt.date
    end: dt.date
    run: Intervention

    @property
    def last(self) -> dt.date:
        """Its last day in progress."""
        ended = self.run.ended_on
        last = self.end if ended is None else min(self.end, ended - DAY)
        return max(last, self.run.valid_on)

    def holds(self, since: dt.date | None, until: dt.date | None) -> bool:
        """Was something true at some time of it?"""
        return (since is None or since <= self.last) and (until is None or until > self.first)

    def keeps(self, until: dt.date | None) -> bool:
        """Is what ends then still there on the last day?"""
        return until is None or until > self.last


def know_access(user: Any, actions: Mapping[int, Action]) -> None:
    """What a right asks of each dispositif (`Action.within`), read for all of them at once."""
    territory: Territory = territory_of(user, Right.READ_FUNDING)
    if territory.organisations:
        parts: dict[int, set[tuple[int, str]]] = defaultdict(set)
        now = Participation.objects.known().filter(Participation.going_on(), action__in=list(actions))
        for pk, participant, role in now.values_list("action_id", "participant_id", "role"):
            parts[pk].add((participant, role))
        for pk, action in actions.items():
            action.__dict__["parts"] = frozenset(parts[pk])
    if territory.epcis or territory.communes:
        places: dict[int, set[Any]] = defaultdict(set)
        links = ActionSite.objects.known().filter(ActionSite.going_on(), action__in=list(actions))
        for link in links.select_related("site__commune"):
            places[link.action_id].add(link.site.commune)
        for ground in InsertionSite.objects.filter(action__in=list(actions)).select_related("commune"):
            places[ground.action_id].add(ground.commune)
        for pk, action in actions.items():
            action.__dict__["communes"] = tuple(places[pk])


def money_of(
    user: Any, actions: Mapping[int, Action], years: Sequence[int], at: AsOf
) -> dict[int, dict[int, list[FundingLine]]]:
    """By dispositif and year, where the reader may read it: the others are not read from the base."""
    territory: Territory = territory_of(user, Right.READ_FUNDING)
    readable = [pk for pk, action in actions.items() if territory.holds(action)]
    money: dict[int, dict[int, list[FundingLine]]] = {pk: defaultdict(list) for pk in readable}
    if readable:
        lines = FundingLine.objects.as_of(at).filter(action__in=readable, year__in=years)
        for line in lines.order_by("pk"):
            money[line.action_id][line.year].append(line)
    return money


def parts_of(pks: Sequence[int], at: AsOf) -> dict[int, list[Participation]]:
    """With `participant`, read once for all those who share it."""
    by_action: dict[int, list[Participation]] = defaultdict(list)
    known = Participation.objects.known(at).filter(action__in=pks).only(*PART_COLUMNS)
    parts = list(known.order_by("-is_main", "valid_on", "pk"))
    organisations = Organisation.objects.in_bulk({part.participant_id for part in parts})
    for part in parts:
        part.participant = organisations[part.participant_id]
        by_action[part.action_id].append(part)
    return by_action


PART_COLUMNS = ("action", "participant", "role", "valid_on", "ended_on")


def links_of(pks: Sequence[int], at: AsOf) -> dict[int, list[ActionSite]]:
    """With what is told of each `site`: its name and its commune's."""
    by_action: dict[int, list[ActionSite]] = defaultdict(list)
    links = ActionSite.objects.known(at).filter(action__in=pks).select_related("site__commune")
    rows = links.only("action", "valid_on", "ended_on", "site__name", "site__commune__name")
    for link in rows.order_by("valid_on", "site__name", "pk"):
        by_action[link.action_id].append(link)
    return by_action


def grounds_of(pks: Sequence[int]) -> dict[int, list[InsertionSite]]:
    by_action: dict[int, list[InsertionSite]] = defaultdict(list)
    for ground in InsertionSite.objects.filter(action__in=pks).select_related("commune").order_by("pk"):
        by_action[ground.action_id].append(ground)
    return by_action


def reports_of(pks: Sequence[int], year: int, at: AsOf) -> dict[int, tuple[int, dt.date]]:
    """How many follow-ups the year has, and the last of them, by dispositif."""
    reports = FollowUp.objects.as_of(year_end(year, at)).filter(
        action__in=pks, valid_on__gte=dt.date(year, 1, 1)
    )
    rows = reports.order_by().values_list("action_id").annotate(Count("pk"), Max("valid_on"))
    return {pk: (number, last) for pk, number, last in rows}


TeamLine = tuple[int, dt.date, Number | None]  # operator, date, full-time equivalents; None: « ponctuel »


def team_of(pks: Sequence[int], at: AsOf) -> dict[int, list[TeamLine]]:
    """What was told of each team, oldest first."""
    by_action: dict[int, list[TeamLine]] = defaultdict(list)
    lines = StaffLine.objects.as_of(at).filter(action__in=pks).order_by("valid_on", "pk")
    for pk, by, on, fte in lines.values_list("action_id", "reporter_id", "valid_on", "fte"):
        by_action[pk].append((by, on, None if fte is None else exact(fte)))
    return by_action


def team_at(lines: Iterable[TeamLine], day: dt.date, there: set[int]) -> Sum | Value:
    """The full-time equivalents on a day: of each operator who takes part, what it told last."""
    last: dict[int, tuple[dt.date, list[Number | None]]] = {}
    for by, on, fte in lines:
        if on <= day and by in there:
            if by not in last or last[by][0] != on:
                last[by] = on, []
            last[by][1].append(fte)
    ftes = [fte for _, team in last.values() for fte in team]
    counted = [Value.of(fte) for fte in ftes if fte is not None]
    if counted:
        return total(counted)
    return Value.text("ponctuel") if ftes else Value.empty()

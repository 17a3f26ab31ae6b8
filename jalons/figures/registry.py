"""The registry of figures: one definition each, read by lists, dashboards, exports and reports.

Applications declare theirs in `ready()`, by the path of a tuple of `Family` (`declared`), read when first asked for.
See docs/recettes.md to add one.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.module_loading import import_string

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.figures.areas import AREA_PARAMETER, NATION, FigureArea
from jalons.figures.declared import DECLARED
from jalons.figures.enums import FigureKind
from jalons.figures.readings import FigureReading
from jalons.figures.together import added_up, by_place
from jalons.history.querysets import NOW, AsOf

FIGURE_PARAMETER, SINCE_PARAMETER = "chiffre", "du"
ONE_SITE, ONE_ACTION = ("site", "sites"), ("dispositif", "dispositifs")


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """Who asks, of what, on which date. `since`: the first day of a flow, whose last day is that of `at`.

    `chosen`: the rows that a list already filtered, read in place of those of `area`.
    """

    user: Any
    at: AsOf = NOW
    area: FigureArea = NATION
    since: dt.date | None = None
    chosen: Any = None

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """First and last day of a flow, both included; the last six months when no first day is given."""
        return self.since or six_months_before(self.at.day), self.at.day


@dataclass(frozen=True, slots=True)
class Figure:
    """`sentence`: what it counts. `rows`: the sites or dispositifs behind it, among those that the person may read.

    `opens`: the list that shows these rows. `asks`: what that list is asked for; without it, `?chiffre=` and the rows.
    `covers`: what the coverage counts; None for a plain count, where nothing can be missing. `none`: a zero that only
    some told. `euros`: it is an amount.
    """

    key: str
    label: str
    sentence: str
    right: Right
    rows: Callable[[FigureQuestion], Any]
    kind: FigureKind = FigureKind.STOCK
    opens: str = "sites:list"
    asks: Mapping[str, str] = field(default_factory=dict)
    covers: tuple[str, str] | None = None
    none: str = "0 signalé"
    euros: bool = False

    @property
    def is_flow(self) -> bool:
        return self.kind == FigureKind.FLOW

    def address(self, question: FigureQuestion) -> str:
        """The list of the rows, at the same dates."""
        since = {SINCE_PARAMETER: question.days[0].isoformat()} if self.is_flow else {}
        asked = self.asks or {FIGURE_PARAMETER: self.key, "statut": "tous"}
        where = {AREA_PARAMETER: question.area.text}
        return f"{reverse(self.opens)}?{urlencode({**where, **asked, **since, **question.at.params()})}"


@dataclass(frozen=True, slots=True)
class SharedSums:
    """What a family adds up over `rows`: those that have the same are read by one query, for one place or for several.

    `joined` adds to the rows what the `sums` read; `readings` makes the figures of them. Families of the same rows
    name their sums together: one name is one sum, added up once.
    """

    rows: Callable[[FigureQuestion], Any]
    joined: Callable[[Any, FigureQuestion], Any]
    sums: Callable[[FigureQuestion], Mapping[str, Any]]
    readings: Callable[[FigureQuestion, Mapping[str, Any]], Mapping[str, FigureReading]]


@dataclass(frozen=True, slots=True)
class Family:
    """Figures read together, by as few queries as possible. `read` gives one reading for each of their keys.

    `shared`: where they only add up rows that other families read too. None for those that are read by themselves.
    """

    name: str
    figures: tuple[Figure, ...]
    read: Callable[[FigureQuestion], Mapping[str, FigureReading]]
    shared: SharedSums | None = None


def six_months_before(day: dt.date) -> dt.date:
    """The first day of the six months that end on `day`: 1 July for 31 December, 1 March for 31 August."""
    following = day + dt.timedelta(days=1)
    year, month = divmod(following.year * 12 + following.month - 1 - 6, 12)
    last = monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(following.day, last))


@cache
def families() -> Mapping[str, Family]:
    """By name, in the order of the applications."""
    by_name: dict[str, Family] = {}
    for path in DECLARED:
        declared: tuple[Family, ...] = import_string(path)
        by_name |= {family.name: family for family in declared}
    return by_name


@cache
def figures() -> Mapping[str, Figure]:
    """By key."""
    return {figure.key: figure for family in families().values() for figure in family.figures}


def readable_figures(family: Family, user: Any) -> list[Figure]:
    """Those of which the person holds the right somewhere."""
    return [figure for figure in family.figures if has(user, figure.right)]


def read_family(name: str, question: FigureQuestion) -> Mapping[str, FigureReading]:
    """The readings of a family, without those that the person may not have. No query when there is none."""
    family = families()[name]
    allowed = {figure.key for figure in readable_figures(family, question.user)}
    if not allowed:
        return {}
    return {key: reading for key, reading in family.read(question).items() if key in allowed}


def read_families(names: Iterable[str], question: FigureQuestion) -> dict[str, FigureReading]:
    """The readings of several: one query for all those that add up the same rows."""
    readings: dict[str, FigureReading] = {}
    for together in sharing(names, question):
        if together[0].shared is None:
            readings |= read_family(together[0].name, question)
            continue
        rows, columns = shared_sums(together, question)
        readings |= shared_readings(together, question, rows.aggregate(**columns))
    return readings


def read_with_places(
    names: Iterable[str], question: FigureQuestion, by: str, inside: str
) -> tuple[dict[str, FigureReading], dict[Any, dict[str, FigureReading]]]:
    """The same, with the readings of the family `inside` for each value of the column `by` that one of its rows has:
    no query more.
    """
    readings: dict[str, FigureReading] = {}
    places: dict[Any, dict[str, FigureReading]] = {}
    for together in sharing(names, question):
        within = [family for family in together if family.name == inside]
        if not within:
            readings |= read_families([family.name for family in together], question)
            continue
        rows, columns = shared_sums(together, question)
        whole, groups = by_place(rows, by, columns)
        readings |= shared_readings(together, question, whole)
        places = {place: shared_readings(within, question, sums) for place, sums in groups.items()}
    return readings, places


def read_places(
    names: Iterable[str], question: FigureQuestion, areas: Sequence[FigureArea]
) -> list[dict[str, FigureReading]]:
    """The same for each of these places: as many queries as for one."""
    nation = replace(question, area=NATION)
    wheres = [area.territory.q() for area in areas]
    readings: list[dict[str, FigureReading]] = [{} for _ in areas]
    for together in sharing(names, question) if areas else ():
        rows, columns = shared_sums(together, nation)
        for here, sums in zip(readings, added_up(rows, wheres, columns), strict=True):
            here |= shared_readings(together, nation, sums)
    return readings


def sharing(names: Iterable[str], question: FigureQuestion) -> list[list[Family]]:
    """The families that the person may read something of, with those that add up the same rows."""
    groups: dict[Any, list[Family]] = {}
    for family in (families()[name] for name in names):
        if readable_figures(family, question.user):
            groups.setdefault(family.shared.rows if family.shared else family.name, []).append(family)
    return list(groups.values())


def shared_sums(together: Sequence[Family], question: FigureQuestion) -> tuple[Any, dict[str, Any]]:
    """The rows, with every sum under its name."""
    rows: Any = None
    columns: dict[str, Any] = {}
    joined = set()
    for family in together:
        shared = family.shared
        if shared is None:
            raise LookupError(f"the figures of {family.name} are read one place at a time")
        rows = shared.rows(question).order_by() if rows is None else rows
        rows = rows if shared.joined in joined else shared.joined(rows, question)
        joined.add(shared.joined)
        for name, column in shared.sums(question).items():
            if columns.setdefault(name, column) != column:
                raise LookupError(f"two families add up something else under {name}")
    return rows, columns


def shared_readings(
    together: Sequence[Family], question: FigureQuestion, sums: Mapping[str, Any]
) -> dict[str, FigureReading]:
    readings: dict[str, FigureReading] = {}
    for family in together:
        allowed = {figure.key for figure in readable_figures(family, question.user)}
        if family.shared is not None:
            every = family.shared.readings(question, sums)
            readings |= {key: reading for key, reading in every.items() if key in allowed}
    return readings


def rows_of(key: str, question: FigureQuestion, opens: str) -> Any:
    """The rows of a figure for the list that it opens; None when there is no such figure for this person."""
    figure = figures().get(key)
    if figure is None or figure.opens != opens or not has(question.user, figure.right):
        return None
    return figure.rows(question)


def figure_choices(opens: str, user: Any) -> list[tuple[str, str]]:
    """Key and label of the figures that a list opens by their key, for who may read them."""
    return [
        (figure.key, figure.label)
        for figure in figures().values()
        if figure.opens == opens and not figure.asks and has(user, figure.right)
    ]

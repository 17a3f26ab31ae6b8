"""The registry of figures: one definition each, read by lists, dashboards, exports and reports.

Applications declare theirs in `ready()`, by the path of a tuple of `Family` (`declared`), read when first asked for.
See docs/recettes.md to add one.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
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


# Those of each place, in the order in which they were asked for.
PlaceReadings = Sequence[Mapping[str, FigureReading]]


@dataclass(frozen=True, slots=True)
class Family:
    """Figures read together, by as few queries as possible. `read` gives one reading for each of their keys.

    `read_places`: the same for several places at once, by as many queries as for one. None for figures that are never
    set side by side.
    """

    name: str
    figures: tuple[Figure, ...]
    read: Callable[[FigureQuestion], Mapping[str, FigureReading]]
    read_places: Callable[[FigureQuestion, Sequence[FigureArea]], PlaceReadings] | None = None


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


def read_places(name: str, question: FigureQuestion, areas: Sequence[FigureArea]) -> PlaceReadings:
    """What `read_family` gives of each of these places: as many queries as for one."""
    family = families()[name]
    if family.read_places is None:
        raise LookupError(f"the figures of {name} are read one place at a time")
    allowed = {figure.key for figure in readable_figures(family, question.user)}
    if not allowed or not areas:
        return [{} for _ in areas]
    readings = family.read_places(replace(question, area=NATION), areas)
    return [{key: reading for key, reading in here.items() if key in allowed} for here in readings]


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

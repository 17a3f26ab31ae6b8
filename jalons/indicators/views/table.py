"""L’onglet « Suivi » d’un dispositif et ce qu’on en emporte."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation, User
from jalons.accounts.permissions import can
from jalons.actions.models import Action
from jalons.actions.selectors.team import team_table
from jalons.actions.sheet.head import sheet_head
from jalons.actions.views.common import on_action
from jalons.core import charts, ui
from jalons.core.queries import url_with
from jalons.core.values import Ratio, Value, format_month, format_short_date
from jalons.exports.responses import respond
from jalons.history.querysets import AsOf
from jalons.indicators.enums import Relation, ValueType
from jalons.indicators.selectors.table import BlockTable, Cell, Column, FollowTable, Line, follow_table
from jalons.indicators.table_export import FOLLOW_UP
from jalons.indicators.views.reporting import may_for_others, reader

SHOWN = 6  # columns at once: what a page, a projector and a memory hold
OPERATOR, BEFORE = "operateur", "avant"
CHARTED = 3  # lines of one chart
REPORTS = 12  # follow-ups named beside the table
TREND = 24  # columns of a small trend


@dataclass(frozen=True, slots=True)
class Head:
    """A column in words: « 31 janv. » over « 2020 », or « janvier 2020 »."""

    label: str
    year: str
    column: Column
    coverage: str = ""  # « 1 opérateur sur 2 », when somebody told nothing then


@dataclass(frozen=True, slots=True)
class Row:
    line: Line
    css: str
    cells: Sequence[Cell]  # of the columns shown
    trend: charts.Sparkline | None
    objective: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One block as it is shown. `blank`: what nobody ever told, named under the table."""

    table: BlockTable
    rows: Sequence[Row]
    blank: Sequence[str]
    chart: charts.LineChart | None
    rates: Sequence["Rate"]
    side: Sequence[tuple[Line, Sequence[str]]]  # every operator beside the others, in the last column


@dataclass(frozen=True, slots=True)
class Rate:
    """A share said in words over a bar: « Taux de scolarisation : 80 % (12 sur 15, au 28 févr. 2020) »."""

    label: str
    words: str
    done: float
    whole: float


@on_action(Right.READ_ACTIONS)
def table(request: HttpRequest, action: Action) -> HttpResponse:
    at, complaints = AsOf.read(request.GET)
    follow = follow_table(action, at, chosen_operator(request))
    heads, earlier, later = window(request, follow)
    blocks = [shown(block, follow, heads) for block in follow.blocks]
    top = sheet_head(request, action, at, "indicators:table")
    context = {
        "action": action,
        "at": at,
        "fill_url": top["head"].fill,
        "complaints": complaints,
        "follow": follow,
        "heads": heads,
        "earlier": earlier,
        "later": later,
        "operators": operator_tabs(request, follow),
        "blocks": [block for block in blocks if block.rows],
        "untold": [block.table.block.label for block in blocks if not block.rows],
        "side_title": side_title(heads),
        "team": team_table(action, at),
        "last": last_reports(follow),
        **reports_shown(request, follow),
        **follow_links(request, action, at, follow),
        **top,
    }
    return render(request, "indicators/table.html", context)


def chosen_operator(request: HttpRequest) -> int | None:
    asked = request.GET.get(OPERATOR, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def follow_links(request: HttpRequest, action: Action, at: AsOf, follow: FollowTable) -> dict[str, Any]:
    """What this person may do here; nothing is written from a view of the past."""
    may = can(request.user, Right.FOLLOW_ACTION, action) and not at.is_past
    return {
        "team_url": reverse("actions:team", args=[action.public_id]) if may else "",
        "corrects": corrects(request, action, follow) if may else frozenset(),
        "followed_url": reverse("indicators:followed", args=[action.public_id]),
        "comments_url": reverse("actions:sheet", args=[action.public_id]) + "#commentaires",
    }


def corrects(request: HttpRequest, action: Action, follow: FollowTable) -> frozenset[int]:
    """The reporters whose follow-ups this person may correct: everybody's for a pilot, else their own."""
    everybody = frozenset(one.reporter_id for one in follow.follow_ups)
    return everybody if may_for_others(request, action) else everybody & reader(request).organisation_ids


def window(request: HttpRequest, follow: FollowTable) -> tuple[list[Head], str, str]:
    """The columns shown, the address of those before, the address of the newest ones when they are not shown."""
    columns = follow.columns
    asked = request.GET.get(BEFORE, "")
    end = next((place for place, one in enumerate(columns) if one.on.isoformat() == asked), len(columns))
    start = max(end - SHOWN, 0)
    earlier = url_with(request.GET, {BEFORE: columns[start].on.isoformat()}) if start else ""
    later = url_with(request.GET, {BEFORE: None}) if end < len(columns) else ""
    return [head(one, follow) for one in columns[start:end]], earlier, later


def head(column: Column, follow: FollowTable) -> Head:
    if column.exact:
        return Head(format_short_date(column.on), str(column.on.year), column)
    told = {one.reporter_id for one in follow.follow_ups if column.holds(one.valid_on)}
    here = [each for each in follow.shown if each.pk in told]
    coverage = f"{len(here)} opérateur{'s' if len(here) > 1 else ''} sur\u00a0{len(follow.shown)}"
    month, year = format_month(column.on).split(" ")
    return Head(month, year, column, coverage if len(here) < len(follow.shown) else "")


def side_title(heads: Sequence[Head]) -> str:
    """« en mars 2020 », « au 31 mars 2020 »: the last column shown."""
    if not heads:
        return ""
    last = heads[-1]
    return f"{'au' if last.column.exact else 'en'} {last.label} {last.year}"


def operator_tabs(request: HttpRequest, follow: FollowTable) -> list[ui.Tab]:
    """« Ensemble », then each of those who fill in; nothing when there is only one."""
    if len(follow.reporters) < 2:
        return []
    everybody = len(follow.shown) == len(follow.reporters)
    first = ui.Tab("Ensemble", url_with(request.GET, {OPERATOR: None, BEFORE: None}), everybody)
    return [first, *(operator_tab(request, follow, each, everybody) for each in follow.reporters)]


def operator_tab(request: HttpRequest, follow: FollowTable, each: Organisation, everybody: bool) -> ui.Tab:
    url = url_with(request.GET, {OPERATOR: str(each.pk), BEFORE: None})
    return ui.Tab(str(each), url, not everybody and each in follow.shown)


def reports_shown(request: HttpRequest, follow: FollowTable) -> dict[str, Any]:
    """The newest follow-ups, all of them when they are asked for."""
    every = request.GET.get("points") == "tous"
    shown = follow.follow_ups if every else follow.follow_ups[:REPORTS]
    return {
        "reports": shown,
        "hidden_reports": len(follow.follow_ups) - len(shown),
        "every_report": every,
    }


def last_reports(follow: FollowTable) -> list[tuple[Organisation, Any]]:
    """Everybody who fills in, with their newest follow-up or None."""
    newest: dict[int, Any] = {}
    for one in follow.follow_ups:
        newest.setdefault(one.reporter_id, one)
    return [(each, newest.get(each.pk)) for each in follow.reporters]


def shown(block: BlockTable, follow: FollowTable, heads: Sequence[Head]) -> Shown:
    places = [follow.columns.index(one.column) for one in heads]
    told = [line for line in block.lines if not line.is_blank or line.objectives]
    return Shown(
        table=block,
        rows=[row(line, places, follow) for line in told],
        blank=[line.indicator.label for line in block.lines if is_worth_telling(line)],
        chart=chart_of(block, follow),
        rates=[rate for line in told if (rate := rate_of(line, follow))],
        side=side_by_side(told, places, follow),
    )


def is_worth_telling(line: Line) -> bool:
    """A figure that nobody told; the details of a total go without saying."""
    detail = line.indicator.relation == Relation.AMONG
    return line.is_blank and not line.objectives and not detail and not line.indicator.is_computed


def rate_of(line: Line, follow: FollowTable) -> Rate | None:
    """The last rate known in full, with its parts."""
    if line.indicator.value_type != ValueType.RATE:
        return None
    for column, cell in zip(reversed(follow.columns), reversed(line.cells), strict=True):
        value = cell.figure.value if isinstance(cell.figure, Ratio) else cell.figure
        if cell.complete is not None and isinstance(value, Value) and value.denominator:
            when = f"au {format_short_date(column.on)} {column.on.year}"
            label = f"{line.indicator.label}\u00a0: {value}"
            return Rate(
                label, f"{value.fraction}, {when}", float(value.numerator or 0), float(value.denominator)
            )
    return None


DEPTHS = ("", "sub", "sub sub2")


def row(line: Line, places: Sequence[int], follow: FollowTable) -> Row:
    trend = None
    if line.depth == 0 and not line.indicator.is_flow:
        numbers = [cell.complete for cell in line.cells[-TREND:]]
        if sum(number is not None for number in numbers) > 1:
            trend = charts.Sparkline(line.indicator.label, numbers)
    return Row(
        line, DEPTHS[min(line.depth, 2)], [line.cells[place] for place in places], trend, objective(line)
    )


def objective(line: Line) -> str:
    """« objectif : 20 au 31 déc. 2026 », the nearest one."""
    if not line.objectives:
        return ""
    aimed = line.objectives[-1]
    return f"objectif\u00a0: {aimed.value} au {format_short_date(aimed.on)} {aimed.on.year}"


def chart_of(block: BlockTable, follow: FollowTable) -> charts.LineChart | None:
    """The main figures of a block over time: at most three, all of one nature, told at least twice."""
    told = [
        line
        for line in block.lines
        if line.depth == 0
        and not line.is_blank
        and ValueType(line.indicator.value_type) in (ValueType.NUMBER, ValueType.SUM)
    ]
    # A stock and a flow on one axis would be read as the same thing.
    alike = [line for line in told if line.indicator.nature == told[0].indicator.nature][:CHARTED]
    kept = [line for line in alike if sum(cell.complete is not None for cell in line.cells) > 1]
    if not kept:
        return None
    series = [
        charts.Series(
            line.indicator.label,
            [
                charts.Point(column.on, cell.complete)
                for column, cell in zip(follow.columns, line.cells, strict=True)
            ],
        )
        for line in kept
    ]
    return charts.LineChart(f"{block.block.label}\u00a0: évolution", series)


def side_by_side(
    lines: Sequence[Line], places: Sequence[int], follow: FollowTable
) -> list[tuple[Line, list[str]]]:
    """What each operator tells of the last column shown, in the order of `shown`, then the whole."""
    if len(follow.shown) < 2 or not places:
        return []
    found = []
    for line in lines:
        cell = line.cells[places[-1]]
        said = {each.pk: str(figure.value) for each, figure in cell.parts}
        if any(figure.value.is_known for _, figure in cell.parts):
            found.append((line, [*(said.get(each.pk, "–") for each in follow.shown), cell.short]))
    return found


@on_action(Right.EXPORT)
def table_export(request: HttpRequest, action: Action) -> HttpResponseBase:
    params = request.GET.copy()
    params["dispositif"] = action.public_id
    return respond(FOLLOW_UP, cast(User, request.user), params, request.GET.get("format", ""))

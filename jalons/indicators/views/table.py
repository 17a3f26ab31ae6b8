"""L’onglet « Suivi » d’un dispositif et ce qu’on en emporte."""

from dataclasses import replace
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
from jalons.core import ui
from jalons.core.queries import url_with
from jalons.exports.responses import respond
from jalons.history.querysets import AsOf
from jalons.indicators.selectors.cell import Column
from jalons.indicators.selectors.table import FollowTable, follow_table
from jalons.indicators.sheet.content import SHOWN, PageHead, followed_rows, head, side_title
from jalons.indicators.sheet.sentence import public_sentence
from jalons.indicators.table_export import FOLLOW_UP
from jalons.indicators.views.reporting import correct_address, may_for_others, reader

OPERATOR, BEFORE = "operateur", "avant"
REPORTS = 12  # follow-ups named beside the table


@on_action(Right.READ_ACTIONS)
def table(request: HttpRequest, action: Action) -> HttpResponse:
    at, complaints = AsOf.read(request.GET)
    follow = follow_table(action, at, chosen_operator(request))
    writes = not at.is_past and can(request.user, Right.FOLLOW_ACTION, action)
    mine = may_correct(request, action, follow) if writes else frozenset()
    heads, earlier, later = window(request, follow, mine)
    blocks = [followed_rows(block, follow, heads) for block in follow.blocks]
    top = sheet_head(request, action, at, "indicators:table")
    context = {
        "action": action,
        "at": at,
        "fill_url": top["head"].fill,
        "import_url": f"{reverse('imports:start')}?dispositif={action.public_id}" if writes else "",
        "complaints": complaints,
        "follow": follow,
        "heads": heads,
        "heads_wrap": sum(bool(head.coverage) for head in heads) > 1,
        "earlier": earlier,
        "later": later,
        "operators": operator_tabs(request, follow),
        "blocks": [block for block in blocks if block.rows],
        "untold": [block.table.block.label for block in blocks if not block.rows],
        "side_title": side_title(heads),
        "sentence": public_sentence(follow),
        "team": team_table(action, at),
        "last": last_reports(follow),
        **reports_shown(request, follow),
        **follow_links(action, mine, writes=writes),
        **top,
    }
    return render(request, "indicators/table.html", context)


def chosen_operator(request: HttpRequest) -> int | None:
    operator = request.GET.get(OPERATOR, "")
    return int(operator) if operator.isascii() and operator.isdigit() and len(operator) < 10 else None


def follow_links(action: Action, mine: frozenset[int], *, writes: bool) -> dict[str, Any]:
    """What this person may do here; nothing is written from a view of the past."""
    return {
        "team_url": reverse("actions:team", args=[action.public_id]) if writes else "",
        "corrects": mine,
        "correct_url": correct_address(action) if mine else "",
        "followed_url": reverse("indicators:followed", args=[action.public_id]),
        "comments_url": reverse("actions:sheet", args=[action.public_id]) + "#commentaires",
    }


def may_correct(request: HttpRequest, action: Action, follow: FollowTable) -> frozenset[int]:
    """The reporters whose follow-ups a person who fills in may correct: everybody's for a pilot, else their own."""
    everybody = frozenset(follow_up.reporter_id for follow_up in follow.follow_ups)
    return everybody if may_for_others(request, action) else everybody & reader(request).organisation_ids


def window(
    request: HttpRequest, follow: FollowTable, mine: frozenset[int]
) -> tuple[list[PageHead], str, str]:
    """The columns shown, the address of those before, the address of the newest ones when they are not shown."""
    columns = follow.columns
    first_day = request.GET.get(BEFORE, "")
    end = next(
        (place for place, column in enumerate(columns) if column.on.isoformat() == first_day), len(columns)
    )
    start = max(end - SHOWN, 0)
    earlier = url_with(request.GET, {BEFORE: columns[start].on.isoformat()}) if start else ""
    later = url_with(request.GET, {BEFORE: None}) if end < len(columns) else ""
    heads = [
        replace(head(column, follow), correct_url=correct_column(follow, column, mine))
        for column in columns[start:end]
    ]
    return heads, earlier, later


def correct_column(follow: FollowTable, column: Column, mine: frozenset[int]) -> str:
    """The only report of a column that this person may correct, or the choice between several; empty without any."""
    follow_ups = [
        follow_up
        for follow_up in follow.follow_ups
        if column.holds(follow_up.valid_on)
        and follow_up.reporter_id in mine
        and follow_up.reporter in follow.selected
    ]
    if len(follow_ups) == 1:
        return reverse("indicators:correct", args=[follow.action.public_id, follow_ups[0].lineage])
    return correct_address(follow.action, month=column.on) if follow_ups else ""


def operator_tabs(request: HttpRequest, follow: FollowTable) -> list[ui.Tab]:
    """« Ensemble », then each of those who fill in; nothing when there is only one."""
    if len(follow.reporters) < 2:
        return []
    everybody = len(follow.selected) == len(follow.reporters)
    first = ui.Tab("Ensemble", url_with(request.GET, {OPERATOR: None, BEFORE: None}), everybody)
    return [first, *(operator_tab(request, follow, reporter, everybody) for reporter in follow.reporters)]


def operator_tab(
    request: HttpRequest, follow: FollowTable, organisation: Organisation, everybody: bool
) -> ui.Tab:
    url = url_with(request.GET, {OPERATOR: str(organisation.pk), BEFORE: None})
    return ui.Tab(str(organisation), url, not everybody and organisation in follow.selected)


def reports_shown(request: HttpRequest, follow: FollowTable) -> dict[str, Any]:
    """The newest follow-ups, all of them when they are asked for."""
    every = request.GET.get("points") == "tous"
    follow_ups = follow.follow_ups if every else follow.follow_ups[:REPORTS]
    return {
        "reports": follow_ups,
        "hidden_reports": len(follow.follow_ups) - len(follow_ups),
        "every_report": every,
    }


def last_reports(follow: FollowTable) -> list[tuple[Organisation, Any]]:
    """Everybody who fills in, with their newest follow-up or None."""
    newest: dict[int, Any] = {}
    for follow_up in follow.follow_ups:
        newest.setdefault(follow_up.reporter_id, follow_up)
    return [(reporter, newest.get(reporter.pk)) for reporter in follow.reporters]


@on_action(Right.EXPORT)
def table_export(request: HttpRequest, action: Action) -> HttpResponseBase:
    params = request.GET.copy()
    params["dispositif"] = action.public_id
    return respond(FOLLOW_UP, cast(User, request.user), params, request.GET.get("format", ""))

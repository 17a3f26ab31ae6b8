"""Emporter la liste des dispositifs."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.actions.forms.listing import read_list
from jalons.actions.selectors.listing import filtered_actions
from jalons.core import clock
from jalons.core.queries import hidden_pairs, url_with
from jalons.exports.contract import GROUPS_PARAMETER
from jalons.exports.responses import respond
from jalons.indicators.exports import actions_export, first_year, status_words
from jalons.indicators.forms.export import (
    ALL_YEARS,
    STATUS_PARAMETER,
    YEARS_PARAMETER,
    read_year,
    read_years,
)
from jalons.indicators.national import NATIONAL_COLUMNS
from jalons.indicators.national_export import EXPORT as NATIONAL_EXPORT

MAKER = "jalons.indicators.exports.actions_export"
NATIONAL_MAKER = "jalons.indicators.national_export.EXPORT"
# As many years as one ticks by hand; before, there is « toutes ».
SHOWN_YEARS = 6


@requires(Right.EXPORT)
def export_choice(request: HttpRequest) -> HttpResponse:
    """What to take away: which years, which columns, in which format. The filters come from the list."""
    read = read_list(request.user, request.GET)
    years, export = read_years(request.GET), actions_export(request.GET)
    dropped = {"page", "format", GROUPS_PARAMETER, YEARS_PARAMETER, STATUS_PARAMETER}
    context = {
        "at": read.at,
        "where": read.territory,
        "chips": [status_words(read.filter.status), *(chip.label for chip in read.form.chips())],
        "count": filtered_actions(request.user, read.filter, read.at).count(),
        "years": year_choices(years.years),
        "years_parameter": YEARS_PARAMETER,
        "status_parameter": STATUS_PARAMETER,
        "every_status": years.every_status,
        "groups": export.groups(request.user),
        "parameter": GROUPS_PARAMETER,
        "kept": hidden_pairs(request.GET, dropped),
        "formats": [(code.value, code.label) for code in export.formats],
        "back": reverse("actions:list") + url_with(request.GET, dict.fromkeys(dropped)),
        "national_years": year_choices(frozenset({read_year(request.GET)}))[:-1],
        "blank_columns": [column for column in NATIONAL_COLUMNS if column.has_no_equivalent],
        "close_columns": [column for column in NATIONAL_COLUMNS if column.indicator and column.aside],
    }
    return render(request, "indicators/export.html", context)


def year_choices(chosen: frozenset[int] | None) -> list[dict[str, object]]:
    """The last years, newest first, those asked ticked, and all of them at once."""
    this = clock.today().year
    offered_years = {*range(max(first_year(), this - SHOWN_YEARS + 1), this + 1), this - 1, *(chosen or ())}
    years = [
        {"code": str(year), "label": str(year), "chosen": chosen is not None and year in chosen}
        for year in sorted(offered_years, reverse=True)
    ]
    return [*years, {"code": ALL_YEARS, "label": "Toutes les années", "chosen": chosen is None}]


@requires(Right.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    export = actions_export(request.GET)
    asked_format = request.GET.get("format", "")
    return respond(export, cast(User, request.user), request.GET, asked_format, MAKER)


@requires(Right.EXPORT)
def national_export(request: HttpRequest) -> HttpResponseBase:
    asked_format = request.GET.get("format", "")
    return respond(NATIONAL_EXPORT, cast(User, request.user), request.GET, asked_format, NATIONAL_MAKER)

"""« Prêt à 82 % » : ce qui manque avant la fin du semestre, à qui on le demande, et la clôture."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.actions.selectors.reminders import People
from jalons.core import clock
from jalons.core.values import format_date, format_long_date, format_number, french_spaces, local_day, plural
from jalons.editing.refusals import Refused
from jalons.editing.writing import record, typed
from jalons.editions.closings import ACCOUNT, closings_of, may_close
from jalons.editions.forms import HalfYearForm, ReopenForm
from jalons.editions.models import PeriodClosing, ReportEdition
from jalons.editions.periods import ReportPeriod
from jalons.editions.permissions import may_ask
from jalons.editions.readiness import contributors, offered_half_years, readiness
from jalons.editions.registry import report_kinds
from jalons.editions.services.nudging import nudge
from jalons.editions.services.periods import close_period, reopen_period
from jalons.editions.views.common import actor_with, edition_of
from jalons.figures.areas import AREA_PARAMETER, FigureArea, find_area
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import NOW
from jalons.reports.selectors.areas import area_groups, first_area, seen_area

MOST = 200
PERIOD_PARAMETER = "semestre"


def area_on_page(request: HttpRequest, params: Any) -> FigureArea:
    """404 for one that is not read whole; 403 for who reads none whole."""
    if first_area(request.user) is None:
        raise PermissionDenied("Cette page se lit d’un territoire que vous lisez en entier.")
    text = params.get(AREA_PARAMETER, "")
    area = seen_area(request.user, text) if text else first_area(request.user)
    if area is None:
        raise Http404
    return area


def half_year_on_page(params: Any) -> ReportPeriod:
    offered = offered_half_years(clock.today())
    return next(
        (half_year for half_year in offered if half_year.first.isoformat() == params.get(PERIOD_PARAMETER)),
        offered[0],
    )


def ready_address(area: str, first_day: dt.date) -> str:
    query = urlencode({AREA_PARAMETER: area, PERIOD_PARAMETER: first_day.isoformat()})
    return f"{reverse('editions:ready')}?{query}"


@requires(Right.EXPORT)
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    area, period = area_on_page(request, request.GET), half_year_on_page(request.GET)
    state = readiness(FigureQuestion(request.user, NOW, area), period)
    chosen = {AREA_PARAMETER: area.text, PERIOD_PARAMETER: period.first.isoformat()}
    form = HalfYearForm(
        chosen, areas=area_groups(request.user, area), periods=offered_half_years(clock.today())
    )
    closings = closings_of(area, period)
    readable = ReportEdition.objects.visible_to(request.user).filter(
        pk__in=[row.edition_id for row in closings]
    )
    may_ask_it = may_ask(request.user, report_kinds()[ACCOUNT], area)
    context = {
        "area": area,
        "form": form,
        "state": state,
        "deadline": format_long_date(period.last),
        "sites": state.sites[:MOST],
        "actions": state.actions[:MOST],
        "asked": contributors(state, People(clock.paris_day())) if state.sites or state.actions else None,
        "closings": closings,
        "is_closed": any(row.reopened_at is None for row in closings),
        "readable": set(readable.order_by().values_list("pk", flat=True)),
        "may_close": may_close(request.user, area),
        "ask_url": f"{reverse('editions:ask', args=[ACCOUNT])}?{AREA_PARAMETER}={area.text}"
        if may_ask_it
        else "",
    }
    return render(request, "editions/ready.html", context)


@requires(Right.CLOSE_PERIODS)
@require_POST
def ask_contributor(request: HttpRequest) -> HttpResponse:
    """« Relancer » : une structure, une fois par semaine."""
    area, period = area_on_page(request, request.POST), half_year_on_page(request.POST)
    if not may_close(request.user, area):
        raise PermissionDenied
    state = readiness(FigureQuestion(request.user, NOW, area), period)
    asked = contributors(state, People(clock.paris_day())).asked
    chosen = request.POST.get("structure", "")
    owed = next((contributor for contributor in asked if str(contributor.organisation.pk) == chosen), None)
    back = redirect(ready_address(area.text, period.first))
    if owed is None:
        messages.info(request, "Cette structure n’a plus rien à renseigner ici pour ce semestre.")
        return back
    by = actor_with(request.user, Right.CLOSE_PERIODS)
    noted, sent = nudge(contributor=owed, period=period, today=clock.paris_day(), by=by)
    if sent:
        people = f"{format_number(sent)} {plural(sent, 'personne', 'personnes')}"
        messages.success(request, french_spaces(f"{owed.organisation} est relancée : {people}."))
    elif sent is not None:
        words = f"La relance est notée, mais {owed.organisation} n’a personne qui reçoive ce courriel : "
        messages.success(request, french_spaces(f"{words}écrivez-lui autrement."))
    else:
        day = format_date(local_day(noted.sent_at))
        messages.info(request, f"{owed.organisation} a déjà été relancée cette semaine, le {day}.")
    return back


@requires(Right.CLOSE_PERIODS)
@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Clore le semestre avec cette édition."""
    edition = edition_of(request, public_id)
    if not may_close(request.user, find_area(edition.area)):
        raise PermissionDenied
    try:
        close_period(edition=edition, by=actor_with(request.user, Right.CLOSE_PERIODS))
    except Refused as refusal:
        messages.error(request, french_spaces(str(refusal)))
    else:
        messages.success(request, french_spaces("Le semestre est clos : cette édition en est le bilan."))
    return redirect("editions:edition", public_id)


@requires(Right.CLOSE_PERIODS)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, closing: int) -> HttpResponse:
    """Avec un motif, gardé dans l’historique."""
    row = get_object_or_404(PeriodClosing.objects.select_related("edition", "closed_by"), pk=closing)
    area = seen_area(request.user, row.area)
    if area is None:
        raise Http404
    if not may_close(request.user, area):
        raise PermissionDenied
    form = ReopenForm(typed(request))
    by = actor_with(request.user, Right.CLOSE_PERIODS)
    back = ready_address(row.area, row.first_day)

    def write() -> None:
        reopen_period(closing=row, reason=form.cleaned_data["reason"], by=by)

    answer = record(request, form, write, message="Le semestre est rouvert.", to=back, blame="reason")
    context = {"closing": row, "area": area, "form": form, "back": back}
    return answer or render(request, "editions/reopen.html", context)

"""Demander un rapport : lequel, puis de quel territoire et de quelle période."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.core import clock
from jalons.core.services import write_once
from jalons.core.values import french_spaces
from jalons.editing.writing import ALREADY_WRITTEN, typed
from jalons.editions.forms import AskReportForm
from jalons.editions.jobs import make_report
from jalons.editions.permissions import askable_kinds, may_ask
from jalons.editions.registry import ReportKind
from jalons.editions.selectors import areas_for
from jalons.editions.services.asking import ask_edition
from jalons.editions.views.common import ASKED
from jalons.exports.services import organisation_with
from jalons.figures.areas import AREA_PARAMETER
from jalons.history.services import Actor
from jalons.reports.selectors.areas import seen_area


@requires(Right.EXPORT)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    return render(request, "editions/choose.html", {"kinds": askable_kinds(request.user)})


def kind_named(user: Any, key: str) -> ReportKind:
    """404 for a report that does not exist, or that this person may ask for nowhere."""
    for kind in askable_kinds(user):
        if kind.key == key:
            return kind
    raise Http404


@requires(Right.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    user = cast(User, request.user)
    report = kind_named(user, kind)
    areas, current = areas_for(user, report, request.GET.get(AREA_PARAMETER, ""))
    if current is None or not areas:
        raise PermissionDenied("Ce rapport se demande d’un territoire que vous lisez en entier.")
    form = AskReportForm(typed(request), kind=report, areas=areas, area=current.text, today=clock.today())
    if form.is_bound and form.is_valid():
        area = seen_area(user, form.cleaned_data["territoire"])
        organisation = organisation_with(user, report.right)
        if area is None or organisation is None or not may_ask(user, report, area):
            raise PermissionDenied
        made: list[int] = []

        def write() -> str:
            edition = ask_edition(
                kind=report,
                area=area,
                period=form.period,
                by=Actor(user, organisation),
                language=form.language,
                options=form.options(),
            )
            made.append(edition.pk)
            return reverse("editions:edition", args=[edition.public_id])

        url = write_once(form.cleaned_data["submission_key"], user_key=str(user.pk), write=write)
        for pk in made:
            make_report.enqueue(pk)
            messages.success(request, french_spaces(ASKED))
        if not made:
            messages.info(request, french_spaces(ALREADY_WRITTEN))
        return redirect(url)
    return render(request, "editions/ask.html", {"kind": report, "form": form})

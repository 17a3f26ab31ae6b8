"""Corriger un point de suivi passé, ou le retirer : ce qui était enregistré reste lisible."""

import re
import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.actions.enums import Block
from jalons.actions.models import Action, FollowUp
from jalons.actions.views.common import on_action
from jalons.core.values import format_date
from jalons.editing.conflicts import Conflict, fact_conflict_of
from jalons.editing.fact_forms import ReasonForm
from jalons.editing.removed import fact_or_removed
from jalons.editing.writing import record, typed
from jalons.history.services import Stale
from jalons.indicators.forms.correct import CorrectionForm
from jalons.indicators.forms.offered import AS_FEW, TAKE, Offered, pressed
from jalons.indicators.offers import Moment
from jalons.indicators.selectors.last import Filling, past_filling, told_with, value_of
from jalons.indicators.selectors.versions import versions_of
from jalons.indicators.services import correct_follow_up, withdraw_follow_up
from jalons.indicators.views.offered import offered_for
from jalons.indicators.views.reporting import (
    actor_as,
    form_context,
    may_for_others,
    reader,
    table_url,
    warn_about,
)

TAKEN_OVER = "reprendre"
FIGURE = re.compile(r"v\d+")
MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@on_action(Right.FOLLOW_ACTION)
def choose(request: HttpRequest, action: Action) -> HttpResponse:
    """The reports that this person may correct, newest first; the only one is opened at once.

    `mois=2020-03`: those of a month. `partie`: the block that the form opens on.
    """
    reports = FollowUp.objects.known().filter(action=action).select_related("reporter", "author")
    if not may_for_others(request, action):
        reports = reports.filter(reporter__in=reader(request).organisation_ids)
    month = MONTH.fullmatch(request.GET.get("mois", ""))
    if month:
        reports = reports.filter(valid_on__year=int(month[1]), valid_on__month=int(month[2]))
    block = request.GET.get("partie", "")
    anchor = f"#{block}" if block in Block else ""
    rows = [
        (report, reverse("indicators:correct", args=[action.public_id, report.lineage]) + anchor)
        for report in reports.order_by("-valid_on", "reporter__name", "pk")
    ]
    if len(rows) == 1:
        return redirect(rows[0][1])
    page = {
        "action": action,
        "rows": rows,
        "every_url": request.path if month else "",
        "table_url": table_url(action),
        "fill_url": reverse("indicators:fill", args=[action.public_id]),
    }
    return render(request, "indicators/correct_choose.html", page)


def report_in_view(request: HttpRequest, action: Action, lineage: uuid.UUID) -> FollowUp:
    """The version under the person's eyes: the one that the form was opened on, else the current one.

    404 when there never was one, `AlreadyRemoved` once it is withdrawn, 403 for the report of another operator:
    its figures may be read, not changed.
    """
    versions = FollowUp.objects.filter(action=action, lineage=lineage)
    versions = versions.select_related("reporter", "author", "organisation", "action__departement")
    seen = request.POST.get("seen", "")
    older = None
    if seen.isascii() and seen.isdigit() and len(seen) < 19:
        older = versions.filter(pk=int(seen), withdrawn=False).first()
    version = older or fact_or_removed(
        versions, back=table_url(action), words="Ce point de suivi est déjà retiré."
    )
    if version.reporter_id not in reader(request).organisation_ids and not may_for_others(request, action):
        raise PermissionDenied("Chaque opérateur corrige ses propres points de suivi.")
    return version


def typed_elsewhere(request: HttpRequest) -> dict[str, list[str]]:
    """What was typed in a new report of the same day, to say over the one that already stands.

    Boxes left empty, and those that nobody touched, say nothing against it.
    """
    touched = set(request.POST.get("touched", "").split())
    return {
        name: texts
        for name, texts in request.POST.lists()
        if name != "on" and any(texts) and (not touched or name in touched or not FIGURE.match(name))
    }


def pressed_in(request: HttpRequest, ground: Filling, offered: Offered | None) -> dict[str, list[str]]:
    """What was typed, with the number that a button takes; nothing is recorded yet."""
    data = pressed(request.POST, ground.indicators, offered)
    return {name: texts for name, texts in data.lists() if name != "offered"}


@on_action(Right.FOLLOW_ACTION)
def correct(request: HttpRequest, action: Action, lineage: uuid.UUID) -> HttpResponse:
    version = report_in_view(request, action, lineage)
    figures = told_with(version)
    ground = past_filling(version, {pk: value_of(figure) for pk, figure in figures.items()})
    taken_over = TAKEN_OVER in request.POST
    offered = offered_for(request, ground, Moment(version.valid_on, version.since))
    button = TAKE in request.POST or AS_FEW in request.POST
    form = CorrectionForm(
        None if taken_over or button else typed(request), filling=ground, version=version, figures=figures
    )
    if taken_over:
        form.restore(typed_elsewhere(request))
    if button:
        form.restore(pressed_in(request, ground, offered))
    by = actor_as(request, action, version.reporter)
    conflict: Conflict | None = None
    answer, written = None, []
    try:
        answer = record(
            request,
            form,
            lambda: written.append(
                correct_follow_up(
                    follow_up=version,
                    content=form.report(),
                    indicators=ground.indicators,
                    by=by,
                    reason=form.cleaned_data["reason"],
                )
            ),
            message=lambda _: f"Point de suivi du {format_date(written[0].valid_on)} corrigé.",
            to=table_url(action),
            blame="on",
        )
    except Stale as stale:
        conflict = fact_conflict_of(stale, form, lineage, FollowUp)
    if answer:
        if written:
            warn_about(request, form, written[0])
        return answer
    page = {
        **form_context(request, ground, form, offered=offered),
        "offers_url": request.path,
        "title": f"Corriger le point de suivi du {format_date(version.valid_on)}",
        "follow_up": version,
        "versions": versions_of(version),
        "conflict": conflict,
        "taken_over": taken_over,
    }
    return render(request, "indicators/correct.html", page, status=409 if conflict else 200)


@on_action(Right.FOLLOW_ACTION)
def withdraw(request: HttpRequest, action: Action, lineage: uuid.UUID) -> HttpResponse:
    version = report_in_view(request, action, lineage)
    form = ReasonForm(
        typed(request),
        initial={"seen": version.pk},
        label="Pourquoi le retirer ?",
        help="Par exemple : saisi sur le mauvais dispositif. Ce qui était enregistré reste lisible dans l’historique.",
    )
    by = actor_as(request, action, version.reporter)
    conflict: Conflict | None = None
    answer = None
    try:
        answer = record(
            request,
            form,
            lambda: withdraw_follow_up(follow_up=version, by=by, reason=form.cleaned_data["reason"]),
            message=f"Le point de suivi du {format_date(version.valid_on)} est retiré.",
            to=table_url(action),
        )
    except Stale as stale:
        conflict = fact_conflict_of(stale, form, lineage, FollowUp)
    page = {
        "action": action,
        "form": form,
        "follow_up": version,
        "figures": [
            (measurement.series.indicator, value_of(measurement))
            for measurement in told_with(version).values()
        ],
        "table_url": table_url(action),
        "conflict": conflict,
    }
    return answer or render(request, "indicators/withdraw.html", page, status=409 if conflict else 200)

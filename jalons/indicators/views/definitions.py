"""Les indicateurs d’un dispositif et leurs objectifs."""

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.actions.models import Action
from jalons.actions.services import intervention_of
from jalons.actions.views.common import actor_on, form_page, on_action
from jalons.core.values import french_spaces, plural
from jalons.editing.conflicts import Conflict, told_by
from jalons.editing.forms import reopen
from jalons.editing.writing import record, typed
from jalons.history.conflicts import conflict as differences_of
from jalons.history.conflicts import settled
from jalons.history.querysets import AsOf
from jalons.history.services import Stale
from jalons.indicators.enums import Measure, Relation
from jalons.indicators.forms.definitions import IndicatorForm, ObjectivesForm, default_day
from jalons.indicators.models import Indicator, Measurement, Series
from jalons.indicators.selectors.asked import AskedBlock, asked_indicators, proposals
from jalons.indicators.selectors.last import value_of
from jalons.indicators.selectors.table_rows import told_objectives
from jalons.indicators.services import create_indicator, follow_indicator, set_objective, update_indicator


@on_action(Right.READ_ACTIONS)
def followed(request: HttpRequest, action: Action) -> HttpResponse:
    at, _ = AsOf.read(request.GET)
    may = can(request.user, Right.FOLLOW_ACTION, action) and not at.is_past
    dropped = Indicator.objects.filter(
        series__action=action, series__reporter__isnull=True, series__asked=False
    )
    context = {
        "action": action,
        "at": at,
        "blocks": with_objectives(action, at),
        "dropped": dropped.filter(action=action).order_by("label", "pk"),
        "proposals": proposals(action) if may else [],
        "may_follow": may,
        "may_aim": can(request.user, Right.EDIT_ACTION, action) and not at.is_past,
        "back_url": reverse("indicators:table", args=[action.public_id]),
    }
    return render(request, "indicators/followed.html", context)


def with_objectives(action: Action, at: AsOf) -> list[dict[str, Any]]:
    """Each block with its indicators, and what is aimed at for each."""
    aims = told_objectives(action, at)
    return [
        {
            "block": block.block,
            "lines": [(main, details_of(main, block), aims.get(main.pk, ())) for main in mains(block)],
        }
        for block in asked_indicators(action)
    ]


def mains(block: AskedBlock) -> list[Indicator]:
    return [indicator for indicator in block.indicators if indicator.relation != Relation.AMONG]


def details_of(indicator: Indicator, block: AskedBlock) -> str:
    """« dont familles, femmes, mineurs »."""
    names = [
        detail.label.lower()
        for detail in block.indicators
        if detail.parent_id == indicator.pk and detail.relation == Relation.AMONG
    ]
    return f"dont {', '.join(names)}" if names else ""


def followed_url(action: Action) -> str:
    return reverse("indicators:followed", args=[action.public_id])


@on_action(Right.FOLLOW_ACTION)
def create(request: HttpRequest, action: Action) -> HttpResponse:
    by = actor_on(request, action, Right.FOLLOW_ACTION)
    form = IndicatorForm(typed(request))
    answer = record(
        request,
        form,
        lambda: create_indicator(action=action, by=by, **form.described()),
        message=lambda indicator: f"« {indicator.label} » sera demandé au prochain point de suivi.",
        to=followed_url(action),
    )
    return answer or page(request, action, form, title="Nouvel indicateur", submit="Créer l’indicateur")


def page(request: HttpRequest, action: Action, form: Any, **more: Any) -> HttpResponse:
    return form_page(
        request,
        action,
        form,
        template=more.pop("template", "indicators/indicator_form.html"),
        back_url=followed_url(action),
        **more,
    )


def local_indicator(action: Action, indicator_id: str) -> Indicator:
    """An indicator made for this dispositif: only there is it changed."""
    return get_object_or_404(Indicator, public_id=indicator_id, action=action)


@on_action(Right.FOLLOW_ACTION)
def edit(request: HttpRequest, action: Action, indicator_id: str) -> HttpResponse:
    indicator = local_indicator(action, indicator_id)
    by = actor_on(request, action, Right.FOLLOW_ACTION)
    locked = Measurement.objects.filter(series__indicator=indicator).exists()
    form = IndicatorForm(typed(request), initial=initial_of(indicator), locked=locked)
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: update_indicator(
                indicator=indicator,
                by=by,
                expected_version=form.cleaned_data["expected_version"],
                **settled(indicator, form.described(), request.POST),
            ),
            message=lambda indicator: f"« {indicator.label} » est modifié.",
            to=followed_url(action),
        )
    except Stale as stale:
        answer, conflict = None, changed_meanwhile(stale.current, form)
    return answer or page(
        request,
        action,
        form,
        title=f"Modifier « {indicator.label} »",
        submit="Enregistrer",
        conflict=conflict,
        locked=indicator if locked else None,
    )


def changed_meanwhile(current: Any, form: IndicatorForm) -> Conflict:
    """What somebody else saved, beside what was typed; the form is ready to be sent over it."""
    differences = differences_of(current, form.cleaned_data["expected_version"], form.described())
    reopen(form, expected_version=str(current.version))
    who = f"{current.changed_by or 'Quelqu’un'} a enregistré entre-temps."
    return Conflict("Quelqu’un d’autre a modifié cet indicateur pendant que vous écriviez", who, differences)


def initial_of(indicator: Indicator) -> dict[str, Any]:
    names = ("label", "value_type", "unit", "nature", "direction", "help_text", "shared")
    return {
        **{name: getattr(indicator, name) for name in names},
        "choices": "\n".join(label for _, label in indicator.choices),
        "expected_version": indicator.version,
    }


@require_POST
@on_action(Right.FOLLOW_ACTION)
def follow(request: HttpRequest, action: Action, indicator_id: str) -> HttpResponse:
    """Ask for a local indicator, one's own or one proposed by another dispositif, or stop asking."""
    mine = Series.objects.filter(action=action, reporter__isnull=True).values("indicator")
    offered = Indicator.objects.filter(pk__in=mine) | Indicator.objects.filter(
        pk__in=[p.pk for p in proposals(action)]
    )
    indicator = get_object_or_404(offered, public_id=indicator_id)
    asked = request.POST.get("asked") == "1"
    follow_indicator(action=action, indicator=indicator, asked=asked)
    words = (
        "sera demandé au prochain point de suivi" if asked else "ne sera plus demandé ; ses valeurs restent"
    )
    messages.success(request, french_spaces(f"« {indicator.label} » {words}."))
    return redirect(followed_url(action))


@on_action(Right.EDIT_ACTION)
def objectives(request: HttpRequest, action: Action) -> HttpResponse:
    by = actor_on(request, action, Right.EDIT_ACTION)
    blocks = asked_indicators(action)
    initial = {"on": default_day(intervention_of(action).planned_end), "seen": last_objective(action)}
    form = ObjectivesForm(typed(request), blocks=blocks, initial=initial)

    def write() -> int:
        aims = list(form.objectives())
        for indicator, value in aims:
            set_objective(
                action=action,
                indicator=indicator,
                on=form.cleaned_data["on"],
                value=value,
                by=by,
                seen=form.cleaned_data["seen"] or 0,
            )
        return len(aims)

    conflict = None
    try:
        answer = record(
            request,
            form,
            write,
            message=lambda count: f"{count} {plural(count, 'objectif enregistré', 'objectifs enregistrés')}.",
            to=followed_url(action),
        )
    except Stale:
        answer, conflict = None, aimed_meanwhile(action, form)
    return answer or page(
        request,
        action,
        form,
        title="Objectifs",
        submit="Enregistrer les objectifs",
        template="indicators/objectives.html",
        conflict=conflict,
        intro="Un objectif est facultatif. Il se lit à côté des résultats et ne sert jamais à classer les opérateurs.",
    )


def last_objective(action: Action) -> int:
    """The primary key of the last objective said for a dispositif; 0 when there is none."""
    measurements = Measurement.objects.filter(series__action=action, measure=Measure.OBJECTIVE)
    return measurements.aggregate(last=Max("pk"))["last"] or 0


def aimed_meanwhile(action: Action, form: ObjectivesForm) -> Conflict:
    """What somebody else aims at for the same date, in words; the form is ready to be sent over it."""
    mine = {indicator.pk for indicator, _ in form.objectives()}
    aimed = Measurement.objects.known().filter(
        series__action=action,
        series__indicator__in=mine,
        valid_on=form.cleaned_data["on"],
        measure=Measure.OBJECTIVE,
        pk__gt=form.cleaned_data["seen"] or 0,
    )
    aimed = aimed.select_related("series__indicator", "author", "organisation").order_by("pk")
    theirs = [f"{told_by(aim)} {aim.series.indicator.label} : {value_of(aim).to_text()}." for aim in aimed]
    reopen(form, seen=str(last_objective(action)))
    title = "Quelqu’un d’autre a enregistré un objectif pour cette date pendant que vous écriviez"
    return Conflict(title, french_spaces(" ".join(theirs)), compared=False)

"""Les étapes préparatoires d’une résorption, et « aménageable ? »."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import territory_of
from jalons.core import clock
from jalons.core.values import ParseError, format_date, parse_date
from jalons.discussions.readers import ReaderList
from jalons.editing.conflicts import Conflict, fact_conflict_of
from jalons.editing.writing import record, typed, withdrawn
from jalons.history.models import Fact
from jalons.history.selectors import fact_entries, timeline
from jalons.history.services import Stale
from jalons.readership.selectors import reading_memberships
from jalons.readership.things import thing_of
from jalons.sites.enums import StepKind, StepState
from jalons.sites.forms.describe import sources_for
from jalons.sites.models import PreparatoryStep, Site, SiteSuitability
from jalons.sites.pages import actor_on, form_page, on_site, sheet_url
from jalons.sites.resorption.forms import PreparatoryStepForm, SuitabilityForm
from jalons.sites.resorption.selectors import last_known_step, last_suitability, site_preparation
from jalons.sites.resorption.services import correct_step, set_step, set_suitability, step_unchanged_since
from jalons.sites.services import nobody_wrote_since, occupation_of
from jalons.sites.views.common import filled_from, version_in_view
from jalons.sites.views.fact_pages import reason_page, shown_of

ANCHOR = "#resorption"


def kind_in(address: str) -> StepKind:
    """The step that an address names."""
    if address not in StepKind.values:
        raise Http404(address)
    return StepKind(address)


class StepChoices:
    """Who may be in charge of a step of a site, read when the form is."""

    def __init__(self, request: HttpRequest, site: Site, step: PreparatoryStep | None) -> None:
        self.request, self.site, self.step = request, site, step

    @cached_property
    def readers(self) -> ReaderList:
        """Those who may update the site."""
        return ReaderList(reading_memberships(thing_of(self.site), self.site, Right.UPDATE_SITE))

    def form(self, kind: StepKind, data: Any, **kwargs: Any) -> PreparatoryStepForm:
        keys = list(self.readers.people)
        if self.step is not None and self.step.led_by_person_id:
            keys.append(self.step.led_by_person_id)
        return PreparatoryStepForm(
            data,
            kind=kind,
            organisations=sources_for(territory_of(self.request.user, Right.UPDATE_SITE)),
            people=User.objects.filter(pk__in=keys).order_by("name", "pk"),
            labels=self.readers.labels(),
            **kwargs,
        )


@on_site(Right.UPDATE_SITE)
def steps(request: HttpRequest, site: Site) -> HttpResponse:
    """The nine steps, each leading to its page."""
    preparation = site_preparation(site, closed_on=occupation_of(site).ended_on)
    context = {"site": site, "sheet_url": sheet_url(site), "preparation": preparation}
    return render(request, "sites/steps.html", context)


@on_site(Right.UPDATE_SITE)
def step_set(request: HttpRequest, site: Site, kind: str) -> HttpResponse:
    """Another situation of a step, over the one in force; whoever comes second chooses between the two."""
    step_kind = kind_in(kind)
    by = actor_on(request, site, Right.UPDATE_SITE)
    last = last_known_step(site, step_kind)
    seen = filled_from(request, PreparatoryStep, site, last)
    if seen is not None and seen.kind != step_kind:
        seen = None
    initial = {**shown_of(PreparatoryStepForm, seen), **proposed(request)}
    form = StepChoices(request, site, seen).form(step_kind, typed(request), initial=initial)

    def write() -> PreparatoryStep:
        step_unchanged_since(site=site, kind=step_kind, seen=seen)
        return set_step(site=site, kind=step_kind, by=by, **form.values_to_save())

    conflict: Conflict | None = None
    answer = None
    try:
        answer = record(request, form, write, message=step_sentence, to=sheet_url(site) + ANCHOR, blame="on")
    except Stale as stale:
        current: Any = stale.current
        conflict = fact_conflict_of(stale, form, current.lineage, PreparatoryStep)
    return answer or form_page(
        request,
        site,
        form,
        title=f"Étape\u00a0: {step_kind.label}",
        submit="Enregistrer",
        template="sites/step_form.html",
        conflict=conflict,
        versions=step_story(site, step_kind),
        **corrections(site, last),
    )


def proposed(request: HttpRequest) -> dict[str, Any]:
    """What a proposal fills in (`?situation=&depuis=`): a person still looks at it and saves it."""
    state = request.GET.get("situation", "")
    if request.method != "GET" or state not in StepState.values:
        return {}
    try:
        return {"state": state, "on": parse_date(request.GET.get("depuis", ""), today=clock.today())}
    except ParseError:
        return {"state": state}


def step_sentence(step: PreparatoryStep) -> str:
    """« Montage du marché : faite, au 12/03/2026. »."""
    planned = (
        f", prévue le {format_date(step.planned_on)}"
        if step.planned_on and step.state != StepState.DONE
        else ""
    )
    return f"{step.get_kind_display()} : {step.get_state_display().lower()} au {format_date(step.valid_on)}{planned}."


def corrections(site: Site, last: PreparatoryStep | None) -> dict[str, str]:
    """Where what is in force is corrected or withdrawn; empty when nothing is."""
    if last is None:
        return {"correct_url": "", "withdraw_url": ""}
    where = [site.public_id, last.lineage]
    return {
        "correct_url": reverse("sites:step_correct", args=where),
        "withdraw_url": reverse("sites:step_withdraw", args=where),
    }


def step_story(site: Site, kind: StepKind) -> Any:
    rows = PreparatoryStep.objects.filter(site=site, kind=kind)
    return timeline(fact_entries(rows, label=f"l’étape «\u00a0{kind.label.lower()}\u00a0»"))


@on_site(Right.UPDATE_SITE)
def step_correct(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    by = actor_on(request, site, Right.UPDATE_SITE)
    step = version_in_view(request, PreparatoryStep, site, lineage)
    kind = StepKind(step.kind)
    initial = {"seen": step.pk, "on": step.valid_on, **PreparatoryStepForm.shown_of(step)}
    form = StepChoices(request, site, step).form(kind, typed(request), initial=initial, correcting=True)
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: correct_step(
                step=step, by=by, reason=form.cleaned_data["reason"], **form.values_to_save()
            ),
            message=lambda step: f"Corrigé. {step_sentence(step)}",
            to=sheet_url(site) + ANCHOR,
            blame="on",
        )
    except Stale as stale:
        answer, conflict = None, fact_conflict_of(stale, form, lineage, PreparatoryStep)
    return answer or form_page(
        request,
        site,
        form,
        title=f"Corriger\u00a0: {kind.label}",
        submit="Enregistrer la correction",
        conflict=conflict,
        versions=step_story(site, kind),
    )


@on_site(Right.UPDATE_SITE)
def step_withdraw(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    step = version_in_view(request, PreparatoryStep, site, lineage)
    return withdrawal(
        request, site, step, f"L’étape «\u00a0{step.get_kind_display().lower()}\u00a0»", step_sentence(step)
    )


@on_site(Right.UPDATE_SITE)
def suitability_set(request: HttpRequest, site: Site) -> HttpResponse:
    by = actor_on(request, site, Right.UPDATE_SITE)
    last = last_suitability(site)
    seen = filled_from(request, SiteSuitability, site, last)
    form = SuitabilityForm(
        typed(request),
        organisations=sources_for(territory_of(request.user, Right.UPDATE_SITE)),
        initial=shown_of(SuitabilityForm, seen),
    )

    def write() -> SiteSuitability:
        nobody_wrote_since(model=SiteSuitability, site=site, seen=seen)
        return set_suitability(site=site, by=by, **form.values_to_save())

    conflict = None
    try:
        answer = record(
            request,
            form,
            write,
            message=lambda fact: f"Enregistré. Aménageable : {fact.get_answer_display().lower()}.",
            to=sheet_url(site) + ANCHOR,
            blame="on",
        )
    except Stale as stale:
        current: Any = stale.current
        answer, conflict = None, fact_conflict_of(stale, form, current.lineage, SiteSuitability)
    stories = SiteSuitability.objects.filter(site=site)
    return answer or form_page(
        request,
        site,
        form,
        title="Peut-on aménager ce site\u00a0?",
        submit="Enregistrer",
        template="sites/step_form.html",
        conflict=conflict,
        versions=timeline(fact_entries(stories, label="la possibilité d’aménager")),
        correct_url="",
        withdraw_url=reverse("sites:suitability_withdraw", args=[site.public_id, last.lineage])
        if last
        else "",
    )


@on_site(Right.UPDATE_SITE)
def suitability_withdraw(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    fact = version_in_view(request, SiteSuitability, site, lineage)
    words = f"{fact.get_answer_display()}, au {format_date(fact.valid_on)}."
    return withdrawal(request, site, fact, "La possibilité d’aménager", words)


def withdrawal(request: HttpRequest, site: Site, fact: Fact, what: str, words: str) -> HttpResponse:
    return reason_page(
        request,
        site,
        fact,
        withdrawn,
        title="Retirer ce qui est noté",
        intro=words,
        submit="Retirer",
        danger="danger",
        label="Pourquoi le retirer ?",
        help="Ce qui était noté avant vaut de nouveau. Tout reste lisible dans l’historique.",
        message=f"Retiré. {what} revient à ce qui était noté avant.",
    )

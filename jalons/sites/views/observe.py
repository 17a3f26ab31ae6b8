"""Dire ce qui est observé sur un site."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.accounts.selectors import readers_in_words
from jalons.core import clock
from jalons.core.values import format_date, format_number, french_spaces, plural
from jalons.editing.conflicts import fact_conflict_of
from jalons.editing.refusals import Refused
from jalons.editing.writing import record, typed, withdrawn, write_and_tell
from jalons.history.selectors import fact_entries, timeline
from jalons.history.services import Stale
from jalons.sites.forms.observe import (
    ConditionsForm,
    DiagnosisForm,
    EventForm,
    OwnerForm,
    answers_in_words,
    conditions_initial,
    initial_answers,
)
from jalons.sites.models import LivingConditions, Ownership, Site, SiteEvent, SocialDiagnosis, Survey
from jalons.sites.pages import actor_on, form_page, on_site, sheet_url
from jalons.sites.provenance import source_kind_of
from jalons.sites.questions import assess_all
from jalons.sites.selectors import last_conditions, last_diagnosis, last_owner, last_survey
from jalons.sites.services import (
    add_conditions,
    add_event,
    correct_conditions,
    nothing_changed,
    set_diagnosis,
    set_owner,
)
from jalons.sites.views.common import filled_from, leave_trace, version_in_view
from jalons.sites.views.fact_pages import add_over, reason_page, shown_of


@require_POST
@on_site(Right.UPDATE_SITE)
def unchanged(request: HttpRequest, site: Site) -> HttpResponse:
    """« Rien n’a changé ». Once a day for each person and site: a second click adds nothing."""
    by = actor_on(request, site, Right.UPDATE_SITE)
    today = clock.today()
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"unchanged/{site.pk}/{today.isoformat()}")
    sentence = renewal(last_survey(site), last_conditions(site), today)
    try:
        return write_and_tell(
            request,
            key,
            lambda: nothing_changed(site=site, by=by, source_kind=source_kind_of(by.organisation)),
            message=sentence,
            to=sheet_url(site),
        )
    except Refused as refusal:
        messages.warning(request, french_spaces(str(refusal)))
        return redirect(sheet_url(site))


def renewal(survey: Survey | None, conditions: LivingConditions | None, today: dt.date) -> str:
    """What « Rien n’a changé » says again: « 112 personnes (12/12/2019) … confirmées au 21/11/2020 »."""
    parts = []
    if survey is not None and survey.people is not None:
        people = f"{format_number(survey.people)} {plural(survey.people, 'personne', 'personnes')}"
        parts.append(f"{people} (recensement du {format_date(survey.valid_on)})")
    if conditions is not None:
        parts.append(f"les conditions de vie du {format_date(conditions.valid_on)}")
    if not parts:
        return "Votre visite est notée. Rien n’avait encore été recensé : ajoutez un recensement."
    return f"Rien n’a changé au {format_date(today)} : vous confirmez {' et '.join(parts)}."


# --- living conditions -----------------------------------------------------------------------------------------


STATES = "etats"


def states(request: HttpRequest) -> HttpResponse:
    """The fragment that says the six states while answers are given."""
    form = ConditionsForm(request.GET)
    form.is_valid()
    return render(request, "sites/_states.html", {"conditions": assess_all(form.answers())})


@on_site(Right.UPDATE_SITE)
def conditions_add(request: HttpRequest, site: Site) -> HttpResponse:
    if STATES in request.GET:
        return states(request)
    by = actor_on(request, site, Right.UPDATE_SITE)
    last = last_conditions(site)
    form = ConditionsForm(typed(request), initial=initial_answers(last) if last else {})
    if last:
        form.recall(last)
    answer = record(
        request,
        form,
        lambda: add_conditions(
            site=site,
            observed_on=form.cleaned_data["observed_on"],
            answers=form.answers(),
            by=by,
            note=form.cleaned_data["note"],
        ),
        message=recorded_conditions,
        to=sheet_url(site),
        blame="observed_on",
    )
    return answer or form_page(
        request,
        site,
        form,
        title="Conditions de vie",
        submit="Enregistrer",
        template="sites/conditions_form.html",
        last=last,
    )


def recorded_conditions(conditions: LivingConditions) -> str:
    return f"Conditions de vie du {format_date(conditions.valid_on)} enregistrées."


@on_site(Right.UPDATE_SITE)
def conditions_correct(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    if STATES in request.GET:
        return states(request)
    by = actor_on(request, site, Right.UPDATE_SITE)
    conditions = version_in_view(request, LivingConditions, site, lineage)
    form = ConditionsForm(typed(request), initial=conditions_initial(conditions), correcting=True)
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: correct_conditions(
                conditions=conditions,
                observed_on=form.cleaned_data["observed_on"],
                answers=form.answers(),
                by=by,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
            ),
            message=lambda new: recorded_conditions(new).replace("enregistrées", "corrigées"),
            to=sheet_url(site),
            blame="observed_on",
        )
    except Stale as stale:
        answer, conflict = None, fact_conflict_of(stale, form, lineage, LivingConditions)
    return answer or form_page(
        request,
        site,
        form,
        title=f"Corriger les conditions de vie du {format_date(conditions.valid_on)}",
        submit="Enregistrer la correction",
        template="sites/conditions_form.html",
        conflict=conflict,
        versions=timeline(
            fact_entries(
                LivingConditions.objects.filter(lineage=lineage),
                label="les conditions de vie",
                also=answers_in_words,
            )
        ),
        last=None,
    )


# --- small facts -----------------------------------------------------------------------------------------------


@on_site(Right.UPDATE_SITE)
def diagnosis_add(request: HttpRequest, site: Site) -> HttpResponse:
    by = actor_on(request, site, Right.UPDATE_SITE)
    seen = filled_from(request, SocialDiagnosis, site, last_diagnosis(site))
    form = DiagnosisForm(typed(request), initial=shown_of(DiagnosisForm, seen))
    answer, conflict = add_over(
        request,
        site,
        form,
        lambda: set_diagnosis(site=site, by=by, **form.values_to_save()),
        model=SocialDiagnosis,
        seen=seen,
        message=lambda diagnosis: f"Diagnostic social enregistré : {diagnosis.get_status_display().lower()}.",
    )
    return answer or form_page(
        request, site, form, title="Diagnostic social", submit="Enregistrer", conflict=conflict
    )


@on_site(Right.UPDATE_SITE)
def event_add(request: HttpRequest, site: Site) -> HttpResponse:
    by = actor_on(request, site, Right.UPDATE_SITE)
    form = EventForm(typed(request))
    answer = record(
        request,
        form,
        lambda: add_event(site=site, by=by, **form.values_to_save()),
        message=lambda event: (
            f"Événement du {format_date(event.valid_on)} enregistré : {event.get_kind_display().lower()}."
        ),
        to=sheet_url(site),
        blame="on",
    )
    return answer or form_page(request, site, form, title="Nouvel événement", submit="Enregistrer")


@on_site(Right.UPDATE_SITE)
def event_withdraw(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    event = version_in_view(request, SiteEvent, site, lineage)
    words = f"{event.get_kind_display()} du {format_date(event.valid_on)}"
    return reason_page(
        request,
        site,
        event,
        withdrawn,
        title="Retirer cet événement",
        intro=f"{words}. {event.description}".strip(),
        submit="Retirer",
        danger="danger",
        label="Pourquoi le retirer ?",
        message=f"L’événement est retiré : {words}.",
    )


@on_site(Right.WRITE_OWNER)
def owner_add(request: HttpRequest, site: Site) -> HttpResponse:
    by = actor_on(request, site, Right.WRITE_OWNER)
    # Who may write the owner and not read it never chooses between two: each adds theirs.
    reads = can(request.user, Right.READ_OWNER, site)
    last = last_owner(site) if reads else None
    seen = filled_from(request, Ownership, site, last) if reads else None
    leave_trace(request, site, [Right.READ_OWNER] if seen else [])
    form = OwnerForm(typed(request), initial=shown_of(OwnerForm, seen))
    answer, conflict = add_over(
        request,
        site,
        form,
        lambda: set_owner(site=site, by=by, **form.values_to_save()),
        model=Ownership,
        seen=seen,
        compared=reads,
        message="Propriétaire enregistré.",
    )
    return answer or form_page(
        request,
        site,
        form,
        title="Propriétaire",
        submit="Enregistrer",
        conflict=conflict,
        readers=readers_in_words(Right.READ_OWNER, site.commune),
    )

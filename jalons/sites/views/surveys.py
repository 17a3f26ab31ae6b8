"""Recenser : ajouter un recensement, le corriger, l’écarter, le retirer."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.core.values import format_date, format_number, format_value, french_spaces, plural
from jalons.editing.conflicts import fact_conflict_of
from jalons.editing.writing import record, typed, withdrawn
from jalons.history.selectors import fact_entries, timeline
from jalons.history.services import Stale
from jalons.sites.forms.observe import SurveyForm, brought_along, counts_of, last_counts, survey_initial
from jalons.sites.models import Site, Survey
from jalons.sites.pages import actor_on, form_page, on_site, sheet_url
from jalons.sites.provenance import source_kind_of
from jalons.sites.selectors import known_surveys, last_survey, organisations_near
from jalons.sites.services import (
    add_survey,
    correct_survey,
    set_survey_aside,
    take_survey_back,
)
from jalons.sites.views.common import version_in_view
from jalons.sites.views.fact_pages import reason_page
from jalons.sites.warnings import survey_warnings


@on_site(Right.UPDATE_SITE)
def survey_add(request: HttpRequest, site: Site) -> HttpResponse:
    by = actor_on(request, site, Right.UPDATE_SITE)
    last = last_survey(site)
    initial = {"source": by.organisation, "source_kind": source_kind_of(by.organisation)}
    taken = last is not None and "reprendre" in request.GET
    if last is not None and taken:
        initial |= {**counts_of(last), "reliability": last.reliability}
    initial |= brought_along(request.GET)
    form = SurveyForm(
        typed(request),
        initial=initial,
        before=last_counts(last),
        organisations=organisations_near(site, by.organisation),
    )
    answer = record(
        request,
        form,
        lambda: add_survey(site=site, observation=form.observation(), by=by),
        message=recorded_count,
        to=sheet_url(site),
        blame="observed_on",
    )
    if answer:
        warn_about(request, site)
        return answer
    return form_page(
        request,
        site,
        form,
        title="Nouveau recensement",
        submit="Enregistrer",
        template="sites/survey_form.html",
        last=last,
        can_take=last is not None and not taken and request.method == "GET",
        taken=taken,
    )


def recorded_count(survey: Survey) -> str:
    people = survey.value("people")
    if people.number is None:
        count = "nombre de personnes " + format_value(people).lower().replace("nd", "ND")
    else:
        count = f"{format_number(people.number)} {plural(people.number, 'personne', 'personnes')}"
    return f"Recensement du {format_date(survey.valid_on)} enregistré : {count}."


def warn_about(request: HttpRequest, site: Site) -> None:
    """Says what deserves a second look in the count that was just written."""
    surveys = known_surveys(site)
    written = max(surveys, key=lambda survey: (survey.recorded_at, survey.pk), default=None)
    if written is not None:
        for sentence in survey_warnings(written, last_survey(site), surveys):
            messages.warning(request, french_spaces(sentence))


@on_site(Right.UPDATE_SITE)
def survey_correct(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    by = actor_on(request, site, Right.UPDATE_SITE)
    survey = version_in_view(request, Survey, site, lineage)
    form = SurveyForm(
        typed(request),
        initial=survey_initial(survey),
        correcting=True,
        organisations=organisations_near(site, by.organisation, survey.source),
    )
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: correct_survey(
                survey=survey, observation=form.observation(), by=by, reason=form.cleaned_data["reason"]
            ),
            message=lambda new: recorded_count(new).replace("enregistré", "corrigé"),
            to=sheet_url(site),
            blame="observed_on",
        )
    except Stale as stale:
        answer, conflict = None, fact_conflict_of(stale, form, lineage, Survey)
    if answer:
        warn_about(request, site)
        return answer
    return form_page(
        request,
        site,
        form,
        title=f"Corriger le recensement du {format_date(survey.valid_on)}",
        submit="Enregistrer la correction",
        template="sites/survey_correct.html",
        conflict=conflict,
        versions=timeline(fact_entries(Survey.objects.filter(lineage=lineage), label="le recensement")),
        links=survey_links(site, survey),
    )


def survey_links(site: Site, survey: Survey) -> list[tuple[str, str, str]]:
    """(what, why, address) of what else may be done with a count."""
    if survey.set_aside:
        aside = ("survey_take_back", "Reprendre ce recensement", "il comptera de nouveau.")
    else:
        aside = ("survey_set_aside", "Écarter ce recensement", "il reste lisible, sans donner le chiffre.")
    gone = ("survey_withdraw", "Retirer ce recensement", "il a été saisi par erreur.")
    where = [site.public_id, survey.lineage]
    return [(what, why, reverse(f"sites:{name}", args=where)) for name, what, why in (aside, gone)]


def survey_words(survey: Survey) -> str:
    """« Recensement du 12/12/2019 : 112 personnes, DDETS du Nord. »"""
    count = format_value(survey.value("people"))
    people = f"{count} {plural(survey.people or 0, 'personne', 'personnes')}"
    return french_spaces(f"Recensement du {format_date(survey.valid_on)} : {people}, {survey.organisation}.")


@on_site(Right.UPDATE_SITE)
def survey_set_aside(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    survey = version_in_view(request, Survey, site, lineage)
    return reason_page(
        request,
        site,
        survey,
        lambda survey, by, reason: set_survey_aside(survey=survey, by=by, reason=reason),
        title="Écarter ce recensement",
        intro=f"{survey_words(survey)} Il reste lisible, mais ne donne plus le chiffre du site.",
        submit="Écarter",
        label="Pourquoi l’écarter ?",
        help="Par exemple : doublon, autre périmètre, méthode douteuse.",
        message="Le recensement est écarté.",
    )


@on_site(Right.UPDATE_SITE)
def survey_take_back(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    survey = version_in_view(request, Survey, site, lineage)
    return reason_page(
        request,
        site,
        survey,
        lambda survey, by, reason: take_survey_back(survey=survey, by=by, reason=reason),
        title="Reprendre ce recensement",
        intro=f"{survey_words(survey)} Il pourra de nouveau donner le chiffre du site.",
        submit="Reprendre",
        label="Pourquoi le reprendre ?",
        message="Le recensement est repris.",
    )


@on_site(Right.UPDATE_SITE)
def survey_withdraw(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    survey = version_in_view(request, Survey, site, lineage)
    return reason_page(
        request,
        site,
        survey,
        withdrawn,
        title="Retirer ce recensement",
        intro=f"{survey_words(survey)} À faire s’il a été saisi par erreur. L’historique du site garde sa trace.",
        submit="Retirer",
        danger="danger",
        label="Pourquoi le retirer ?",
        help="Par exemple : saisi sur le mauvais site.",
        message="Le recensement est retiré.",
    )

"""News of sites: those declared, closed, reopened, and what was counted there."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from jalons.core.values import format_date, format_number, plural
from jalons.discussions.enums import NewsKind
from jalons.discussions.news import NewsItem
from jalons.sites.enums import StepState
from jalons.sites.models import Occupation, PreparatoryStep, Survey


def site_news(since: dt.datetime, until: dt.datetime) -> Iterator[NewsItem]:
    within = {"recorded_at__gte": since, "recorded_at__lt": until}
    related = ("site__commune", "author", "organisation")
    occupations = Occupation.objects.known().filter(site__merged_into__isnull=True, **within)
    before = first_versions(occupations)
    for row in occupations.select_related(*related):
        sentence = occupation_sentence(row, before.get(row.lineage))
        yield item(row, f"occupation/{row.pk}", NewsKind.SITES, sentence)
    surveys = Survey.objects.known().filter(site__merged_into__isnull=True, **within)
    for survey in surveys.select_related(*related):
        yield item(survey, f"survey/{survey.pk}", NewsKind.FIGURES, survey_sentence(survey))
    steps = PreparatoryStep.objects.known().filter(site__merged_into__isnull=True, **within)
    for step in steps.select_related(*related):
        yield item(step, f"step/{step.pk}", NewsKind.SITES, step_sentence(step))


def first_versions(rows: Any) -> dict[Any, Occupation]:
    """The version that each of these replaced, if any: one query."""
    replaced = Occupation.objects.filter(
        lineage__in=rows.values("lineage"), superseded_at__isnull=False
    ).order_by("superseded_at", "pk")
    return {row.lineage: row for row in replaced}


def occupation_sentence(row: Occupation, before: Occupation | None) -> str:
    """« DDETS du Nord a fermé ce site le 12/12/2025 », « … a corrigé les dates de ce site : depuis le … »."""
    if before is None:
        return f"{row.organisation} a déclaré ce site"
    if row.withdrawn:
        return f"{row.organisation} a retiré les dates de ce site"
    if row.ended_on and not before.ended_on:
        return f"{row.organisation} a fermé ce site le {format_date(row.ended_on)}"
    if before.ended_on and not row.ended_on:
        return f"{row.organisation} a rouvert ce site"
    if (row.valid_on, row.ended_on) == (before.valid_on, before.ended_on):
        return f"{row.organisation} a corrigé la fermeture de ce site"
    dates = f"depuis le {format_date(row.valid_on)}"
    if row.ended_on:
        dates = f"du {format_date(row.valid_on)} au {format_date(row.ended_on)}"
    return f"{row.organisation} a corrigé les dates de ce site\u00a0: {dates}"


def survey_sentence(survey: Survey) -> str:
    on = format_date(survey.valid_on)
    if survey.people is None:
        return f"{survey.organisation} a noté une visite le {on}"
    people = f"{format_number(survey.people)} {plural(survey.people, 'personne', 'personnes')}"
    return f"{survey.organisation} a compté {people} au {on}"


def step_sentence(step: PreparatoryStep) -> str:
    """« DDETS du Nord a noté l’étape « Ouverture » : prévue le 12/03/2026 ». Its note stays on the sheet."""
    on = step.planned_on if step.state == StepState.FORESEEN and step.planned_on else step.valid_on
    joint = "le" if step.state in (StepState.FORESEEN, StepState.DONE) else "depuis le"
    state_words = f"{step.get_state_display().lower()} {joint} {format_date(on)}"
    return f"{step.organisation} a noté l’étape «\u00a0{step.get_kind_display()}\u00a0»\u00a0: {state_words}"


def item(row: Any, key: str, kind: NewsKind, sentence: str) -> NewsItem:
    return NewsItem(
        key=key,
        kind=kind,
        thing=row.site,
        sentence=sentence,
        moment=row.recorded_at,
        author_id=row.author_id,
    )

"""News of sites: those declared, closed, reopened, and what was counted there."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.core.values import format_date, format_number, plural
from jalons.discussions.activity import ActivityItem, ActivityQuestion
from jalons.discussions.enums import ActivityKind, NewsKind
from jalons.discussions.news import NewsItem
from jalons.sites.enums import StepState
from jalons.sites.models import Occupation, PreparatoryStep, Survey


def site_news(since: dt.datetime, until: dt.datetime) -> Iterator[NewsItem]:
    within = {"recorded_at__gte": since, "recorded_at__lt": until}
    related = ("site__commune", "author", "organisation")
    occupations = Occupation.objects.known().filter(site__merged_into__isnull=True, **within)
    before = first_versions(occupations)
    for row in occupations.select_related(*related):
        sentence = occupation_sentence(row, before)
        if sentence:
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


def occupation_sentence(row: Occupation, before: dict[Any, Occupation]) -> str:
    """« DDETS du Nord a fermé le site le 12/12/2025 »; nothing for a change of dates or of words."""
    earlier = before.get(row.lineage)
    if earlier is None:
        return f"{row.organisation} a déclaré ce site"
    if row.ended_on and not earlier.ended_on:
        return f"{row.organisation} a fermé ce site le {format_date(row.ended_on)}"
    return f"{row.organisation} a rouvert ce site" if earlier.ended_on and not row.ended_on else ""


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
    said = f"{step.get_state_display().lower()} {joint} {format_date(on)}"
    return f"{step.organisation} a noté l’étape «\u00a0{step.get_kind_display()}\u00a0»\u00a0: {said}"


def item(row: Any, key: str, kind: NewsKind, sentence: str) -> NewsItem:
    return NewsItem(
        key=key,
        kind=kind,
        thing=row.site,
        sentence=sentence,
        moment=row.recorded_at,
        author_id=row.author_id,
    )


# --- the activity ----------------------------------------------------------------------------------------------

RELATED = ("site__commune", "organisation")


def site_activity(asked: ActivityQuestion) -> Iterator[ActivityItem]:
    """Openings, closings, counts and their corrections: at most two queries each."""
    if asked.asks(ActivityKind.SITES):
        for row, before in with_previous(Occupation, asked):
            if sentence := occupation_sentence(row, {row.lineage: before} if before else {}):
                yield item_of(row, f"occupation/{row.pk}", ActivityKind.SITES, sentence)
    if asked.asks(ActivityKind.COUNTS):
        for row, before in with_previous(Survey, asked):
            yield item_of(row, f"survey/{row.pk}", ActivityKind.COUNTS, count_sentence(row, before))


def item_of(row: Any, key: str, kind: ActivityKind, sentence: str) -> ActivityItem:
    return ActivityItem(key, kind, row.site, sentence, row.recorded_at)


def with_previous(model: Any, asked: ActivityQuestion) -> Iterator[tuple[Any, Any]]:
    """The newest versions that the person may read, each with the one it replaced: two queries.

    For a site, a change of dates is not told: only those that told something are looked for.
    """
    within = territory_of(asked.user, Right.READ_SITES).q("site__commune")
    rows = model.objects.filter(
        within,
        asked.territory.q("site__commune"),
        recorded_at__gte=asked.start,
        withdrawn=False,
        site__merged_into__isnull=True,
    )
    newest = list(rows.select_related(*RELATED).order_by("-recorded_at", "-pk")[: asked.limit])
    earlier = model.objects.filter(
        lineage__in={row.lineage for row in newest}, superseded_at__isnull=False
    ).order_by("recorded_at", "pk")
    versions: dict[Any, list[Any]] = {}
    for version in earlier:
        versions.setdefault(version.lineage, []).append(version)
    for row in newest:
        older = [each for each in versions.get(row.lineage, ()) if each.recorded_at < row.recorded_at]
        yield row, older[-1] if older else None


def count_sentence(survey: Survey, before: Survey | None) -> str:
    """« … a corrigé le recensement du 12/12/2025 : 40 personnes au lieu de 34 »."""
    if before is None:
        if survey.unchanged:
            return f"{survey.organisation} a noté que rien n’avait changé au {format_date(survey.valid_on)}"
        return survey_sentence(survey)
    on = format_date(survey.valid_on)
    if survey.set_aside != before.set_aside:
        return f"{survey.organisation} a {'écarté' if survey.set_aside else 'repris'} le recensement du {on}"
    sentence = f"{survey.organisation} a corrigé le recensement du {on}"
    if survey.people is None or survey.people == before.people:
        return sentence
    people = f"{format_number(survey.people)} {plural(survey.people, 'personne', 'personnes')}"
    instead = "" if before.people is None else f" au lieu de {format_number(before.people)}"
    return f"{sentence}\u00a0: {people}{instead}"

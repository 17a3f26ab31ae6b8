"""« Qui a fait quoi » on a site: records and facts, those of the duplicates merged into it too."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.core.ui import Entry
from jalons.core.values import format_number, format_value, plural
from jalons.discussions.selectors import comment_entries
from jalons.documents.selectors import document_entries
from jalons.history.querysets import NOW, AsOf
from jalons.history.selectors import Label, fact_entries, history_entries, timeline
from jalons.sites.enums import TriState
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Orientation,
    Ownership,
    PreparatoryStep,
    Procedure,
    Resettlement,
    Site,
    SiteAlias,
    SiteEvent,
    SiteSuitability,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.questions import QUESTIONS


def survey_label(survey: Survey) -> str:
    if survey.people is None:
        return "le recensement"
    return (
        f"le recensement de {format_number(survey.people)} {plural(survey.people, 'personne', 'personnes')}"
    )


# Model → how one of its facts is called, with its article.
OPEN_FACTS: dict[Any, Label] = {
    Survey: survey_label,
    LivingConditions: "les conditions de vie",
    SocialDiagnosis: lambda fact: f"le diagnostic social «\u00a0{fact.get_status_display().lower()}\u00a0»",
    SiteEvent: lambda fact: f"l’événement «\u00a0{fact.get_kind_display().lower()}\u00a0»",
    PreparatoryStep: lambda fact: f"l’étape de résorption «\u00a0{fact.get_kind_display().lower()}\u00a0»",
    SiteSuitability: lambda fact: f"«\u00a0aménageable\u00a0: {fact.get_answer_display().lower()}\u00a0»",
}
SENSITIVE_FACTS: dict[Right, tuple[Any, Label]] = {
    Right.READ_JUSTICE: (Procedure, lambda fact: f"l’étape «\u00a0{fact.get_kind_display().lower()}\u00a0»"),
    Right.READ_OWNER: (Ownership, "le propriétaire"),
}


def site_story(user: Any, site: Site, at: AsOf = NOW) -> list[Entry]:
    """Everything written about a site that this person may read, newest first. At most seventeen queries."""
    duplicates = list(site.merged.order_by("pk"))
    places = [site.pk, *(duplicate.pk for duplicate in duplicates)]
    here = Q(site__in=places)
    entries = [
        history_entries(
            Site.history.filter(id__in=places), label=lambda row: f"la fiche «\u00a0{row.name}\u00a0»"
        ),
        history_entries(
            SiteAlias.history.filter(here), label=lambda row: f"l’appellation «\u00a0{row.name}\u00a0»"
        ),
        fact_entries(
            Occupation.objects.filter(here),
            label="l’occupation du site",
            dated=False,
            added="a enregistré",
            also=orientations_in_words(places),
        ),
        fact_entries(readable_moves(user).filter(here | Q(origin__in=places)), label="la réinstallation"),
    ]
    for model, label in OPEN_FACTS.items():
        also = answers_in_words if model is LivingConditions else None
        entries.append(fact_entries(model.objects.filter(here), label=label, also=also))
    for right, (model, label) in SENSITIVE_FACTS.items():
        if can(user, right, site):
            entries.append(fact_entries(model.objects.filter(here), label=label))
    thread = f"{reverse('sites:sheet', args=[site.public_id])}#commentaires"
    comments = [
        replace(entry, url=entry.url and thread) for entry in comment_entries(user, site, *duplicates)
    ]
    entries += [comments, document_entries(site, user, *duplicates)]
    return timeline(*entries, at=at)


def told_blocks(user: Any, site: Site) -> list[Right]:
    """The sensitive blocks that this story tells something of, to this person."""
    places = Site.objects.filter(Q(pk=site.pk) | Q(merged_into=site)).values("pk")
    return [
        right
        for right, (model, _) in SENSITIVE_FACTS.items()
        if can(user, right, site) and model.objects.filter(site__in=places).exists()
    ]


def readable_moves(user: Any) -> Any:
    """Resettlements between two sites that this person may see."""
    seen = Site.objects.visible_to(user).values("pk")
    return Resettlement.objects.filter(origin__in=seen, site__in=seen)


def orientations_in_words(places: list[int]) -> Callable[[Any], dict[str, str]]:
    """For each version of a closing, where the people went. One query."""
    told: dict[int, dict[str, str]] = defaultdict(dict)
    for orientation in Orientation.objects.filter(occupation__site__in=places).order_by("pk"):
        people, households = (
            format_value(orientation.value("people")),
            format_value(orientation.value("households")),
        )
        told[orientation.occupation_id][f"Orientation, {orientation}"] = (
            f"personnes\u00a0: {people}, ménages\u00a0: {households}"
        )
    return lambda occupation: told.get(occupation.pk, {})


def answers_in_words(conditions: LivingConditions) -> dict[str, str]:
    """Question → answer, for the answers given."""
    return dict(told_answers(conditions.answers))


def told_answers(answers: Any) -> Iterator[tuple[str, str]]:
    for theme, questions in QUESTIONS.items():
        given = answers.get(theme) or {}
        for question in questions:
            answer = given.get(question.code)
            if not answer:
                continue
            labels = dict(question.options or TriState.choices)
            codes = answer if question.several else [answer]
            yield f"{theme.label}, {question.label}", ", ".join(str(labels.get(code, code)) for code in codes)

"""The activity of sites: every version of what is observed there, told to who may read that kind of fact."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from jalons.accounts.enums import Right
from jalons.accounts.permissions import EVERYWHERE, territory_of
from jalons.core.values import format_date, format_number, plural
from jalons.discussions.activity import ActivityItem, ActivityQuestion, ActivityRows
from jalons.discussions.enums import ActivityKind
from jalons.history.selectors import fact_verb, with_replaced
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Ownership,
    PreparatoryStep,
    Procedure,
    Resettlement,
    SiteEvent,
    SiteSuitability,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.news import occupation_sentence, step_sentence, survey_sentence

Sentence = Callable[[Any, Any], str]


class RecountedFact(NamedTuple):
    """A kind of fact that the activity tells. `sentence`: of a version and of the one it replaced, if any."""

    name: str
    model: Any
    kind: ActivityKind
    sentence: Sentence
    right: Right = Right.READ_SITES


def count_sentence(survey: Survey, before: Survey | None) -> str:
    """« … a corrigé le recensement du 12/12/2025 : 40 personnes au lieu de 34 »."""
    if before is None:
        if survey.unchanged:
            return f"{survey.organisation} a noté que rien n’avait changé au {format_date(survey.valid_on)}"
        return survey_sentence(survey)
    sentence = f"{survey.organisation} {fact_verb(before, survey, '')} le recensement du {format_date(before.valid_on)}"
    if survey.withdrawn or survey.set_aside != before.set_aside:
        return sentence
    changes = []
    if survey.valid_on != before.valid_on:
        changes.append(f"daté du {format_date(survey.valid_on)}")
    if survey.people is not None and survey.people != before.people:
        people = f"{format_number(survey.people)} {plural(survey.people, 'personne', 'personnes')}"
        instead = "" if before.people is None else f" au lieu de {format_number(before.people)}"
        changes.append(f"{people}{instead}")
    return f"{sentence}\u00a0: {', '.join(changes)}" if changes else sentence


def changed_step_sentence(step: PreparatoryStep, before: PreparatoryStep | None) -> str:
    if before is None or not step.withdrawn:
        return step_sentence(step)
    return f"{step.organisation} a retiré l’étape «\u00a0{step.get_kind_display()}\u00a0»"


def event_sentence(event: SiteEvent, before: SiteEvent | None) -> str:
    what = f"«\u00a0{event.get_kind_display()}\u00a0» du {format_date(event.valid_on)}"
    return f"{event.organisation} {fact_verb(before, event, 'a noté')} l’événement {what}"


def naming(label: str) -> Sentence:
    """« … a corrigé le diagnostic social du 12/12/2025 »: what it says stays on the sheet."""

    def sentence(row: Any, before: Any) -> str:
        return f"{row.organisation} {fact_verb(before, row, 'a noté')} {label} du {format_date(row.valid_on)}"

    return sentence


RECOUNTED = (
    RecountedFact("occupation", Occupation, ActivityKind.SITES, occupation_sentence),
    RecountedFact("resettlement", Resettlement, ActivityKind.SITES, naming("une arrivée d’habitants")),
    RecountedFact("survey", Survey, ActivityKind.COUNTS, count_sentence),
    RecountedFact("conditions", LivingConditions, ActivityKind.CONDITIONS, naming("les conditions de vie")),
    RecountedFact("diagnosis", SocialDiagnosis, ActivityKind.CONDITIONS, naming("le diagnostic social")),
    RecountedFact("step", PreparatoryStep, ActivityKind.STEPS, changed_step_sentence),
    RecountedFact(
        "suitability", SiteSuitability, ActivityKind.STEPS, naming("si le site est aménageable, à la date")
    ),
    RecountedFact("event", SiteEvent, ActivityKind.EVENTS, event_sentence),
    RecountedFact(
        "procedure", Procedure, ActivityKind.PROCEDURES, naming("une étape de procédure"), Right.READ_JUSTICE
    ),
    RecountedFact(
        "owner", Ownership, ActivityKind.PROCEDURES, naming("le propriétaire, à la date"), Right.READ_OWNER
    ),
)


def site_activity(asked: ActivityQuestion) -> Iterator[ActivityRows]:
    """What is not asked for, or is read nowhere, is not looked for."""
    seen = territory_of(asked.user, Right.READ_SITES)
    if not seen:
        return
    for fact in RECOUNTED:
        if asked.asks(fact.kind) and (allowed := territory_of(asked.user, fact.right)):
            rows = fact.model.objects.filter(recorded_at__gte=asked.start, site__merged_into__isnull=True)
            for territory in {seen, allowed, asked.territory} - {EVERYWHERE}:
                rows = rows.filter(territory.q("site__commune"))
            yield ActivityRows(rows, partial(tell_facts, fact))


def tell_facts(fact: RecountedFact, pks: Sequence[int]) -> Iterator[tuple[int, ActivityItem]]:
    for row, before in with_replaced(fact.model, pks, "site__commune", "organisation"):
        key, sentence = f"{fact.name}/{row.pk}", fact.sentence(row, before)
        yield row.pk, ActivityItem(key, fact.kind, row.site, sentence, row.recorded_at)

"""The rows of a table of sites: a site declared, a count, an assessment."""

from collections.abc import Sequence
from typing import Any

from jalons.core.values import fold
from jalons.history.models import Fact
from jalons.history.services import Actor
from jalons.imports.choices import Choices
from jalons.imports.judging.sites import SitePlan
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services.writing.kept import imported, source_words
from jalons.sites.enums import Reliability
from jalons.sites.models import LivingConditions, Occupation, SiteAlias, Survey
from jalons.sites.services import (
    Observation,
    add_alias,
    add_conditions,
    add_survey,
    correct_conditions,
    correct_survey,
    declare_site,
)


def write_sites(batch: ImportBatch, plans: Sequence[SitePlan], by: Actor) -> list[ImportedFact]:
    return [fact for plan in plans for fact in write_site(batch, plan, by)]


def write_site(batch: ImportBatch, plan: SitePlan, by: Actor) -> list[ImportedFact]:
    """One row. The facts say their source; what it wrote is returned, for the undo."""
    facts: list[ImportedFact] = []
    source = source_words(batch, plan.line)

    def keep(fact: Fact, previous: Fact | None = None) -> None:
        facts.append(imported(batch, plan.line, fact, previous))

    site = plan.site
    if site is None:
        site = declare_site(
            by=by, commune=plan.commune, observation=observation_of(batch, plan), name=plan.name, source=source,
            **described(plan),
        )  # fmt: skip
        keep(Occupation.objects.known().get(site=site))
        keep(Survey.objects.known().get(site=site))
    else:
        for fact, previous in count_on(batch, plan, by, source):
            keep(fact, previous)
    if plan.answers is not None:
        keep(*assess_on(plan, site, by, source))
    if plan.alias and not SiteAlias.objects.filter(site=site, name_folded=fold(plan.alias)[:160]).exists():
        alias = add_alias(site=site, name=plan.alias, by=by, used_by=str(by.organisation)[:120])
        facts.append(imported(batch, plan.line, alias, None))
    return facts


def described(plan: SitePlan) -> dict[str, Any]:
    point = {"latitude": plan.point[0], "longitude": plan.point[1]} if plan.point else {}
    return {"address": plan.address, **point}


def observation_of(batch: ImportBatch, plan: SitePlan) -> Observation:
    choices = Choices.from_json(batch.choices)
    return Observation(
        plan.day,
        choices.source_kind,
        reliability=Reliability(choices.reliability),
        source=batch.organisation,
        counts=plan.counts,
        note=plan.note,
    )


def count_on(batch: ImportBatch, plan: SitePlan, by: Actor, source: str) -> list[tuple[Fact, Fact | None]]:
    """The count of the row on a known site. When nothing changed, what was known is said again at its date."""
    site, observation = plan.site, observation_of(batch, plan)
    assert site is not None  # noqa: S101  # the caller checked
    if not plan.counts:
        return []
    known = plan.survey
    if known is not None:
        counts = {**{name: known.value(name) for name in Survey.COUNTS}, **plan.counts}
        if all(known.value(name) == value for name, value in counts.items()):
            return []
        better = Observation(
            plan.day, known.source_kind, known.reliability, known.source, counts, plan.note or known.note
        )
        before = Occupation.objects.known().get(site=site)
        facts: list[tuple[Fact, Fact | None]] = [
            (correct_survey(survey=known, observation=better, by=by, reason=source), known)
        ]
        return [*facts, *opened(site, before)]
    if plan.again is not None:
        counts = {name: plan.again.value(name) for name in Survey.COUNTS}
        observation = Observation(
            plan.day, observation.source_kind, observation.reliability, observation.source, counts, plan.note
        )
    before = Occupation.objects.known().get(site=site)
    survey = add_survey(site=site, observation=observation, by=by, source=source)
    return [(survey, None), *opened(site, before)]


def opened(site: Any, before: Occupation) -> list[tuple[Fact, Fact | None]]:
    """A count older than what was known moves the opening of the site: the undo moves it back."""
    after = Occupation.objects.known().get(site=site)
    return [(after, before)] if after.pk != before.pk else []


def assess_on(
    plan: SitePlan, site: Any, by: Actor, source: str
) -> tuple[LivingConditions, LivingConditions | None]:
    answers, state = plan.answers or {}, plan.state
    if state is not None and state.valid_on == plan.day and state.organisation_id == by.organisation.pk:
        corrected = correct_conditions(
            conditions=state, observed_on=plan.day, answers=answers, by=by, reason=source, note=state.note
        )
        return corrected, state
    return add_conditions(site=site, observed_on=plan.day, answers=answers, by=by, source=source), None

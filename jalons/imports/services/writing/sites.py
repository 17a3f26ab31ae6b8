"""The rows of a table of sites: a site declared, a count, an assessment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jalons.core.progress import Steps, Tell
from jalons.core.values import fold
from jalons.history.services import Actor
from jalons.imports.choices import Choices
from jalons.imports.judging.site_plans import SitePlan
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services.writing.kept import imported, source_words
from jalons.sites.enums import ClosingReason, Reliability
from jalons.sites.models import Occupation, SiteAlias, Survey
from jalons.sites.services import (
    NewAssessment,
    NewCount,
    NewSite,
    Observation,
    add_alias,
    add_assessments,
    add_surveys,
    close_site,
    correct_conditions,
    correct_survey,
    declare_sites,
)


def write_sites(batch: ImportBatch, plans: Sequence[SitePlan], by: Actor, tell: Tell) -> list[ImportedFact]:
    """All the rows: sites declared at once, counts at once, assessments at once; what is corrected, one by one.

    The facts say their source; what was written is returned, for the undo.
    """
    first = first_rows([plan for plan in plans if plan.site is None])
    new = [plan for plan in plans if first.get(plan.group) is plan]
    again = [plan for plan in plans if plan.site is None and first[plan.group] is not plan]
    known = [plan for plan in plans if plan.site] + again
    with_counts = [plan for plan in known if plan.counts]
    with_answers = [plan for plan in plans if plan.answers is not None]
    steps = Steps(tell, len(new) + len(with_counts) + len(with_answers))
    facts, sites = declared(batch, new, by, steps)
    for plan in again:
        plan.site = sites[first[plan.group].line]
    sites |= {plan.line: plan.site for plan in known}
    facts += counted(batch, with_counts, by, steps)
    facts += assessed(batch, with_answers, sites, by, steps)
    for plan in known:
        facts += named(batch, plan, by)
    return closed_sites(batch, [plan for plan in plans if plan.closing], sites, facts, by)


def first_rows(plans: Sequence[SitePlan]) -> dict[tuple[str, str], SitePlan]:
    """Of the rows of one new site, the earliest: it declares the site, the others add their count."""
    first: dict[tuple[str, str], SitePlan] = {}
    for plan in plans:
        if plan.group not in first or plan.day < first[plan.group].day:
            first[plan.group] = plan
    return first


def closed_sites(
    batch: ImportBatch,
    plans: Sequence[SitePlan],
    sites: Mapping[int, Any],
    facts: Sequence[ImportedFact],
    by: Actor,
) -> list[ImportedFact]:
    """The facts written, with the closings. A site declared closed has one fact of its dates: the closed one."""
    closings = []
    declared_closed = {plan.line for plan in plans if plan.site is None}
    for plan in plans:
        site, closing = sites[plan.line], plan.closing
        assert closing is not None  # noqa: S101  # the caller chose them
        before = Occupation.objects.known().get(site=site)
        note = closing.note or source_words(batch, plan.line)
        run = close_site(
            site=site, by=by, closed_on=closing.on, reason=closing.reason or ClosingReason.UNKNOWN, note=note
        )
        closings.append(imported(batch, plan.line, run, before if plan.site else None))
    opening = Occupation.__name__
    standing = [fact for fact in facts if fact.kind != opening or fact.line not in declared_closed]
    return standing + closings


def declared(
    batch: ImportBatch, plans: Sequence[SitePlan], by: Actor, steps: Steps
) -> tuple[list[ImportedFact], dict[int, Any]]:
    new = [
        NewSite(
            plan.commune,
            observation_of(batch, plan),
            plan.name,
            source_words(batch, plan.line),
            described(plan),
            plan.installed_on,
        )
        for plan in plans
    ]
    facts, sites = [], {}
    written = declare_sites(by=by, declared=new, add=steps.add)
    for plan, (site, occupation, survey) in zip(plans, written, strict=True):
        sites[plan.line] = site
        facts += [imported(batch, plan.line, fact, None) for fact in (occupation, survey)]
    return facts, sites


def named(batch: ImportBatch, plan: SitePlan, by: Actor) -> list[ImportedFact]:
    """Next month, the site is recognised by what the table calls it."""
    folded = fold(plan.alias)[:160]
    if not plan.alias or SiteAlias.objects.filter(site=plan.site, name_folded=folded).exists():
        return []
    alias = add_alias(site=plan.site, name=plan.alias, by=by, used_by=str(by.organisation)[:120])  # type: ignore[arg-type]
    return [imported(batch, plan.line, alias, None)]


def described(plan: SitePlan) -> dict[str, Any]:
    point = {"latitude": plan.point[0], "longitude": plan.point[1]} if plan.point else {}
    return {"address": plan.address, **point, **plan.described}


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


def counted(batch: ImportBatch, plans: Sequence[SitePlan], by: Actor, steps: Steps) -> list[ImportedFact]:
    """The counts of known sites. One older than what was known moves the opening of its site, and so will the undo."""
    lines = {plan.site.pk: plan.line for plan in plans if plan.site}
    before = openings_of(lines)
    facts = []
    for plan in plans:
        if plan.survey:
            facts += corrected(batch, plan, by)
            steps.add()
    new = [plan for plan in plans if plan.survey is None]
    counts = [
        NewCount(plan.site, again_of(batch, plan), source_words(batch, plan.line))
        for plan in new
        if plan.site
    ]
    surveys = add_surveys(by=by, counts=counts, add=steps.add)
    facts += [imported(batch, plan.line, survey, None) for plan, survey in zip(new, surveys, strict=True)]
    return facts + moved_openings(batch, lines, before)


def openings_of(sites: Iterable[int]) -> dict[int, int]:
    """The version of the opening of each site, as known now: primary keys."""
    runs = Occupation.objects.known().filter(site__in=list(sites))
    return dict(runs.values_list("site_id", "pk"))


def moved_openings(
    batch: ImportBatch, lines: Mapping[int, int], before: Mapping[int, int]
) -> list[ImportedFact]:
    """Of the sites of these rows (line by site), the openings that are not what they were."""
    now = openings_of(lines)
    moved = [site for site, run in now.items() if before[site] != run]
    runs = Occupation.objects.in_bulk([run[site] for site in moved for run in (before, now)])
    return [imported(batch, lines[site], runs[now[site]], runs[before[site]]) for site in moved]


def corrected(batch: ImportBatch, plan: SitePlan, by: Actor) -> list[ImportedFact]:
    """The count of the same day and structure, said better."""
    known = plan.survey
    assert known is not None  # noqa: S101  # the caller checked
    counts = {**{name: known.value(name) for name in Survey.COUNTS}, **plan.counts}
    if all(known.value(name) == value for name, value in counts.items()):
        return []
    better = Observation(
        plan.day, known.source_kind, known.reliability, known.source, counts, plan.note or known.note
    )
    source = source_words(batch, plan.line)
    survey = correct_survey(survey=known, observation=better, by=by, reason=source)
    return [imported(batch, plan.line, survey, known)]


def again_of(batch: ImportBatch, plan: SitePlan) -> Observation:
    """When nothing changed, what was known is said again at the date of the row."""
    observation = observation_of(batch, plan)
    if plan.again is None:
        return observation
    return replace(observation, counts={name: plan.again.value(name) for name in Survey.COUNTS})


def assessed(
    batch: ImportBatch, plans: Sequence[SitePlan], sites: Mapping[int, Any], by: Actor, steps: Steps
) -> list[ImportedFact]:
    own = by.organisation.pk
    facts, new = [], []
    for plan in plans:
        state = plan.state
        if state is not None and state.valid_on == plan.day and state.organisation_id == own:
            better = correct_conditions(
                conditions=state,
                observed_on=plan.day,
                answers=plan.answers or {},
                by=by,
                reason=source_words(batch, plan.line),
                note=state.note,
            )
            facts.append(imported(batch, plan.line, better, state))
            steps.add()
        else:
            new.append(plan)
    told = [
        NewAssessment(sites[plan.line], plan.day, plan.answers or {}, source_words(batch, plan.line))
        for plan in new
    ]
    written = add_assessments(by=by, assessments=told, add=steps.add)
    return facts + [imported(batch, plan.line, fact, None) for plan, fact in zip(new, written, strict=True)]

"""The rows that are ready become facts: all of them, or none."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from jalons.core.values import fold, format_long_date, french_spaces, local_day
from jalons.editing.refusals import Refused
from jalons.history.models import Fact
from jalons.history.services import Actor, Stale
from jalons.imports.choices import Choices
from jalons.imports.enums import BatchState, ImportAct
from jalons.imports.judging.sites import SitePlan
from jalons.imports.judging.verdicts import JudgedLine
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services.drafts import chosen_of, judged_lines, write_lines
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

MOVED = "Quelqu’un a écrit entre-temps sur {count} : rien n’a été enregistré. Relisez-les, puis recommencez."


def ask_to_apply(*, batch: ImportBatch) -> bool:
    """Takes the batch for the worker: once, whoever asks twice."""
    ready = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.READY, rehearsal=False)
    told = {"state": BatchState.APPLYING, "pulse_at": timezone.now(), "attempts": 0, "done": 0, "failure": ""}
    return bool(ready.update(**told))


def apply_now(*, batch: ImportBatch, by: Actor) -> bool:
    """Everything in one transaction, after judging again; False when rows moved: they are shown, nothing is written."""
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != BatchState.APPLYING:
            return True  # another worker ended it
        lines = judged_lines(locked, chosen_of(locked), by)
        moved = moved_lines(locked, lines)
        if not moved:
            try:
                with transaction.atomic():
                    facts = [fact for line in lines if line.plan for fact in written(locked, line.plan, by)]
                ImportedFact.objects.bulk_create(facts, batch_size=500)
                locked.state, locked.applied_at = BatchState.APPLIED, timezone.now()
                locked.done = sum(1 for line in lines if line.plan)
                locked.save(update_fields=["state", "applied_at", "done"])
                return True
            except (Refused, Stale) as error:
                failure = str(error)
        else:
            rows = f"{len(moved)} lignes" if len(moved) > 1 else "une ligne"
            failure = french_spaces(MOVED.format(count=rows))
        write_lines(locked, lines, frozenset(moved))
        locked.state, locked.failure = BatchState.READY, failure[:500]
        locked.save(update_fields=["state", "failure"])
        return False


def moved_lines(batch: ImportBatch, lines: Sequence[JudgedLine]) -> set[int]:
    """The rows that would not be written, or not upon the same facts, as when they were shown."""
    told = {
        line: (basis, is_written)
        for line, basis, is_written in batch.lines.values_list("line", "basis", "is_written")
    }
    return {line.line for line in lines if told.get(line.line) != (line.basis, line.plan is not None)}


def source_words(batch: ImportBatch, line: int) -> str:
    day = format_long_date(local_day(batch.created_at))
    return french_spaces(f"tableau du {day}, ligne {line}")


def written(batch: ImportBatch, plan: SitePlan, by: Actor) -> list[ImportedFact]:
    """One row. The facts say their source; what it wrote is returned, for the undo."""
    facts: list[ImportedFact] = []
    source = source_words(batch, plan.line)

    def keep(fact: Fact, previous: Fact | None = None) -> None:
        act = ImportAct.CORRECTED if previous is not None else ImportAct.ENTERED
        facts.append(
            ImportedFact(
                batch=batch, line=plan.line, kind=type(fact).__name__, fact=fact.pk,
                previous=previous.pk if previous is not None else None, act=act,
            )
        )  # fmt: skip

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
        told = {"batch": batch, "line": plan.line, "kind": SiteAlias.__name__, "act": ImportAct.ENTERED}
        facts.append(ImportedFact(fact=alias.pk, **told))
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

"""The sites that a table says nothing of: what a person said of them."""

from collections.abc import Iterator, Sequence

from jalons.core.values import format_long_date, french_spaces, local_day
from jalons.editing.refusals import Refused
from jalons.history.services import Actor
from jalons.imports.choices import Choices
from jalons.imports.enums import AbsentChoice
from jalons.imports.judging.absents import AbsentPlan
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services.writing.kept import imported
from jalons.sites.enums import Reliability
from jalons.sites.models import Occupation, Survey
from jalons.sites.services import Observation, add_survey, close_site


def write_absents(batch: ImportBatch, plans: Sequence[AbsentPlan], by: Actor) -> list[ImportedFact]:
    return [fact for plan in plans for fact in write_absent(batch, plan, by)]


def write_absent(batch: ImportBatch, plan: AbsentPlan, by: Actor) -> Iterator[ImportedFact]:
    site, figure = plan.absent.site, plan.absent.figure
    source = french_spaces(f"tableau du {format_long_date(local_day(batch.created_at))}, absent du tableau")
    if plan.choice is AbsentChoice.CLOSED and plan.closed_on:
        before = Occupation.objects.known().get(site=site)
        closed = close_site(site=site, by=by, closed_on=plan.closed_on, reason=plan.reason, note=source)
        yield imported(batch, plan.line, closed, before)
        return
    if figure is None:
        raise Refused(
            f"« {site} » n’a jamais été recensé : dites combien de personnes y vivent, sur sa fiche."
        )
    choices = Choices.from_json(batch.choices)
    observation = Observation(
        plan.day,
        choices.source_kind,
        reliability=Reliability(choices.reliability),
        source=batch.organisation,
        counts={name: figure.value(name) for name in Survey.COUNTS},
    )
    yield imported(
        batch, plan.line, add_survey(site=site, observation=observation, by=by, source=source), None
    )

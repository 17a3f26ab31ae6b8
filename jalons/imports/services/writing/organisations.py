"""The rows of a table of structures: those that Jalons does not know yet, and what it lacked of the others."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from jalons.accounts.models import Organisation
from jalons.core.progress import Steps, Tell
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, save_record
from jalons.imports.enums import ImportAct
from jalons.imports.judging.organisations import OrganisationPlan
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services.writing.kept import source_words
from jalons.joining.services.accounts import create_organisation
from jalons.territories.services import scope_for


def write_organisations(
    batch: ImportBatch, plans: Sequence[OrganisationPlan], by: Actor, tell: Tell
) -> list[ImportedFact]:
    facts, steps = [], Steps(tell, len(plans))
    for plan in plans:
        facts.append(filled(batch, plan, by) if plan.known else created(batch, plan, by))
        steps.add()
    return facts


def created(batch: ImportBatch, plan: OrganisationPlan, by: Actor) -> ImportedFact:
    assert plan.scope is not None  # noqa: S101  # the judge says where
    try:
        organisation = create_organisation(
            name=plan.name,
            kind=plan.kind,
            territory=scope_for(plan.scope.level, plan.scope.code),
            by=by,
            reason=source_words(batch, plan.line),
            **plan.details,
        )
    except ValidationError as error:
        raise Refused(f"Ligne {plan.line} : {' '.join(error.messages)}") from error
    return version_kept(batch, plan.line, organisation, None)


def filled(batch: ImportBatch, plan: OrganisationPlan, by: Actor) -> ImportedFact:
    organisation = plan.known
    assert organisation is not None  # noqa: S101  # the caller checked
    before = latest_version(organisation)
    for name, words in plan.details.items():
        setattr(organisation, name, words)
    save_record(record=organisation, by=by, reason=source_words(batch, plan.line))
    return version_kept(batch, plan.line, organisation, before)


def latest_version(organisation: Organisation) -> int:
    """The primary key of its last line of history."""
    return int(organisation.history.latest("pk").pk)


def version_kept(
    batch: ImportBatch, line: int, organisation: Organisation, previous: int | None
) -> ImportedFact:
    """Of a record, the line of history is what is written."""
    return ImportedFact(
        batch=batch,
        line=line,
        kind=Organisation.__name__,
        fact=latest_version(organisation),
        previous=previous,
        act=ImportAct.ENTERED if previous is None else ImportAct.CORRECTED,
    )

"""Taking a whole batch back: what it added is withdrawn, what it corrected is as before; what changed since is kept."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.core.values import format_long_date, french_spaces, local_day
from jalons.history.models import Fact
from jalons.history.services import MACHINERY, Actor, correct, withdraw
from jalons.imports.enums import BatchState, ImportAct
from jalons.imports.judging.sites import own_territory
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.querysets import UNDONE_WITHIN
from jalons.sites.models import LivingConditions, Occupation, Site, SiteAlias, Survey
from jalons.sites.services import remove_alias

NEVER_COPIED = {*MACHINERY, "lineage", "author", "organisation", "reason", "withdrawn"}
OBSERVED = (Survey, LivingConditions)


def may_be_undone(batch: ImportBatch, now: dt.datetime | None = None) -> bool:
    applied = batch.applied_at
    is_recent = applied is not None and (now or timezone.now()) - applied <= UNDONE_WITHIN
    return batch.state == BatchState.APPLIED and is_recent


def ask_to_undo(*, batch: ImportBatch) -> bool:
    """Takes the batch for the worker: once, whoever asks twice."""
    if not may_be_undone(batch):
        return False
    applied = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.APPLIED)
    told = {"state": BatchState.UNDOING, "pulse_at": timezone.now(), "attempts": 0, "failure": ""}
    return bool(applied.update(**told))


@transaction.atomic
def undo_now(*, batch: ImportBatch, by: Actor) -> None:
    """Everything in one transaction. `batch.left` names what a colleague changed since, which stays."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != BatchState.UNDOING:
        return  # another worker ended it
    reason = french_spaces(f"tableau du {format_long_date(local_day(locked.created_at))} annulé")
    left: list[str] = []
    writes = own_territory(by, Right.UPDATE_SITE), own_territory(by, Right.DECLARE_SITE)
    # The openings last: a site is only taken away once what was seen on it is.
    facts = sorted(locked.facts.order_by("-pk"), key=lambda fact: fact.kind == Occupation.__name__)
    for imported in facts:
        written = what_was_written(imported)
        if written is None:
            continue  # an alias that somebody has removed since
        if any(territory.covers(written.site.commune) for territory in writes):
            left += undo_fact(imported, written, by, reason)
        else:
            left.append(
                french_spaces(f"« {written.site} » : vous n’y avez plus le droit d’écrire, gardé tel quel.")
            )
    locked.state, locked.undone_at = BatchState.UNDONE, timezone.now()
    locked.left = list(dict.fromkeys(left))
    locked.save(update_fields=["state", "undone_at", "left"])


def what_was_written(imported: ImportedFact) -> Any:
    """The version of a fact, or the alias; None once it is removed."""
    model: Any = apps.get_model("jalons_sites", imported.kind)
    return model._default_manager.select_related("site__commune").filter(pk=imported.fact).first()


def undo_fact(imported: ImportedFact, fact: Any, by: Actor, reason: str) -> list[str]:
    """What is kept, in French; nothing when it is taken back."""
    if isinstance(fact, SiteAlias):
        remove_alias(alias=fact, by=by)
        return []
    model = type(fact)
    if fact.superseded_at is not None:
        return [kept_words(model, fact)]
    if imported.act == ImportAct.ENTERED:
        if model is Occupation and has_more(fact.site, imported.batch):
            return [french_spaces(f"Le site « {fact.site} » est gardé : d’autres y ont écrit depuis.")]
        withdraw(fact=fact, by=by, reason=reason)
        return []
    previous = model._default_manager.get(pk=imported.previous)
    correct(fact=fact, by=by, reason=reason, **columns_of(previous))
    return []


def columns_of(fact: Fact) -> dict[str, Any]:
    return {
        field.name: getattr(fact, field.name)
        for field in fact._meta.concrete_fields
        if field.name not in NEVER_COPIED and not field.primary_key
    }


def has_more(site: Site, batch: ImportBatch) -> bool:
    """Something else than this batch stands on a site that it declared."""
    return any(model._default_manager.known().filter(site=site).exists() for model in OBSERVED) or any(
        relation.related_model._default_manager.filter(**{relation.field.name: site}).exists()
        for relation in site._meta.related_objects
        if relation.related_model not in (Survey, LivingConditions, Occupation) and relation.name != "merged"
    )


def kept_words(model: Any, fact: Any) -> str:
    now = (
        model._default_manager.filter(lineage=fact.lineage, superseded_at__isnull=True)
        .select_related("author")
        .first()
    )
    who = now.author if now else fact.author
    name = str(model._meta.verbose_name)
    return french_spaces(f"« {fact.site} », {name} : changé depuis par {who}, gardé tel quel.")

"""Taking a whole batch back: what it added is withdrawn, what it corrected is as before; what changed since is kept."""

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db import transaction
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory
from jalons.actions.models import FollowUp, FundingLine
from jalons.core.values import format_long_date, french_spaces, local_day
from jalons.history.models import Fact
from jalons.history.services import MACHINERY, Actor, correct, withdraw
from jalons.imports.enums import BatchState, ImportAct
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.permissions import SITE_RIGHTS, own_territory
from jalons.imports.querysets import UNDONE_WITHIN
from jalons.indicators.models import Measurement
from jalons.sites.models import LivingConditions, Occupation, Site, SiteAlias, Survey
from jalons.sites.services import remove_alias

NEVER_COPIED = {*MACHINERY, "lineage", "author", "organisation", "reason", "withdrawn"}
OBSERVED = (Survey, LivingConditions)


@dataclass(frozen=True, slots=True)
class WrittenKind:
    """A model of what batches write. `path`: from a fact to what it is about; `rights`: one of them takes it back."""

    model: Any
    path: str
    rights: tuple[Right, ...]

    def about(self, fact: Any) -> Any:
        return reduce(getattr, self.path.split("."), fact)

    def fetch(self, pk: int) -> Any:
        """None once it is removed."""
        related = self.path.replace(".", "__")
        place = "commune" if self.path == "site" else "departement"
        rows = self.model._default_manager.select_related(f"{related}__{place}")
        return rows.filter(pk=pk).first()


KINDS = {
    kind.model.__name__: kind
    for kind in (
        *(
            WrittenKind(model, "site", SITE_RIGHTS)
            for model in (Survey, LivingConditions, Occupation, SiteAlias)
        ),
        WrittenKind(FollowUp, "action", (Right.FOLLOW_ACTION,)),
        WrittenKind(Measurement, "series.action", (Right.FOLLOW_ACTION,)),
        WrittenKind(FundingLine, "action", (Right.WRITE_FUNDING,)),
    )
}


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
    writes = Writes(by)
    # The openings last: a site is only taken away once what was seen on it is.
    facts = sorted(locked.facts.order_by("-pk"), key=lambda fact: fact.kind == Occupation.__name__)
    for imported in facts:
        kind = KINDS[imported.kind]
        written = kind.fetch(imported.fact)
        if written is None:
            continue  # an alias that somebody has removed since
        about = kind.about(written)
        if writes.allow(kind, about):
            left += undo_fact(imported, written, by, reason)
        else:
            left.append(french_spaces(f"« {about} » : vous n’y avez plus le droit d’écrire, gardé tel quel."))
    locked.state, locked.undone_at = BatchState.UNDONE, timezone.now()
    locked.left = list(dict.fromkeys(left))
    locked.save(update_fields=["state", "undone_at", "left"])


class Writes:
    """Where `by` may write today, asked once for each thing."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        self.territories: dict[Right, Territory] = {}
        self.answers: dict[tuple[Any, tuple[Right, ...]], bool] = {}

    def allow(self, kind: WrittenKind, about: Any) -> bool:
        key = (about, kind.rights)
        if key not in self.answers:
            self.answers[key] = any(self.territory(right).holds(about) for right in kind.rights)
        return self.answers[key]

    def territory(self, right: Right) -> Territory:
        if right not in self.territories:
            self.territories[right] = own_territory(self.by, right)
        return self.territories[right]


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
    about = KINDS[model.__name__].about(fact)
    return french_spaces(f"« {about} », {name} : changé depuis par {who}, gardé tel quel.")

"""Taking a whole batch back: what it added is withdrawn, what it corrected is as before; what changed since is kept."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db import transaction
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import Territory
from jalons.actions.models import Action, FollowUp, FundingLine, Intervention, Participation
from jalons.core.progress import Steps, Tell, ignore
from jalons.core.values import format_long_date, french_spaces, local_day
from jalons.discussions.models import Comment
from jalons.documents.models import Document
from jalons.history.models import Fact
from jalons.history.services import MACHINERY, Actor, correct_all
from jalons.imports.enums import BatchState, ImportAct
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.permissions import SITE_RIGHTS, own_territory
from jalons.imports.progress import taken
from jalons.imports.querysets import UNDONE_WITHIN
from jalons.imports.services.turns import take_turn
from jalons.imports.services.undoing_records import undo_descriptions, undo_organisations
from jalons.indicators.models import Measurement, Series
from jalons.sites.models import LivingConditions, Occupation, Site, SiteAlias, Survey
from jalons.sites.services import remove_alias

LAST = (Occupation.__name__, Intervention.__name__, Participation.__name__)
NEVER_COPIED = {*MACHINERY, "lineage", "author", "organisation", "reason", "withdrawn"}
OBSERVED = (Survey, LivingConditions)
NOUNS = {Occupation: "Le site", Intervention: "Le dispositif"}
CHUNK = 1_000  # facts taken back at once


@dataclass(frozen=True, slots=True)
class WrittenKind:
    """A model of what batches write. `path`: from a fact to what it is about; `rights`: one of them takes it back."""

    model: Any
    path: str
    rights: tuple[Right, ...]

    def about(self, fact: Any) -> Any:
        return reduce(getattr, self.path.split("."), fact)

    def fetch(self, pks: Sequence[int]) -> dict[int, Any]:
        """By primary key; one that was removed since is not there."""
        related = self.path.replace(".", "__")
        place = "commune" if self.path == "site" else "departement"
        return dict(self.model._default_manager.select_related(f"{related}__{place}").in_bulk(pks))


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
        WrittenKind(Intervention, "action", (Right.DECLARE_ACTION, Right.EDIT_ACTION)),
        WrittenKind(Participation, "action", (Right.DECLARE_ACTION,)),
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
    return taken(batch, bool(applied.update(**told)))


@transaction.atomic
def undo_now(*, batch: ImportBatch, by: Actor, tell: Tell = ignore) -> None:
    """Everything in one transaction; `tell`: how far it is, and it may stop everything.

    `batch.left` names what a colleague changed since, which stays.
    """
    locked = take_turn(batch)
    if locked.state != BatchState.UNDOING:
        return  # another worker ended it
    reason = french_spaces(f"tableau du {format_long_date(local_day(locked.created_at))} annulé")
    left: list[str] = []
    writes, steps = Writes(by), Steps(tell, locked.facts.count())
    # The openings last: a site is only taken away once what was seen on it is. Then those who took part.
    kinds = sorted(KINDS, key=lambda name: LAST.index(name) if name in LAST else -1)
    for name in kinds:
        facts = list(locked.facts.filter(kind=name).order_by("-pk"))
        for start in range(0, len(facts), CHUNK):
            some = facts[start : start + CHUNK]
            left += undo_some(KINDS[name], some, writes, reason)
            steps.add(len(some))
    if organisations := list(locked.facts.filter(kind=Organisation.__name__).order_by("-pk")):
        left += undo_organisations(organisations, by, reason)
    if descriptions := list(locked.facts.filter(kind=Action.__name__).order_by("-pk")):
        left += undo_descriptions(descriptions, by, reason)
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


def undo_some(kind: WrittenKind, facts: Sequence[ImportedFact], writes: Writes, reason: str) -> list[str]:
    """What is kept, in French; the rest of these facts of one kind is taken back at once."""
    written = kind.fetch([one.fact for one in facts])
    before = kind.model._default_manager.in_bulk([one.previous for one in facts if one.previous])
    left, changes, used = [], [], with_more(kind, written.values())
    for one in facts:
        fact = written.get(one.fact)
        if fact is None:
            continue  # an alias that somebody has removed since
        about = kind.about(fact)
        if not writes.allow(kind, about):
            left.append(french_spaces(f"« {about} » : vous n’y avez plus le droit d’écrire, gardé tel quel."))
        elif isinstance(fact, SiteAlias):
            remove_alias(alias=fact, by=writes.by)
        elif fact.superseded_at is not None:
            left.append(kept_words(kind.model, fact))
        elif one.act == ImportAct.CORRECTED:
            changes.append((fact, columns_of(before[one.previous])))
        elif about.pk in used and kind.model is Participation:
            continue  # its dispositif stays, and said why
        elif about.pk in used:
            left.append(
                french_spaces(f"{NOUNS[kind.model]} « {about} » est gardé : d’autres y ont écrit depuis.")
            )
        else:
            changes.append((fact, {"withdrawn": True}))
    correct_all(changes=changes, by=writes.by, reason=reason)
    return left


def columns_of(fact: Fact) -> dict[str, Any]:
    return {
        field.name: getattr(fact, field.name)
        for field in fact._meta.concrete_fields
        if field.name not in NEVER_COPIED and not field.primary_key
    }


def with_more(kind: WrittenKind, facts: Iterable[Any]) -> set[int]:
    """Of what a batch declared, that on which something else stands. Only its opening asks."""
    if kind.model is Intervention:
        return actions_with_more({fact.action_id for fact in facts})
    if kind.model is Participation:
        actions = {fact.action_id for fact in facts}
        runs = Intervention.objects.known().filter(action__in=actions)
        return set(runs.values_list("action_id", flat=True))
    if kind.model is not Occupation:
        return set()
    sites = {fact.site_id for fact in facts}
    used: set[int] = set()
    for model in OBSERVED:
        used |= set(model._default_manager.known().filter(site__in=sites).values_list("site_id", flat=True))
    for relation in Site._meta.related_objects:
        other: Any = relation.related_model
        if other not in (*OBSERVED, Occupation) and relation.name != "merged":
            name = relation.field.name
            rows = other._default_manager.filter(**{f"{name}__in": sites})
            used |= set(rows.values_list(name, flat=True))
    return used


def actions_with_more(actions: set[int]) -> set[int]:
    """Those where something stands that no table wrote: a figure, money, a site, a comment, a document."""
    used: set[int] = set()
    for relation in Action._meta.related_objects:
        other: Any = relation.related_model
        name = relation.field.name
        if other in (Intervention, Participation, Series):
            continue
        rows = other._default_manager.known() if issubclass(other, Fact) else other._default_manager
        rows = rows.filter(**{f"{name}__in": actions})
        used |= set(rows.values_list(name, flat=True))
    for attached in (Comment, Document):
        rows = attached.objects.about(*Action.objects.filter(pk__in=actions)).standing()
        used |= set(rows.values_list("object_id", flat=True))
    return used


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

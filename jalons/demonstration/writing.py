"""Writing a whole world at once, with what the services guarantee one row at a time.

Rows come as unsaved models that point at one another; `write` settles which facts stand, inserts the rows by
table and leaves the lines of history of the records.
"""

import copy
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Q

from jalons.demonstration.loading import insert
from jalons.history.models import Fact, Record, Standing
from jalons.history.services import Actor, hold_until
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

BATCH = 2000
F_ = TypeVar("F_", bound=Fact)
R_ = TypeVar("R_", bound=Record)
FACTS: tuple[type[Fact], ...] = (
    Occupation,
    Survey,
    LivingConditions,
    SocialDiagnosis,
    Procedure,
    Ownership,
    SiteEvent,
    Resettlement,
    PreparatoryStep,
    SiteSuitability,
)


@dataclass(slots=True)
class Story:
    """One site and everything that was ever said of it, unsaved. `before` is the site as first described."""

    site: Site
    before: Site | None = None
    aliases: list[SiteAlias] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    orientations: list[Orientation] = field(default_factory=list)

    def of(self, model: type[F_]) -> list[F_]:
        """The current facts of one kind, oldest first."""
        facts = [fact for fact in self.facts if type(fact) is model and fact.superseded_at is None]
        return sorted(facts, key=lambda fact: (fact.valid_on, fact.recorded_at))


def signed(record: R_, by: Actor, at: dt.datetime, *, version: int = 1, reason: str = "") -> R_:
    """A record as `save_record` would have left it."""
    record.version, record.changed_at = version, at
    record.changed_by, record.changed_for = by.user, by.organisation
    record._change_reason = reason  # type: ignore[attr-defined]  # read by django-simple-history
    return record


def successor(fact: F_, by: Actor, at: dt.datetime, reason: str, **changes: Any) -> F_:
    """The version that replaces `fact` from `at` on, as `correct` would have written it."""
    skipped = {"id", "superseded_at", "holds_until"}
    values: dict[str, Any] = {}
    for concrete_field in fact._meta.concrete_fields:
        if concrete_field.name not in skipped:
            # What the row points at may have no key yet; where only the key is known, nothing is read.
            name = (
                concrete_field.name
                if concrete_field.is_relation and concrete_field.name in fact._state.fields_cache
                else concrete_field.attname
            )
            values[name] = getattr(fact, name)
    values |= {"recorded_at": at, "reason": reason, "author": by.user, "organisation": by.organisation}
    fact.superseded_at = at
    return type(fact)(**{**values, **changes})


def write_records(model: type[Record], records: Sequence[Any], before: Iterable[Any] = ()) -> None:
    """Insert records and their lines of history; `before` are the first versions of those changed since."""
    model._default_manager.bulk_create(records, batch_size=BATCH)
    first = list(before)
    by_key = {record.public_id: record for record in records} if first else {}
    for record in first:
        record.pk = by_key[record.public_id].pk
    changed = {record.pk for record in first}
    leave_history(model, [record for record in records if record.pk not in changed] + first)
    leave_history(model, [record for record in records if record.pk in changed], update=True)


def leave_history(model: Any, records: Sequence[Any], *, update: bool = False) -> None:
    for record in records:
        record._history_date, record._history_user = record.changed_at, record.changed_by
    model.history.bulk_history_create(records, batch_size=BATCH, update=update)


def write(stories: Sequence[Story]) -> dict[str, int]:
    """Insert stories. Facts that stand for one site must all come in one call. Says how many rows of each kind."""
    # A site that was merged points at the one that was kept, which must have its key.
    for group in (
        [story for story in stories if not story.site.merged_into],
        [story for story in stories if story.site.merged_into],
    ):
        write_records(
            Site, [story.site for story in group], [story.before for story in group if story.before]
        )
    write_records(SiteAlias, [alias for story in stories for alias in story.aliases])
    counts = {"Site": len(stories)}
    for model in FACTS:
        facts: Any = [fact for story in stories for fact in story.facts if type(fact) is model]
        if issubclass(model, Standing):
            settle(model, facts)
        if model is Occupation:  # the orientations of a closing need its key
            model._default_manager.bulk_create(facts, batch_size=BATCH)
        else:
            insert(model, facts)
        counts[model.__name__] = len(facts)
    Orientation.objects.bulk_create(
        [orientation for story in stories for orientation in story.orientations], batch_size=BATCH
    )
    return counts


def settle(model: type[Standing], facts: Sequence[Standing]) -> None:
    """What `history.services.settle_subjects` computes, before the rows have a key: their order stands for it."""
    for number, fact in enumerate(facts, 1):
        fact.pk = number
    known = [
        fact
        for fact in facts
        if fact.superseded_at is None and not fact.withdrawn and holds(fact, model.CONTENDS)
    ]
    ranked = sorted(
        known,
        key=lambda fact: (
            fact.valid_on,
            *(getattr(fact, name) for name in model.RANK),
            fact.recorded_at,
            fact.pk,
        ),
        reverse=True,
    )
    until = hold_until(ranked, key=subject_of)
    derived = model.derive(ranked)
    for fact in facts:
        columns = {
            "holds_until": until.get(fact.pk, fact.valid_on),
            **model.DERIVED,
            **derived.get(fact.pk, {}),
        }
        for column, value in columns.items():
            setattr(fact, column, value)
        fact.pk = None


def subject_of(fact: Standing) -> tuple[Any, ...]:
    """What a fact stands for, whether its subject was given as a row or as a key."""
    if fact.SUBJECT in fact._state.fields_cache:
        setattr(fact, fact.SUBJECT, getattr(fact, fact.SUBJECT))  # the key of a row written since
    return fact.subject_key(fact)


def holds(fact: Standing, condition: Q) -> bool:
    """Whether a fact satisfies its `CONTENDS`: equalities, `__isnull` and `__gt`, all of them."""
    for lookup, wanted in condition.children:  # type: ignore[misc]
        name, _, how = str(lookup).partition("__")
        value = getattr(fact, name)
        if how == "gt":
            if value is None or value <= wanted:
                return False
        elif (value is None if how else value) != wanted:
            return False
    return True


def first_version(site: Site, **values: Any) -> Site:
    """How a site was described before `values` became what they are now."""
    before = copy.copy(site)
    for name, value in values.items():
        setattr(before, name, value)
    return before

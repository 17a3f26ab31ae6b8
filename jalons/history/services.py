"""Writing facts and records. Facts are only added; a record is saved with its line of history."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from jalons.history.models import FOREVER, Fact, Record, Standing
from jalons.history.querysets import StandingQuerySet

F_ = TypeVar("F_", bound=Fact)
R_ = TypeVar("R_", bound=Record)

# From here, one statement with a case for each row costs less than one for each group.
MANY_GROUPS = 12
MACHINERY = {"id", "recorded_at", "superseded_at", "holds_until"}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes, and on behalf of which organisation."""

    user: Any  # accounts.User; an app below accounts cannot name it
    organisation: Any  # accounts.Organisation


class Stale(Exception):
    """The writer had an older version under their eyes; `current` is what stands now (None: withdrawn)."""

    def __init__(self, current: models.Model | None) -> None:
        super().__init__("Quelqu’un d’autre a modifié cet élément entre-temps.")
        self.current = current


@transaction.atomic
def enter(*, fact: F_, by: Actor) -> F_:
    """Add a new fact, as said by `by`."""
    fact.author, fact.organisation = by.user, by.organisation
    fact.save(force_insert=True)
    settle(fact)
    return fact


@transaction.atomic
def correct(*, fact: F_, by: Actor, reason: str, at: dt.datetime | None = None, **changes: Any) -> F_:
    """Replace a version by another that differs by `changes`; the old one stays readable as it was known.

    `at`: when this was known, for what arrives with its past (demonstration, import); now otherwise.
    Raises `Stale` when `fact` is not the current version any more.
    """
    now = close(fact, at=at)
    successor = copy_of(fact)
    for name, value in changes.items():
        setattr(successor, name, value)
    successor.author, successor.organisation = by.user, by.organisation
    successor.recorded_at, successor.reason = now, reason
    successor.save(force_insert=True)
    settle(fact, successor)
    return successor


@transaction.atomic
def enter_all(*, facts: Sequence[F_], by: Actor) -> Sequence[F_]:
    """Add new facts of one kind at once, as said by `by`. What is derived is right in the base, not in `facts`."""
    for fact in facts:
        fact.author, fact.organisation = by.user, by.organisation
    add_all(facts)
    return facts


@transaction.atomic
def correct_all(
    *, changes: Sequence[tuple[F_, Mapping[str, Any]]], by: Actor, reason: str, at: dt.datetime | None = None
) -> Sequence[F_]:
    """Replace versions of facts of one kind by others that differ as told; the same as `correct`, at once.

    Raises `Stale` when one of them is not the current version any more; then nothing is written.
    """
    if not changes:
        return []
    facts = [fact for fact, _ in changes]
    now = max(at or timezone.now(), *(fact.recorded_at + dt.timedelta(microseconds=1) for fact in facts))
    manager = type(facts[0])._default_manager
    current = manager.filter(pk__in=[fact.pk for fact in facts], superseded_at__isnull=True)
    if current.update(superseded_at=now) != len(facts):
        raise Stale(None)
    successors = []
    for fact, values in changes:
        successor = copy_of(fact)
        for name, value in values.items():
            setattr(successor, name, value)
        successor.author, successor.organisation = by.user, by.organisation
        successor.recorded_at, successor.reason = now, reason
        successors.append(successor)
    add_all(successors)
    return successors


def add_all(facts: Sequence[Fact]) -> None:
    if not facts:
        return
    model = type(facts[0])
    model._default_manager.bulk_create(facts, batch_size=500)
    if issubclass(model, Standing):
        settle_subjects(model, {getattr(fact, f"{model.SUBJECT}_id") for fact in facts})


@transaction.atomic
def withdraw(*, fact: F_, by: Actor, reason: str, at: dt.datetime | None = None) -> F_:
    """Say that a fact was never true (a mistaken closing, say). Returns the closing version."""
    return correct(fact=fact, by=by, reason=reason, at=at, withdrawn=True)


def check_current(fact: Fact) -> None:
    """Raises `Stale` unless `fact` is the current version: asked before what else could refuse a correction."""
    manager = type(fact)._default_manager
    if not manager.filter(pk=fact.pk, superseded_at__isnull=True).exists():
        raise Stale(manager.filter(lineage=fact.lineage, superseded_at__isnull=True, withdrawn=False).first())


def copy_of(fact: F_) -> F_:
    """An unsaved twin of `fact`, same lineage."""
    values = {
        field.attname: getattr(fact, field.attname)
        for field in fact._meta.concrete_fields
        if field.name not in MACHINERY
    }
    return type(fact)(**values)


def close(fact: Fact, *, at: dt.datetime | None = None) -> dt.datetime:
    """End the life of the current version and return the instant; raises `Stale` if another one stands."""
    # Two writes in one microsecond must still follow one another on the axis of knowledge.
    now = max(at or timezone.now(), fact.recorded_at + dt.timedelta(microseconds=1))
    manager = type(fact)._default_manager
    if not manager.filter(pk=fact.pk, superseded_at__isnull=True).update(superseded_at=now):
        raise Stale(manager.filter(lineage=fact.lineage, superseded_at__isnull=True, withdrawn=False).first())
    fact.superseded_at = now
    return now


def settle(*facts: Fact) -> None:
    """Say again which facts stand, and until when, for the subjects of `facts`."""
    standing = [fact for fact in facts if isinstance(fact, Standing)]
    for model in {type(fact) for fact in standing}:
        subjects = {getattr(fact, f"{model.SUBJECT}_id") for fact in standing if type(fact) is model}
        settle_subjects(model, subjects)
        for fact in standing:
            if type(fact) is model:
                fact.refresh_from_db(fields=["holds_until"])


def settle_subjects(model: type[Standing], subjects: Iterable[int]) -> None:
    """Compute the derived columns of every version of the facts of some subjects.

    Rows are read as plain tuples, and written in groups that say the same: a report of forty figures moves
    eighty rows and knows four answers.
    """
    manager, subject = model._default_manager, f"{model.SUBJECT}_id"
    subjects = list(subjects)
    lock(model, subjects)
    columns = ("holds_until", *model.DERIVED)
    rows = manager.filter(**{f"{model.SUBJECT}__in": subjects})
    leave_aside(model, rows)
    names = dict.fromkeys(("pk", "valid_on", subject, *model.WITHIN, *columns, *model.DERIVED_FROM))
    contenders: Any = list(rows.known().contenders().ranked().values_list(*names, named=True))
    until = hold_until(contenders, key=model.subject_key)
    derived = model.derive(contenders)
    changed: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for fact in contenders:
        values = {"holds_until": until[fact.pk], **model.DERIVED, **derived.get(fact.pk, {})}
        if any(getattr(fact, column) != values[column] for column in columns):
            changed[tuple(values[column] for column in columns)].append(fact.pk)
    write_groups(model, columns, changed)


def leave_aside(model: type[Standing], rows: StandingQuerySet) -> None:
    """The versions that do not contend hold for no day."""
    out = Q(superseded_at__isnull=False) | Q(withdrawn=True)
    if model.CONTENDS:
        out |= ~model.CONTENDS
    wrong = ~Q(holds_until=F("valid_on"))
    for column, plain in model.DERIVED.items():
        wrong |= ~Q(**{column: plain})
    rows.filter(out).filter(wrong).update(holds_until=F("valid_on"), **model.DERIVED)


def write_groups(
    model: type[Standing], columns: Sequence[str], groups: Mapping[tuple[Any, ...], Sequence[int]]
) -> None:
    """One update for each group of rows that say the same; many groups are written at once."""
    manager, make = model._default_manager, cast(Any, model)
    if len(groups) <= MANY_GROUPS:
        for values, pks in groups.items():
            for start in range(0, len(pks), 500):
                manager.filter(pk__in=pks[start : start + 500]).update(
                    **dict(zip(columns, values, strict=True))
                )
        return
    facts = [
        make(pk=pk, **dict(zip(columns, values, strict=True))) for values, pks in groups.items() for pk in pks
    ]
    manager.bulk_update(facts, columns, batch_size=500)


def lock(model: type[Standing], subjects: Sequence[int]) -> None:
    """Of two people who write about one subject at once, the second chooses with the fact of the first in sight.

    Without it each would see only its own fact, and two would stand. `no_key`: the new facts already hold
    their subject by their foreign key, and two stronger locks would wait for each other for ever.
    """
    subject: Any = model._meta.get_field(model.SUBJECT).related_model
    list(
        subject._default_manager.filter(pk__in=subjects)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values("pk")
    )


def hold_until(ranked: Iterable[Standing], *, key: Callable[[Standing], object]) -> dict[int, dt.date]:
    """For facts ranked as by `StandingQuerySet.ranked`: until when each one stands, by primary key."""
    until: dict[int, dt.date] = {}
    successor: dict[object, dt.date] = {}
    for fact in ranked:
        subject = key(fact)
        until[fact.pk] = successor.get(subject, FOREVER)
        successor[subject] = fact.valid_on
    return until


@transaction.atomic
def create_records(*, records: Sequence[R_], by: Actor | None, reason: str = "") -> Sequence[R_]:
    """Insert new records of one kind at once, each with its line of history."""
    if not records:
        return records
    now = timezone.now()
    for record in records:
        record.version, record.changed_at = 1, now
        record.changed_by = by.user if by else None
        record.changed_for = by.organisation if by else None
    bulk_create_with_history(
        list(records),
        type(records[0]),
        batch_size=500,
        default_user=by.user if by else None,
        default_change_reason=reason,
    )
    return records


@transaction.atomic
def save_record(*, record: R_, by: Actor | None, reason: str = "", expected_version: int | None = None) -> R_:
    """Save a record with its line of history.

    `expected_version` is the version that the writer saw; raises `Stale` with the stored record when it is
    not the stored one. `by` None is the server's operator, through a command.
    """
    if record.pk is not None:
        seen = record.version if expected_version is None else expected_version
        manager = type(record)._default_manager
        # The conditional update takes the row's lock: of two writers, the second finds no row.
        if not manager.filter(pk=record.pk, version=seen).update(version=F("version") + 1):
            raise Stale(manager.filter(pk=record.pk).first())
        record.version = seen + 1
    else:
        record.version = 1
    record.changed_at = timezone.now()
    record.changed_by = by.user if by else None
    record.changed_for = by.organisation if by else None
    record._change_reason = reason  # type: ignore[attr-defined]  # read by django-simple-history
    record.save()
    return record

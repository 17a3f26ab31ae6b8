"""Asking for the past: what was true on a date, and what we held for true on another."""

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from jalons.core import clock
from jalons.core.prepared import Key, prepared
from jalons.core.ui import KNOWN_PARAMETER, VALID_PARAMETER
from jalons.core.values import ParseError, format_date, local_day, parse_date
from jalons.core.values.dates import PARIS


@dataclass(frozen=True, slots=True)
class AsOf:
    """A point on both time axes. `valid` None is today; `known` None is « as we know it now ».

    `known` is a day: what was recorded up to its last instant in Paris counts as known, so that one address gives
    one result to everybody. `until`, which no address says, stops within that day: an edition of a report is of one
    instant.
    """

    valid: dt.date | None = None
    known: dt.date | None = None
    until: dt.datetime | None = None

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """From an address (`request.GET`): the point asked for, and what to tell of the dates not understood.

        ISO or any French form. A date that cannot be read, before 1900 or to come is left aside, with a sentence.
        """
        problems: list[str] = []
        valid = asked_day(params, VALID_PARAMETER, AT_A_DATE, problems)
        known = asked_day(params, KNOWN_PARAMETER, AS_KNOWN, problems)
        return cls(valid, known), problems

    @property
    def day(self) -> dt.date:
        """The date at which the world is looked at: today is the day of the person (`core.clock`)."""
        return self.valid or clock.today()

    @property
    def instant(self) -> dt.datetime | None:
        """The first instant that is *not* known any more, or None for now."""
        if self.known is None or self.until is not None:
            return self.until
        return dt.datetime.combine(self.known + dt.timedelta(days=1), dt.time(), PARIS)

    @property
    def is_past(self) -> bool:
        return self.valid is not None or self.known is not None

    def params(self) -> Mapping[str, str]:
        pairs = ((VALID_PARAMETER, self.valid), (KNOWN_PARAMETER, self.known))
        return {name: day.isoformat() for name, day in pairs if day is not None}

    @property
    def query(self) -> str:
        """`au=…&connu-le=…`, empty for now: what links must keep."""
        return urlencode(self.params())

    def had_seen(self, moment: dt.datetime) -> bool:
        """Was what bears this moment (a comment, a document) already written at this point of the past?"""
        seen = self.valid is None or local_day(moment) <= self.valid
        return seen and (self.instant is None or moment < self.instant)

    def without_known(self) -> Self:
        return replace(self, known=None, until=None)


NOW = AsOf()

# What a page shows when the date asked for was left aside.
AT_A_DATE = "La page montre la situation d’aujourd’hui."
AS_KNOWN = "La page montre ce que l’on sait aujourd’hui."


def asked_day(params: Mapping[str, Any], name: str, otherwise: str, problems: list[str]) -> dt.date | None:
    """The day under `name`, None without one; adds to `problems` why it was left aside."""
    text = str(params.get(name) or "").strip()
    if not text:
        return None
    try:
        day = parse_date(text, today=clock.today())
    except ParseError as error:
        problems.append(f"{error} {otherwise}")
        return None
    if day > clock.latest_day(text):
        problems.append(f"La date demandée ({format_date(day)}) est dans le futur. {otherwise}")
        return None
    return day


def known_at(instant: dt.datetime | None) -> Q:
    """The versions held for right just before `instant`; the current ones when it is None."""
    if instant is None:
        return Q(superseded_at__isnull=True)
    return Q(recorded_at__lt=instant) & (Q(superseded_at__isnull=True) | Q(superseded_at__gte=instant))


def described(model: Any, at: AsOf = NOW, *related: str, **where: Any) -> list[Any]:
    """Records as they were written at `at`, in the order of their model: one query. A record without history by then
    was not known.

    `where` names what a record never changes, its owner: of its versions the last one known counts, so what it says
    is looked at afterwards. `related`: read with each, as they are now.
    """
    if at.instant is None:
        return as_they_stand(model, *related, **where)
    rows = model.history.filter(history_date__lt=at.instant, **where).select_related(*related)
    last = {row.id: row for row in rows.order_by("history_date", "history_id")}
    records = []
    for row in last.values():
        if row.history_type != "-":
            record = row.instance
            for name in related:
                setattr(record, name, getattr(row, name))
            records.append(record)
    return in_order(records, model._meta.ordering)


def as_they_stand(model: Any, *related: str, **where: Any) -> list[Any]:
    """The records where `where` holds. A whole convention is twenty of these reads, by keys: their SQL is kept."""

    def build(*values: Any) -> models.QuerySet[Any]:
        named = dict(zip(where, values, strict=True))
        return model.objects.filter(**named).select_related(*related)

    return read_by_keys((model, related, *where), build, *where.values())


def by_key(model: Any, pks: Collection[int], *related: str) -> dict[int, Any]:
    """`in_bulk`, of records that are read again and again by their keys."""

    def build(keys: Sequence[int]) -> models.QuerySet[Any]:
        return model._default_manager.filter(pk__in=keys).order_by().select_related(*related)

    return {row.pk: row for row in read_by_keys((model, "by key", related), build, list(pks))}


def read_by_keys(key: Hashable, build: Callable[..., Any], *values: Any) -> list[Any]:
    """`list(build(*values))`: by `prepared` when they are records, keys that are numbers, or lists of such keys."""
    numbers = [numbers_of(value) for value in values]
    if None in numbers:
        return list(build(*values))
    return prepared.read(key, build, *numbers)


def read_as_of(what: Hashable, build: Callable[..., Any], at: AsOf, *keys: Key) -> list[Any]:
    """`list(build(*keys))`, a queryset of objects as of `at`. Most are read as they are now: that SQL is kept."""
    return prepared.read((what, at.day), build, *keys) if at == NOW else list(build(*keys))


def numbers_of(value: Any) -> Any:
    if isinstance(value, models.Model):
        value = value.pk
    if isinstance(value, list | set | tuple):
        return list(value) if all(isinstance(key, int) for key in value) else None
    return value if isinstance(value, int) else None


def in_order(records: list[Any], names: Sequence[Any]) -> list[Any]:
    """As the base orders them: by the last name first, each sort keeping the one before."""
    records.sort(key=lambda record: record.pk)
    for name in reversed(names):
        column = str(name).removeprefix("-")
        if column != "pk":
            records.sort(key=rank_by(column), reverse=str(name).startswith("-"))
    return records


def rank_by(column: str) -> Callable[[Any], tuple[bool, Any]]:
    """Nothing comes last."""
    return lambda record: (getattr(record, column) is None, getattr(record, column))


class FactQuerySet(models.QuerySet[Any]):
    """Reads over a table of facts."""

    def known(self, at: AsOf = NOW) -> Self:
        """The version of each fact that was held for right, withdrawn ones left out."""
        return self.filter(known_at(at.instant), withdrawn=False)

    def as_of(self, at: AsOf = NOW) -> Self:
        """Known facts that were already true on `at.day`."""
        return self.known(at).filter(valid_on__lte=at.day)

    def versions_of(self, lineage: object) -> Self:
        """Every version of one fact, oldest first."""
        return self.filter(lineage=lineage).order_by("recorded_at", "pk")


class StandingQuerySet(FactQuerySet):
    """Facts of which one stands at a time for each subject."""

    model: Any  # a `Standing`: this module is imported by the one that defines it

    def ranked(self) -> Self:
        """The one that stands comes first: newest date, then the model's own rank, then the last one entered."""
        rank = [f"-{name}" for name in self.model.RANK]
        return self.order_by("-valid_on", *rank, "-recorded_at", "-pk")

    def contenders(self) -> Self:
        """The facts that may stand."""
        return self.filter(self.model.CONTENDS)

    def standing(self, relation: str, at: AsOf = NOW) -> Q:
        """For a `FilteredRelation` on `relation`: the one fact that stands for each subject on a date.

        As we know it now, `holds_until` answers with a plain range (10,000 sites × 30 surveys: 8 ms). As it was
        known on a past day, the choice is made again among the versions of then, one index probe a subject.
        """
        if at.known is None:
            return Q(**{f"{relation}__valid_on__lte": at.day, f"{relation}__holds_until__gt": at.day})
        then = self.as_of(at).contenders().filter(**{self.model.SUBJECT: OuterRef("pk")}).ranked()
        return Q(**{f"{relation}__pk": Subquery(then.values("pk")[:1])})

    def in_force(self, at: AsOf = NOW) -> Self:
        """The standing facts of all subjects on a date, as we know it now."""
        return self.filter(valid_on__lte=at.day, holds_until__gt=at.day)

    def in_force_as_known(self, at: AsOf = NOW) -> Self:
        """The same at any point of both axes; as known on a past day, the choice is made again."""
        if at.known is None:
            return self.in_force(at)
        same = {name: OuterRef(name) for name in (self.model.SUBJECT, *self.model.WITHIN)}
        rivals = self.model._default_manager.as_of(at).contenders().filter(**same).ranked()
        return self.as_of(at).contenders().filter(pk=Subquery(rivals.values("pk")[:1]))

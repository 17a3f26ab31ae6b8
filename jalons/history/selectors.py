"""« Qui a fait quoi » : what happened to facts and records, in words; and what two people wrote in one field."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models import F, OuterRef, Subquery, Value

from jalons.core.ui import Change, Entry
from jalons.core.values import (
    Emptiness,
    format_date,
    format_long_date,
    format_moment,
    format_number,
    join_and,
)
from jalons.core.values.dates import PARIS
from jalons.history.models import Fact, Record
from jalons.history.querysets import NOW, AsOf, by_key, read_by_keys


def with_people(rows: models.QuerySet[Any], model: type[models.Model]) -> models.QuerySet[Any]:
    return rows.select_related(*related_names(model))


Label = str | Callable[[Any], str]
Details = Callable[[Any], Mapping[str, str]]

# What an entry says elsewhere than in the list of changes.
SAID_APART = {"reason", "author", "organisation"}
GONE = "élément supprimé"


# Values in words -----------------------------------------------------------------------------------------


def told_fields(model: type[models.Model]) -> list[Any]:
    """The columns that people fill in, in the order of the model. JSON is for `also` to tell."""
    apart = SAID_APART if issubclass(model, Fact) else set()
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and field.name not in apart
        and not isinstance(field, models.JSONField)
    ]


def content(version: Any, field: Any) -> tuple[Any, str]:
    """What a column holds, and when it holds nothing why (`blanks`)."""
    value = getattr(version, field.attname)
    blanks = getattr(version, "blanks", None) or {}
    return value, "" if value is not None else blanks.get(field.name, "")


def in_words(version: Any, field: Any) -> str:
    """A column as a reader says it: labels, dates, numbers, « ND »; empty when nothing was written."""
    value, blank = content(version, field)
    if value is None:
        return Emptiness(blank).words if blank else ""
    if field.remote_field:
        related = getattr(version, field.name)
        return GONE if related is None else str(related)
    if field.choices:
        label = getattr(version, f"get_{field.name}_display")()
        return join_and(label) if isinstance(label, list) else str(label)
    return plain_words(value, is_year=str(field.verbose_name).startswith("année"))


def plain_words(value: Any, *, is_year: bool = False) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime):
        return format_moment(value)
    if isinstance(value, dt.date):
        return format_date(value)
    if isinstance(value, int | float | Decimal):
        return str(value) if is_year else format_number(value)
    return join_and(value) if isinstance(value, tuple) else str(value)


def changes_between(
    before: Any, after: Any, fields: Iterable[Any], also: Details | None = None
) -> list[Change]:
    """The columns that differ, then what `also` says of each version (label → text) and that differs."""
    changes = [
        Change(capitalised(str(field.verbose_name)), in_words(before, field), in_words(after, field))
        for field in fields
        if content(before, field) != content(after, field)
    ]
    if also:
        old, new = also(before), also(after)
        for label in dict.fromkeys((*old, *new)):
            if old.get(label, "") != new.get(label, ""):
                changes.append(Change(label, old.get(label, ""), new.get(label, "")))
    return changes


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def label_of(version: Any, label: Label) -> str:
    return label if isinstance(label, str) else label(version)


def related_names(model: type[models.Model]) -> list[str]:
    """Every foreign key, so that telling many versions costs one query."""
    return [field.name for field in model._meta.concrete_fields if field.remote_field]


# Facts ---------------------------------------------------------------------------------------------------


def fact_entries(
    facts: models.QuerySet[Any],
    *,
    label: Label,
    dated: bool = True,
    added: str = "a ajouté",
    also: Details | None = None,
    url: Callable[[Any], str] | None = None,
) -> list[Entry]:
    """What was entered, corrected, set aside, withdrawn: every version of `facts`, in one query.

    `label` with its article (« le recensement »), or a function of a version; `dated` adds « du 12 décembre 2019 ».
    `also` tells what is not a column; `url` leads to a version. Sensitive facts: the caller does not pass them.
    """
    model = facts.model
    fields = told_fields(model)
    # By lineage: a fact that came from another subject (merged sites) keeps its whole story.
    versions = model._default_manager.filter(lineage__in=facts.order_by().values("lineage"))
    entries, before = [], None
    for version in versions.select_related(*related_names(model)).order_by("lineage", "recorded_at", "pk"):
        if before is not None and before.lineage != version.lineage:
            before = None
        dated_version = before or version  # the one that the reader knew by its date
        what = f"{fact_verb(before, version, added)} {label_of(dated_version, label)}"
        entries.append(
            Entry(
                when=version.recorded_at,
                who=str(version.author),
                organisation=str(version.organisation),
                what=f"{what} du {format_long_date(dated_version.valid_on)}" if dated else what,
                changes=changes_between(before, version, fields, also) if before else (),
                reason=version.reason if before else "",
                url=url(version) if url else "",
            )
        )
        before = version
    return entries


def fact_verb(before: Fact | None, after: Fact, added: str) -> str:
    if before is None:
        return added
    if before.withdrawn != after.withdrawn:
        return "a retiré" if after.withdrawn else "a rétabli"
    for name, (filled, emptied) in after.ACTS.items():
        was, is_now = bool(getattr(before, name)), bool(getattr(after, name))
        if was != is_now:
            return filled if is_now else emptied
    return "a corrigé"


def newest_keys(sources: Sequence[tuple[models.QuerySet[Any], str]], limit: int) -> list[tuple[int, int]]:
    """The rows written last among several kinds, each with the field of its moment: (rank of the kind, primary key),
    newest first, in one query. The rows themselves are then read for those alone that will be shown.
    """
    cut = connection.features.supports_slicing_ordering_in_compound
    arms = []
    for rank, (rows, moment) in enumerate(sources):
        newest = rows.order_by(f"-{moment}", "-pk")
        if not cut:  # SQLite cuts no part of a union: the rows whose keys are among the newest
            newest = rows.model._default_manager.filter(pk__in=newest.values("pk")[:limit]).order_by()
        arm = newest.annotate(moment_of_row=F(moment), rank_of_kind=Value(rank))
        if not rows.query.is_empty():
            arms.append(arm.values_list("moment_of_row", "rank_of_kind", "pk"))
    if not arms:
        return []
    if len(arms) > 1:
        first, *others = [arm[:limit] for arm in arms] if cut else arms
        keys = first.union(*others, all=True)
    else:
        keys = arms[0]
    keys = keys.order_by("-moment_of_row", "-rank_of_kind", "-pk")[:limit]
    return [(rank, pk) for _, rank, pk in keys]


def with_replaced(model: Any, pks: Sequence[int], *related: str) -> Iterator[tuple[Any, Any]]:
    """These versions, each with the one it replaced, or None: one query, and one more where some were corrected."""

    def build(keys: Sequence[int]) -> models.QuerySet[Any]:
        manager = model._default_manager
        earlier = manager.filter(lineage=OuterRef("lineage"), recorded_at__lt=OuterRef("recorded_at"))
        last = earlier.order_by("-recorded_at", "-pk").values("pk")[:1]
        versions = manager.filter(pk__in=keys).order_by().select_related(*related)
        return versions.annotate(replaced=Subquery(last))

    versions = read_by_keys((model, "with replaced", related), build, list(pks))
    replaced = by_key(model, {row.replaced for row in versions if row.replaced})
    for row in versions:
        yield row, replaced.get(row.replaced)


# Records -------------------------------------------------------------------------------------------------


def record_entries(record: Record, *, label: Label = "la fiche", url: str = "") -> list[Entry]:
    """Every save of one record, field by field: one query."""
    return history_entries(record.history.all(), label=label, url=lambda row: url)


def history_entries(
    rows: models.QuerySet[Any], *, label: Label, url: Callable[[Any], str] | None = None
) -> list[Entry]:
    """The same for several records of one model, deleted ones too: `SiteAlias.history.filter(site=site)`."""
    model: Any = rows.model.instance_type  # given by django-simple-history
    key, fields = model._meta.pk.attname, told_fields(model)
    ordered = list(with_people(rows, model).order_by(key, "history_date", "history_id"))
    entries = []
    for index, row in enumerate(ordered):
        before, after = (neighbour(ordered, index + step, key, row) for step in (-1, 1))
        changes = changes_between(before, row, fields) if before and row.history_type == "~" else []
        silent = row.history_type == "~" and not changes
        # What was saved only to say why it is removed is told by the removal.
        if silent and (not row.history_change_reason or (after and after.history_type == "-")):
            continue
        entries.append(
            Entry(
                when=row.history_date,
                who=str(row.changed_by or ""),
                organisation=str(row.changed_for or ""),
                what=f"{RECORD_VERBS[row.history_type]} {label_of(row, label)}",
                changes=changes,
                reason=row.history_change_reason or (before and silent_reason(row, before)) or "",
                url=url(row) if url else "",
            )
        )
    return entries


RECORD_VERBS = {"+": "a créé", "~": "a modifié", "-": "a supprimé"}


def silent_reason(row: Any, before: Any) -> str:
    """The reason of a removal was given by the save before it."""
    return (before.history_change_reason or "") if row.history_type == "-" else ""


def neighbour(rows: Sequence[Any], index: int, key: str, row: Any) -> Any:
    """The line of history at `index` if it is of the same record."""
    if 0 <= index < len(rows) and getattr(rows[index], key) == getattr(row, key):
        return rows[index]
    return None


# The timeline --------------------------------------------------------------------------------------------


def timeline(*entries: Iterable[Entry], at: AsOf = NOW, limit: int | None = None) -> list[Entry]:
    """Newest first. As known on a past day, what was written later is left out."""
    known = [
        entry for some in entries for entry in some if at.instant is None or moment_of(entry) < at.instant
    ]
    # Reversed first: what was written at one moment is also told last said first.
    known.reverse()
    known.sort(key=moment_of, reverse=True)
    return known[:limit]


def moment_of(entry: Entry) -> dt.datetime:
    """A day without time is its first instant in Paris."""
    if isinstance(entry.when, dt.datetime):
        return entry.when
    return dt.datetime.combine(entry.when, dt.time(), PARIS)

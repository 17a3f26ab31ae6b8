"""Two versions of the same thing, side by side."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from jalons.core.ui import THEIRS, Difference, choice_name
from jalons.history.models import Fact, Record
from jalons.history.selectors import capitalised, content, in_words, related_names, told_fields, with_people

# Two people in one form ----------------------------------------------------------------------------------


def conflict(record: Record, seen_version: int | None, typed: Mapping[str, Any]) -> list[Difference]:
    """Where someone else saved what differs from what the writer typed. Answers `Stale` on a record.

    `record` is `Stale.current`; `typed` holds model values by field name (`cleaned_data`). What only one of the
    two changed is no conflict when it is the writer; what only the other changed is proposed as theirs.
    """
    model = type(record)
    rows = record.history.filter(version__gte=seen_version or 0).exclude(history_type="-")
    lines = list(with_people(rows, model).order_by("version", "history_id"))
    seen = next((line for line in lines if line.version == seen_version), None)
    steps = [line for line in lines if line is not seen]
    return differences(seen, steps, record, typed)


def fact_conflict(seen: Fact, current: Fact, typed: Mapping[str, Any]) -> list[Difference]:
    """The same for `Stale` on a fact: `seen` is the version that the form was opened on."""
    versions = type(current)._default_manager.filter(
        lineage=current.lineage, recorded_at__gt=seen.recorded_at
    )
    steps = versions.select_related(*related_names(type(current))).order_by("recorded_at", "pk")
    return differences(seen, list(steps), current, typed)


def differences(
    seen: Any, steps: Sequence[Any], current: models.Model, typed: Mapping[str, Any]
) -> list[Difference]:
    """`steps` are the versions saved since `seen` (None when it cannot be found), oldest first."""
    mine = drafted(current, typed)
    differences = []
    for field in told_fields(type(current)):
        if field.name not in typed or content(mine, field) == content(current, field):
            continue
        if seen is not None and content(seen, field) == content(current, field):
            continue
        writer = last_writer(seen, steps, field)
        differences.append(
            Difference(
                field=field.name,
                label=capitalised(str(field.verbose_name)),
                seen=in_words(seen, field) if seen is not None else "",
                theirs=in_words(current, field),
                mine=in_words(mine, field),
                keep_mine=seen is None or content(seen, field) != content(mine, field),
                **signature(writer),
            )
        )
    return differences


def drafted(current: models.Model, typed: Mapping[str, Any]) -> models.Model:
    """An unsaved copy of `current` as the writer wants it."""
    draft = copy.copy(current)
    known = {field.name for field in current._meta.concrete_fields}
    for name, value in typed.items():
        if name in known:
            setattr(draft, name, value)
    return draft


def last_writer(seen: Any, steps: Sequence[Any], field: Any) -> Any:
    """The last version that changed this field; None when it cannot be told."""
    writer, before = None, seen
    for step in steps:
        if before is None or content(before, field) != content(step, field):
            writer = step
        before = step
    return writer


def signature(version: Any) -> dict[str, Any]:
    if version is None:
        return {}
    if isinstance(version, Fact):
        who, organisation, when = version.author, version.organisation, version.recorded_at
    else:
        who, organisation, when = version.changed_by, version.changed_for, version.changed_at
    return {"who": str(who or ""), "organisation": str(organisation or ""), "when": when}


def settled(current: models.Model, typed: Mapping[str, Any], choices: Mapping[str, str]) -> dict[str, Any]:
    """What to save once the writer has chosen: `typed`, with the values of `current` where they took theirs.

    `choices` is what the form posted (`request.POST`).
    """
    theirs = {name for name in typed if choices.get(choice_name(name)) == THEIRS}
    chosen = {name: getattr(current, name) if name in theirs else value for name, value in typed.items()}
    if "blanks" in typed:
        own_blanks = {name: why for name, why in typed["blanks"].items() if name not in theirs}
        their_blanks: Mapping[str, str] = getattr(current, "blanks", {})
        chosen["blanks"] = own_blanks | {name: why for name, why in their_blanks.items() if name in theirs}
    return chosen

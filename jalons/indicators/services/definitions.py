"""The indicators themselves: the common set, those of one dispositif, their objectives."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from jalons.actions.enums import Block
from jalons.actions.models import Action
from jalons.core import clock
from jalons.core.values import Value
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, Stale, correct, create_records, enter, save_record
from jalons.indicators.enums import AcrossPlaces, AcrossTime, Measure, Nature, ValueType
from jalons.indicators.models import Indicator, Measurement, Series, columns_of

SOCLE = Path(__file__).resolve().parent.parent / "data" / "socle.json"
LOCKED = ("label", "unit", "value_type", "nature", "block", "choices")
LINKS = ("parent", "limit", "numerator", "denominator")
FREE = ("help_text", "direction", "relation", "position", "across_time", "across_places")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many national indicators were added, given a new revision, updated in their free words, retired."""

    created: int
    revised: int
    updated: int
    retired: int


@transaction.atomic
def load_socle(path: Path = SOCLE) -> Loaded:
    """Bring the national indicators in line with the file. Label, unit and type are locked: another revision."""
    rows = [described(row, place) for place, row in enumerate(json.loads(path.read_text())["indicators"])]
    # The newest revision of each, retired or not: one that comes back is the same as before.
    stored = {
        indicator.code: indicator for indicator in Indicator.objects.exclude(code="").order_by("revision")
    }
    now = {row["code"]: stored[row["code"]] for row in rows if stands(stored.get(row["code"]), row)}
    waiting = [row for row in rows if row["code"] not in now]
    revised = sum(row["code"] in stored for row in waiting)
    created, updated = len(waiting) - revised, 0
    while waiting:
        # Those whose links are known, all at once; of a circle, what the others point to comes below.
        ready = [
            row for row in waiting if all(row[name] in now for name in LINKS if row.get(name))
        ] or waiting
        new = [written(row, stored.get(row["code"]), now) for row in ready]
        now |= {
            indicator.code: indicator
            for indicator in create_records(records=new, by=None, reason="socle national")
        }
        waiting = [row for row in waiting if row["code"] not in now]
    for row in rows:
        indicator = now[row["code"]]
        wanted = {"retired_on": None, **{name: row[name] for name in FREE}}
        wanted |= {f"{name}_id": now[row[name]].pk if row.get(name) else None for name in LINKS}
        if any(getattr(indicator, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(indicator, name, value)
            save_record(record=indicator, by=None, reason="socle national")
            updated += indicator.code in stored and stored[indicator.code] is indicator
    gone = [
        indicator for code, indicator in stored.items() if code not in now and indicator.retired_on is None
    ]
    for indicator in gone:
        indicator.retired_on = clock.today()
        save_record(record=indicator, by=None, reason="hors du socle national")
    return Loaded(created, revised, updated, len(gone))


def stands(known: Indicator | None, row: Mapping[str, Any]) -> bool:
    """What is locked is as the file says."""
    return known is not None and all(getattr(known, name) == row[name] for name in LOCKED)


def written(row: Mapping[str, Any], known: Indicator | None, now: Mapping[str, Indicator]) -> Indicator:
    """The next revision of an indicator, or its first, not saved yet."""
    indicator = Indicator(code=row["code"], revision=known.revision + 1 if known else 1)
    for name in (*LOCKED, *FREE):
        setattr(indicator, name, row[name])
    for name in LINKS:
        setattr(indicator, name, now.get(row.get(name, "")))
    indicator.relation = row["relation"] if indicator.parent else ""
    return indicator


def described(row: Mapping[str, Any], place: int) -> dict[str, Any]:
    """A line of the file with what it leaves out."""
    kind, nature = ValueType(row["value_type"]), Nature(row["nature"])
    return {
        "unit": "",
        "help_text": "",
        "direction": "neutral",
        "relation": "",
        "choices": [],
        "position": place,
        "across_time": across_time(kind, nature),
        "across_places": across_places(kind),
        **row,
    }


def across_time(kind: ValueType, nature: Nature) -> AcrossTime:
    if kind in (ValueType.TEXT, ValueType.CHOICE):
        return AcrossTime.LAST
    return AcrossTime.SUM if nature == Nature.FLOW else AcrossTime.LAST


def across_places(kind: ValueType) -> AcrossPlaces:
    return AcrossPlaces.NONE if kind in (ValueType.TEXT, ValueType.CHOICE) else AcrossPlaces.SUM


@transaction.atomic
def create_indicator(
    *,
    action: Action,
    by: Actor,
    label: str,
    value_type: ValueType | str,
    nature: Nature | str,
    **described: Any,
) -> Indicator:
    """An indicator of one's own, followed at once on the dispositif for which it is made."""
    kind, typed_nature = ValueType(value_type), Nature(nature)
    if kind.is_computed:
        raise Refused("Un indicateur calculé appartient au socle national.")
    indicator = Indicator(
        label=label,
        value_type=kind,
        nature=typed_nature,
        block=Block.LOCAL,
        action=action,
        departement=action.departement,
        across_time=across_time(kind, typed_nature),
        across_places=across_places(kind),
        **described,
    )
    save_record(record=indicator, by=by)
    follow_indicator(action=action, indicator=indicator)
    return indicator


@transaction.atomic
def update_indicator(
    *, indicator: Indicator, by: Actor, expected_version: int | None = None, **described: Any
) -> Indicator:
    """Other words for a local indicator. Label, unit, type and nature are locked once a value was told under them."""
    if indicator.is_national:
        raise Refused("Un indicateur du socle national ne se modifie pas ici.")
    changed = [name for name, value in described.items() if getattr(indicator, name) != value]
    used = Measurement.objects.filter(series__indicator=indicator).exists()
    if used and any(name in LOCKED for name in changed):
        raise Refused(
            "Des valeurs ont déjà été saisies sous cet intitulé : créez un autre indicateur plutôt que de changer "
            "le sens de celles-ci."
        )
    for name, value in described.items():
        setattr(indicator, name, value)
    return save_record(record=indicator, by=by, expected_version=expected_version)


@transaction.atomic
def follow_indicator(*, action: Action, indicator: Indicator, asked: bool = True) -> Series:
    """Ask for an indicator on a dispositif, or stop asking: what was told stays."""
    series, _ = Series.objects.get_or_create(action=action, indicator=indicator, reporter=None)
    if series.asked != asked:
        series.asked = asked
        series.save(update_fields=["asked"])
    return series


@transaction.atomic
def set_objective(
    *,
    action: Action,
    indicator: Indicator,
    on: dt.date,
    value: Value,
    by: Actor,
    note: str = "",
    seen: int | None = None,
) -> Measurement:
    """What a dispositif aims at for a date. Said again for the same date, it replaces what was said.

    `seen`: the last objective of the dispositif (`last_objective`) that the writer saw. Raises `Stale` when the one
    to be replaced was said since.
    """
    Action.objects.select_for_update(no_key=True).get(pk=action.pk)
    series, _ = Series.objects.get_or_create(action=action, indicator=indicator, reporter=None)
    columns = {**columns_of(value), "note": note}
    known = Measurement.objects.known().filter(series=series, valid_on=on, measure=Measure.OBJECTIVE).first()
    if known is not None and seen is not None and known.pk > seen:
        raise Stale(known)
    if known is not None:
        return correct(fact=known, by=by, reason="", **columns)
    fact = Measurement(series=series, valid_on=on, measure=Measure.OBJECTIVE, **columns)
    return enter(fact=fact, by=by)

"""Writing definitions, what a dispositif follows, and what was measured."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from jalons.accounts.models import Organisation
from jalons.actions.enums import Block
from jalons.actions.models import Action, FollowUp
from jalons.actions.services import Refused, intervention_of
from jalons.core import clock
from jalons.core.values import Value, format_date
from jalons.history.services import (
    Actor,
    Stale,
    check_current,
    correct,
    correct_all,
    enter,
    enter_all,
    save_record,
)
from jalons.indicators.enums import AcrossPlaces, AcrossTime, Measure, Nature, ValueType
from jalons.indicators.models import FollowUpDraft, Indicator, Measurement, Series, columns_of

SOCLE = Path(__file__).parent / "data" / "socle.json"
LOCKED = ("label", "unit", "value_type", "nature", "block", "choices")
LINKS = ("parent", "limit", "numerator", "denominator")
FREE = ("help_text", "direction", "relation", "position", "across_time", "across_places")


# --- the socle -------------------------------------------------------------------------------------------------


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
    told = [described(row, place) for place, row in enumerate(json.loads(path.read_text())["indicators"])]
    # The newest revision of each, retired or not: one that comes back is the same as before.
    stored = {one.code: one for one in Indicator.objects.exclude(code="").order_by("revision")}
    now: dict[str, Indicator] = {}
    created, revised, updated = 0, 0, 0
    for row in told:
        known = stored.get(row["code"])
        fixed = {name: row[name] for name in (*LOCKED, *FREE)}
        if known is None or any(getattr(known, name) != row[name] for name in LOCKED):
            revision = known.revision + 1 if known else 1
            one = Indicator(code=row["code"], revision=revision, **fixed)
            # A rate is told after its parts in the file; the other links may point further down: below.
            for name in LINKS:
                setattr(one, name, now.get(row.get(name, "")))
            one.relation = row["relation"] if one.parent else ""
            now[row["code"]] = save_record(record=one, by=None, reason="socle national")
            created, revised = created + (known is None), revised + (known is not None)
        else:
            now[row["code"]] = known
    for row in told:
        one = now[row["code"]]
        wanted = {"retired_on": None, **{name: row[name] for name in FREE}}
        wanted |= {f"{name}_id": now[row[name]].pk if row.get(name) else None for name in LINKS}
        if any(getattr(one, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(one, name, value)
            save_record(record=one, by=None, reason="socle national")
            updated += one.code in stored and stored[one.code] is one
    gone = [one for code, one in stored.items() if code not in now and one.retired_on is None]
    for one in gone:
        one.retired_on = clock.today()
        save_record(record=one, by=None, reason="hors du socle national")
    return Loaded(created, revised, updated, len(gone))


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


# --- local indicators ------------------------------------------------------------------------------------------


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
    kind, kept = ValueType(value_type), Nature(nature)
    if kind.is_computed:
        raise Refused("Un indicateur calculé appartient au socle national.")
    one = Indicator(
        label=label,
        value_type=kind,
        nature=kept,
        block=Block.LOCAL,
        action=action,
        departement=action.departement,
        across_time=across_time(kind, kept),
        across_places=across_places(kind),
        **described,
    )
    save_record(record=one, by=by)
    follow_indicator(action=action, indicator=one)
    return one


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
    told = {**columns_of(value), "note": note}
    known = Measurement.objects.known().filter(series=series, valid_on=on, measure=Measure.OBJECTIVE).first()
    if known is not None and seen is not None and known.pk > seen:
        raise Stale(known)
    if known is not None:
        return correct(fact=known, by=by, reason="", **told)
    fact = Measurement(series=series, valid_on=on, measure=Measure.OBJECTIVE, **told)
    return enter(fact=fact, by=by)


# --- follow-ups ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What one reporter tells at a date: a value for each indicator that has one, and words beside.

    `values` by primary key of indicator; an empty value is not told. `unchanged`: the indicators said again as
    they were. `since`: first day of the period of the flows; without it, the day after the last follow-up. `source`:
    where the figures come from, when nobody typed them.
    """

    on: dt.date
    values: Mapping[int, Value]
    unchanged: frozenset[int] = frozenset()
    unchanged_blocks: tuple[str, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)
    difficulties: tuple[str, ...] = ()
    difficulty_note: str = ""
    since: dt.date | None = None
    measure: Measure = Measure.ACTUAL
    source: str = ""

    def kept(self) -> dict[int, Value]:
        return {pk: value for pk, value in self.values.items() if value != Value.empty()}


def period_start(action: Action, reporter: Organisation, on: dt.date) -> dt.date:
    """The day after the follow-up before `on`, or the start of the dispositif."""
    before = FollowUp.objects.known().filter(action=action, reporter=reporter, valid_on__lt=on)
    last = before.order_by("-valid_on").values_list("valid_on", flat=True).first()
    return last + dt.timedelta(days=1) if last else min(intervention_of(action).valid_on, on)


@transaction.atomic
def record_follow_up(
    *, action: Action, reporter: Organisation, told: Told, indicators: Mapping[int, Indicator], by: Actor
) -> FollowUp:
    """One dated report. `indicators` are those that may be told, by primary key.

    Raises `Refused` when this reporter already told of the same day (that one is corrected), or before the start
    of the dispositif. After its end is told by `actions.chronology`.
    """
    check_day(action, reporter, told.on)
    since = told.since or period_start(action, reporter, told.on)
    if since > told.on:
        raise Refused(f"La période commence le {format_date(since)}, après la date du point de suivi.")
    follow_up = FollowUp(action=action, reporter=reporter, **columns(told, indicators, since))
    try:
        with transaction.atomic():
            enter(fact=follow_up, by=by)
    except IntegrityError:  # a colleague sent theirs at the same instant
        raise Refused(already(reporter, told.on)) from None
    kept = told.kept()
    series = series_for(action, reporter, kept)
    facts = [
        measurement(series[pk], indicators[pk], value, told, since) for pk, value in sorted(kept.items())
    ]
    enter_all(facts=facts, by=by)
    FollowUpDraft.objects.filter(user=by.user, action=action, reporter=reporter).delete()
    return follow_up


def check_day(action: Action, reporter: Organisation, on: dt.date) -> None:
    run = intervention_of(action)
    if on < run.valid_on:
        raise Refused(f"Le dispositif commence le {format_date(run.valid_on)}, après cette date.")
    if FollowUp.objects.known().filter(action=action, reporter=reporter, valid_on=on).exists():
        raise Refused(already(reporter, on))


def already(reporter: Organisation, on: dt.date) -> str:
    return (
        f"Un point de suivi existe déjà au {format_date(on)} pour {reporter} : corrigez-le, ou choisissez "
        "une autre date."
    )


def columns(told: Told, indicators: Mapping[int, Indicator], since: dt.date) -> dict[str, Any]:
    """The columns of the follow-up: the blocks told are those with a value, a comment or « inchangé »."""
    blocks = {indicators[pk].block for pk in told.kept()} | set(told.unchanged_blocks)
    comments = {code: text.strip() for code, text in told.comments.items() if text.strip()}
    return {
        "valid_on": told.on,
        "since": since,
        "blocks": tuple(block for block in Block if block in blocks | set(comments)),
        "unchanged": tuple(told.unchanged_blocks),
        "comments": comments,
        "difficulties": told.difficulties,
        "difficulty_note": told.difficulty_note,
    }


def series_for(action: Action, reporter: Organisation, pks: Iterable[int]) -> dict[int, Series]:
    """The series of this reporter by indicator, those that are missing made."""
    wanted = set(pks)
    rows = Series.objects.filter(action=action, reporter=reporter)
    known = set(rows.values_list("indicator_id", flat=True))
    Series.objects.bulk_create(
        [Series(action=action, reporter=reporter, indicator_id=pk) for pk in sorted(wanted - known)],
        ignore_conflicts=True,  # two first follow-ups at once
    )
    return {series.indicator_id: series for series in rows.filter(indicator__in=wanted)}


def measurement(
    series: Series, indicator: Indicator, value: Value, told: Told, since: dt.date
) -> Measurement:
    return Measurement(
        series=series,
        valid_on=told.on,
        since=since if indicator.is_flow else None,
        measure=told.measure,
        unchanged=indicator.pk in told.unchanged,
        source=told.source,
        **columns_of(value),
    )


@transaction.atomic
def complete_follow_up(
    *,
    follow_up: FollowUp,
    values: Mapping[int, Value],
    indicators: Mapping[int, Indicator],
    by: Actor,
    source: str,
) -> FollowUp:
    """More figures, or better ones, in a report that stands; the rest of it stays as it was told."""
    standing = {fact.series.indicator_id: fact for fact in measurements_of(follow_up, with_indicators=True)}
    whole = {pk: fact.value for pk, fact in standing.items()}
    told = Told(
        on=follow_up.valid_on,
        values={**whole, **values},
        unchanged=frozenset(pk for pk, fact in standing.items() if fact.unchanged and pk not in values),
        unchanged_blocks=tuple(follow_up.unchanged),
        comments=follow_up.comments,
        difficulties=tuple(follow_up.difficulties),
        difficulty_note=follow_up.difficulty_note,
        since=follow_up.since,
        source=source,
    )
    every = {**{pk: fact.series.indicator for pk, fact in standing.items()}, **indicators}
    return correct_follow_up(follow_up=follow_up, told=told, indicators=every, by=by, reason=source)


@transaction.atomic
def correct_follow_up(
    *, follow_up: FollowUp, told: Told, indicators: Mapping[int, Indicator], by: Actor, reason: str
) -> FollowUp:
    """The same report, said better. Only what differs gets a new version; what is emptied is withdrawn.

    Raises `Stale` when someone corrected it meanwhile, `Refused` when the other date is already taken.
    """
    check_current(follow_up)
    action, reporter = follow_up.action, follow_up.reporter
    if told.on != follow_up.valid_on:
        check_day(action, reporter, told.on)
    since = told.since or follow_up.since
    if since > told.on:
        raise Refused(f"La période commence le {format_date(since)}, après la date du point de suivi.")
    successor = correct(fact=follow_up, by=by, reason=reason, **columns(told, indicators, since))
    kept = told.kept()
    changes: list[tuple[Measurement, dict[str, Any]]] = []
    new: list[Measurement] = []
    standing = {fact.series.indicator_id: fact for fact in measurements_of(follow_up)}
    series = series_for(action, reporter, kept)
    for pk, fact in standing.items():
        if pk not in indicators:  # not shown, not asked: it only follows the date
            if told.on != follow_up.valid_on:
                changes.append((fact, {"valid_on": told.on, "since": since if fact.since else None}))
        elif pk not in kept:
            changes.append((fact, {"withdrawn": True}))
        else:
            twin = measurement(series[pk], indicators[pk], kept[pk], told, since)
            wanted = {name: getattr(twin, name) for name in COMPARED}
            if any(getattr(fact, name) != value for name, value in wanted.items()):
                changes.append((fact, {**wanted, "source": told.source}))
    for pk, value in sorted(kept.items()):
        if pk not in standing:
            new.append(measurement(series[pk], indicators[pk], value, told, since))
    try:
        correct_all(changes=changes, by=by, reason=reason)
    except Stale:
        raise Stale(successor) from None
    enter_all(facts=new, by=by)
    return successor


COMPARED = ("valid_on", "since", "number", "denominator", "words", "state", "unchanged")


def measurements_of(follow_up: FollowUp, *, with_indicators: bool = False) -> Iterable[Measurement]:
    """The values told with a follow-up, as we know them now."""
    related = "series__indicator" if with_indicators else "series"
    return (
        Measurement.objects.known()
        .contenders()
        .filter(
            series__action=follow_up.action,
            series__reporter=follow_up.reporter,
            valid_on=follow_up.valid_on,
        )
        .select_related(related)
        .order_by("pk")
    )


@transaction.atomic
def withdraw_follow_up(*, follow_up: FollowUp, by: Actor, reason: str) -> FollowUp:
    """Say that a report was never true, with all that it told."""
    changes = [(fact, {"withdrawn": True}) for fact in measurements_of(follow_up)]
    gone = correct(fact=follow_up, by=by, reason=reason, withdrawn=True)
    correct_all(changes=changes, by=by, reason=reason)
    return gone


# --- drafts ----------------------------------------------------------------------------------------------------


def keep_draft(
    *, action: Action, reporter: Organisation, user: Any, typed: Mapping[str, list[str]]
) -> FollowUpDraft:
    """Keep what a person has typed so far; the newest takes the place of the one before."""
    draft, _ = FollowUpDraft.objects.update_or_create(
        user=user, action=action, reporter=reporter, defaults={"typed": dict(typed)}
    )
    return draft


def forget_draft(*, action: Action, reporter: Organisation, user: Any) -> None:
    FollowUpDraft.objects.filter(user=user, action=action, reporter=reporter).delete()

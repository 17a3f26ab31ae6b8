"""Follow-ups: recorded, corrected, withdrawn, kept as a draft."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from jalons.accounts.models import Organisation
from jalons.actions.models import Action, FollowUp
from jalons.actions.services import intervention_of
from jalons.core.values import Value, format_date
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, Stale, check_current, correct, correct_all, enter, enter_all
from jalons.indicators.models import FollowUpDraft, Indicator, Measurement
from jalons.indicators.services.series import FollowUpContent, columns, measurement, series_for


def period_start(action: Action, reporter: Organisation, on: dt.date) -> dt.date:
    """The day after the follow-up before `on`, or the start of the dispositif."""
    before = FollowUp.objects.known().filter(action=action, reporter=reporter, valid_on__lt=on)
    last = before.order_by("-valid_on").values_list("valid_on", flat=True).first()
    return last + dt.timedelta(days=1) if last else min(intervention_of(action).valid_on, on)


@transaction.atomic
def record_follow_up(
    *,
    action: Action,
    reporter: Organisation,
    content: FollowUpContent,
    indicators: Mapping[int, Indicator],
    by: Actor,
) -> FollowUp:
    """One dated report. `indicators` are those that may be told, by primary key.

    Raises `Refused` when this reporter already told of the same day (that one is corrected), or before the start
    of the dispositif. After its end is told by `actions.chronology`.
    """
    check_day(action, reporter, content.on)
    since = content.since or period_start(action, reporter, content.on)
    if since > content.on:
        raise Refused(f"La période commence le {format_date(since)}, après la date du point de suivi.")
    follow_up = FollowUp(action=action, reporter=reporter, **columns(content, indicators, since))
    try:
        with transaction.atomic():
            enter(fact=follow_up, by=by)
    except IntegrityError:  # a colleague sent theirs at the same instant
        raise Refused(already(reporter, content.on)) from None
    figures = content.answered()
    series = series_for(action, reporter, figures)
    facts = [
        measurement(series[pk], indicators[pk], value, content, since)
        for pk, value in sorted(figures.items())
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
    follow_up_content = FollowUpContent(
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
    return correct_follow_up(
        follow_up=follow_up, content=follow_up_content, indicators=every, by=by, reason=source
    )


@transaction.atomic
def correct_follow_up(
    *,
    follow_up: FollowUp,
    content: FollowUpContent,
    indicators: Mapping[int, Indicator],
    by: Actor,
    reason: str,
) -> FollowUp:
    """The same report, said better. Only what differs gets a new version; what is emptied is withdrawn.

    Raises `Stale` when someone corrected it meanwhile, `Refused` when the other date is already taken.
    """
    check_current(follow_up)
    action, reporter = follow_up.action, follow_up.reporter
    if content.on != follow_up.valid_on:
        check_day(action, reporter, content.on)
    since = content.since or follow_up.since
    if since > content.on:
        raise Refused(f"La période commence le {format_date(since)}, après la date du point de suivi.")
    successor = correct(fact=follow_up, by=by, reason=reason, **columns(content, indicators, since))
    figures = content.answered()
    changes: list[tuple[Measurement, dict[str, Any]]] = []
    new: list[Measurement] = []
    standing = {fact.series.indicator_id: fact for fact in measurements_of(follow_up)}
    series = series_for(action, reporter, figures)
    for pk, fact in standing.items():
        if pk not in indicators:  # not shown, not asked: it only follows the date
            if content.on != follow_up.valid_on:
                changes.append((fact, {"valid_on": content.on, "since": since if fact.since else None}))
        elif pk not in figures:
            changes.append((fact, {"withdrawn": True}))
        else:
            twin = measurement(series[pk], indicators[pk], figures[pk], content, since)
            wanted = {name: getattr(twin, name) for name in COMPARED}
            if any(getattr(fact, name) != value for name, value in wanted.items()):
                changes.append((fact, {**wanted, "source": content.source, "provenance": twin.provenance}))
    for pk, value in sorted(figures.items()):
        if pk not in standing:
            new.append(measurement(series[pk], indicators[pk], value, content, since))
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

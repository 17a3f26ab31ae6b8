"""Seeing to a site, muting a reason for a while, setting how much each reason weighs."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from jalons.core import clock
from jalons.core.values import format_date
from jalons.editing.refusals import Refused
from jalons.history.querysets import NOW
from jalons.history.services import Actor, Stale, correct, enter, save_record
from jalons.sites.enums import EventKind
from jalons.sites.models import Site, SiteEvent
from jalons.sites.services import add_event
from jalons.territories.models import Departement
from jalons.urgency.enums import WeatherKind
from jalons.urgency.models import Handling, Mute, PriorityScale, WeatherAlert

# In the journal of the site; the list of an episode finds it by these words.
PASSAGE = "Passage pendant un épisode de chaleur ou de froid"


def handling_of(site: Site) -> Handling | None:
    rows = Handling.objects.going_on(NOW).filter(site=site).select_related("author", "organisation")
    return rows.first()


@transaction.atomic
def take(*, site: Site, by: Actor) -> Handling:
    """« Je m’en occupe ». Taken twice by one person, it is taken once; `Refused` when somebody else already did."""
    current = handling_of(site)
    if current is None:
        return enter(fact=Handling(site=site, valid_on=clock.today()), by=by)
    if current.author_id != by.user.pk:
        since = format_date(current.valid_on)
        raise Refused(f"{current.author} ({current.organisation}) s’en occupe depuis le {since}.")
    return current


@transaction.atomic
def release(*, site: Site, by: Actor) -> Handling | None:
    """Nobody sees to the site any more; None when nobody did."""
    current = handling_of(site)
    if current is None:
        return None
    return correct(fact=current, by=by, reason="", ended_on=clock.today())


def mute_of(site: Site, rule: str) -> Mute | None:
    rows = Mute.objects.going_on(NOW).filter(site=site, rule=rule).select_related("author", "organisation")
    return rows.first()


@transaction.atomic
def mute(*, site: Site, rule: str, why: str, until: dt.date, by: Actor) -> Mute:
    """The reason does not count until that day. `Refused` when it is muted already: nobody’s why is written over."""
    if current := mute_of(site, rule):
        raise Refused(
            f"{current.author} ({current.organisation}) l’a déjà mise en sourdine jusqu’au "
            f"{format_date(current.until)} : {current.why}"
        )
    words: dict[str, Any] = {"why": why, "valid_on": clock.today(), "ended_on": until}
    past = Mute.objects.known(NOW).filter(site=site, rule=rule).first()
    if past is not None:  # one line a reason and site: what it was before stays in its versions
        return correct(fact=past, by=by, reason="", **words)
    return enter(fact=Mute(site=site, rule=rule, **words), by=by)


@transaction.atomic
def unmute(*, site: Site, rule: str, by: Actor) -> Mute | None:
    """The reason counts again from today; None when it was not muted."""
    current = mute_of(site, rule)
    return None if current is None else correct(fact=current, by=by, reason="", ended_on=clock.today())


@transaction.atomic
def set_scale(
    *,
    code: str,
    weights: Mapping[str, int],
    limits: Mapping[str, int],
    by: Actor,
    reason: str,
    expected_version: int,
) -> PriorityScale:
    """Raises `Stale` when somebody set it since `expected_version` (0: nobody ever had)."""
    # Of two who set the first one at once, both find the same row.
    PriorityScale.objects.bulk_create([PriorityScale(code=code)], ignore_conflicts=True)
    scale = PriorityScale.objects.get(code=code)
    scale.weights, scale.limits = dict(weights), dict(limits)
    return save_record(record=scale, by=by, reason=reason, expected_version=expected_version)


@transaction.atomic
def set_weather(
    *,
    departement: Departement,
    kind: WeatherKind,
    level: int,
    since: dt.date,
    until: dt.date,
    by: Actor,
    seen: int | None = None,
) -> WeatherAlert:
    """The episode of this kind, `until` its last day. Raises `Stale` when somebody set it since `seen` (a key)."""
    rows = WeatherAlert.objects.known(NOW).filter(departement=departement, kind=kind)
    current = rows.select_related("author", "organisation").first()
    values: dict[str, Any] = {"level": level, "valid_on": since, "ended_on": until + dt.timedelta(days=1)}
    if current is None:
        return enter(fact=WeatherAlert(departement=departement, kind=kind, **values), by=by)
    if current.pk != seen:
        raise Stale(current)
    return correct(fact=current, by=by, reason="", **values)


def note_passage(*, site: Site, by: Actor) -> SiteEvent:
    """« Passage fait »: somebody went there today, because of heat or cold."""
    return add_event(site=site, kind=EventKind.VISIT, on=clock.today(), by=by, description=PASSAGE)

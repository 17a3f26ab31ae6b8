"""What is written down of a register, and what is odd in it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone

from jalons.core import headers
from jalons.core.values.dates import PARIS
from jalons.households.enums import RegisterAct
from jalons.households.models import Household, HouseholdHanding, RegisterReading
from jalons.presence.sessions import device_words

KEPT_DAYS = 365
NIGHT_FROM, NIGHT_TO = 22, 6  # hours, in Paris
MOST_TRIES, TRIES_WITHIN = 5, dt.timedelta(minutes=15)
COSTLY = (
    RegisterAct.REFUSED,
    RegisterAct.CODE,
    RegisterAct.PRINTED,
)  # each derives a key: a third of a second
MANY_SHEETS, MANY_WITHIN = 50, dt.timedelta(minutes=10)


def note_act(
    request: Any,
    organisation_id: int,
    act: RegisterAct,
    household: Household | None = None,
    about: Any = None,
    households: int | None = None,
) -> RegisterReading:
    return RegisterReading.objects.create(
        organisation_id=organisation_id,
        user=request.user,
        act=act,
        household=household.pk if household else None,
        number=household.number if household else None,
        about=about,
        households=households,
        address=headers.client_address(request) or None,
        device=device_words(headers.header(request, "User-Agent"))[:80],
    )


def note_other_side(user: Any, handing: HouseholdHanding, act: RegisterAct) -> RegisterReading:
    """In the log of who handed a family: what the other did of it, and who; not from where."""
    return RegisterReading.objects.create(
        organisation_id=handing.sender_id,
        user=user,
        act=act,
        household=handing.household,
        number=handing.number,
    )


def note_sheet(request: Any, organisation_id: int, household: Household) -> None:
    """For every page that says something of a family: one reading for all those that follow within ten minutes."""
    known = RegisterReading.objects.filter(
        organisation=organisation_id,
        user=request.user.pk,
        act=RegisterAct.SHEET,
        household=household.pk,
        at__gt=timezone.now() - MANY_WITHIN,
    )
    if not known.exists():
        note_act(request, organisation_id, RegisterAct.SHEET, household)


@dataclass(frozen=True, slots=True)
class OddReading:
    """What the responsible person should look at first: who, when, how much, and why it is odd."""

    user: Any
    since: dt.datetime
    until: dt.datetime
    words: str


def odd_readings(readings: Sequence[RegisterReading]) -> list[OddReading]:
    """From the readings of a period, oldest first: fifty sheets in ten minutes, sheets read at night, wrong codes."""
    odd: list[OddReading] = []
    by_user: dict[int, list[RegisterReading]] = {}
    for reading in readings:
        by_user.setdefault(reading.user_id, []).append(reading)
    for own in by_user.values():
        sheets = [reading for reading in own if reading.act == RegisterAct.SHEET]
        odd += bursts(sheets)
        odd += nights([reading for reading in own if reading.act in (RegisterAct.SHEET, RegisterAct.LIST)])
        odd += refusals([reading for reading in own if reading.act == RegisterAct.REFUSED])
    return sorted(odd, key=lambda reading: reading.until, reverse=True)


def bursts(sheets: Sequence[RegisterReading]) -> list[OddReading]:
    """Runs in which fifty sheets were read within ten minutes; each sheet is in one run."""
    runs: list[list[RegisterReading]] = []
    start = 0
    for end in range(len(sheets)):
        while sheets[end].at - sheets[start].at > MANY_WITHIN:
            start += 1
        if end - start + 1 < MANY_SHEETS:
            continue
        if runs and runs[-1][-1].at >= sheets[start].at:
            runs[-1].append(sheets[end])
        else:
            runs.append([*sheets[start : end + 1]])
    return [
        OddReading(run[0].user, run[0].at, run[-1].at, f"{len(run)} fiches lues à la suite") for run in runs
    ]


def nights(readings: Sequence[RegisterReading]) -> list[OddReading]:
    by_night: dict[dt.date, list[RegisterReading]] = {}
    for reading in readings:
        here = reading.at.astimezone(PARIS)
        if here.hour >= NIGHT_FROM or here.hour < NIGHT_TO:
            by_night.setdefault((here - dt.timedelta(hours=NIGHT_TO)).date(), []).append(reading)
    return [
        OddReading(run[0].user, run[0].at, run[-1].at, f"lectures de nuit ({len(run)})")
        for run in by_night.values()
    ]


def refusals(readings: Sequence[RegisterReading]) -> list[OddReading]:
    if len(readings) < 3:
        return []
    words = f"{len(readings)} codes refusés"
    return [OddReading(readings[0].user, readings[0].at, readings[-1].at, words)]


def readings_of(organisation_id: int) -> Any:
    return (
        RegisterReading.objects.of_organisation(organisation_id)
        .select_related("user", "about")
        .order_by("-at", "-pk")
    )


def forget_old_readings() -> str:
    """For the clock: readings of more than a year are erased."""
    limit = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    count, _ = RegisterReading.objects.filter(at__lt=limit).delete()
    return f"{count} lectures de registre de plus d’un an effacées" if count else ""


def note_try(request: Any, organisation_id: int) -> RegisterReading | None:
    """Written before a code is looked at; None when this person had too many refused in a quarter of an hour."""
    attempt = note_act(request, organisation_id, RegisterAct.REFUSED)
    recent = RegisterReading.objects.filter(
        user=request.user.pk,
        organisation=organisation_id,
        act__in=COSTLY,
        at__gt=attempt.at - TRIES_WITHIN,
    )
    if recent.count() <= MOST_TRIES:
        return attempt
    attempt.delete()  # the end of the pause does not move
    return None


def accept_try(attempt: RegisterReading, act: RegisterAct) -> None:
    """The code was right: the try becomes what it opened."""
    RegisterReading.objects.filter(pk=attempt.pk).update(act=act)


def sheets_read(organisation_id: int) -> dict[int, int]:
    """How many sheets each person opened in the last thirty days: one query."""
    since = timezone.now() - dt.timedelta(days=30)
    rows = (
        RegisterReading.objects.of_organisation(organisation_id)
        .filter(at__gte=since, act=RegisterAct.SHEET)
        .values("user")
        .annotate(sheets=Count("pk"))
        .order_by()
    )
    return {row["user"]: row["sheets"] for row in rows}

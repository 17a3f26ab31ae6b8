"""Asking for an edition, publishing it, withdrawing it. Each is done once, whoever asks at the same time."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from jalons.core.clock import day_in
from jalons.core.values.dates import PARIS
from jalons.history.services import Actor
from jalons.public.counting import country
from jalons.public.enums import EditionState
from jalons.public.half_years import HalfYear, last_over
from jalons.public.models import OpenEdition, OpenHalfYear
from jalons.public.selectors import being_prepared, latest_out
from jalons.public.storing import fingerprint_of, open_content

MOST_HALF_YEARS = 14
BUSY = "Une édition est déjà en préparation\u00a0: attendez qu’elle soit prête, ou arrêtez-la."
MOVED = (
    "Une autre édition est sortie depuis que celle-ci a été préparée\u00a0: le contrôle ne vaut plus. "
    "Préparez-la de nouveau."
)
NOT_READY = "Cette édition n’a pas passé le contrôle, ou a déjà été publiée\u00a0: elle ne peut pas l’être."
NOT_OUT = "Cette édition n’est pas en ligne."
NOT_OVER = "Ce semestre n’est pas terminé."


class EditionRefused(Exception):
    """What cannot be done, in French."""


def ask_edition(*, first: HalfYear, last: HalfYear, known_on: dt.date, by: Actor) -> OpenEdition:
    """To be prepared by the worker: see `jobs.prepare_edition`."""
    if last > last_over(known_on + dt.timedelta(days=1)):
        raise EditionRefused(NOT_OVER)
    if being_prepared() is not None:
        raise EditionRefused(BUSY)
    number = OpenEdition.objects.aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            return OpenEdition.objects.create(
                number=number + 1,
                first=first.code,
                last=last.code,
                known_on=known_on,
                beside=latest_out(),
                asked_by=by.user,
                asked_for=by.organisation,
                pulse_at=timezone.now(),
            )
    except IntegrityError:  # of two people at the same instant, the second
        raise EditionRefused(BUSY) from None


def publish_edition(*, edition: OpenEdition, by: Actor) -> OpenEdition:
    """The audit holds beside what was out when it was made: if something came out since, it says nothing any more.

    Every edition is held, not this one alone: of two that are published at the same instant, each would see the other
    still unpublished, and both would go out without either having been audited beside the other.
    """
    shape = country()
    with transaction.atomic():
        held = OpenEdition.objects.select_for_update().order_by("pk")
        edition = next(row for row in held if row.pk == edition.pk)
        if edition.state != EditionState.READY:
            raise EditionRefused(NOT_READY)
        now = timezone.now()
        taken = OpenEdition.objects.filter(pk=edition.pk, state=EditionState.READY).update(
            state=EditionState.PUBLISHED, published_at=now, published_by=by.user
        )
        others = OpenEdition.objects.filter(published_at__isnull=False).exclude(pk=edition.pk)
        if not taken or others.filter(number__gt=edition.beside).exists():
            raise EditionRefused(MOVED)
        opened = []
        for counted in edition.counted.order_by("half_year"):
            about = {
                "edition": edition.number,
                "half_year": counted.half_year,
                "known_on": edition.known_on.isoformat(),
                "published_on": day_in(PARIS, now).isoformat(),
            }
            content = open_content(shape, counted.cells, **about)
            opened.append(
                OpenHalfYear(
                    edition=edition,
                    half_year=counted.half_year,
                    content=content,
                    fingerprint=fingerprint_of(content),
                )
            )
        OpenHalfYear.objects.bulk_create(opened)
        edition.refresh_from_db()
        return edition


def withdraw_edition(*, edition: OpenEdition, reason: str, by: Actor) -> None:
    """It is shown no more. What was out stays known: later editions are protected beside it for ever."""
    with transaction.atomic():
        changed = OpenEdition.objects.filter(pk=edition.pk, state=EditionState.PUBLISHED).update(
            state=EditionState.WITHDRAWN,
            withdrawn_at=timezone.now(),
            withdrawn_by=by.user,
            withdrawal_reason=reason,
        )
        if not changed:
            raise EditionRefused(NOT_OUT)
        OpenHalfYear.objects.filter(edition=edition).update(is_out=False)

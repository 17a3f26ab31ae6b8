"""Preparing an edition in the worker, and what is done when the worker was killed in the middle of it."""

import datetime as dt

from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from jalons.core import memory
from jalons.core.failures import Failure, failure_of
from jalons.core.progress import JobProgress, JobStopped
from jalons.public.enums import EditionState
from jalons.public.models import OpenEdition

SILENCE = dt.timedelta(minutes=15)  # longer than any edition takes
MOST_ATTEMPTS = 2
STOPPED_BY_HAND = "Arrêtée à la demande\u00a0: rien n’a été écrit."
STOPPED = "Le travail a été interrompu deux fois sur le serveur\u00a0: rien n’a été écrit."
FULL = "Il n’y a plus de place sur le serveur\u00a0: rien n’a été écrit. Prévenez l’administration."
BROKEN = "Une erreur imprévue a arrêté la préparation. L’administration en a la trace."


def progress_of(edition: OpenEdition) -> JobProgress:
    return JobProgress(f"public-{edition.pk}")


@task()
def prepare_edition(edition_id: int) -> None:
    """Given back, it begins again: the transaction of the end left nothing."""
    begun = OpenEdition.objects.filter(pk=edition_id, state=EditionState.PREPARING)
    if not begun.update(pulse_at=timezone.now(), attempts=F("attempts") + 1):
        return
    edition = OpenEdition.objects.get(pk=edition_id)
    progress = progress_of(edition)
    # By its name: the web process, which only asks, does not load the solver.
    prepare = import_string("jalons.public.preparing.prepare")
    try:
        progress.check()
        prepare(edition, progress.tell)
    except JobStopped:
        give_up(edition, STOPPED_BY_HAND)
    except Exception as error:
        give_up(edition, FULL if failure_of(error) == Failure.FULL else BROKEN)
        raise
    finally:
        progress.forget()
        memory.give_back()


def give_up(edition: OpenEdition, why: str) -> None:
    mine = OpenEdition.objects.filter(pk=edition.pk, state=EditionState.PREPARING)
    mine.update(state=EditionState.FAILED, failure=why)


def give_back() -> str:
    """An edition whose worker is silent goes back to the queue once, then fails aloud."""
    silent = OpenEdition.objects.filter(state=EditionState.PREPARING, pulse_at__lt=timezone.now() - SILENCE)
    again = stopped = 0
    for edition in silent.order_by("pk"):
        mine = OpenEdition.objects.filter(pk=edition.pk, pulse_at=edition.pulse_at)
        if edition.attempts >= MOST_ATTEMPTS:
            stopped += mine.update(state=EditionState.FAILED, failure=STOPPED)
        elif mine.update(pulse_at=timezone.now()):
            prepare_edition.enqueue(edition.pk)
            again += 1
    if not again and not stopped:
        return "Aucune édition interrompue."
    return f"Éditions des chiffres ouverts\u00a0: {again} rendues à la file, {stopped} en échec."

"""The work that the worker does, and what is done when the worker was killed in the middle of it."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from jalons.core import memory
from jalons.core.failures import Failure, failure_of
from jalons.core.progress import JobProgress, JobStopped
from jalons.core.values import french_spaces, plural
from jalons.editions.enums import EditionStage
from jalons.editions.models import ReportEdition
from jalons.editions.notifications import tell_ready
from jalons.editions.services.making import check_identical, drop_orphans, make_now

SILENCE = dt.timedelta(minutes=10)  # longer than any report takes
LONG = dt.timedelta(minutes=1)  # from here, its author has left the page
MOST_ATTEMPTS = 2
SHELVES, HOUR = 256, 3600
ABANDONED = dt.timedelta(days=1)  # far longer than any report takes
STOPPED_BY_HAND = "Arrêtée à votre demande."
BROKEN = "Une erreur imprévue a arrêté le travail. L’administration en a la trace ; vous pouvez recommencer."
FULL = (
    "Il n’y a plus de place sur le serveur : rien n’a été écrit. Prévenez l’administration, puis recommencez."
)
INTERRUPTED = (
    "Le travail a été interrompu deux fois sur le serveur. Recommencez, ou prévenez l’administration."
)


def progress_of(edition: ReportEdition) -> JobProgress:
    return JobProgress(f"reports-{edition.public_id}")


@task()
def make_report(edition_id: int) -> None:
    """Given back, it finds the edition as it was: one edition, whatever the number of workers."""
    waiting = ReportEdition.objects.filter(pk=edition_id, stage=EditionStage.MAKING)
    if not waiting.update(pulse_at=timezone.now(), attempts=F("attempts") + 1):
        return
    edition = ReportEdition.objects.get(pk=edition_id)
    progress = progress_of(edition)
    try:
        progress.check()
        done = make_now(edition=edition, tell=progress.tell)
    except JobStopped:
        stop(edition, STOPPED_BY_HAND)
    except Exception as error:
        stop(edition, FULL if failure_of(error) == Failure.FULL else BROKEN)
        raise
    else:
        if done and timezone.now() - edition.asked_at > LONG:
            with transaction.atomic():
                tell_ready(edition)
    finally:
        progress.forget()
        memory.give_back()


@task()
def check_report(edition_id: int) -> None:
    """« Refaire à l’identique »."""
    edition = ReportEdition.objects.filter(
        pk=edition_id, stage__in=[EditionStage.DRAFT, EditionStage.PUBLISHED]
    ).first()
    if edition is not None:
        check_identical(edition=edition)
        memory.give_back()


def stop(edition: ReportEdition, why: str) -> None:
    ended = {"stage": EditionStage.STOPPED, "failure": french_spaces(why)}
    ReportEdition.objects.filter(pk=edition.pk, stage=EditionStage.MAKING, attempts=edition.attempts).update(
        **ended
    )


def give_back() -> str:
    """An edition whose worker is silent goes back to the queue once, then stops aloud."""
    silent = ReportEdition.objects.filter(
        stage=EditionStage.MAKING, pulse_at__lt=timezone.now() - SILENCE
    ).light()
    again = stopped = 0
    for edition in silent.order_by("pk"):
        mine = ReportEdition.objects.filter(pk=edition.pk, stage=edition.stage, pulse_at=edition.pulse_at)
        if edition.attempts >= MOST_ATTEMPTS:
            ended = {"stage": EditionStage.STOPPED, "failure": french_spaces(INTERRUPTED)}
            stopped += mine.update(**ended)
        elif mine.update(pulse_at=timezone.now()):
            make_report.enqueue(edition.pk)
            again += 1
    if not again and not stopped:
        return "Aucun rapport interrompu."
    return f"{again} {plural(again, 'rapport rendu', 'rapports rendus')} à la file, {stopped} en échec."


def clear_shelf() -> str:
    """One shelf of the storage an hour, all in eleven days: a passage reads little, and nothing stays for ever."""
    now = timezone.now()
    shelf = f"{int(now.timestamp()) // HOUR % SHELVES:02x}"
    gone = drop_orphans(shelf=shelf, before=now - ABANDONED)
    if not gone:
        return "Aucun fichier de rapport abandonné."
    return f"{gone} {plural(gone, 'fichier de rapport abandonné effacé', 'fichiers de rapports abandonnés effacés')}."

"""The work that the worker does, and what is done when the worker was killed in the middle of it."""

import datetime as dt

from django.db.models import F
from django.utils import timezone
from django_tasks import task

from jalons.accounts.models import Organisation, User
from jalons.core import memory
from jalons.core.progress import JobStopped
from jalons.core.values import french_spaces, plural
from jalons.history.services import Actor
from jalons.imports.enums import BatchState
from jalons.imports.models import ImportBatch
from jalons.imports.progress import progress_of
from jalons.imports.services.applying import apply_now
from jalons.imports.services.copies import annotate_now
from jalons.imports.services.undoing import undo_now

# Longer than any batch takes: in its one transaction the worker can say nothing (SQLite has one writer).
SILENCE = dt.timedelta(minutes=10)
MOST_ATTEMPTS = 2
BACK = {BatchState.APPLYING: BatchState.READY, BatchState.UNDOING: BatchState.APPLIED}
# What is left of a work that did not end, by its state: all that stood before it.
NOTHING_DONE = {
    BatchState.APPLYING: "rien n’a été écrit",
    BatchState.UNDOING: "rien n’a été annulé, tout ce que ce tableau a écrit est encore là",
}
STOPPED = (
    "Le travail a été interrompu deux fois sur le serveur : {}. Recommencez, ou prévenez l’administration."
)
STOPPED_BY_HAND = "Arrêté à la demande de quelqu’un de votre structure : {}."
NO_COPY = "Une erreur imprévue a arrêté la copie. Refaites-la, ou prenez votre fichier."
BROKEN = "Une erreur imprévue a arrêté le travail : {}. L’administration en a la trace."


@task()
def run_batch(batch_id: int, user_id: int, organisation_id: int) -> None:
    """Applies or undoes. Given back, it finds the batch as it was: the transaction left nothing."""
    begun = ImportBatch.objects.filter(pk=batch_id, state__in=BACK)
    if not begun.update(pulse_at=timezone.now(), attempts=F("attempts") + 1):
        return
    batch = ImportBatch.objects.get(pk=batch_id)
    user = User.objects.get(pk=user_id)
    by = Actor(user, standing_organisation(organisation_id))
    progress = progress_of(batch)
    work = apply_now if batch.state == BatchState.APPLYING else undo_now
    try:
        progress.check()
        with memory.large_work():
            work(batch=batch, by=by, tell=progress.tell)
    except JobStopped:
        go_back(batch, STOPPED_BY_HAND)
    except Exception:
        go_back(batch, BROKEN)
        raise
    finally:
        progress.forget()


def go_back(batch: ImportBatch, why: str) -> None:
    """To the state before the work, of which nothing is left."""
    before = {"state": BACK[BatchState(batch.state)], "failure": failure_words(batch, why)}
    ImportBatch.objects.filter(pk=batch.pk, state=batch.state).update(**before)


def failure_words(batch: ImportBatch, why: str) -> str:
    return french_spaces(why.format(NOTHING_DONE[BatchState(batch.state)]))


@task()
def make_copy(batch_id: int) -> None:
    """« Copie annotée », for a batch that still waits for it."""
    batch = ImportBatch.objects.filter(pk=batch_id, copy_asked_at__isnull=False).first()
    if batch is None:
        return
    try:
        with memory.large_work():
            annotate_now(batch=batch)
    except Exception:
        failure = {"copy_asked_at": None, "copy_failure": french_spaces(NO_COPY)}
        ImportBatch.objects.filter(pk=batch_id).update(**failure)
        raise


def standing_organisation(pk: int) -> Organisation:
    """The structure that acts today for the one that gave the table: another one after a merge."""
    given = Organisation.objects.select_related("merged_into").get(pk=pk)
    return given.merged_into or given


def give_back() -> str:
    """A batch whose worker is silent goes back to the queue once, then fails aloud."""
    silent = ImportBatch.objects.light().filter(state__in=BACK, pulse_at__lt=timezone.now() - SILENCE)
    again = stopped = 0
    for batch in silent.order_by("pk"):
        mine = ImportBatch.objects.filter(pk=batch.pk, state=batch.state, pulse_at=batch.pulse_at)
        if batch.attempts >= MOST_ATTEMPTS:
            back = BACK[BatchState(batch.state)]
            stopped += mine.update(state=back, failure=failure_words(batch, STOPPED))
        elif mine.update(pulse_at=timezone.now()):
            run_batch.enqueue(batch.pk, batch.author_id, batch.organisation_id)
            again += 1
    if not again and not stopped:
        return "Aucune reprise interrompue."
    return f"{again} {plural(again, 'reprise rendue', 'reprises rendues')} à la file, {stopped} en échec."


def forget_previews() -> str:
    """What was given and never applied goes after a week, file and rows."""
    old = ImportBatch.objects.forgotten_previews().values_list("pk", flat=True)
    gone = ImportBatch.objects.filter(pk__in=list(old)).delete()[1].get("imports.ImportBatch", 0)
    return f"{gone} {plural(gone, 'aperçu oublié', 'aperçus oubliés')}."


def forget_files() -> str:
    """The bytes of a file that cannot be undone any more go; its rows and its facts stay."""
    kept = ImportBatch.objects.past_undoing().exclude(content=b"", sheets=b"")
    gone = kept.update(content=b"", sheets=b"", annotated=b"")
    return f"{gone} {plural(gone, 'fichier oublié', 'fichiers oubliés')} après 90 jours."

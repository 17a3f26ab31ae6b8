"""The large files that the worker writes."""

import tempfile
from contextlib import suppress

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_tasks import task

from jalons.accounts.backends import SessionBackend
from jalons.accounts.models import User
from jalons.accounts.permissions import own_zone
from jalons.core import memory
from jalons.core.progress import JobStopped
from jalons.core.values import french_spaces, plural
from jalons.exports.enums import PreparedState
from jalons.exports.models import PreparedFile
from jalons.exports.preparing import KEPT, asked_again, progress_of, reach_of
from jalons.exports.responses import file_name, write
from jalons.thresholds.selectors import read_once


@task()
def prepare_file(pk: int) -> None:
    """Given back after the worker was killed, it begins again: nothing was kept before the end."""
    rows = PreparedFile.objects.at_work().filter(pk=pk)
    if not rows.update(state=PreparedState.RUNNING):
        return
    file = PreparedFile.objects.light().select_related("user").get(pk=pk)
    progress = progress_of(file)
    outcome: dict[str, object] = {"state": PreparedState.FAILED}
    try:
        progress.check()
        outcome = made(file)
    except JobStopped:
        outcome = {"state": PreparedState.STOPPED}
    except PermissionDenied:
        pass  # the right went while the file waited: the page says that it failed
    finally:
        rows.update(**outcome)
        progress.forget()
        memory.give_back()


def made(file: PreparedFile) -> dict[str, object]:
    """The file, as this person would have written it from their own page."""
    user = person_of(file)
    file_request = asked_again(file)
    with timezone.override(own_zone(user)), read_once(), tempfile.TemporaryFile() as draft:
        book = file_request.book(user)
        book.milliseconds()
        book.tell = progress_of(file).tell
        write(book, file_request.format, draft)
        draft.seek(0)
        return {
            "state": PreparedState.READY,
            "content": draft.read(),
            "rows": book.written,
            "name": file_name(book.export.name, book.about, file_request.format),
            "reach": reach_of(user, book.export),
        }


def person_of(file: PreparedFile) -> User:
    """With the rights of now, for the structure and with the proofs of when the file was asked."""
    user = SessionBackend().get_user(file.user_id)
    if user is None:
        raise PermissionDenied("closed account")
    user.acting_for = file.acting_for
    user.proved_twice = file.proved_twice  # type: ignore[attr-defined]  # as the middleware does
    return user


def forget_prepared() -> str:
    """The job: a file that nobody took goes after a day, and so does one that was never finished."""
    old = PreparedFile.objects.filter(asked_at__lt=timezone.now() - KEPT)
    for file in old.light().at_work():
        with suppress(OSError):
            progress_of(file).forget()
    gone, _ = old.delete()
    return french_spaces(f"{gone} {plural(gone, 'fichier préparé oublié', 'fichiers préparés oubliés')}.")

"""Files that take longer than a page may: asked by a person, made by the worker, taken within a day.

What is asked travels signed from the list to the page that asks for it: reading an address writes nothing.
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core import signing
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.module_loading import import_string

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import territory_of
from jalons.core.progress import JobProgress
from jalons.core.queries import pairs_of
from jalons.core.values import french_spaces
from jalons.exports.contract import Book, Export, Params
from jalons.exports.enums import Format, PreparedState
from jalons.exports.models import PreparedFile
from jalons.second_factor.permissions import is_verified

LONG = 2_000  # milliseconds
KEPT = dt.timedelta(days=1)
MOST_AT_WORK = 3  # of one person
SALT = "exports.prepared"


class TooManyAtWork(Exception):
    """This person already has as many files in the making as one may have."""


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file as it was asked: `maker` is the dotted name of an `Export`, or of what makes one of `params`."""

    maker: str
    query: str
    format: Format

    @property
    def params(self) -> QueryDict:
        return QueryDict(self.query)

    def book(self, user: User) -> Book:
        """What to write for this person, their rights checked."""
        return export_named(self.maker, self.params).build(user, self.params)


def signed(user: User, maker: str, params: Params, fmt: Format) -> str:
    """For the address of the page that asks; of no use to anybody else."""
    return signing.dumps([user.pk, maker, urlencode(pairs_of(params)), fmt.value], salt=SALT, compress=True)


def asked_by(user: User, text: str) -> FileRequest | None:
    """What `signed` wrote for this person; None for anything else."""
    try:
        owner, maker, query, fmt = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return FileRequest(maker, query, Format(fmt)) if owner == user.pk else None


def export_named(maker: str, params: Params) -> Export:
    source: Export | Callable[[Params], Export] = import_string(maker)
    return source if isinstance(source, Export) else source(params)


def reach_of(user: User, export: Export) -> str:
    """A mark of all that a person may do, and where: it changes with any of their rights, and with what else decides of
    what this export reads.
    """
    reached: list[object] = [*export.reaches(user)]
    for right in sorted(Right):
        territory = territory_of(user, right)
        sets = (
            territory.departements,
            territory.epcis,
            territory.communes,
            territory.organisations,
            territory.parts,
        )
        reached.append((right.value, territory.everywhere, *(sorted(map(str, names)) for names in sets)))
    return hashlib.sha256(repr(reached).encode()).hexdigest()


def ask(*, user: User, asked: FileRequest) -> PreparedFile:
    """Asks for the file, once: the one that is in the making for the same question is answered again.

    `PermissionDenied` as for the file itself; `TooManyAtWork`.
    """
    book = asked.book(user)
    at_work = list(PreparedFile.objects.of(user).light().at_work())
    for file in at_work:
        if (file.maker, file.query, file.format) == (asked.maker, asked.query, asked.format):
            return file
    if len(at_work) >= MOST_AT_WORK:
        raise TooManyAtWork
    columns = [column for table in book.tables for column in book.columns(table)]
    label = french_spaces(f"{book.export.label} : {book.about.perimeter}")
    return PreparedFile.objects.create(
        user=user,
        label=label[: PreparedFile._meta.get_field("label").max_length],
        format=asked.format,
        maker=asked.maker,
        query=asked.query,
        acting_for=user.acting_for,
        proved_twice=is_verified(user),
        with_justice=any(column.right == Right.READ_JUSTICE for column in columns),
        reach=reach_of(user, book.export),
    )


def asked_again(file: PreparedFile) -> FileRequest:
    return FileRequest(file.maker, file.query, Format(file.format))


def progress_of(file: PreparedFile) -> JobProgress:
    return JobProgress(f"exports-{file.public_id}")


def may_take(user: User, file: PreparedFile) -> bool:
    """Is it ready, and are the rights of this person those with which it was made?"""
    if file.state != PreparedState.READY:
        return False
    file_request = asked_again(file)
    return file.reach == reach_of(user, export_named(file_request.maker, file_request.params))

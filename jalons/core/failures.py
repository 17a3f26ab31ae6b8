"""What went wrong on the server's side, when it is not a mistake of ours: no room, no database, too many at once."""

import errno
from collections.abc import Iterator
from enum import StrEnum

from django.db import DatabaseError, InterfaceError, OperationalError


class Failure(StrEnum):
    FULL = "full"  # nothing can be written: no room, or a folder closed to writing
    AWAY = "away"  # the database does not answer
    BUSY = "busy"  # too many people at once


# https://www.sqlite.org/rescode.html: the primary codes.
OF_SQLITE = {
    5: Failure.BUSY,
    6: Failure.BUSY,
    8: Failure.FULL,
    10: Failure.FULL,
    13: Failure.FULL,
    14: Failure.AWAY,
}
READING_FAILED = 10 | (1 << 8)  # SQLITE_IOERR_READ: the disk itself is gone
# https://www.postgresql.org/docs/current/errcodes-appendix.html: a whole class is named by its two letters.
OF_POSTGRESQL = {
    "53100": Failure.FULL,  # disk_full
    "25006": Failure.FULL,  # read_only_sql_transaction
    "53": Failure.BUSY,  # insufficient resources, too_many_connections among them
    "55P03": Failure.BUSY,  # lock_not_available
    "40": Failure.BUSY,  # deadlock, serialization
    "08": Failure.AWAY,  # connection exceptions
    "57": Failure.AWAY,  # the server is stopping, or starting
}
OF_SYSTEM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


def failure_of(error: BaseException | None) -> Failure | None:
    """Which failure `error` comes from; None for anything else, which is a mistake of ours."""
    for cause in causes(error):
        if failure := failure_named_by(cause):
            return failure
    return None


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, then what it came from, the nearest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def failure_named_by(error: BaseException) -> Failure | None:
    if isinstance(error, DatabaseError | InterfaceError):
        return of_driver(error.__cause__, lost=isinstance(error, OperationalError | InterfaceError))
    if isinstance(error, OSError) and error.errno in OF_SYSTEM:
        return Failure.FULL
    return None


def of_driver(error: BaseException | None, *, lost: bool) -> Failure | None:
    """By the code that the driver gives. `lost`: without one, an operational error is a lost connection."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return Failure.AWAY if code == READING_FAILED else OF_SQLITE.get(code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state:
        return OF_POSTGRESQL.get(state) or OF_POSTGRESQL.get(state[:2])
    return Failure.AWAY if lost and error is not None else None

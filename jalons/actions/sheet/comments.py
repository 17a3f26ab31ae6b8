"""Comments and documents of a dispositif, as they were at a point of the past."""

import datetime as dt

from jalons.core.values import local_day
from jalons.discussions.selectors import Line, Thread
from jalons.documents.selectors import Piece, Pieces
from jalons.history.querysets import AsOf


def said_by(moment: dt.datetime, at: AsOf) -> bool:
    """Was it already written at this point of the past?"""
    day = local_day(moment)
    return day <= at.day and (at.known is None or day <= at.known)


def thread_at(thread: Thread, at: AsOf) -> Thread:
    """The comments written by then; nothing is added or withdrawn in a view of the past."""
    if not at.is_past:
        return thread
    lines = [Line(line.comment, False) for line in thread.lines if said_by(line.comment.created_at, at)]
    count = sum(line.comment.withdrawn_at is None for line in lines)
    return Thread(lines=lines, count=count, form=None, post_url=thread.post_url)


def pieces_at(pieces: Pieces, at: AsOf) -> Pieces:
    """The documents attached by then; none is attached or withdrawn in a view of the past."""
    if not at.is_past:
        return pieces
    known = [
        Piece(piece.document, False) for piece in pieces.pieces if said_by(piece.document.created_at, at)
    ]
    return Pieces(pieces=known, attach_url="", sensitive_words=pieces.sensitive_words)

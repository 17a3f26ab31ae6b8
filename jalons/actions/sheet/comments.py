"""Comments and documents of a dispositif, as they were at a point of the past."""

from jalons.discussions.selectors import Line, Thread
from jalons.documents.selectors import Piece, Pieces
from jalons.history.querysets import AsOf


def thread_at(thread: Thread, at: AsOf) -> Thread:
    """The comments written by then; nothing is added or withdrawn in a view of the past."""
    if not at.is_past:
        return thread
    lines = [Line(line.comment, False) for line in thread.lines if at.had_seen(line.comment.created_at)]
    count = sum(line.comment.withdrawn_at is None for line in lines)
    return Thread(lines=lines, count=count, form=None, post_url=thread.post_url)


def pieces_at(pieces: Pieces, at: AsOf) -> Pieces:
    """The documents attached by then; none is attached or withdrawn in a view of the past."""
    if not at.is_past:
        return pieces
    known = [
        Piece(piece.document, False) for piece in pieces.pieces if at.had_seen(piece.document.created_at)
    ]
    return Pieces(pieces=known, attach_url="", sensitive_words=pieces.sensitive_words)

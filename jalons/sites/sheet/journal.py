"""The journal of a site: events, comments and documents in one thread."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jalons.core.values import format_moment, local_day
from jalons.discussions.selectors import Thread
from jalons.documents.selectors import Pieces
from jalons.history.querysets import AsOf
from jalons.sites.selectors import Sheet


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Something that happened or was said. `kind`: event, comment or document.

    `url` leads to the document. `lineage`: of an event. `withdraw_url`: where one withdraws one’s own comment.
    `audience`: for whom a comment is kept, empty for everybody.
    """

    when: dt.date | dt.datetime
    kind: str
    title: str
    text: str
    who: str
    organisation: str
    url: str = ""
    lineage: Any = None
    withdraw_url: str = ""
    audience: str = ""


def event_entries(sheet: Sheet) -> Iterator[JournalEntry]:
    for event in sheet.events:
        yield JournalEntry(
            when=event.valid_on,
            kind="event",
            title=event.get_kind_display(),
            text=event.description,
            who=str(event.author),
            organisation=str(event.organisation),
            lineage=event.lineage,
        )


def comment_entries(thread: Thread, at: AsOf) -> Iterator[JournalEntry]:
    """The comments written by then; of a withdrawn one, only who wrote it and who withdrew it."""
    for line in thread.lines:
        comment = line.comment
        if not at.had_seen(comment.created_at):
            continue
        text, url = comment.text, ""
        if comment.withdrawn_at:
            text = f"Retiré par {comment.withdrawn_by} le {format_moment(comment.withdrawn_at)}."
        elif line.may_withdraw and not at.is_past:
            url = reverse("discussions:withdraw", args=[comment.public_id])
        yield JournalEntry(
            when=comment.created_at,
            kind="comment",
            title="Commentaire retiré" if comment.withdrawn_at else "Commentaire",
            text=text,
            who=str(comment.author),
            organisation=str(comment.organisation),
            withdraw_url=url,
            audience=comment.audience,
        )


def for_everyone(entries: Iterable[JournalEntry]) -> Iterator[JournalEntry]:
    """Without the comments kept for some: nobody knows who will read a file."""
    return (entry for entry in entries if not entry.audience)


def document_entries(pieces: Pieces, at: AsOf) -> Iterator[JournalEntry]:
    """The documents attached by then that this person may read."""
    for piece in pieces.pieces:
        document = piece.document
        if at.had_seen(document.created_at):
            yield JournalEntry(
                when=document.created_at,
                kind="document",
                title=f"Document\u00a0: {document.title}",
                text=document.note,
                who=str(document.author),
                organisation=str(document.organisation),
                url=reverse("documents:download", args=[document.public_id]),
            )


def thread(*sources: Iterable[JournalEntry]) -> list[JournalEntry]:
    """One thread, newest first; a day without time comes before the moments of that day."""
    return sorted(
        (entry for source in sources for entry in source),
        key=lambda entry: (local_day(entry.when), isinstance(entry.when, dt.datetime), moment_of(entry)),
        reverse=True,
    )


def moment_of(entry: JournalEntry) -> float:
    return entry.when.timestamp() if isinstance(entry.when, dt.datetime) else 0.0

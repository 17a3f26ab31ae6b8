"""News of what is written and attached beneath things: comments and documents."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from jalons.accounts.subjects import subject_of
from jalons.discussions.enums import NewsKind
from jalons.discussions.models import Comment
from jalons.discussions.news import NewsItem
from jalons.documents.models import Document
from jalons.history.querysets import by_key


def attached_news(since: dt.datetime, until: dt.datetime) -> Iterator[NewsItem]:
    """Comments for some are here too: `matching` leaves them to their readers. Sensitive documents are not."""
    within = {"created_at__gte": since, "created_at__lt": until}
    comments = Comment.objects.standing().filter(**within)
    for comment, thing in with_things(comments.select_related("author", "organisation", "content_type")):
        yield NewsItem(
            key=f"comment/{comment.public_id}",
            kind=NewsKind.COMMENTS,
            thing=thing,
            sentence=f"{comment.author} ({comment.organisation}) a écrit un commentaire",
            moment=comment.created_at,
            author_id=comment.author_id,
            themes=getattr(thing, "themes", ()),
            comment=comment.pk,
        )
    documents = Document.objects.standing().filter(sensitive=False, **within)
    for document, thing in with_things(documents.select_related("author", "organisation", "content_type")):
        yield NewsItem(
            key=f"document/{document.public_id}",
            kind=NewsKind.DOCUMENTS,
            thing=thing,
            sentence=f"{document.author} ({document.organisation}) a joint «\u00a0{document.title}\u00a0»",
            moment=document.created_at,
            author_id=document.author_id,
            themes=getattr(thing, "themes", ()),
        )


def with_things(rows: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each row with what it is attached to, read a kind at a time."""
    by_model: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        by_model[row.content_type.model_class()].append(row)
    for model, attached in by_model.items():
        related = subject_of(model()).related
        things = by_key(model, {row.object_id for row in attached}, *related)
        for row in attached:
            if row.object_id in things:
                yield row, things[row.object_id]

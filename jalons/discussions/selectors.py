"""Reading comments."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, prefetch_related_objects
from django.urls import reverse

from jalons.accounts.permissions import can
from jalons.accounts.querysets import none_of
from jalons.accounts.subjects import subject_kind, subject_of, subjects
from jalons.core.ui import Entry
from jalons.core.values import format_date
from jalons.discussions.forms import CommentForm
from jalons.discussions.models import Comment
from jalons.discussions.readers import ReaderList, reader_list_of
from jalons.readership.things import ChosenReaders

ANCHOR = "commentaires"
COMMENT = "comment"  # in `Mail.about`, beside the kinds of `subjects`


def comments_on(user: Any, *objects: Model) -> list[Comment]:
    """The comments on a thing that `user` may read (or on several of one model: a site and those merged into it).

    Newest first: one query, two more when one is kept for some. Withdrawn ones are there, without their text, so that
    the page can say so.
    """
    if none_of("comments", *objects):
        return []
    readable = Comment.objects.visible_to(user).about(*objects)
    comments = list(readable.with_people().newest_first())
    restricted = [comment for comment in comments if comment.restricted]
    prefetch_related_objects(restricted, "for_organisations", "for_people")
    for comment in comments:
        if comment.withdrawn_at:
            comment.text = ""
    return comments


def count_comments(user: Any, *objects: Model) -> int:
    """Those that this person can read."""
    return Comment.objects.visible_to(user).about(*objects).standing().count()


def may_still_read(user: Any, names: Sequence[str]) -> bool:
    """Is all of this (« site:abc… », « comment:xyz… ») readable by `user` today? One query a kind."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for name in names:
        kind, _, public_id = name.partition(":")
        by_kind[kind].add(public_id)
    return all(count_readable(user, kind, ids) == len(ids) for kind, ids in by_kind.items())


def count_readable(user: Any, kind: str, public_ids: set[str]) -> int:
    if kind == COMMENT:
        readable: Any = Comment.objects.visible_to(user).standing()
    else:
        readable = subject_kind(kind).model._default_manager.visible_to(user)  # type: ignore[attr-defined]
    return int(readable.filter(public_id__in=public_ids).count())


@dataclass(frozen=True, slots=True)
class Line:
    comment: Comment
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """What `discussions/_comments.html` shows. `form` is None for a reader who may not comment."""

    lines: Sequence[Line]
    count: int
    form: CommentForm | None
    post_url: str
    anchor: str = ANCHOR
    notice: str = ""  # what was just done, when the page itself does not say it
    mention_url: str = ""


def thread_on(
    user: Any, obj: Any, *others: Model, form: CommentForm | None = None, notice: str = ""
) -> Thread:
    """The thread under `obj`, with the comments of `others` too. `form` is one that came back with errors."""
    subject = subject_of(obj)
    may_comment = can(user, subject.comment, obj) and not subject.frozen(obj)
    comments = comments_on(user, obj, *others)
    lines = [
        Line(comment, may_comment and comment.withdrawn_at is None and comment.author_id == user.pk)
        for comment in comments
    ]
    address = [subject.kind, obj.public_id]
    mention_url = reverse("discussions:mentionable", args=address)
    return Thread(
        lines=lines,
        count=sum(comment.withdrawn_at is None for comment in comments),
        form=(form or CommentForm(mention_url=mention_url)) if may_comment else None,
        post_url=reverse("discussions:comments", args=address),
        notice=notice,
        mention_url=mention_url,
    )


def restricted_readers(user: Any, obj: Any) -> list[ChosenReaders]:
    """How many read each comment kept for some that `user` may read: those chosen who read `obj` today, its author."""
    if not any(isinstance(obj, subject.model) for subject in subjects()):
        return []
    comments = [
        comment for comment in comments_on(user, obj) if comment.restricted and comment.withdrawn_at is None
    ]
    if not comments:
        return []
    readers = reader_list_of(obj)
    return [
        ChosenReaders(
            f"Commentaire de {comment.author} ({comment.organisation}), {format_date(comment.created_at)}",
            len(readers_among(readers, comment).people),
        )
        for comment in comments
    ]


def readers_among(readers: ReaderList, comment: Comment) -> ReaderList:
    return readers.among(
        organisations=[organisation.standing_id for organisation in comment.for_organisations.all()],
        people=[person.pk for person in comment.for_people.all()],
        author=comment.author,
    )


def comment_entries(user: Any, *objects: Model) -> list[Entry]:
    """For the timeline of `user`: who wrote or withdrew a comment, and when; not what it says."""
    url = f"#{ANCHOR}"
    entries = []
    for comment in comments_on(user, *objects):
        who, organisation = str(comment.author), str(comment.organisation)
        entries.append(Entry(comment.created_at, who, wrote(comment), organisation=organisation, url=url))
        if comment.withdrawn_at:
            who, organisation = str(comment.withdrawn_by), str(comment.withdrawn_for)
            entries.append(
                Entry(comment.withdrawn_at, who, "a retiré un commentaire", organisation=organisation)
            )
    return entries


def wrote(comment: Comment) -> str:
    return (
        f"a écrit un commentaire pour {comment.audience}" if comment.restricted else "a écrit un commentaire"
    )

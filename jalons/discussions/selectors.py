"""Reading comments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse

from jalons.accounts.permissions import can
from jalons.accounts.subjects import subject_of
from jalons.core.ui import Entry
from jalons.discussions.forms import CommentForm
from jalons.discussions.models import Comment

ANCHOR = "commentaires"


def comments_on(*objects: Model) -> list[Comment]:
    """The comments on a thing (or several of one model: a site and those merged into it), newest first: one query.

    Withdrawn ones are there, without their text, so that the page can say so.
    """
    comments = list(Comment.objects.about(*objects).with_people().newest_first())
    for comment in comments:
        if comment.withdrawn_at:
            comment.text = ""
    return comments


def count_comments(*objects: Model) -> int:
    """Those that can be read."""
    return Comment.objects.about(*objects).standing().count()


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
    told: str = ""  # what was just done, when the page itself does not say it


def thread_on(user: Any, obj: Any, *others: Model, form: CommentForm | None = None, told: str = "") -> Thread:
    """The thread under `obj`, with the comments of `others` too. `form` is one that came back with errors."""
    subject = subject_of(obj)
    may_comment = can(user, subject.comment, obj) and not subject.frozen(obj)
    comments = comments_on(obj, *others)
    lines = [
        Line(comment, may_comment and comment.withdrawn_at is None and comment.author_id == user.pk)
        for comment in comments
    ]
    return Thread(
        lines=lines,
        count=sum(comment.withdrawn_at is None for comment in comments),
        form=(form or CommentForm()) if may_comment else None,
        post_url=reverse("discussions:comments", args=[subject.kind, obj.public_id]),
        told=told,
    )


def comment_entries(*objects: Model) -> list[Entry]:
    """For a timeline: who wrote or withdrew a comment, and when; not what it says."""
    url = f"#{ANCHOR}"
    entries = []
    for comment in comments_on(*objects):
        who, organisation = str(comment.author), str(comment.organisation)
        entries.append(
            Entry(comment.created_at, who, "a écrit un commentaire", organisation=organisation, url=url)
        )
        if comment.withdrawn_at:
            who, organisation = str(comment.withdrawn_by), str(comment.withdrawn_for)
            entries.append(
                Entry(comment.withdrawn_at, who, "a retiré un commentaire", organisation=organisation)
            )
    return entries

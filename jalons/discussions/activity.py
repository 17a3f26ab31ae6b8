"""What happened lately, as far as one person may read it: each source gives its newest, here they meet in one order.

Nothing hidden takes a place: a source never returns what the person may not read, so that nothing is left out after.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from jalons.accounts.permissions import EVERYWHERE, Territory, scopes_territory
from jalons.accounts.subjects import Subject, subject_of, subjects
from jalons.discussions.enums import ActivityKind
from jalons.discussions.followed import news_sources
from jalons.discussions.models import Comment
from jalons.discussions.news.attached import with_things
from jalons.documents.models import Document

KEPT = dt.timedelta(days=90)
PAGE_SIZE = 25
MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class ActivityItem:
    """One thing that happened to `thing`: the sentence follows its name. `address`: where it is, for a thing without
    a kind in `accounts.subjects`.
    """

    key: str
    kind: ActivityKind
    thing: Any
    sentence: str
    moment: dt.datetime
    address: str = ""

    @property
    def url(self) -> str:
        return self.address or subject_of(self.thing).url(self.thing)

    @property
    def order(self) -> tuple[dt.datetime, str]:
        return self.moment, self.key


@dataclass(frozen=True, slots=True)
class ActivityQuestion:
    """`kinds`: those asked for, all when empty. `limit`: how many a source gives at most."""

    user: Any
    territory: Territory = EVERYWHERE
    kinds: frozenset[ActivityKind] = frozenset()
    since: dt.datetime | None = None
    limit: int = PAGE_SIZE

    def asks(self, kind: ActivityKind) -> bool:
        return not self.kinds or kind in self.kinds

    @property
    def start(self) -> dt.datetime:
        """Nothing older is told."""
        oldest = timezone.now() - KEPT
        return max(self.since, oldest) if self.since else oldest


@dataclass(frozen=True, slots=True)
class ActivityPage:
    items: Sequence[ActivityItem]
    number: int
    has_next: bool


def home_territory(user: Any) -> Territory:
    """Where the memberships of a person are, neither wider nor narrower; everywhere for who has none of a place."""
    scopes = [scope for membership in user.active_memberships for scope in membership.scopes.all()]
    return scopes_territory(scopes, widened=False) or EVERYWHERE


def activity(asked: ActivityQuestion) -> list[ActivityItem]:
    """The newest first, at most `limit`: a constant number of queries."""
    paths = [source.feed for source in news_sources() if source.feed]
    items = [item for path in paths for item in import_string(path)(asked)]
    return sorted(items, key=lambda item: item.order, reverse=True)[: asked.limit]


def activity_page(asked: ActivityQuestion, number: int) -> ActivityPage:
    """A page of it; what comes after `MOST_PAGES` is not shown: a type or a territory says less."""
    number = min(max(number, 1), MOST_PAGES)
    first = (number - 1) * PAGE_SIZE
    limit = first + PAGE_SIZE + 1
    items = activity(ActivityQuestion(asked.user, asked.territory, asked.kinds, asked.since, limit))
    return ActivityPage(items[first : first + PAGE_SIZE], number, len(items) == limit and number < MOST_PAGES)


def attached_activity(asked: ActivityQuestion) -> Iterator[ActivityItem]:
    """Comments and documents beneath what the person may read. Sensitive documents are not told."""
    beneath = on_readable(asked)
    if asked.asks(ActivityKind.COMMENTS):
        comments = Comment.objects.visible_to(asked.user).standing()
        for comment, thing in newest_attached(comments, beneath, asked):
            sentence = f"{comment.author} ({comment.organisation}) a écrit un commentaire"
            key = f"comment/{comment.public_id}"
            yield ActivityItem(key, ActivityKind.COMMENTS, thing, sentence, comment.created_at)
    if asked.asks(ActivityKind.DOCUMENTS):
        documents = Document.objects.standing().filter(sensitive=False)
        for document, thing in newest_attached(documents, beneath, asked):
            sentence = f"{document.author} ({document.organisation}) a joint «\u00a0{document.title}\u00a0»"
            key = f"document/{document.public_id}"
            yield ActivityItem(key, ActivityKind.DOCUMENTS, thing, sentence, document.created_at)


def newest_attached(rows: Any, beneath: Q, asked: ActivityQuestion) -> Iterator[tuple[Any, Any]]:
    newest = rows.filter(beneath, created_at__gte=asked.start).order_by("-created_at", "-pk")
    return with_things(newest.select_related("author", "organisation", "content_type")[: asked.limit])


def on_readable(asked: ActivityQuestion) -> Q:
    """Attached to a thing that the person may read, in the territory."""
    beneath = Q(pk__in=[])
    for subject in subjects():
        kind = ContentType.objects.get_for_model(subject.model)
        things = readable_things(subject, asked)
        # Where nothing is left out, the things are not named one by one.
        within = Q(object_id__in=things.values("pk")) if things.query.where else Q()
        beneath |= Q(content_type=kind) & within
    return beneath


def readable_things(subject: Subject, asked: ActivityQuestion) -> Any:
    manager: Any = subject.model._default_manager
    seen = manager.visible_to(asked.user).order_by()
    return seen if asked.territory.everywhere else seen.in_territory(asked.territory)

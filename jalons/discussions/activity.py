"""What happened lately, as far as one person may read it: each source gives its newest, here they meet in one order.

Nothing hidden takes a place: a source never returns what the person may not read, so that nothing is left out after.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from jalons.history.querysets import by_key
from jalons.history.selectors import newest_keys

KEPT = dt.timedelta(days=90)
PAGE_SIZE = 25
MOST_PAGES = 20
ATTACHED = ("author", "organisation", "content_type")


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
class ActivityRows:
    """Rows of one kind, each of which is an item. `rows`: those that the person may read, of the time and the territory
    asked for, in no order; `moment`: the field that dates them; `tell`: primary keys → each with its item.
    """

    rows: Any
    tell: Callable[[Sequence[int]], Iterable[tuple[int, ActivityItem]]]
    moment: str = "recorded_at"


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
    """The newest first, at most `limit`: one query for all their keys, then a few for each kind that is among them."""
    paths = [source.feed for source in news_sources() if source.feed]
    sources = [rows for path in paths for rows in import_string(path)(asked)]
    keys = newest_keys([(source.rows, source.moment) for source in sources], asked.limit)
    by_rank: dict[int, list[int]] = defaultdict(list)
    for rank, pk in keys:
        by_rank[rank].append(pk)
    items = {(rank, pk): item for rank, pks in by_rank.items() for pk, item in sources[rank].tell(pks)}
    return [items[key] for key in keys if key in items]


def activity_page(asked: ActivityQuestion, number: int) -> ActivityPage:
    """A page of it; what comes after `MOST_PAGES` is not shown: a type or a territory says less."""
    number = min(max(number, 1), MOST_PAGES)
    first = (number - 1) * PAGE_SIZE
    limit = first + PAGE_SIZE + 1
    items = activity(ActivityQuestion(asked.user, asked.territory, asked.kinds, asked.since, limit))
    return ActivityPage(items[first : first + PAGE_SIZE], number, len(items) == limit and number < MOST_PAGES)


def attached_activity(asked: ActivityQuestion) -> Iterator[ActivityRows]:
    """Comments and documents beneath what the person may read. Sensitive documents are not told."""
    kinds = [kind for kind in (ActivityKind.COMMENTS, ActivityKind.DOCUMENTS) if asked.asks(kind)]
    beneath = on_readable(asked) if kinds else Q()
    if ActivityKind.COMMENTS in kinds:
        comments = Comment.objects.visible_to(asked.user).standing()
        yield ActivityRows(comments.filter(beneath, created_at__gte=asked.start), tell_comments, "created_at")
    if ActivityKind.DOCUMENTS in kinds:
        documents = Document.objects.standing().filter(sensitive=False)
        yield ActivityRows(
            documents.filter(beneath, created_at__gte=asked.start), tell_documents, "created_at"
        )


def tell_comments(pks: Sequence[int]) -> Iterator[tuple[int, ActivityItem]]:
    for comment, thing in with_things(by_key(Comment, pks, *ATTACHED).values()):
        sentence = f"{comment.author} ({comment.organisation}) a écrit un commentaire"
        key = f"comment/{comment.public_id}"
        yield comment.pk, ActivityItem(key, ActivityKind.COMMENTS, thing, sentence, comment.created_at)


def tell_documents(pks: Sequence[int]) -> Iterator[tuple[int, ActivityItem]]:
    for document, thing in with_things(by_key(Document, pks, *ATTACHED).values()):
        sentence = f"{document.author} ({document.organisation}) a joint «\u00a0{document.title}\u00a0»"
        key = f"document/{document.public_id}"
        yield document.pk, ActivityItem(key, ActivityKind.DOCUMENTS, thing, sentence, document.created_at)


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

"""What is new, and for whom: read from its sources, chosen by subscriptions, checked against rights, then written."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from jalons.discussions.enums import NewsKind
from jalons.discussions.followed import news_sources


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One thing that happened to `thing`, which has a kind in `accounts.subjects`.

    `key` names it for ever. `sentence` follows the name of the thing: who did what, never what was written. `comment`:
    primary key of the comment it is about, for those that are kept for some.
    """

    key: str
    kind: NewsKind
    thing: Any
    sentence: str
    moment: dt.datetime
    author_id: int
    themes: Sequence[str] = ()
    comment: int | None = None


def collect(since: dt.datetime, until: dt.datetime) -> list[NewsItem]:
    """Everything of a time, oldest first, `until` left out: a few queries a source."""
    collecting = [import_string(source.collect) for source in news_sources() if source.collect]
    items = [item for collect_from in collecting for item in collect_from(since, until)]
    return sorted(items, key=lambda item: (item.moment, item.key))

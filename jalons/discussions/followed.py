"""What a person may star or follow. Domain apps declare theirs in `ready()`: no app below knows them.

Nothing here imports a model, so that an `apps.py` may import it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404

from jalons.accounts.enums import Right


def never(obj: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Followed:
    """A kind of thing that one may star, and follow by e-mail when `by_mail`.

    `kind` stands in addresses, with the field `key`. The manager has `visible_to(user)`. `plural` and `list_url` name
    the list where `?favoris=1` shows one’s own. `gone`: such an object is hidden behind another (a merged site).
    """

    kind: str
    model: type[Model]
    url: Callable[[Any], str]
    read: Right
    plural: str
    list_url: str
    key: str = "public_id"
    by_mail: bool = True
    gone: Callable[[Any], bool] = never


@dataclass(frozen=True, slots=True)
class NewsSource:
    """Where news come from: `collect` names a function (since, until) → iterable of `news.NewsItem`.

    `feed` names a function (`activity.ActivityQuestion`) → an `activity.ActivityRows` for each kind of rows that it
    tells, among what the person of the question may read; nothing is read from the base before the newest are known.
    """

    name: str
    collect: str = ""
    feed: str = ""


_followed: dict[str, Followed] = {}
_themes: dict[str, str] = {}
_sources: dict[str, NewsSource] = {}


def register_followed(followed: Followed) -> None:
    """Declares a kind, in place of one of the same name."""
    _followed[followed.kind] = followed


def register_themes(choices: Sequence[tuple[str, str]]) -> None:
    """The themes that one may follow: (code, label)."""
    _themes.clear()
    _themes.update(choices)


def register_news(source: NewsSource) -> None:
    """Adds a source, in place of one of the same name."""
    _sources[source.name] = source


def followed_kinds() -> list[Followed]:
    return list(_followed.values())


def followed_kind(kind: str) -> Followed:
    """The kind named in an address; 404 for one that is not declared."""
    if kind not in _followed:
        raise Http404
    return _followed[kind]


def followed_of(obj: Any) -> Followed:
    """The kind of an object; `LookupError` for a model that was not declared."""
    for followed in _followed.values():
        if isinstance(obj, followed.model):
            return followed
    raise LookupError(f"{type(obj).__name__} was not registered in discussions.followed")


def themes() -> dict[str, str]:
    return dict(_themes)


def news_sources() -> list[NewsSource]:
    return list(_sources.values())

"""What a person starred, as pages show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jalons.discussions.followed import Followed, followed_kinds, followed_of
from jalons.discussions.models import Favourite


@dataclass(frozen=True, slots=True)
class Star:
    """What `discussions/_star.html` shows."""

    name: str
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class StarredLine:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class StarredGroup:
    """One’s favourites of one kind. `hidden`: how many more the list shows."""

    title: str
    list_url: str
    lines: Sequence[StarredLine]
    hidden: int


SHOWN = 8  # of a kind, on the home page


def star_of(user: Any, obj: Any) -> Star:
    """One query."""
    kind = followed_of(obj)
    on = Favourite.objects.filter(user=user.pk, kind=kind.kind, object_id=obj.pk).exists()
    return star(kind, obj, on=on)


def star(kind: Followed, obj: Any, *, on: bool) -> Star:
    return Star(str(obj), reverse("discussions:favourite", args=[kind.kind, getattr(obj, kind.key)]), on)


def put_stars(user: Any, objects: Iterable[Any]) -> None:
    """Gives each of the objects of one page, of one model, its `star`: one query for all."""
    things = list(objects)
    if not things:
        return
    kind = followed_of(things[0])
    keys = [obj.pk for obj in things]
    rows = Favourite.objects.filter(user=user.pk, kind=kind.kind, object_id__in=keys)
    starred = set(rows.values_list("object_id", flat=True))
    for obj in things:
        obj.star = star(kind, obj, on=obj.pk in starred)


def has_stars(user: Any) -> bool:
    """Did this person star anything, even what they may no longer read? One query."""
    return Favourite.objects.filter(user=user.pk).exists()


def starred_groups(user: Any) -> list[StarredGroup]:
    """For the home page: what is starred and may still be read, the last first. A query, and one a kind starred."""
    rows = (
        Favourite.objects.filter(user=user.pk).order_by("-created_at", "-pk").values_list("kind", "object_id")
    )
    keys: dict[str, list[int]] = {}
    for kind, key in rows:
        keys.setdefault(kind, []).append(key)
    return [
        group
        for followed in followed_kinds()
        if followed.kind in keys
        if (group := starred_group(user, followed, keys[followed.kind])).lines
    ]


def starred_group(user: Any, followed: Followed, keys: Sequence[int]) -> StarredGroup:
    manager: Any = followed.model._default_manager
    thing_by_pk = {obj.pk: obj for obj in manager.visible_to(user).filter(pk__in=keys)}
    lines = [
        StarredLine(str(thing_by_pk[key]), followed.url(thing_by_pk[key]))
        for key in keys
        if key in thing_by_pk and not followed.gone(thing_by_pk[key])
    ]
    list_url = f"{reverse(followed.list_url)}?favoris=1"
    return StarredGroup(followed.plural, list_url, lines[:SHOWN], len(lines) - len(lines[:SHOWN]))

"""What a person follows, in words, and what they may choose to follow."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse

from jalons.accounts.models import User
from jalons.accounts.selectors import scope_words
from jalons.discussions.enums import Frequency, NewsKind
from jalons.discussions.followed import followed_kinds, followed_of, themes
from jalons.discussions.models import Favourite, Subscription
from jalons.discussions.stars import star
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Scope

PRIMARY_KEY = re.compile(r"[1-9]\d{0,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """`url` leads to what is followed, when it has a page; `follow_url`, to how it is followed."""

    subscription: Subscription
    name: str
    url: str
    follow_url: str
    events: str


@dataclass(frozen=True, slots=True)
class FollowState:
    """What `discussions/_follow.html` shows on a sheet. `words`: « Suivi : une fois par semaine », or nothing."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Target:
    """What may be followed: `address`, as it stands in addresses; `url`, its page, if it has one."""

    name: str
    address: str
    url: str = ""


Targets = dict[tuple[str, str], Target]


def subscription_lines(user: Any) -> list[SubscriptionLine]:
    """What cannot be read any more is left out: it writes nothing either. A query a kind of thing followed."""
    rows = list(Subscription.objects.of(user))
    keys = [(row.target, row.target_key) for row in rows]
    named = {**territories_named(keys), **themes_named(keys), **things_named(user, keys)}
    lines = []
    for row in rows:
        if target := named.get((row.target, row.target_key)):
            labels = [str(NewsKind(code).label) for code in row.events]
            follow_url = reverse("discussions:follow", args=[row.target, target.address])
            events = ", ".join(labels).lower()
            lines.append(SubscriptionLine(row, target.name, target.url, follow_url, events))
    return lines


def territories_named(keys: Iterable[tuple[str, str]]) -> Targets:
    wanted = [int(key) for kind, key in keys if kind == Subscription.TERRITORY and PRIMARY_KEY.fullmatch(key)]
    scopes = Scope.objects.filter(pk__in=wanted).with_territory() if wanted else ()
    return {
        (Subscription.TERRITORY, str(scope.pk)): Target(scope_words(scope), str(scope.pk)) for scope in scopes
    }


def themes_named(keys: Iterable[tuple[str, str]]) -> Targets:
    labels = themes()
    wanted = {key for kind, key in keys if kind == Subscription.THEME} & labels.keys()
    return {(Subscription.THEME, key): Target(f"Thème\u00a0: {labels[key]}", key) for key in wanted}


def things_named(user: Any, keys: Sequence[tuple[str, str]]) -> Targets:
    targets: Targets = {}
    for followed in followed_kinds():
        wanted = [int(key) for kind, key in keys if kind == followed.kind]
        manager: Any = followed.model._default_manager
        for obj in manager.visible_to(user).filter(pk__in=wanted) if wanted else ():
            address = getattr(obj, followed.key)
            targets[followed.kind, str(obj.pk)] = Target(str(obj), address, followed.url(obj))
    return targets


def following(user: int, like: Any, key: Any = None) -> dict[str, Any]:
    """To annotate things of one kind (`like` is one): `starred` by this person, and `how_often` they follow it.

    `key`: of the thing; that of the row without it.
    """
    key = OuterRef("pk") if key is None else key
    kind = followed_of(like).kind
    stars = Favourite.objects.filter(user=user, kind=kind, object_id=key)
    rows = Subscription.objects.filter(user=user, target=kind, target_key=Cast(key, CharField()))
    return {"starred": Exists(stars), "how_often": Subquery(rows.values("frequency")[:1])}


def kept_and_followed(user: Any, obj: Any) -> dict[str, Any]:
    """« star » and « my_follow », as a sheet shows them: one query, none when `obj` was read with `following`."""
    kind = followed_of(obj)
    if hasattr(obj, "how_often"):
        starred, frequency = obj.starred, obj.how_often
    else:
        key = Value(obj.pk)
        rows: Any = User.objects.filter(pk=user.pk).annotate(**following(user.pk, obj, key))
        starred, frequency = rows.values_list("starred", "how_often").get()
    words = f"Suivi\u00a0: {Frequency(frequency).label.lower()}" if frequency else ""
    url = reverse("discussions:follow", args=[kind.kind, getattr(obj, kind.key)])
    return {"star": star(kind, obj, on=bool(starred)), "my_follow": FollowState(url, words)}


def territory_choice(user: Any, departement: str) -> str:
    """What `more_choices` calls a département, or the first territory of a person; empty for none."""
    own = [scope.pk for membership in user.active_memberships for scope in membership.scopes.all()]
    scopes = Scope.objects.filter(level=ScopeLevel.DEPARTEMENT, departement=departement.replace("\0", ""))
    keys = list(scopes.values_list("pk", flat=True)) if departement else own
    return f"{Subscription.TERRITORY}:{keys[0]}" if keys else ""


def more_choices(user: Any) -> list[tuple[str, str]]:
    """The territories (one’s own, then every département that has a scope) and the themes that one may follow."""
    own = {scope.pk: scope for membership in user.active_memberships for scope in membership.scopes.all()}
    departements = Scope.objects.filter(level=ScopeLevel.DEPARTEMENT).with_territory()
    rest = sorted(departements, key=lambda scope: str(scope.departement_id))
    scopes = [*own.values(), *(scope for scope in rest if scope.pk not in own)]
    return [
        *((f"{Subscription.TERRITORY}:{scope.pk}", scope_words(scope)) for scope in scopes),
        *((f"{Subscription.THEME}:{code}", f"Thème\u00a0: {label}") for code, label in themes().items()),
    ]

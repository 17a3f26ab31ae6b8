"""Which news are whose: the closest subscription decides, then the rights of this very moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jalons.accounts.permissions import Territory, scopes_territory
from jalons.accounts.subjects import subject_of
from jalons.discussions.enums import Frequency
from jalons.discussions.models import Comment, Subscription
from jalons.discussions.news import NewsItem
from jalons.territories.models import Scope

# The closest first: one thing, then a theme, then a territory.
CLOSENESS = {Subscription.THEME: 1, Subscription.TERRITORY: 2}
OFTEN = (Frequency.AT_ONCE, Frequency.WEEKLY, Frequency.NEVER)


def subscriptions_by_user() -> dict[Any, list[Subscription]]:
    """Those of active accounts, by user."""
    by_user: dict[Any, list[Subscription]] = defaultdict(list)
    rows = Subscription.objects.filter(user__is_active=True).select_related("user").order_by("user", "pk")
    for row in rows:
        by_user[row.user].append(row)
    return by_user


def followed_territories(subscriptions: Iterable[Subscription]) -> dict[str, Territory]:
    """Key of a scope → the communes it covers. A few queries for all."""
    keys = {row.target_key for row in subscriptions if row.target == Subscription.TERRITORY}
    scopes = Scope.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()]).with_territory()
    spread = scopes.prefetch_related("region__departements")
    return {str(scope.pk): scopes_territory([scope], widened=False) for scope in spread}


def chosen(
    item: NewsItem, subscriptions: Sequence[Subscription], territories: Mapping[str, Territory]
) -> Frequency | None:
    """How often this person hears of `item`; None when nothing they follow is about it.

    The closest subscription decides for all kinds of news; among equals, the most frequent.
    """
    about = [row for row in subscriptions if is_about(row, item, territories)]
    if not about:
        return None
    closest = min(CLOSENESS.get(row.target, 0) for row in about)
    deciding = [row for row in about if CLOSENESS.get(row.target, 0) == closest]
    wanted = {row.frequency for row in deciding if item.kind in row.events}
    return next((frequency for frequency in OFTEN if frequency in wanted), None)


def is_about(row: Subscription, item: NewsItem, territories: Mapping[str, Territory]) -> bool:
    if item.moment < row.created_at:
        return False
    if row.target == Subscription.TERRITORY:
        territory = territories.get(row.target_key)
        return territory is not None and territory.holds(item.thing)
    if row.target == Subscription.THEME:
        return row.target_key in item.themes
    return row.target == subject_of(item.thing).kind and row.target_key == str(item.thing.pk)


def news_for(
    user: Any,
    items: Sequence[NewsItem],
    subscriptions: Sequence[Subscription],
    territories: Mapping[str, Territory],
    frequency: Frequency,
) -> list[NewsItem]:
    """What this person is told at this frequency, without what they did and what they may not read now."""
    theirs = [
        item
        for item in items
        if item.author_id != user.pk and chosen(item, subscriptions, territories) == frequency
    ]
    return readable(user, theirs) if theirs else []


def readable(user: Any, items: Sequence[NewsItem]) -> list[NewsItem]:
    """A query a kind of thing, one for comments."""
    pks_by_model: dict[Any, set[int]] = defaultdict(set)
    for item in items:
        pks_by_model[type(item.thing)].add(item.thing.pk)
    seen = {
        model: set(model._default_manager.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))
        for model, pks in pks_by_model.items()
    }
    comments = [item.comment for item in items if item.comment]
    heard = set(Comment.objects.visible_to(user).filter(pk__in=comments).values_list("pk", flat=True))
    return [
        item
        for item in items
        if item.thing.pk in seen[type(item.thing)] and (item.comment is None or item.comment in heard)
    ]

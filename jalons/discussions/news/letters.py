"""The e-mails of subscriptions: at once, and one a week. Nothing to say, nothing written."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from jalons.accounts.subjects import subject_of
from jalons.core.clock import paris_now
from jalons.core.navigation import full_address
from jalons.core.values import format_long_date, format_number, plural
from jalons.core.values.dates import PARIS
from jalons.discussions.enums import Frequency
from jalons.discussions.models import DigestWeek, Mail
from jalons.discussions.news import NewsItem, collect
from jalons.discussions.news.matching import followed_territories, news_for, subscriptions_by_user
from jalons.discussions.selectors import COMMENT
from jalons.discussions.services import finish_week, queue_mail

NEWS, DIGEST = "news", "digest"
# News as old as this are still told at once, when nothing ran for a while.
CATCH_UP = dt.timedelta(days=2)
OPENS = 7  # o’clock in Paris, on Monday
LISTED = 60  # lines of one digest


def tell_at_once() -> str:
    """The periodic job. A news is told once to a person, whatever the number of runs."""
    now = timezone.now()
    count = write_news(collect(now - CATCH_UP, now), now - CATCH_UP)
    return f"{format_number(count)}\u00a0{plural(count, 'courriel', 'courriels')} de nouvelles à envoyer."


def write_news(items: Sequence[NewsItem], since: dt.datetime) -> int:
    """One e-mail a person, of what no e-mail told them yet."""
    count = 0
    for user, wanted in wanted_by_user(items, Frequency.AT_ONCE):
        mails = Mail.objects.filter(user=user, topic=NEWS, created_at__gte=since)
        announced = {key for keys in mails.values_list("news", flat=True) for key in keys}
        if new := [item for item in wanted if item.key not in announced]:
            count += queue_news(new, user) is not None
    return count


def wanted_by_user(items: Sequence[NewsItem], frequency: Frequency) -> Iterable[tuple[Any, list[NewsItem]]]:
    """Each person with something to be told at this frequency."""
    if not items:
        return
    by_user = subscriptions_by_user()
    territories = followed_territories(row for rows in by_user.values() for row in rows)
    for user, rows in by_user.items():
        if any(row.frequency == frequency for row in rows) and (
            wanted := news_for(user, items, rows, territories, frequency)
        ):
            yield user, wanted


def queue_news(items: Sequence[NewsItem], user: Any) -> Mail | None:
    """Its key is that of the first news: two runs at the same time write it once."""
    things = {name_of(item.thing) for item in items}
    subject = str(items[0].thing) if len(things) == 1 else f"{format_number(len(items))}\u00a0nouvelles"
    return queue_mail(
        key=f"{NEWS}/{items[0].key}/{user.pk}",
        user=user,
        topic=NEWS,
        subject=subject,
        body="\n".join([*digest_lines(items), choices_line()]),
        about=about_of(items),
        news=[item.key for item in items],
    )


def about_of(items: Sequence[NewsItem]) -> list[str]:
    return sorted({name_of(item.thing) for item in items} | set(comment_names(items)))


def write_digests() -> str:
    """The periodic job: the letter of the week that is over, from Monday seven o’clock, or later."""
    now = paris_now()
    monday = now.date() - dt.timedelta(days=now.weekday())
    if now.weekday() == 0 and now.hour < OPENS:
        return f"Les lettres de la semaine s’écrivent le lundi à partir de {OPENS}\u00a0heures."
    if DigestWeek.objects.filter(monday=monday).exists():
        return "Les lettres de la semaine sont déjà écrites."
    count = write_week(monday)
    return f"{format_number(count)}\u00a0{plural(count, 'lettre', 'lettres')} de la semaine à envoyer."


def write_week(monday: dt.date) -> int:
    """The letters of the seven days before `monday`, one a person at most. A run that was cut is taken up again."""
    until = dt.datetime.combine(monday, dt.time(), PARIS)
    since = dt.datetime.combine(monday - dt.timedelta(days=7), dt.time(), PARIS)
    count = 0
    for user, items in wanted_by_user(collect(since, until), Frequency.WEEKLY):
        count += queue_digest(monday, user, items) is not None
    finish_week(monday=monday)
    return count


def queue_digest(monday: dt.date, user: Any, items: Sequence[NewsItem]) -> Mail | None:
    first = format_long_date(monday - dt.timedelta(days=7))
    news = f"{format_number(len(items))}\u00a0{plural(len(items), 'nouvelle', 'nouvelles')}"
    return queue_mail(
        key=f"{DIGEST}/{monday:%G-W%V}/{user.pk}",
        user=user,
        topic=DIGEST,
        subject=f"Votre semaine du {first}\u00a0: {news}",
        body="\n".join(
            [f"Depuis le {first}, sur ce que vous suivez\u00a0:", "", *digest_lines(items), choices_line()]
        ),
        about=about_of(items),
    )


def digest_lines(items: Sequence[NewsItem]) -> list[str]:
    """One paragraph a thing, in the order of its first news."""
    by_thing: dict[str, list[NewsItem]] = defaultdict(list)
    for item in items[:LISTED]:
        by_thing[name_of(item.thing)].append(item)
    lines = []
    for news in by_thing.values():
        thing = news[0].thing
        lines += [str(thing), *(f"- {item.sentence}" for item in news), address_of(thing), ""]
    left = len(items) - LISTED
    return [*lines, f"Et {format_number(left)} autres.", ""] if left > 0 else lines


def name_of(thing: Any) -> str:
    return f"{subject_of(thing).kind}:{thing.public_id}"


def comment_names(items: Sequence[NewsItem]) -> list[str]:
    return [f"{COMMENT}:{item.key.rpartition('/')[2]}" for item in items if item.comment]


def address_of(thing: Any) -> str:
    return f"{settings.ORIGIN}{subject_of(thing).url(thing)}"


def choices_line() -> str:
    return f"Mes abonnements\u00a0: {full_address('discussions:subscriptions')}"

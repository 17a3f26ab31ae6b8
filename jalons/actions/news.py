"""News of dispositifs: what an operator reported."""

import datetime as dt
from collections.abc import Iterator

from jalons.actions.models import FollowUp
from jalons.core.values import format_date
from jalons.discussions.enums import NewsKind
from jalons.discussions.news import NewsItem


def action_news(since: dt.datetime, until: dt.datetime) -> Iterator[NewsItem]:
    reports = FollowUp.objects.known().filter(recorded_at__gte=since, recorded_at__lt=until)
    for row in reports.select_related("action__departement", "organisation"):
        yield NewsItem(
            key=f"follow_up/{row.pk}",
            kind=NewsKind.FIGURES,
            thing=row.action,
            sentence=f"{row.organisation} a rempli le suivi au {format_date(row.valid_on)}",
            moment=row.recorded_at,
            author_id=row.author_id or 0,
            themes=row.action.themes,
        )

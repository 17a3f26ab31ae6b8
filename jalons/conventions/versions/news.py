"""The activity of conventions: the versions that were frozen."""

from collections.abc import Iterator

from django.urls import reverse

from jalons.conventions.models import Convention, Edition
from jalons.discussions.activity import ActivityItem, ActivityQuestion
from jalons.discussions.enums import ActivityKind


def edition_activity(question: ActivityQuestion) -> Iterator[ActivityItem]:
    """One query; none when conventions are not asked for."""
    if not question.asks(ActivityKind.CONVENTIONS):
        return
    conventions = Convention.objects.visible_to(question.user)
    if not question.territory.everywhere:
        conventions = conventions.in_territory(question.territory)
    editions = Edition.objects.filter(
        convention__in=conventions.order_by().values("pk"), frozen_at__gte=question.start
    ).select_related("convention__departement", "organisation", "frozen_by")
    for edition in editions.defer("content").order_by("-frozen_at", "-pk")[: question.limit]:
        who = edition.organisation or edition.frozen_by or "Jalons"
        yield ActivityItem(
            key=f"edition/{edition.public_id}",
            kind=ActivityKind.CONVENTIONS,
            thing=edition.convention,
            sentence=f"{who} a figé la version {edition.number}\u00a0: {edition.title}",
            moment=edition.frozen_at,
            address=reverse("conventions:overview", args=[edition.convention.slug]),
        )

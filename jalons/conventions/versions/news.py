"""The activity of conventions: the versions that were frozen."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from jalons.conventions.models import Convention, Edition
from jalons.discussions.activity import ActivityItem, ActivityQuestion, ActivityRows
from jalons.discussions.enums import ActivityKind


def edition_activity(asked: ActivityQuestion) -> Iterator[ActivityRows]:
    if not asked.asks(ActivityKind.CONVENTIONS):
        return
    conventions = Convention.objects.visible_to(asked.user)
    if not asked.territory.everywhere:
        conventions = conventions.in_territory(asked.territory)
    within = conventions.order_by().values("pk")
    editions = Edition.objects.filter(convention__in=within, frozen_at__gte=asked.start)
    yield ActivityRows(editions, tell_editions, "frozen_at")


def tell_editions(pks: Sequence[int]) -> Iterator[tuple[int, ActivityItem]]:
    editions = Edition.objects.filter(pk__in=pks).defer("content")
    for edition in editions.select_related("convention__departement", "organisation", "frozen_by"):
        who = edition.organisation or edition.frozen_by or "Jalons"
        yield (
            edition.pk,
            ActivityItem(
                key=f"edition/{edition.public_id}",
                kind=ActivityKind.CONVENTIONS,
                thing=edition.convention,
                sentence=f"{who} a figé la version {edition.number}\u00a0: {edition.title}",
                moment=edition.frozen_at,
                address=reverse("conventions:overview", args=[edition.convention.slug]),
            ),
        )

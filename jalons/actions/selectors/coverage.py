"""Which open sites a dispositif in progress covers."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from jalons.actions.models import ActionSite
from jalons.actions.querysets import ActionQuerySet
from jalons.core.values import Ratio
from jalons.history.querysets import NOW, AsOf
from jalons.sites.models import Site
from jalons.sites.querysets import SiteQuerySet


def covering(at: AsOf = NOW) -> Any:
    """Links from a site to a dispositif in progress on a date, to use in `Exists` on sites."""
    return ActionSite.objects.covering(at).filter(site=OuterRef("pk"))


def coverage(
    territory: Q = Q(),  # noqa: B008  # an empty Q is never changed
    at: AsOf = NOW,
    actions: ActionQuerySet | None = None,
) -> Ratio:
    """The share of the open sites of a territory (a condition on sites) that a dispositif in progress covers.

    `actions`: only these dispositifs count.
    """
    return coverage_of(Site.objects.filter(territory).open_on(at), at, actions)


def coverage_of(sites: SiteQuerySet, at: AsOf = NOW, actions: ActionQuerySet | None = None) -> Ratio:
    """The same among some open sites: one query."""
    return coverage_ratio(sites.order_by().aggregate(**coverage_sums(at, actions)))


def coverage_sums(at: AsOf = NOW, actions: ActionQuerySet | None = None) -> dict[str, Any]:
    links = covering(at) if actions is None else covering(at).filter(action__in=actions.values("pk"))
    return {"sites": Count("pk"), "covered": Count("pk", filter=Q(Exists(links)))}


def coverage_ratio(sums: Mapping[str, int]) -> Ratio:
    return Ratio(sums["covered"], sums["sites"], known=sums["sites"], expected=sums["sites"])

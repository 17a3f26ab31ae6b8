"""Which open sites a dispositif in progress covers."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from jalons.actions.models import ActionSite
from jalons.core.values import Ratio
from jalons.history.querysets import NOW, AsOf
from jalons.sites.models import Site


def covering(at: AsOf = NOW) -> Any:
    """Links from a site to a dispositif in progress on a date, to use in `Exists` on sites."""
    return ActionSite.objects.covering(at).filter(site=OuterRef("pk"))


def coverage(territory: Q = Q(), at: AsOf = NOW) -> Ratio:  # noqa: B008  # an empty Q is never changed
    """The share of the open sites of a territory (a condition on sites) that a dispositif in progress covers."""
    sites = Site.objects.standing().filter(territory).open_on(at)
    found = sites.order_by().aggregate(sites=Count("pk"), covered=Count("pk", filter=Q(Exists(covering(at)))))
    return Ratio(found["covered"], found["sites"], known=found["sites"], expected=found["sites"])

"""The sites that closed, as they were at their end. A constant number of queries, whatever the number of sites."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from jalons.accounts.permissions import Territory
from jalons.alike.enums import SizeClass
from jalons.alike.features import (
    SiteFeatures,
    housing_class,
    minors_class,
    procedure_stage,
    size_bounds,
    size_class,
    water_class,
)
from jalons.history.querysets import AsOf
from jalons.sites.models import LivingConditions, Occupation, Procedure, Site, Survey

COUNTS = ("people", "minors", "huts", "caravans", "tents", "cars")
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PastSite:
    """A closed site, by its primary key and that of its occupation."""

    site: int
    occupation: int
    since: dt.date
    ended_on: dt.date
    reason: str
    departement: str
    features: SiteFeatures

    @property
    def days(self) -> int:
        return (self.ended_on - self.since).days


def closed_sites(where: Q, at: AsOf) -> Any:
    """Occupations over on a date; `where` is asked of them."""
    return Occupation.objects.closed_on(at).filter(where, site__merged_into__isnull=True).order_by()


def past_sites(
    where: Q, at: AsOf, *, sizes: Collection[SizeClass] = (), justice: Territory | None = None
) -> list[PastSite]:
    """Those of `where`, of these sizes when any is given. `justice`: where the procedures may be read; None does not
    ask for them. Three queries, one more for the procedures.
    """
    closed = closed_sites(where, at)
    surveys = surveys_at_end(closed, sizes, at)
    waters = waters_at_end(closed, at)
    steps = steps_before_end(closed, justice, at) if justice else {}
    rows = closed.values_list(
        "site",
        "pk",
        "valid_on",
        "ended_on",
        "closing_reason",
        "site__kind",
        "site__commune__departement",
    )
    return [
        PastSite(
            site=site,
            occupation=occupation,
            since=since,
            ended_on=ended_on,
            reason=reason,
            departement=departement,
            features=features_of(kind, surveys.get(site, ()), waters.get(site), steps.get(site, ())),
        )
        for site, occupation, since, ended_on, reason, kind, departement in rows
        if not sizes or site in surveys
    ]


def features_of(
    kind: str, counts: Collection[int | None], water: int | None, steps: Collection[tuple[str, str]]
) -> SiteFeatures:
    """`counts`: those of `COUNTS`, nothing for a site that was never counted."""
    people, minors, *dwellings = counts or (None,) * len(COUNTS)
    return SiteFeatures(
        size=size_class(people),
        minors=minors_class(minors, people),
        housing=housing_class(kind, dwellings),
        procedure=procedure_stage(steps),
        water=water_class(water),
    )


def last_before(facts: Any, at: AsOf) -> Subquery:
    """For occupations: the fact that stood for the site on its last day."""
    standing = facts.known(at).contenders().filter(site=OuterRef("site"), valid_on__lt=OuterRef("ended_on"))
    return Subquery(standing.ranked().values("pk")[:1])


def surveys_at_end(
    closed: Any, sizes: Collection[SizeClass], at: AsOf
) -> Mapping[int, tuple[int | None, ...]]:
    last = closed.annotate(survey=last_before(Survey.objects, at))
    rows = Survey.objects.filter(of_sizes(sizes), pk__in=last.values("survey")).order_by()
    return {site: tuple(counts) for site, *counts in rows.values_list("site", *COUNTS)}


def of_sizes(sizes: Collection[SizeClass]) -> Q:
    """The counts of some classes; all of them for none."""
    where = Q()
    for size in sizes:
        first, after = size_bounds(size)
        where |= Q(people__gte=first) if after is None else Q(people__gte=first, people__lt=after)
    return where


def waters_at_end(closed: Any, at: AsOf) -> Mapping[int, int]:
    last = closed.annotate(state=last_before(LivingConditions.objects, at))
    rows = LivingConditions.objects.filter(pk__in=last.values("state")).order_by()
    return dict(rows.values_list("site", "water"))


def steps_before_end(closed: Any, justice: Territory, at: AsOf) -> Mapping[int, list[tuple[str, str]]]:
    """The steps of procedure, where they may be read."""
    ends = closed.filter(justice.q("site__commune"))
    steps = Procedure.objects.known(at).filter(site__in=ends.values("site")).order_by("pk")
    last_days = dict(ends.values_list("site", "ended_on"))
    by_site: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for site, on, kind, status in steps.values_list("site", "valid_on", "kind", "status"):
        if on < last_days[site]:
            by_site[site].append((kind, status))
    return by_site


def features_on(site: Site, until: dt.date, at: AsOf, *, justice: bool) -> SiteFeatures:
    """The classes of one site just before a day. Two queries, three with the procedures."""
    surveys = Survey.objects.known(at).contenders().filter(site=site, valid_on__lt=until).ranked()
    states = LivingConditions.objects.known(at).contenders().filter(site=site, valid_on__lt=until).ranked()
    steps: list[tuple[str, str]] = []
    if justice:
        known = Procedure.objects.known(at).filter(site=site, valid_on__lt=until).order_by("pk")
        steps = list(known.values_list("kind", "status"))
    return features_of(
        kind=site.kind,
        counts=surveys.values_list(*COUNTS).first() or (),
        water=states.values_list("water", flat=True).first(),
        steps=steps,
    )

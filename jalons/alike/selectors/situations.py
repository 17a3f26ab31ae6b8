"""The past situations most alike a site, for one reader: in classes first, then in an exact order."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.alike.distance import (
    COMPARISONS,
    DeclaredCriterion,
    compared,
    differences,
    distance,
    is_alike,
    reasons,
)
from jalons.alike.enums import Criterion, SizeClass
from jalons.alike.features import SiteFeatures
from jalons.alike.selectors.done import PastAction, actions_on, orientations_of, resettlements_from
from jalons.alike.selectors.past import ONE_DAY, PastSite, features_on, past_sites
from jalons.core.values import format_date, format_number, months_between, plural
from jalons.history.querysets import AsOf
from jalons.sites.enums import ClosingReason
from jalons.sites.models import Occupation, Site

MOST = 10  # situations on the page


@dataclass(frozen=True, slots=True)
class SiteInClasses:
    """The site looked from. `offered`: the criteria that this reader may use; `until`: the day before which it is
    described, its closing or the day after the one looked at.
    """

    site: Site
    features: SiteFeatures
    offered: Sequence[DeclaredCriterion]
    until: dt.date
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """A closed site, why it is alike, what was done there, and what came after."""

    site: Site
    reasons: Sequence[str]
    differences: Sequence[str]
    duration: str
    outcome: str
    orientations: Sequence[str]
    resettlement: str
    actions: Sequence[PastAction]
    reads_procedure: bool

    @property
    def why(self) -> str:
        """« Même taille (50 à 99 personnes), eau absente ou mauvaise, cabanes. »"""
        sentence = ", ".join(self.reasons)
        return f"{sentence[:1].upper()}{sentence[1:]}."


@dataclass(frozen=True, slots=True)
class Situations:
    """The first ones, of `count` that are alike."""

    comparisons: Sequence[DeclaredCriterion]
    nearest: Sequence[Situation]
    count: int


def may_compare(user: Any, comparison: DeclaredCriterion, site: Site) -> bool:
    return territory_of(user, comparison.right).covers(site.commune)


def reference_of(user: Any, site: Site, at: AsOf) -> SiteInClasses | None:
    """None for a site that was not there yet. At most four queries."""
    occupation = Occupation.objects.as_of(at).filter(site=site).first()
    if occupation is None:
        return None
    ended = occupation.ended_on
    is_closed = ended is not None and ended <= at.day
    until = ended if ended is not None and is_closed else at.day + ONE_DAY
    offered = [criterion for criterion in COMPARISONS.values() if may_compare(user, criterion, site)]
    justice = any(comparison.criterion == Criterion.PROCEDURE for comparison in offered)
    return SiteInClasses(site, features_on(site, until, at, justice=justice), offered, until, is_closed)


def situations(user: Any, reference: SiteInClasses, criteria: Collection[Criterion], at: AsOf) -> Situations:
    """At most sixteen queries. What the reader may not read weighs nothing: neither in a distance nor in a reason."""
    offered = {comparison.criterion for comparison in reference.offered}
    comparisons = compared(reference.features, offered & set(criteria))
    alike = alike_sites(user, reference, comparisons, at) if comparisons else []
    return Situations(
        comparisons, read_situations(user, reference, comparisons, alike[:MOST], at), len(alike)
    )


def alike_sites(
    user: Any, reference: SiteInClasses, comparisons: Sequence[DeclaredCriterion], at: AsOf
) -> list[PastSite]:
    """The nearest first; of two as near, the one that closed last."""
    criteria = {comparison.criterion for comparison in comparisons}
    justice = territory_of(user, Right.READ_JUSTICE) if Criterion.PROCEDURE in criteria else None
    seen = territory_of(user, Right.READ_SITES)
    candidates = past_sites(
        where_seen(seen, reference.site),
        at,
        sizes=near_sizes(reference.features.size) if Criterion.SIZE in criteria else (),
        justice=justice,
    )
    ranked = [
        (
            distance(reference.features, past.features, comparisons),
            -past.ended_on.toordinal(),
            past.site,
            past,
        )
        for past in candidates
        if is_alike(reference.features, past.features, comparisons)
    ]
    return [past for *_, past in sorted(ranked, key=lambda row: row[:3])]


def where_seen(seen: Territory, site: Site) -> Q:
    return seen.q("site__commune") & ~Q(site=site.pk)


def near_sizes(size: SizeClass | None) -> list[SizeClass]:
    return [] if size is None else [other for other in SizeClass if abs(other - size) <= 1]


def read_situations(
    user: Any,
    reference: SiteInClasses,
    comparisons: Sequence[DeclaredCriterion],
    chosen: Sequence[PastSite],
    at: AsOf,
) -> list[Situation]:
    sites = Site.objects.select_related("commune__departement").in_bulk([past.site for past in chosen])
    pks = list(sites)
    actions = actions_on(user, pks, at)
    orientations = orientations_of(past.occupation for past in chosen)
    moved = resettlements_from(pks, at)
    by_procedure = any(comparison.criterion == Criterion.PROCEDURE for comparison in comparisons)
    return [
        Situation(
            site=sites[past.site],
            reasons=reasons(reference.features, past.features, comparisons),
            differences=differences(reference.features, past.features, comparisons),
            duration=duration_words(past),
            outcome=str(ClosingReason(past.reason).label),
            orientations=orientations.get(past.occupation, ()),
            resettlement=moved.get(past.site, ""),
            actions=actions.get(past.site, ()),
            reads_procedure=by_procedure and past.features.procedure is not None,
        )
        for past in chosen
    ]


def duration_words(past: PastSite) -> str:
    """« 2 ans et 3 mois, du 01/03/2023 au 10/06/2025 »."""
    dates = f"du {format_date(past.since)} au {format_date(past.ended_on)}"
    years, months = divmod(months_between(past.since, past.ended_on), 12)
    parts = []
    if years:
        parts.append(f"{format_number(years)} {plural(years, 'an', 'ans')}")
    if months:
        parts.append(f"{format_number(months)} mois")
    return f"{' et '.join(parts) or 'moins d’un mois'}, {dates}"

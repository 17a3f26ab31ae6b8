"""Every rule over the sites that one reader sees, and the order that follows. One reader’s reasons are theirs alone."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from jalons.accounts.enums import Right
from jalons.accounts.permissions import EVERYWHERE, Territory, has
from jalons.history.querysets import NOW
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.models import Mute
from jalons.urgency.rule import AlertRule, Rise
from jalons.urgency.rules import RULES

logger = logging.getLogger(__name__)


class SiteReason(NamedTuple):
    """Why a site calls for somebody: the rule, the fact, and who muted it if somebody did. `sign`: the badge of it."""

    rule: AlertRule
    rise: Rise
    sign: str
    mute: Mute | None = None

    @property
    def words(self) -> str:
        return self.rule.words(self.rise.detail)


@dataclass(frozen=True, slots=True)
class RuleRises:
    """What a rule finds, by site. `counting`: the sites where it counts, neither muted nor without weight."""

    rule: AlertRule
    by_site: Mapping[int, Sequence[Rise]]
    counting: Set[int]


@dataclass(frozen=True, slots=True)
class Priorities:
    """`order`: the keys of the sites with a reason that counts, those that call first. `weights`: what their reasons
    add up to, which orders and is never shown. `broken`: the rules that could
    not be asked. Reasons are put together for the sites that a page shows, not for the thousands that it ranks.
    """

    ground: SitesInView
    order: Sequence[int]
    weights: Mapping[int, int]
    rises: Sequence[RuleRises]
    mutes: Mapping[tuple[int, str], Mute]
    broken: Sequence[AlertRule]

    def reasons_on(self, site: int) -> list[SiteReason]:
        """What counts on a site, in the order of what weighs most."""
        return [reason for reason in self.every_reason_on(site) if reason.mute is None]

    def muted_on(self, site: int) -> list[SiteReason]:
        """What does not count there for a while."""
        return [reason for reason in self.every_reason_on(site) if reason.mute is not None]

    def every_reason_on(self, site: int) -> Iterator[SiteReason]:
        for risen in self.rises:
            weight = self.ground.weight(risen.rule, site) if site in risen.by_site else 0
            if weight:
                sign = "late" if weight >= RuleWeight.MUCH else "due"
                mute = self.mutes.get((site, risen.rule.code))
                for rise in risen.by_site[site]:
                    yield SiteReason(risen.rule, rise, sign, mute)

    def order_without(self, right: Right) -> list[int]:
        """The order when what is read by this right counts nothing: for a paper that others read."""
        totals: dict[int, int] = {}
        for risen in self.rises:
            if risen.rule.right != right:
                for site in risen.counting:
                    totals[site] = totals.get(site, 0) + self.ground.weight(risen.rule, site)
        return ranked(self.ground, totals)

    def with_rule(self, code: str) -> list[int]:
        """Of `order`, the sites where this rule counts."""
        counting = next((risen.counting for risen in self.rises if risen.rule.code == code), frozenset[int]())
        return [site for site in self.order if site in counting]

    def counts(self) -> dict[str, int]:
        """How many sites each rule counts on, by code."""
        return {risen.rule.code: len(risen.counting) for risen in self.rises if risen.counting}


def priorities(user: Any, asked: Territory = EVERYWHERE, only: Sequence[int] | None = None) -> Priorities:
    """Of the open sites that `user` sees in `asked`, or of a few (`only`). The number of queries does not depend on
    how many sites there are. A rule counts only where the reader may read the fact it rests on.
    """
    ground = SitesInView(user, asked, only)
    rises_by_rule, broken = risen(ground)
    mutes = mutes_on(ground) if rises_by_rule else {}
    totals: dict[int, int] = {}
    rises = []
    sites = ground.sites
    for rule, by_site in rises_by_rule:
        weights, muted = ground.weights(rule), {site for site, code in mutes if code == rule.code}
        counting = set()
        for site in by_site.keys() - muted if muted else by_site:
            if weight := weights[sites[site].departement]:
                counting.add(site)
                totals[site] = totals.get(site, 0) + weight
        rises.append(RuleRises(rule, by_site, counting))
    return Priorities(ground, ranked(ground, totals), totals, rises, mutes, broken)


def ranked(ground: SitesInView, totals: Mapping[int, int]) -> list[int]:
    """What weighs most first, then the most people."""
    people = ground.people if totals else {}
    return sorted(totals, key=lambda site: (-totals[site], -people.get(site, 0), site))


def risen(ground: SitesInView) -> tuple[list[tuple[AlertRule, dict[int, tuple[Rise, ...]]]], list[AlertRule]]:
    """What each rule finds on the open sites, and the rules that raised: logged, they take nothing from the others."""
    rises, broken = [], []
    sites = ground.sites
    if not sites:
        return [], []
    for rule in RULES.values():
        if not has(ground.user, rule.right):
            continue
        by_site: dict[int, tuple[Rise, ...]] = {}
        try:
            for rise in rule.find(ground):
                site = rise.site
                if site in sites:
                    by_site[site] = (*by_site[site], rise) if site in by_site else (rise,)
        except Exception:
            logger.exception("alert rule %s could not be asked", rule.code)
            broken.append(rule)
        else:
            rises.append((rule, by_site))
    return rises, broken


def mutes_on(ground: SitesInView) -> dict[tuple[int, str], Mute]:
    """The reasons that somebody muted on these sites and that are not back yet: one query."""
    mutes: Iterable[Mute] = (
        Mute.objects.going_on(NOW)
        .filter(ground.reach(Right.READ_SITES))
        .select_related("author", "organisation")
        .order_by("pk")
    )
    return {(mute.site_id, mute.rule): mute for mute in mutes}

"""Every rule over the sites that one reader sees, and the order that follows. One reader’s reasons are theirs alone."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
class Priorities:
    """`order`: the keys of the sites with a reason that counts, those that call first. `reasons`: theirs, in the order
    of what weighs most; `muted`: those that do not count for a while. `broken`: the rules that could not be asked.
    """

    ground: SitesInView
    order: Sequence[int]
    reasons: Mapping[int, Sequence[SiteReason]]
    muted: Mapping[int, Sequence[SiteReason]]
    broken: Sequence[AlertRule]

    def with_rule(self, code: str) -> list[int]:
        """Of `order`, the sites where this rule counts."""
        return [site for site in self.order if any(reason.rule.code == code for reason in self.reasons[site])]

    def counts(self) -> dict[str, int]:
        """How many sites each rule counts on, by code."""
        ranking: Counter[str] = Counter()
        for reasons in self.reasons.values():
            ranking.update({reason.rule.code for reason in reasons})
        return dict(ranking)


def priorities(user: Any, asked: Territory = EVERYWHERE, only: Sequence[int] | None = None) -> Priorities:
    """Of the open sites that `user` sees in `asked`, or of a few (`only`). The number of queries does not depend on
    how many sites there are. A rule counts only where the reader may read the fact it rests on.
    """
    ground = SitesInView(user, asked, only)
    rises, broken = risen(ground)
    mutes = mutes_on(ground) if rises else {}
    reasons: dict[int, list[SiteReason]] = defaultdict(list)
    muted: dict[int, list[SiteReason]] = defaultdict(list)
    totals: Counter[int] = Counter()
    for rule, by_site in rises:
        for site, facts in by_site.items():
            weight = ground.scales.of(ground.sites[site]).weight(rule)
            if not weight:
                continue
            mute = mutes.get((site, rule.code))
            sign = "late" if weight >= RuleWeight.MUCH else "due"
            (muted if mute else reasons)[site].extend(SiteReason(rule, rise, sign, mute) for rise in facts)
            totals[site] += 0 if mute else weight
    figures = ground.figures if totals else {}
    order = sorted(
        reasons, key=lambda site: (-totals[site], -(figures[site].people if site in figures else 0), site)
    )
    return Priorities(ground, order, reasons, muted, broken)


def risen(ground: SitesInView) -> tuple[list[tuple[AlertRule, dict[int, list[Rise]]]], list[AlertRule]]:
    """What each rule finds on the open sites, and the rules that raised: logged, they take nothing from the others."""
    rises, broken = [], []
    if not ground.sites:
        return [], []
    for rule in RULES.values():
        if not has(ground.user, rule.right):
            continue
        by_site: dict[int, list[Rise]] = defaultdict(list)
        try:
            for rise in rule.find(ground):
                if rise.site in ground.sites:
                    by_site[rise.site].append(rise)
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

"""The sites that call for somebody, as pages, exports and dashboards read them. A constant number of queries each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import EVERYWHERE, Territory
from jalons.history.querysets import NOW
from jalons.sites.models import Site
from jalons.sites.selectors import home_of, names_of
from jalons.territories.models import Departement
from jalons.urgency.engine import Priorities, SiteReason, priorities
from jalons.urgency.ground import CountInUse, SitesInView
from jalons.urgency.models import Handling
from jalons.urgency.rule import AlertRule
from jalons.urgency.rules import RULES

FIRST = 5  # on the home page
WHOLE = "tous"  # `?departement=`: all that one sees
UNHANDLED, HANDLED = "personne", "pris"


@dataclass(frozen=True, slots=True)
class PriorityFilter:
    """What a person asks of the list; empty fields ask nothing. `departement`: a code, or WHOLE."""

    departement: str = ""
    reason: str = ""
    handling: str = ""


@dataclass(frozen=True, slots=True)
class PriorityLine:
    """One site of the list, with its reasons in words."""

    site: Site
    figure: CountInUse | None
    reasons: Sequence[SiteReason]
    muted: Sequence[SiteReason]
    handling: Handling | None

    @property
    def url(self) -> str:
        return reverse("sites:sheet", args=[self.site.public_id])

    @property
    def place(self) -> str:
        commune = self.site.commune
        return f"{commune.name} ({commune.departement_id})"


@dataclass(frozen=True, slots=True)
class RuleCount:
    rule: AlertRule
    sites: int


@dataclass(frozen=True, slots=True)
class PriorityList:
    """The whole list that was asked, before it is cut in pages."""

    priorities: Priorities
    handlings: Mapping[int, Handling]
    order: Sequence[int]

    @property
    def broken(self) -> Sequence[AlertRule]:
        return self.priorities.broken

    @property
    def sites(self) -> int:
        """How many open sites were looked at."""
        return len(self.priorities.ground.sites)

    def counts(self) -> list[RuleCount]:
        """The rules that count somewhere, those of most sites first."""
        ranking = [RuleCount(RULES[code], number) for code, number in self.priorities.counts().items()]
        return sorted(ranking, key=lambda count: (-count.sites, count.rule.sentence))

    def lines(self, keys: Sequence[int]) -> list[PriorityLine]:
        """Of one page: one query."""
        sites = Site.objects.select_related("commune__departement").in_bulk(keys)
        figures = self.priorities.ground.figures if keys else {}
        return [
            PriorityLine(
                sites[key],
                figures.get(key),
                self.priorities.reasons_on(key),
                self.priorities.muted_on(key),
                self.handlings.get(key),
            )
            for key in keys
        ]


def territory_asked(user: Any, departement: str) -> Territory:
    """One’s own territory when nothing is asked, like the list of sites; what one sees bounds it anyway."""
    if departement == WHOLE:
        return EVERYWHERE
    if departement:
        return Territory(departements=frozenset({departement}))
    return home_of(user) or EVERYWHERE


def territory_words(
    user: Any, asked: PriorityFilter, departements: Mapping[str, str], seen: Territory
) -> str:
    territory = territory_asked(user, asked.departement)
    return names_of(seen if territory.everywhere else territory, departements)


def priority_list(user: Any, asked: PriorityFilter | None = None) -> PriorityList:
    """The sites of a territory that call for somebody, most first, as far as `user` may read."""
    asked = asked or PriorityFilter()
    ranking = priorities(user, territory_asked(user, asked.departement))
    handlings = handlings_on(ranking.ground) if ranking.order else {}
    order: Sequence[int] = ranking.with_rule(asked.reason) if asked.reason else ranking.order
    if asked.handling:
        order = [site for site in order if (site in handlings) == (asked.handling == HANDLED)]
    return PriorityList(ranking, handlings, order)


def handlings_on(ground: SitesInView) -> dict[int, Handling]:
    """Who sees to which site: one query."""
    handlings = Handling.objects.going_on(NOW).filter(ground.reach(Right.READ_SITES))
    return {
        handling.site_id: handling
        for handling in handlings.select_related("author", "organisation").order_by("pk")
    }


def reason_counts(user: Any, asked: Territory = EVERYWHERE) -> dict[str, int]:
    """How many open sites each rule counts on, by code, as far as `user` may read: for dashboards."""
    return priorities(user, asked).counts()


def urgent_lines(user: Any) -> tuple[PriorityList, list[PriorityLine]]:
    """The first sites of one’s own territory: the band of the home page."""
    ranking = priority_list(user)
    return ranking, ranking.lines(ranking.order[:FIRST])


def site_priorities(user: Any, site: Site) -> tuple[PriorityLine, Sequence[AlertRule]]:
    """What calls for somebody on one site, who sees to it, and the rules that could not be asked."""
    ranking = priorities(user, only=[site.pk])
    return PriorityList(ranking, handlings_on(ranking.ground), ranking.order).lines([site.pk])[
        0
    ], ranking.broken


def reason_on(user: Any, site: Site, code: str) -> SiteReason | None:
    """The reason of this rule on a site that counts, or would without its mute; None for who may not read it."""
    ranking = priorities(user, only=[site.pk])
    return next((reason for reason in ranking.every_reason_on(site.pk) if reason.rule.code == code), None)


def departement_names(seen: Territory) -> dict[str, str]:
    """Of the départements that are seen whole, by code."""
    rows = Departement.objects.order_by("code").values_list("code", "name")
    return {code: name for code, name in rows if seen.covers_departement(code)}

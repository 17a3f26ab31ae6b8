"""What is said of the past situations that a person may not read: a département, a class of size, and what at least
three sites and three organisations have in common.

Each site is in one group whatever is asked, no number is given, and the groups move once a quarter: there is no
difference to take between two pages. No procedure, owner or amount is ever read here. See the decision 0032.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.actions.enums import ActionTheme, ParticipationRole
from jalons.actions.models import Action, ActionSite, Participation
from jalons.alike.enums import SizeClass
from jalons.alike.features import duration_class
from jalons.alike.selectors.past import PastSite, past_sites
from jalons.figures.disclosure import closed_quarter, may_be_said
from jalons.history.querysets import AsOf
from jalons.sites.enums import ClosingReason
from jalons.territories.models import Departement

FacetReader = Callable[["GroupedSite"], Collection[str]]


@dataclass(frozen=True, slots=True)
class GroupedSite:
    """A site that the reader does not see. `organisations`: who operated there, but the reader."""

    past: PastSite
    themes: Collection[str]
    organisations: frozenset[int]


@dataclass(frozen=True, slots=True)
class Facet:
    """What is common to at least three sites of three organisations: « Habitat : cabanes »."""

    label: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class DepartementGroup:
    departement: str
    size: str
    facets: Sequence[Facet]


def label_of(value: Any) -> list[str]:
    return [str(value.label)] if value is not None else []


FACETS: tuple[tuple[str, FacetReader], ...] = (
    ("Habitat", lambda site: label_of(site.past.features.housing)),
    ("Eau", lambda site: label_of(site.past.features.water)),
    ("Part de mineurs", lambda site: label_of(site.past.features.minors)),
    ("Ce qui a été fait", lambda site: [str(ActionTheme(theme).label) for theme in site.themes]),
    ("Durée du site", lambda site: label_of(duration_class(site.past.days))),
    ("Issue", lambda site: label_of(ClosingReason(site.past.reason))),
)


def groups_elsewhere(user: Any, size: SizeClass | None, at: AsOf) -> list[DepartementGroup]:
    """Of the size of a site, by name of département; nothing for who reads everywhere. At most eight queries."""
    seen = territory_of(user, Right.READ_SITES)
    if seen.everywhere or size is None:
        return []
    then = closed_quarter(at)
    outside = ~seen.q("site__commune") & ~Q(site__in=sites_of_seen_actions(user))
    sites = past_sites(outside, then, sizes=[size])
    by_departement: dict[str, list[GroupedSite]] = defaultdict(list)
    for site in grouped(user, sites, then):
        by_departement[site.past.departement].append(site)
    names = dict(Departement.objects.filter(pk__in=by_departement).order_by().values_list("pk", "name"))
    groups = [
        DepartementGroup(f"{names[code]} ({code})", str(size.label), list(facets_of(members)))
        for code, members in sorted(by_departement.items())
        if stands(members)
    ]
    return sorted(groups, key=lambda group: group.departement)


def sites_of_seen_actions(user: Any) -> Any:
    """A dispositif of one's own may work outside of where one reads: its sites are known already."""
    seen = Action.objects.visible_to(user).order_by().values("pk")
    return ActionSite.objects.filter(action__in=seen).order_by().values("site")


def grouped(user: Any, sites: Sequence[PastSite], at: AsOf) -> Iterator[GroupedSite]:
    """The sites that some dispositif covered, each with who worked there. Two queries."""
    pks = {past.site for past in sites}
    links = ActionSite.objects.as_of(at).filter(site__in=pks).order_by()
    themes: dict[int, set[str]] = defaultdict(set)
    actions: dict[int, set[int]] = defaultdict(set)
    for site, action, themes_there in links.values_list("site", "action", "action__themes"):
        actions[site].add(action)
        themes[site].update(themes_there)
    own = {membership.organisation_id for membership in user.active_memberships}
    operators = operators_of({action for there in actions.values() for action in there}, at)
    for past in sites:
        organisations = frozenset().union(*(operators.get(action, ()) for action in actions[past.site])) - own
        if organisations:
            yield GroupedSite(past, themes[past.site], organisations)


def operators_of(actions: Collection[int], at: AsOf) -> Mapping[int, set[int]]:
    rows = Participation.objects.as_of(at).filter(role=ParticipationRole.OPERATOR, action__in=actions)
    by_action: dict[int, set[int]] = defaultdict(set)
    for action, organisation in rows.order_by().values_list("action", "participant"):
        by_action[action].add(organisation)
    return by_action


def stands(sites: Sequence[GroupedSite]) -> bool:
    """At least three sites and three organisations."""
    organisations = {operator for site in sites for operator in site.organisations}
    return may_be_said([site.past.site for site in sites], organisations)


def facets_of(sites: Sequence[GroupedSite]) -> Iterator[Facet]:
    for label, read in FACETS:
        by_value: dict[str, list[GroupedSite]] = defaultdict(list)
        for site in sites:
            for value in read(site):
                by_value[value].append(site)
        values = sorted(value for value, members in by_value.items() if stands(members))
        if values:
            yield Facet(label, values)

"""One date, two answers: as it was known on a day, as it is known now; and what makes the difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jalons.core.values import Sum
from jalons.history.querysets import AsOf
from jalons.sites.figures import ListSums, list_sums
from jalons.sites.models import Site
from jalons.sites.selectors import SiteFilter, filtered_sites

# Sites that are named, those that weigh the most first.
MOST_NAMED = 50
SUMMED = (("people", "Personnes"), ("households", "Ménages"), ("women", "Femmes"), ("minors", "Mineurs"))


@dataclass(frozen=True, slots=True)
class ComparedSum:
    """One figure of the list. `difference`: from then to now, over what was counted; None when one is unknown."""

    label: str
    then: Sum
    now: Sum

    @property
    def difference(self) -> int | None:
        """An empty list counts nobody: that is known."""
        if any(not total.is_known and total.expected for total in (self.then, self.now)):
            return None
        return int(self.now.total - self.then.total)


@dataclass(frozen=True, slots=True)
class ComparedSite:
    """A site that does not count alike in the two answers. `was_counted`, `is_counted`: it is in the list of each."""

    site: Site
    then: int | None
    now: int | None
    was_counted: bool
    is_counted: bool

    @property
    def difference(self) -> int:
        return (self.now or 0) - (self.then or 0)

    @property
    def why(self) -> str:
        if not self.was_counted:
            return "entré dans la liste depuis"
        if not self.is_counted:
            return "sorti de la liste depuis : fermé, fusionné ou décrit autrement"
        return "recensement enregistré ou corrigé depuis"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`sites`: how many sites in each answer. `differing`: those named; `others`: how many more there are."""

    sites: tuple[int, int]
    sums: Sequence[ComparedSum]
    differing: Sequence[ComparedSite]
    others: int

    @property
    def sites_difference(self) -> int:
        return self.sites[1] - self.sites[0]


def compare(user: Any, asked: SiteFilter, then: AsOf) -> Comparison:
    """The filtered list as of `then`, against the same date as known now. Five queries."""
    now = then.without_known()
    before, after = (filtered_sites(user, asked, at) for at in (then, now))
    old, new = list_sums(before, then), list_sums(after, now)
    people = [dict(sites.order_by().values_list("pk", "figure__people")) for sites in (before, after)]
    differing = differing_sites(*people)
    return Comparison(
        (old.sites, new.sites),
        compared_sums(old, new),
        named(differing[:MOST_NAMED], *people),
        len(differing[MOST_NAMED:]),
    )


def compared_sums(old: ListSums, new: ListSums) -> list[ComparedSum]:
    return [ComparedSum(label, getattr(old, name), getattr(new, name)) for name, label in SUMMED]


def differing_sites(then: dict[int, int | None], now: dict[int, int | None]) -> list[int]:
    """The sites that are in one answer only, or with another count; the greatest differences first."""
    changed = [
        pk for pk in then.keys() | now.keys() if pk not in then or pk not in now or then[pk] != now[pk]
    ]
    return sorted(changed, key=lambda pk: (-abs((now.get(pk) or 0) - (then.get(pk) or 0)), pk))


def named(pks: Sequence[int], then: dict[int, int | None], now: dict[int, int | None]) -> list[ComparedSite]:
    sites = Site.objects.select_related("commune").in_bulk(pks)
    return [
        ComparedSite(
            site=sites[pk], then=then.get(pk), now=now.get(pk), was_counted=pk in then, is_counted=pk in now
        )
        for pk in pks
    ]

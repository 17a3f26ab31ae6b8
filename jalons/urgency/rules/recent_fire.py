"""A fire not so long ago: what burnt once burns again."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.history.querysets import NOW
from jalons.sites.enums import EventKind
from jalons.sites.models import SiteEvent
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    fires = SiteEvent.objects.as_of(NOW).filter(ground.reach(Right.READ_SITES), kind=EventKind.FIRE)
    fires = fires.filter(valid_on__gte=ground.day - ground.longest(RULE))
    last = dict(fires.order_by("valid_on", "pk").values_list("site_id", "valid_on"))
    delays, sites = ground.delays(RULE), ground.sites
    for site, day in last.items():
        if site in sites and ground.day - day <= delays[sites[site].departement]:
            yield Rise(site, day)


def words(detail: None) -> str:
    return "un incendie a eu lieu"


RULE = AlertRule(
    code="recent_fire",
    sentence="Incendie récent",
    meaning="Un incendie est noté au journal depuis moins de {}.",
    right=Right.READ_SITES,
    weight=RuleWeight.MUCH,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(365, 30, 1095)),
    anchor="commentaires",
)

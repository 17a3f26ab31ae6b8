"""No dispositif in progress covers the site."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise


def find(ground: SitesInView) -> Iterator[Rise]:
    """Whoever may see the dispositif that covers it: the sheet of the site says that there is one."""
    coverage = ground.coverage
    if territory_of(ground.user, Right.READ_ACTIONS):
        for site in ground.sites:
            if site not in coverage:
                yield Rise(site, None)


def words(detail: None) -> str:
    return "aucun dispositif en cours"


RULE = AlertRule(
    code="no_action",
    sentence="Aucun dispositif",
    meaning="Aucun dispositif en cours ne couvre le site.",
    right=Right.READ_ACTIONS,
    weight=RuleWeight.SOME,
    find=find,
    words=words,
    anchor="dispositifs",
)

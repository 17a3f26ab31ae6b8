"""Other living conditions that are bad: those of water and toilets have a rule each."""

import datetime as dt
from collections.abc import Iterator, Sequence

from jalons.accounts.enums import Right
from jalons.core.values import join_and
from jalons.sites.enums import Theme
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise

WORDS = {
    Theme.ELECTRICITY: "électricité",
    Theme.WASTE: "déchets",
    Theme.PESTS: "nuisibles",
    Theme.FIRE: "risque d’incendie",
}


def find(ground: SitesInView) -> Iterator[Rise]:
    themes: dict[int, list[Theme]] = {}
    days: dict[int, dt.date] = {}
    for theme in WORDS:
        for site, day in ground.where_bad(theme):
            themes.setdefault(site, []).append(theme)
            days[site] = day
    for site, bad in themes.items():
        yield Rise(site, days[site], bad)


def words(detail: Sequence[Theme]) -> str:
    return f"conditions mauvaises : {join_and([WORDS[theme] for theme in detail])}"


RULE = AlertRule(
    code="bad_conditions",
    sentence="Autres conditions mauvaises",
    meaning="L’électricité, les déchets, les nuisibles ou le risque d’incendie : une de ces conditions est mauvaise.",
    right=Right.READ_SITES,
    weight=RuleWeight.LITTLE,
    find=find,
    words=words,
    anchor="conditions",
)

"""What the list of sites shows of what is urgent: the same reasons, the same order as the page of priorities."""

from collections.abc import Mapping, Sequence
from typing import Any

from jalons.accounts.permissions import Territory
from jalons.sites.cards import ListedReason
from jalons.urgency.engine import priorities


def listed_reasons(user: Any, sites: Sequence[int]) -> Mapping[int, Sequence[ListedReason]]:
    """Of the sites of one page."""
    ranking = priorities(user, only=sites)
    return {
        site: [
            ListedReason(reason.sign, reason.rule.sentence, reason.words, reason.rule.anchor)
            for reason in ranking.reasons_on(site)
        ]
        for site in ranking.order
    }


def urgent_weights(user: Any, territory: Territory) -> Mapping[int, int]:
    """Of the open sites of a territory that call for somebody."""
    return priorities(user, territory).weights

"""What the sheet of a site shows of its priorities: a place that is filled once the page is there.

The rules cost more queries than the whole sheet; the page that fills it works by itself, without JavaScript.
"""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from jalons.exports.document import Block
from jalons.history.querysets import AsOf
from jalons.sites.models import Site


def card(user: Any, site: Site, at: AsOf) -> str | None:
    """The address that fills the card. None in the past: a priority is of today."""
    return None if at.is_past or site.merged_into_id else reverse("urgency:site", args=[site.public_id])


def blocks(address: str) -> Iterable[Block]:
    """Nothing in the document to take away: what was urgent on a day is not what is."""
    return ()

"""What the sheet of a site shows of past situations: where to look for them. It reads nothing."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from jalons.exports.document import Block
from jalons.history.querysets import AsOf
from jalons.sites.models import Site


def card(user: Any, site: Site, at: AsOf) -> str | None:
    """The address of the situations alike, at the dates of the sheet; None on a merged sheet."""
    if site.merged_into_id:
        return None
    address = reverse("alike:situations", args=[site.public_id])
    return f"{address}?{at.query}" if at.query else address


def blocks(address: str) -> Iterable[Block]:
    """Nothing in the document to take away: what is alike changes with what is known elsewhere."""
    return ()

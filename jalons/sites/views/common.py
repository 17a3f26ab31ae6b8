"""What the pages of a site's sheet share: its trace, the version of a fact that a form was opened on."""

import uuid
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest

from jalons.accounts.decorators import READING
from jalons.accounts.enums import Right
from jalons.accounts.permissions import check
from jalons.editing.removed import fact_or_removed
from jalons.history.querysets import AsOf
from jalons.readership.services import note_reading
from jalons.sites.models import Site
from jalons.sites.pages import sheet_url
from jalons.sites.selectors import described_site


def open_described(request: HttpRequest, public_id: str, at: AsOf) -> Any:
    """The site at this address with all that its sheet needs of its row; 404 outside of what the person sees."""
    site = described_site(request.user, public_id, at)
    if site is None:
        raise Http404
    check(request.user, Right.READ_SITES, site)
    return site


def leave_trace(request: HttpRequest, site: Site, rights: list[Right]) -> None:
    """These sensitive blocks are shown to this person. What is sent to a page reads nothing."""
    if request.method in READING:
        note_reading(user=request.user, thing=site, rights=rights)


def version_in_view(
    request: HttpRequest, model: Any, site: Site, lineage: uuid.UUID, of: Q | None = None
) -> Any:
    """The current version of a fact of the site, or the one that the form was opened on.

    404 when there never was one, `AlreadyRemoved` once it is withdrawn.
    """
    versions = model.objects.filter(Q(site=site) if of is None else of, lineage=lineage)
    versions = versions.select_related("author", "organisation")
    seen = request.POST.get("seen", "")
    if seen.isascii() and seen.isdigit() and len(seen) < 19:
        older = versions.filter(pk=int(seen), withdrawn=False).first()
        if older is not None:
            return older
    return fact_or_removed(versions, back=sheet_url(site))


def filled_from(request: HttpRequest, model: Any, site: Site, last: Any) -> Any:
    """The fact that an « add » form shows: `last`; once the form is sent, the one that it was opened on."""
    if request.method != "POST":
        return last
    seen = request.POST.get("seen", "")
    known = seen.isascii() and seen.isdigit() and len(seen) < 19
    return model.objects.filter(site=site, pk=int(seen)).first() if known else None

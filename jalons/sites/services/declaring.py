"""A new site, with its first observation."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from jalons.history.services import Actor, enter
from jalons.sites.enums import SiteKind
from jalons.sites.models import Occupation, Site, Survey
from jalons.sites.services.describing import add_alias, save_site
from jalons.sites.services.observations import Observation
from jalons.sites.services.resettlements import link_resettlement
from jalons.territories.models import Commune


@transaction.atomic
def declare_site(
    *,
    by: Actor,
    commune: Commune,
    observation: Observation,
    name: str = "",
    installed_on: dt.date | None = None,
    installed_text: str = "",
    aliases: Iterable[str] = (),
    resettled_from: Iterable[Site] = (),
    source: str = "",
    **described: Any,
) -> Site:
    """A new site, with its first observation. Only the place, the date and the source are needed.

    Without a name the address names it, else the commune. Without a date of installation the site is known
    from the first observation. `source`: where it comes from (« tableau du 3 mars 2026, ligne 14 »). `described` are
    the other columns of `Site`.
    """
    described.setdefault("kind", SiteKind.UNKNOWN)
    site = Site(name=label_of(name, described, commune), commune=commune, **described)
    save_site(site=site, by=by)
    start = min(installed_on or observation.observed_on, observation.observed_on)
    enter(
        fact=Occupation(
            site=site,
            valid_on=start,
            start_is_known=installed_on is not None,
            starts_text=installed_text,
            reason=source,
        ),
        by=by,
    )
    enter(fact=Survey(site=site, reason=source, **observation.columns()), by=by)
    for alias in aliases:
        add_alias(site=site, name=alias, by=by)
    for origin in resettled_from:
        link_resettlement(origin=origin, site=site, on=start, by=by)
    return site


def label_of(name: str, described: Mapping[str, Any], commune: Commune) -> str:
    """Without a name, the address names a site; else its commune."""
    return str(name or described.get("address") or f"Site à {commune.name}")[:120]

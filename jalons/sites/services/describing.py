"""A site as a place: its name, its address, its other names."""

from typing import Any

from django.db import transaction

from jalons.core.values import fold
from jalons.history.services import Actor, save_record
from jalons.sites.models import Site, SiteAlias


def search_text_of(site: Site) -> str:
    commune = site.commune
    parts = (site.name, site.address, site.address_detail, commune.name, commune.departement.name)
    return fold(" ".join(part for part in parts if part))[:900]


def save_site(*, site: Site, by: Actor | None, reason: str = "", expected_version: int | None = None) -> Site:
    site.search_text = search_text_of(site)
    return save_record(record=site, by=by, reason=reason, expected_version=expected_version)


@transaction.atomic
def update_site(*, site: Site, by: Actor, expected_version: int, reason: str = "", **described: Any) -> Site:
    """Describe a site otherwise. Raises `Stale` when someone else did meanwhile."""
    for name, value in described.items():
        setattr(site, name, value)
    return save_site(site=site, by=by, reason=reason, expected_version=expected_version)


@transaction.atomic
def add_alias(*, site: Site, name: str, by: Actor, used_by: str = "") -> SiteAlias:
    """Another name of a site; a name that it already bears is not written twice."""
    folded = fold(name)[:160]
    known = SiteAlias.objects.filter(site=site, name_folded=folded).first()
    if known:
        return known
    alias = SiteAlias(site=site, name=name, name_folded=folded, used_by=used_by)
    return save_record(record=alias, by=by)


@transaction.atomic
def remove_alias(*, alias: SiteAlias, by: Actor) -> None:
    save_record(record=alias, by=by, reason="appellation retirée")
    alias.delete()

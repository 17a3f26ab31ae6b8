"""The facts of some sites, or of one, as of a date."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from jalons.history.querysets import AsOf, read_as_of
from jalons.sites.models import Occupation, Procedure, Site, Survey

# How far back the list reads surveys to tell a disagreement.
RECENT = dt.timedelta(days=200)


def with_absent(site: Any, *names: str) -> Any:
    """Django sets no attribute for a filtered relation that found nothing; None says so."""
    for name in names:
        site.__dict__.setdefault(name, None)
    return site


# What `checks` compares between surveys.
COMPARED = ("site", "valid_on", "reliability", "people", "set_aside", "source_kind", "source")


def recent_surveys(pks: Sequence[int], at: AsOf) -> dict[int, list[Survey]]:
    """The surveys of some sites over the last months, with what is compared between them."""
    surveys = Survey.objects.as_of(at).filter(site__in=pks, valid_on__gte=at.day - RECENT).only(*COMPARED)
    by_site: dict[int, list[Survey]] = defaultdict(list)
    for survey in surveys.order_by("valid_on", "reliability", "pk"):
        by_site[survey.site_id].append(survey)
    return by_site


def standing_by_site(model: Any, pks: Sequence[int], at: AsOf) -> dict[int, Any]:
    """The standing fact of each of some sites, as of a date: one query, none for no site."""
    facts = model.objects.as_of(at).contenders().filter(site__in=pks)
    if at.known is None:
        facts = facts.in_force(at)
        return {fact.site_id: fact for fact in facts.order_by("pk")}
    # As it was known then: the choice is made again, the one that stands comes last.
    return {fact.site_id: fact for fact in facts.ranked().reverse()}


def newest_by_site(model: Any, pks: Sequence[int], at: AsOf) -> dict[int, list[Any]]:
    """The facts of some sites, newest first: one query."""
    by_site: dict[int, list[Any]] = defaultdict(list)
    facts = model.objects.as_of(at).filter(site__in=pks).order_by("-valid_on", "-recorded_at", "-pk")
    for fact in facts:
        by_site[fact.site_id].append(fact)
    return by_site


def newest(model: Any, at: AsOf, site: Site, *related: str) -> list[Any]:
    """The facts of one site, the one that stands first, then the newest; `related` are read with each."""
    rank = [f"-{name}" for name in getattr(model, "RANK", ())]

    def build(key: int) -> Any:
        facts = model.objects.as_of(at).filter(site=key).select_related("organisation", "author", *related)
        return facts.order_by("-valid_on", *rank, "-recorded_at", "-pk")

    return read_as_of(("newest", model, *related), build, at, site.pk)


def site_procedures(site: Site, at: AsOf) -> list[Procedure]:
    return newest(Procedure, at, site)


def first_known(site: Site) -> Occupation | None:
    """Since when a site is known to be lived in, as we know it now."""
    return Occupation.objects.known().filter(site=site).first()

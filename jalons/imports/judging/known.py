"""What Jalons knows of the sites that a table speaks of, read at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F

from jalons.core.values import format_date
from jalons.history.querysets import NOW
from jalons.history.services import Actor
from jalons.imports.matching.choosing import KnownNames, KnownThing
from jalons.sites.models import LivingConditions, Site, SiteAlias, Survey
from jalons.sites.querysets import SiteQuerySet

CHUNK = 1_000  # keys asked at once


def sites_around(user: Any, communes: Iterable[str]) -> dict[str, Site]:
    """The sites that this person sees in the départements of these communes, by public id.

    Thousands of sites share a few communes: each is read once (`prefetch_related`), not with every site.
    """
    departements = {code[:3] if code.startswith("97") else code[:2] for code in communes}
    return by_key(standing_sites(user).filter(commune__departement__in=departements))


def sites_named(user: Any, keys: Iterable[str]) -> dict[str, Site]:
    """The same of those of these public ids: a few queries for each thousand."""
    wanted, found = sorted(set(keys)), dict[str, Site]()
    for start in range(0, len(wanted), CHUNK):
        found |= by_key(standing_sites(user).filter(public_id__in=wanted[start : start + CHUNK]))
    return found


def standing_sites(user: Any) -> SiteQuerySet:
    sites = Site.objects.visible_to(user).on(NOW).standing().annotate(ended_on=F("occupation__ended_on"))
    return sites.annotate(opened_on=F("occupation__valid_on"), is_dated=F("occupation__start_is_known"))


def by_key(sites: SiteQuerySet) -> dict[str, Site]:
    found = sites.prefetch_related("commune__departement").order_by("pk")
    return {site.public_id: site for site in found}


def names_of(sites: dict[str, Site]) -> KnownNames:
    """By their name and their aliases. One query."""
    aliases: defaultdict[int, list[str]] = defaultdict(list)
    own = SiteAlias.objects.filter(site__in=[site.pk for site in sites.values()]).order_by("pk")
    for site_id, name in own.values_list("site_id", "name"):
        aliases[site_id].append(name)
    return KnownNames(
        KnownThing(
            key=key,
            names=(site.name, *aliases[site.pk]),
            group=site.commune_id,
            group_label=site.commune.name,
            address=site.address,
        )
        for key, site in sites.items()
    )


class KnownFacts:
    """The counts and assessments in force on the days of a table, and those that `by` already gave for these days.

    Who wrote them is read once for all.
    """

    def __init__(self, sites: Iterable[Site], days: Iterable[dt.date], by: Actor) -> None:
        keys, days = sorted({site.pk for site in sites}), sorted(set(days))
        self.surveys: dict[int, list[Survey]] = defaultdict(list)
        self.conditions: dict[int, list[LivingConditions]] = defaultdict(list)
        self.given: dict[tuple[int, dt.date], Survey] = {}
        if not keys or not days:
            return
        kinds: tuple[tuple[Any, dict[int, Any]], ...] = (
            (Survey, self.surveys),
            (LivingConditions, self.conditions),
        )
        for model, found in kinds:
            rows = model.objects.known().filter(
                site__in=keys, valid_on__lte=days[-1], holds_until__gt=days[0]
            )
            for row in rows.prefetch_related("author", "organisation").order_by("valid_on", "pk"):
                found[row.site_id].append(row)
        given = Survey.objects.known().filter(site__in=keys, valid_on__in=days, organisation=by.organisation)
        for survey in given.prefetch_related("author", "organisation").order_by("pk"):
            self.given[survey.site_id, survey.valid_on] = survey

    def figure(self, site: Site, day: dt.date) -> Survey | None:
        return standing_on(self.surveys[site.pk], day)

    def state(self, site: Site, day: dt.date) -> LivingConditions | None:
        return standing_on(self.conditions[site.pk], day)

    def mine(self, site: Site, day: dt.date) -> Survey | None:
        return self.given.get((site.pk, day))


def standing_on(facts: list[Any], day: dt.date) -> Any:
    return next((fact for fact in facts if fact.valid_on <= day < fact.holds_until), None)


def who_wrote(fact: Any) -> str:
    """« Camille Exemple, DDETS, le 3 mars 2026 », for a present value."""
    return f"{fact.author}, {fact.organisation}, pour le {format_date(fact.valid_on)}"

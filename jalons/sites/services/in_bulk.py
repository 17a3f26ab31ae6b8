"""Many sites and facts at once: what a table of ten thousand rows writes, in a number of queries that does not grow."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from jalons.editing.refusals import Refused
from jalons.history.services import Actor, create_records, enter_all
from jalons.sites.enums import SiteKind
from jalons.sites.models import LivingConditions, Occupation, Site, Survey
from jalons.sites.services.declaring import label_of
from jalons.sites.services.describing import search_text_of
from jalons.sites.services.observations import Observation, condition_columns
from jalons.sites.services.occupations import MERGED, open_from
from jalons.territories.models import Commune

CHUNK = 1_000  # facts written at once
Add = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class NewSite:
    """A site to declare, known from its first count. `described`: other columns of `Site`. `installed_on`: when
    somebody says it; at the latest the day of the count.
    """

    commune: Commune
    observation: Observation
    name: str = ""
    source: str = ""
    described: Mapping[str, Any] = field(default_factory=dict)
    installed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class NewCount:
    site: Site
    observation: Observation
    source: str = ""


@dataclass(frozen=True, slots=True)
class NewAssessment:
    site: Site
    observed_on: dt.date
    answers: Mapping[str, Any]
    source: str = ""


def chunks(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def ignore(number: int) -> None:
    """For work that nobody watches."""


@transaction.atomic
def declare_sites(
    *, by: Actor, declared: Sequence[NewSite], add: Add = ignore
) -> list[tuple[Site, Occupation, Survey]]:
    """As `declare_site`, in the order given. `add`: called with how many were just written, here and below."""
    found: list[tuple[Site, Occupation, Survey]] = []
    for some in chunks(declared):
        sites = [as_site(one) for one in some]
        create_records(records=sites, by=by)
        occupations = [
            Occupation(
                site=site,
                valid_on=min(one.installed_on or one.observation.observed_on, one.observation.observed_on),
                start_is_known=one.installed_on is not None,
                reason=one.source,
            )
            for site, one in zip(sites, some, strict=True)
        ]
        surveys = [
            Survey(site=site, reason=one.source, **one.observation.columns())
            for site, one in zip(sites, some, strict=True)
        ]
        enter_all(facts=occupations, by=by)
        enter_all(facts=surveys, by=by)
        found += zip(sites, occupations, surveys, strict=True)
        add(len(some))
    return found


def as_site(one: NewSite) -> Site:
    described = {"kind": SiteKind.UNKNOWN, **one.described}
    site = Site(name=label_of(one.name, described, one.commune), commune=one.commune, **described)
    site.search_text = search_text_of(site)
    return site


@transaction.atomic
def add_surveys(*, by: Actor, counts: Sequence[NewCount], add: Add = ignore) -> list[Survey]:
    """As `add_survey`, in the order given. Raises `Refused` for a merged site, or before a known installation."""
    written: list[Survey] = []
    for some in chunks(counts):
        opened = openings_of(one.site for one in some)
        for one in sorted(some, key=lambda one: one.observation.observed_on):
            if one.observation.observed_on < opened[one.site.pk]:
                open_from(site=one.site, on=one.observation.observed_on, by=by)
        surveys = [Survey(site=one.site, reason=one.source, **one.observation.columns()) for one in some]
        written += enter_all(facts=surveys, by=by)
        add(len(some))
    return written


@transaction.atomic
def add_assessments(
    *, by: Actor, assessments: Sequence[NewAssessment], add: Add = ignore
) -> list[LivingConditions]:
    """As `add_conditions`, in the order given. The rows of a table give few different answers: judged once each."""
    written: list[LivingConditions] = []
    judged: dict[str, dict[str, Any]] = {}
    for some in chunks(assessments):
        openings_of(one.site for one in some)
        facts = []
        for one in some:
            key = json.dumps(one.answers, sort_keys=True)
            if key not in judged:
                judged[key] = condition_columns(one.answers)
            facts.append(
                LivingConditions(site=one.site, valid_on=one.observed_on, reason=one.source, **judged[key])
            )
        written += enter_all(facts=facts, by=by)
        add(len(some))
    return written


def openings_of(sites: Iterable[Site]) -> dict[int, dt.date]:
    """When each was opened, as we know it now; raises `Refused` when one was merged into another."""
    pks = {site.pk for site in sites}
    known = Occupation.objects.known().filter(site__in=pks)
    found = dict(known.values_list("site_id", "valid_on"))
    if pks - set(found):
        raise Refused(MERGED)
    return found

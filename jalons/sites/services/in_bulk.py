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
    written: list[tuple[Site, Occupation, Survey]] = []
    for some in chunks(declared):
        sites = [as_site(new_site) for new_site in some]
        create_records(records=sites, by=by)
        occupations = [
            Occupation(
                site=site,
                valid_on=min(
                    new_site.installed_on or new_site.observation.observed_on,
                    new_site.observation.observed_on,
                ),
                start_is_known=new_site.installed_on is not None,
                reason=new_site.source,
            )
            for site, new_site in zip(sites, some, strict=True)
        ]
        surveys = [
            Survey(site=site, reason=new_site.source, **new_site.observation.columns())
            for site, new_site in zip(sites, some, strict=True)
        ]
        enter_all(facts=occupations, by=by)
        enter_all(facts=surveys, by=by)
        written += zip(sites, occupations, surveys, strict=True)
        add(len(some))
    return written


def as_site(new_site: NewSite) -> Site:
    described = {"kind": SiteKind.UNKNOWN, **new_site.described}
    site = Site(
        name=label_of(new_site.name, described, new_site.commune), commune=new_site.commune, **described
    )
    site.search_text = search_text_of(site)
    return site


@transaction.atomic
def add_surveys(*, by: Actor, counts: Sequence[NewCount], add: Add = ignore) -> list[Survey]:
    """As `add_survey`, in the order given. Raises `Refused` for a merged site, or before a known installation."""
    written: list[Survey] = []
    for some in chunks(counts):
        opened = openings_of(new_count.site for new_count in some)
        for new_count in sorted(some, key=lambda new_count: new_count.observation.observed_on):
            if new_count.observation.observed_on < opened[new_count.site.pk]:
                open_from(site=new_count.site, on=new_count.observation.observed_on, by=by)
        surveys = [
            Survey(site=new_count.site, reason=new_count.source, **new_count.observation.columns())
            for new_count in some
        ]
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
        openings_of(assessment.site for assessment in some)
        facts = []
        for assessment in some:
            key = json.dumps(assessment.answers, sort_keys=True)
            if key not in judged:
                judged[key] = condition_columns(assessment.answers)
            facts.append(
                LivingConditions(
                    site=assessment.site,
                    valid_on=assessment.observed_on,
                    reason=assessment.source,
                    **judged[key],
                )
            )
        written += enter_all(facts=facts, by=by)
        add(len(some))
    return written


def openings_of(sites: Iterable[Site]) -> dict[int, dt.date]:
    """When each was opened, as we know it now; raises `Refused` when one was merged into another."""
    pks = {site.pk for site in sites}
    known = Occupation.objects.known().filter(site__in=pks)
    opened = dict(known.values_list("site_id", "valid_on"))
    if pks - set(opened):
        raise Refused(MERGED)
    return opened

"""Reading how far resorptions are prepared: for a sheet, a list, a filter."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.history.querysets import NOW, AsOf, read_as_of
from jalons.sites.cards import SiteColumn, SiteLink
from jalons.sites.enums import StepState, StepStatus, Suitability
from jalons.sites.models import Occupation, PreparatoryStep, Site, SiteSuitability
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.resorption.progress import PENDING, Preparation, preparation_of

# « Une étape au moins » of any status.
BEGUN = "begun"
STATUS_CHOICES = [(BEGUN, "Commencée"), *StepStatus.choices]
JOINED = ("led_by", "led_by_person", "author", "organisation")


def site_preparation(site: Site, at: AsOf = NOW, *, closed_on: dt.date | None = None) -> Preparation:
    """The nine steps of one site on a date: one query."""

    def build(key: int) -> Any:
        steps = PreparatoryStep.objects.in_force_as_known(at).filter(site=key)
        return steps.select_related(*JOINED).order_by("pk")

    steps = read_as_of("steps", build, at, site.pk)
    return preparation_of(steps, day=at.day, closed_on=closed_on)


def preparation_by_site(pks: Sequence[int], at: AsOf = NOW) -> Mapping[int, Preparation]:
    """The same for some sites, those without any step left out: two queries, whatever their number."""
    steps = PreparatoryStep.objects.in_force_as_known(at).filter(site__in=pks)
    by_site: dict[int, list[PreparatoryStep]] = defaultdict(list)
    for step in steps.select_related("led_by", "led_by_person").order_by("pk"):
        by_site[step.site_id].append(step)
    ends = Occupation.objects.closed_on(at).filter(site__in=list(by_site))
    closed = dict(ends.order_by("pk").values_list("site_id", "ended_on")) if by_site else {}
    return {pk: preparation_of(rows, day=at.day, closed_on=closed.get(pk)) for pk, rows in by_site.items()}


def suitability_by_site(pks: Sequence[int], at: AsOf = NOW) -> Mapping[int, SiteSuitability]:
    """Whether each of some sites can be fitted out: one query."""
    rows = SiteSuitability.objects.in_force_as_known(at).filter(site__in=pks)
    return {row.site_id: row for row in rows.order_by("pk")}


# Filters ---------------------------------------------------------------------------------------------------


def of_status(status: str, day: dt.date) -> Q:
    """Of steps that stand on `day`, on open sites: `progress.status_of`, asked of the base."""
    late = Q(state__in=PENDING, planned_on__lt=day)
    if status == StepStatus.LATE:
        return late
    if status in PENDING:
        return Q(state=status) & ~late
    if status == StepStatus.STOPPED:
        return Q(state__in=PENDING)
    return Q(state=status) if status in (StepState.DONE, StepState.NOT_NEEDED) else Q()


def having_step(sites: SiteQuerySet, *, kind: str = "", status: str = BEGUN, at: AsOf = NOW) -> SiteQuerySet:
    """The sites of which a step (`kind`, any without one) stands so.

    « Non renseignée »: a site with a target or with some step, of which nobody wrote anything of this one.
    """
    standing = PreparatoryStep.objects.in_force_as_known(at).filter(site=OuterRef("pk")).order_by()
    chosen = standing.filter(kind=kind) if kind else standing
    if status == StepStatus.UNKNOWN:
        concerned = Q(resorption_target__isnull=False) | Q(Exists(standing))
        return sites.filter(concerned, ~Exists(chosen))
    matching = sites.filter(Exists(chosen.filter(of_status(status, at.day))))
    closed = Exists(Occupation.objects.closed_on(at).filter(site=OuterRef("pk")))
    if status == StepStatus.STOPPED:
        return matching.filter(closed)
    return matching.filter(~closed) if status in (*PENDING, StepStatus.LATE) else matching


def of_suitability(sites: SiteQuerySet, answer: str, at: AsOf = NOW) -> SiteQuerySet:
    """« Inconnu »: nobody knows, or nobody was asked."""
    same = Q(suitability__answer=answer)
    none = Q(suitability__isnull=True) if answer == Suitability.UNKNOWN else Q(pk__in=[])
    return sites.with_suitability(at).filter(same | none)


# The column of the list ------------------------------------------------------------------------------------


def progress_by_site(user: Any, sites: Sequence[int], at: AsOf) -> Mapping[int, Sequence[SiteLink]]:
    """How far each site is, with what comes next and whether it can be fitted out: at most four queries."""
    prepared, suitable = preparation_by_site(sites, at), suitability_by_site(sites, at)
    addresses = dict(Site.objects.filter(pk__in=[*prepared, *suitable]).values_list("pk", "public_id"))
    query = f"?{at.query}" if at.query else ""
    links = {}
    for pk, public_id in addresses.items():
        url = f"{reverse('sites:sheet', args=[public_id])}{query}#resorption"
        preparation, suitability = prepared.get(pk), suitable.get(pk)
        notes = [
            preparation.next_line.words if preparation and preparation.next_line else "",
            f"Aménageable\u00a0: {suitability.get_answer_display().lower()}" if suitability else "",
        ]
        label = preparation.summary if preparation else COLUMN.empty.capitalize()
        links[pk] = [SiteLink(label, url, tuple(filter(None, notes)))]
    return links


COLUMN = SiteColumn(
    key="resorption",
    header="Résorption",
    right=Right.READ_SITES,
    empty="aucune étape",
    links="jalons.sites.resorption.selectors.progress_by_site",
)


# For forms -------------------------------------------------------------------------------------------------


def last_known_step(site: Site, kind: str) -> PreparatoryStep | None:
    """What was written last of a step: the situation that a form shows."""
    return PreparatoryStep.objects.known().filter(site=site, kind=kind).ranked().first()


def last_suitability(site: Site) -> SiteSuitability | None:
    return SiteSuitability.objects.known().filter(site=site).ranked().first()

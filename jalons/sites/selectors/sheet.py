"""Everything one person may read of one site."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.discussions.models import Comment
from jalons.discussions.subscriptions import following
from jalons.documents.models import Document
from jalons.history.querysets import NOW, AsOf, read_as_of
from jalons.sites.cards import rare_rows
from jalons.sites.checks import disagreeing, freshness, why_used
from jalons.sites.chronology import facts_of_sheet, site_discords
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Orientation,
    Ownership,
    PreparatoryStep,
    Procedure,
    Resettlement,
    Site,
    SiteAlias,
    SiteEvent,
    SiteSuitability,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.questions import Assessment, assess_all
from jalons.sites.resorption.progress import Preparation, preparation_of
from jalons.sites.resorption.selectors import site_preparation
from jalons.sites.selectors.facts import newest, site_procedures, with_absent
from jalons.thresholds.selectors import limits_in_force


@dataclass(frozen=True, slots=True)
class Move:
    """People who went from one site to another. `other` None: a site that the reader may not see."""

    link: Resettlement
    other: Site | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything one person may read of one site, as of a date. A block that they may not read is None.

    `to_check`: the dates that do not agree, until one of the two is corrected.
    """

    site: Site
    at: AsOf
    occupation: Occupation | None
    aliases: Sequence[SiteAlias]
    surveys: Sequence[Survey]
    figure: Survey | None
    why: str
    others: Sequence[Survey]
    state: LivingConditions | None
    conditions: Sequence[Assessment]
    diagnosis: SocialDiagnosis | None
    events: Sequence[SiteEvent]
    orientations: Sequence[Orientation]
    departures: Sequence[Move]
    arrivals: Sequence[Move]
    merged: Sequence[Site]
    procedures: Sequence[Procedure] | None
    ownership: Ownership | None
    shows_owner: bool
    preparation: Preparation
    suitability: SiteSuitability | None = None
    to_check: Sequence[str] = ()
    freshness: str = "late"

    @property
    def closed_on(self) -> dt.date | None:
        """The day the site closed, if it was closed on the date looked at."""
        ended = self.occupation.ended_on if self.occupation else None
        return ended if ended and ended <= self.at.day else None

    @property
    def is_open(self) -> bool:
        return self.occupation is not None and self.closed_on is None

    @property
    def tells_resorption(self) -> bool:
        """There is a target, a step, or somebody looked whether the site can be fitted out."""
        return bool(self.site.resorption_target or self.preparation.begun or self.suitability)


# What one row tells of a site on a date, beside the site itself.
JOINED = (
    "occupation",
    "state__organisation",
    "state__author",
    "diagnosis__organisation",
    "diagnosis__author",
    "suitability__organisation",
    "suitability__source",
)
# Most sites have none of these: whether there is any, ever, is asked with the site, so that nothing is not read.
# Never of a block that not everybody may read.
RARE: Mapping[str, Any] = {
    "has_merged": Site.objects.filter(merged_into=OuterRef("pk")),
    "has_aliases": SiteAlias.objects.filter(site=OuterRef("pk")),
    "has_events": SiteEvent.objects.filter(site=OuterRef("pk")),
    "has_moves": Resettlement.objects.filter(Q(origin=OuterRef("pk")) | Q(site=OuterRef("pk"))),
    "has_steps": PreparatoryStep.objects.filter(site=OuterRef("pk")),
}


def described_sites(kind: int, at: AsOf = NOW) -> Any:
    """Sites with all that one row tells of each on a date, for `sheet_of`; `occupation` is None if it was not there.

    `kind`: see `kind_of_sites`.
    """
    sites = Site.objects.occupied(at, Q()).with_state(at).with_diagnosis(at).with_suitability(at)
    attached = {
        f"has_{name}": model.objects.filter(content_type=kind, object_id=OuterRef("pk"))
        for name, model in (("comments", Comment), ("documents", Document))
    }
    rare = {**RARE, **attached, **rare_rows()}
    sites = sites.annotate(**{flag: Exists(rows) for flag, rows in rare.items()})
    return sites.select_related("commune__departement", "merged_into__commune", *JOINED)


def kind_of_sites() -> int:
    """What is attached to a site is found by this key. It is of one base at one time, as any key: never in kept SQL."""
    return int(ContentType.objects.get_for_model(Site).pk)


def described_site(user: Any, public_id: str, at: AsOf = NOW) -> Any:
    """One of `described_sites`, if this person may see it, with what they keep and follow of it."""
    territory = territory_of(user, Right.READ_SITES)

    def build(kind: int, reader: int, name: str) -> Any:
        sites = described_sites(kind, at).annotate(**following(reader, Site())).in_territory(territory)
        return sites.filter(public_id=name).order_by("pk")

    keys = kind_of_sites(), user.pk, public_id
    return next(iter(read_as_of(("site", territory), build, at, *keys)), None)


def site_sheet(user: Any, site: Site, at: AsOf = NOW) -> Sheet:
    """The sheet of a site that was opened otherwise: one query more."""
    then = described_sites(kind_of_sites(), at).get(pk=site.pk)
    return replace(sheet_of(user, then, at), site=site)


def sheet_of(user: Any, then: Any, at: AsOf = NOW) -> Sheet:
    """Of one of `described_sites`: at most eight queries, whatever was observed, three where little was."""
    site = with_absent(then, "occupation", "state", "diagnosis", "suitability")
    occupation, state = site.occupation, site.state
    if occupation is None:
        state = site.diagnosis = site.suitability = None
    surveys = newest(Survey, at, site, "source")
    figure = next((survey for survey in surveys if survey.people is not None and not survey.set_aside), None)
    justice = territory_of(user, Right.READ_JUSTICE).covers(site.commune)
    owner = territory_of(user, Right.READ_OWNER).covers(site.commune)
    procedures = site_procedures(site, at) if justice else None
    is_closed = occupation is not None and bool(occupation.ended_on and occupation.ended_on <= at.day)
    limits = limits_in_force()
    moves = site_moves(user, site, at) if site.has_moves else []
    closed_on = occupation.ended_on if occupation else None
    sheet = Sheet(
        site=site,
        at=at,
        occupation=occupation,
        aliases=list(site.aliases.order_by("name", "pk")) if site.has_aliases else [],
        surveys=surveys,
        figure=figure,
        why=why_used(figure, surveys) if figure else "",
        others=disagreeing(figure, surveys),
        state=state,
        conditions=assess_all(state.answers if state else {}),
        diagnosis=site.diagnosis,
        events=newest(SiteEvent, at, site) if site.has_events else [],
        orientations=list(occupation.orientations.order_by("pk")) if occupation and is_closed else [],
        departures=[move for move in moves if move.link.origin_id == site.pk],
        arrivals=[move for move in moves if move.link.site_id == site.pk],
        merged=list(site.merged.order_by("pk")) if site.has_merged else [],
        procedures=procedures,
        ownership=next(iter(newest(Ownership, at, site)), None) if owner else None,
        shows_owner=owner,
        preparation=(
            site_preparation(site, at, closed_on=closed_on)
            if site.has_steps
            else preparation_of([], day=at.day, closed_on=closed_on)
        ),
        suitability=site.suitability,
        freshness=freshness(figure.valid_on if figure else None, at.day, limits),
    )
    return replace(sheet, to_check=site_discords(occupation, facts_of_sheet(sheet)))


def site_moves(user: Any, site: Site, at: AsOf) -> list[Move]:
    """The resettlements from and to a site, newest first. A site out of the reader's reach is not named."""
    links = Resettlement.objects.as_of(at).filter(Q(origin=site) | Q(site=site))
    links = links.select_related("origin__commune", "site__commune", "organisation")
    seen = territory_of(user, Right.READ_SITES)
    moves = []
    for link in links.order_by("-valid_on", "-pk"):
        other = link.site if link.origin_id == site.pk else link.origin
        moves.append(Move(link, other if seen.covers(other.commune) else None))
    return moves

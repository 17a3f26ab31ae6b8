"""The rows of the export of sites, read in batches."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from jalons.core.values import Value, format_date, local_day
from jalons.discussions.models import Comment
from jalons.history.querysets import AsOf
from jalons.sites.cards import SiteLink, site_columns
from jalons.sites.enums import Condition, Theme
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Orientation,
    Ownership,
    Procedure,
    Site,
    SiteSuitability,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.questions import assess_all
from jalons.sites.resorption.exports import RESORPTION
from jalons.sites.resorption.progress import Preparation
from jalons.sites.resorption.selectors import preparation_by_site, suitability_by_site
from jalons.sites.selectors import newest_by_site, standing_by_site

IDENTITY, PEOPLE, CONDITIONS = "Identification", "Habitants", "Conditions de vie"
CLOSING, PROCEDURES, OWNER, COMMENTS = "Fermeture", "Procédures", "Propriétaire", "Commentaires"


# Sites read together: enough to make queries rare, few enough to stay small in memory.
BATCH = 500


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One site with everything that the columns may read of it."""

    site: Site
    at: AsOf
    occupation: Occupation
    figure: Survey | None
    state: LivingConditions | None
    diagnosis: SocialDiagnosis | None
    procedures: Sequence[Procedure]
    ownership: Ownership | None
    comments: Sequence[Any]
    beside: Mapping[str, Sequence[SiteLink]] = field(default_factory=dict)
    preparation: Preparation | None = None
    suitability: SiteSuitability | None = None

    @property
    def commune(self) -> Any:
        return self.site.commune

    @property
    def closed(self) -> bool:
        return self.occupation.ended_on is not None and self.occupation.ended_on <= self.at.day

    def count(self, name: str) -> Value | int:
        """A count of the survey in use; without a survey everything is « not available »."""
        if self.figure is None:
            return Value.nd()
        number = getattr(self.figure, name)
        # A number says it all; building a value for each of a hundred thousand cells costs half a second.
        return self.figure.value(name) if number is None else number

    def condition(self, theme: Theme) -> str:
        return Condition(getattr(self.state, theme.value) if self.state else Condition.UNKNOWN).label

    def reasons(self) -> str:
        assessments = assess_all(self.state.answers if self.state else {})
        sentences = [
            f"{assessment.theme.label} : {', '.join(assessment.reasons)}"
            for assessment in assessments
            if assessment.reasons
        ]
        return " ; ".join(sentences)

    def orientation(self, kind: str, name: str) -> Value:
        if not self.closed:
            return Value.na()
        for orientation in self.occupation.orientations.all():
            if orientation.kind == kind:
                return orientation.value(name)
        return Value.empty()

    def step(self, kind: str) -> Procedure | None:
        return next((step for step in self.procedures if step.kind == kind), None)

    def step_words(self, kind: str) -> str:
        step = self.step(kind)
        return f"{step.get_status_display()} le {format_date(step.valid_on)}" if step else ""

    def evacuation(self) -> Any:
        return next((step.evacuation_on for step in self.procedures if step.evacuation_on), None)


def export_rows(user: Any, sites: SiteQuerySet, at: AsOf, groups: set[str]) -> Iterator[ExportRow]:
    """Site after site, read by batches: a handful of queries for each 500 sites, and never more in memory."""
    keys = list(
        sites.annotate(occupation_pk=F("occupation__pk"), figure_pk=F("figure__pk")).values_list(
            "pk", "occupation_pk", "figure_pk"
        )
    )
    for start in range(0, len(keys), BATCH):
        yield from read_batch(user, keys[start : start + BATCH], at, groups)


def read_batch(
    user: Any, keys: Sequence[tuple[int, int, int | None]], at: AsOf, groups: set[str]
) -> Iterator[ExportRow]:
    pks = [pk for pk, _, _ in keys]
    # Prefetched, not joined: a commune or an organisation is read once for all the sites that share it.
    places = ("aliases", "commune__departement", "commune__epci")
    sites = Site.objects.prefetch_related(*places).in_bulk(pks)
    occupations = Occupation.objects.in_bulk([occupation for _, occupation, _ in keys])
    if CLOSING in groups:
        attach_orientations(occupations)
    figures = Survey.objects.prefetch_related("organisation", "source").in_bulk([f for _, _, f in keys if f])
    states = standing_by_site(LivingConditions, pks, at) if CONDITIONS in groups else {}
    diagnoses = standing_by_site(SocialDiagnosis, pks, at) if CONDITIONS in groups else {}
    procedures = newest_by_site(Procedure, pks, at) if PROCEDURES in groups else {}
    owners = newest_by_site(Ownership, pks, at) if OWNER in groups else {}
    comments = comments_by_site(sites, at) if COMMENTS in groups else {}
    beside = {column.key: column.read(user, pks, at) for column in site_columns() if column.header in groups}
    prepared = preparation_by_site(pks, at) if RESORPTION in groups else {}
    suitable = suitability_by_site(pks, at) if RESORPTION in groups else {}
    for pk, occupation, figure in keys:
        yield ExportRow(
            site=sites[pk],
            at=at,
            occupation=occupations[occupation],
            figure=figures.get(figure) if figure else None,
            state=states.get(pk),
            diagnosis=diagnoses.get(pk),
            procedures=procedures.get(pk, ()),
            ownership=next(iter(owners.get(pk, ())), None),
            comments=comments.get(pk, ()),
            beside={key: links.get(pk, ()) for key, links in beside.items()},
            preparation=prepared.get(pk),
            suitability=suitable.get(pk),
        )


def attach_orientations(occupations: dict[int, Occupation]) -> None:
    """What `prefetch_related` would do, which `in_bulk` on an empty list may not."""
    orientations: dict[int, list[Orientation]] = defaultdict(list)
    for orientation in Orientation.objects.filter(occupation__in=list(occupations)).order_by("pk"):
        orientations[orientation.occupation_id].append(orientation)
    for pk, occupation in occupations.items():
        occupation._prefetched_objects_cache = {"orientations": orientations[pk]}  # type: ignore[attr-defined]


def comments_by_site(sites: dict[int, Site], at: AsOf) -> dict[int, list[str]]:
    """« 12/03/2026, DDETS du Nord : … », oldest first; those written after the point in the past left out."""
    comments: dict[int, list[str]] = defaultdict(list)
    written = Comment.objects.for_everyone().about(*sites.values()).standing().with_people()
    for comment in written.order_by("created_at", "pk"):
        if at.had_seen(comment.created_at):
            comments[comment.object_id].append(
                f"{format_date(local_day(comment.created_at))}, {comment.organisation}\u00a0: {comment.text}"
            )
    return comments

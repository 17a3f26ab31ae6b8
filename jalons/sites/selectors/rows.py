"""The lines of the list of sites and what they add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.core.values import Value
from jalons.history.querysets import NOW, AsOf
from jalons.sites.cards import ListedReason, SiteColumn, SiteLink, reasons_on
from jalons.sites.checks import disagreeing, freshness
from jalons.sites.chronology import shown_discords
from jalons.sites.enums import Reliability, SiteKind, SourceKind
from jalons.sites.models import LivingConditions, Occupation, Site, Survey
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.selectors.facts import recent_surveys, with_absent
from jalons.thresholds.selectors import limits_in_force


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One line of the list. `reasons`: why it calls for somebody; `to_check`: what does not agree in its data."""

    site: Site
    occupation: Occupation
    figure: Survey | None
    state: LivingConditions | None
    reasons: Sequence[ListedReason]
    to_check: Sequence[str]
    others: Sequence[Survey]
    freshness: str
    shows_justice: bool
    # For each column of an app above: what to say without any link, and the links.
    beside: Sequence[tuple[SiteColumn, Sequence[SiteLink]]] = ()

    @property
    def place(self) -> str:
        """« Lille · terrain · depuis mars 2017 »."""
        commune = self.site.commune
        kind = "" if self.site.kind == SiteKind.UNKNOWN else self.site.get_kind_display().lower()
        where = f"{commune.name} ({commune.departement_id})"
        return " · ".join(part for part in (where, kind, self.occupation.words) if part)

    @property
    def people(self) -> Value:
        return self.figure.value("people") if self.figure else Value.nd()

    @property
    def minors(self) -> Value:
        return self.figure.value("minors") if self.figure else Value.nd()

    @property
    def source(self) -> str:
        """« opérateur, compté », or what was said without counting again."""
        if self.figure is None:
            return ""
        return source_words(
            self.figure.source,
            self.figure.source_kind,
            reliability=self.figure.reliability,
            unchanged=self.figure.unchanged,
        )


def source_words(source: Any, kind: str, *, reliability: int, unchanged: bool) -> str:
    """Who counted and how: `source`, the structure if it is known, else the `SourceKind`."""
    how = "rien n’a changé" if unchanged else Reliability(reliability).label.lower()
    return f"{source or SourceKind(kind).label}, {how}"


def site_rows(
    user: Any,
    page: SiteQuerySet,
    at: AsOf = NOW,
    columns: Sequence[SiteColumn] = (),
    *,
    urgent: bool = False,
) -> list[SiteRow]:
    """The lines of one page (an ordered and sliced queryset of `filtered_sites`), in its order.

    Three queries, and those of the `columns` that apps above add; with `urgent`, those of what calls for somebody.
    """
    # Keys first: a database that sorts thousands of sites should not carry all their columns along.
    pks = list(page.values_list("pk", flat=True))
    return site_rows_by_key(user, pks, at, columns, urgent=urgent)


def site_rows_by_key(
    user: Any,
    pks: Sequence[int],
    at: AsOf = NOW,
    columns: Sequence[SiteColumn] = (),
    *,
    urgent: bool = False,
) -> list[SiteRow]:
    """The same where the keys of the page are known: a query less."""
    sites = sites_on(pks, at)
    surveys = recent_surveys(pks, at)
    justice, limits = territory_of(user, Right.READ_JUSTICE), limits_in_force()
    reasons = reasons_on(user, pks) if urgent and pks else {}
    beside = [(column, column.read(user, pks, at)) for column in columns]
    rows = []
    for pk in pks:
        site = sites[pk]
        figure, state = site.figure, site.state
        rows.append(
            SiteRow(
                site=site,
                occupation=site.occupation,
                figure=figure,
                state=state,
                reasons=reasons.get(pk, ()),
                to_check=shown_discords(site.occupation, figure, state),
                others=disagreeing(figure, surveys[pk]),
                freshness=freshness(figure.valid_on if figure else None, at.day, limits),
                shows_justice=justice.covers(site.commune),
                beside=[(column, links.get(pk, ())) for column, links in beside],
            )
        )
    return rows


def sites_on(pks: Sequence[int], at: AsOf) -> dict[int, Any]:
    """Sites by key, each with its `occupation`, and `figure`, `state` or None, on a date: one query."""
    sites = Site.objects.filter(pk__in=pks).on(at).with_figure(at).with_state(at)
    joined = ("occupation", "figure__organisation", "figure__source", "state")
    described = sites.select_related("commune__departement", *joined).order_by("pk")
    return {site.pk: with_absent(site, "figure", "state") for site in described}

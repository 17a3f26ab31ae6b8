"""Reads over sites and their facts, as of any date. One query each, whatever the number of rows."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Self

from django.db import models
from django.db.models import (
    Case,
    Exists,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.figures.areas import FigureArea
from jalons.history.querysets import NOW, AsOf, FactQuerySet, known_at
from jalons.sites.enums import Condition, Theme


def prefixed(condition: Q, prefix: str) -> Q:
    """The same condition asked through a relation."""
    twin = Q(_connector=condition.connector, _negated=condition.negated)
    children: list[Any] = list(condition.children)
    for child in children:
        if isinstance(child, Q):
            twin.children.append(prefixed(child, prefix))
        else:
            twin.children.append((f"{prefix}__{child[0]}", child[1]))
    return twin


class OccupationQuerySet(FactQuerySet):
    def open_on(self, at: AsOf = NOW) -> Self:
        return self.as_of(at).exclude(ended_on__lte=at.day)

    def closed_on(self, at: AsOf = NOW) -> Self:
        return self.as_of(at).filter(ended_on__lte=at.day)


class SiteQuerySet(models.QuerySet[Any]):
    def related(self, name: str) -> Any:
        """The manager of a kind of fact, which this module may not import."""
        model: Any = self.model._meta.get_field(name).related_model
        return model._default_manager

    def visible_to(self, user: Any) -> Self:
        return self.in_territory(territory_of(user, Right.READ_SITES))

    def writable_by(self, user: Any, right: Right) -> Self:
        return self.in_territory(territory_of(user, right))

    def in_territory(self, territory: Territory) -> Self:
        """Where a right holds: `Territory.covers`, asked of the database."""
        return self.filter(territory.q())

    def of_area(self, area: FigureArea, *, user: Any, at: AsOf = NOW, ever: bool = False) -> Self:
        """The sites of a territory, or those that an operator works on (`ever`: worked on by then)."""
        if area.operator is None:
            return self.in_territory(area.territory)
        links = self.related("action_links").all().held_by(area.operator, user=user, at=at, ever=ever)
        return self.filter(pk__in=links.order_by().values("site"))

    def standing(self) -> Self:
        """Sites that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def on(self, at: AsOf = NOW) -> Self:
        """Sites that existed on a date, open or closed, with `occupation` (their dates) to filter and read."""
        return self.occupied(at, Q(occupation__isnull=False))

    def open_on(self, at: AsOf = NOW) -> Self:
        still = Q(occupation__ended_on__isnull=True) | Q(occupation__ended_on__gt=at.day)
        return self.occupied(at, Q(occupation__isnull=False) & still)

    def closed_on(self, at: AsOf = NOW) -> Self:
        return self.occupied(at, Q(occupation__ended_on__lte=at.day))

    def occupied(self, at: AsOf, where: Q) -> Self:
        # One call of filter(): a second one on this relation would join the table once more.
        condition = (
            prefixed(known_at(at.instant), "occupations")
            & Q(occupations__withdrawn=False)
            & Q(occupations__valid_on__lte=at.day)
        )
        return self.annotate(occupation=FilteredRelation("occupations", condition=condition)).filter(where)

    def with_figure(self, at: AsOf = NOW) -> Self:
        """Adds `figure`, the survey in use on the date; its columns are null for a site never counted."""
        stands = self.related("surveys").all().standing("surveys", at)
        return self.annotate(figure=FilteredRelation("surveys", condition=stands))

    def with_state(self, at: AsOf = NOW) -> Self:
        """Adds `state`, the living conditions known on the date."""
        stands = self.related("living_conditions").all().standing("living_conditions", at)
        return self.annotate(state=FilteredRelation("living_conditions", condition=stands))

    def with_evacuation(self, at: AsOf = NOW) -> Self:
        """Adds `evacuation`, the step that plans the evacuation. Only for who may read the procedures."""
        stands = self.related("procedures").all().standing("procedures", at)
        return self.annotate(evacuation=FilteredRelation("procedures", condition=stands))

    def with_diagnosis(self, at: AsOf = NOW) -> Self:
        """Adds `diagnosis`, the social diagnosis known on the date."""
        stands = self.related("diagnoses").all().standing("diagnoses", at)
        return self.annotate(diagnosis=FilteredRelation("diagnoses", condition=stands))

    def with_suitability(self, at: AsOf = NOW) -> Self:
        """Adds `suitability`, whether the site can be fitted out, as known on the date."""
        stands = self.related("suitabilities").all().standing("suitabilities", at)
        return self.annotate(suitability=FilteredRelation("suitabilities", condition=stands))

    def with_priority(self, weights: Mapping[int, int]) -> Self:
        """Adds `priority`, a number that only orders: what calls for somebody on each site, by primary key.

        Few numbers for many sites: one condition a number.
        """
        by_weight: dict[int, list[int]] = defaultdict(list)
        for site, weight in weights.items():
            by_weight[weight].append(site)
        ranks = [When(pk__in=sites, then=Value(weight)) for weight, sites in by_weight.items()]
        # Cast: without any weight, PostgreSQL would read `ORDER BY 0` as the rank of a column.
        nothing = Cast(Value(0), IntegerField())
        return self.annotate(priority=Case(*ranks, default=nothing, output_field=IntegerField()))

    def to_improve(self, theme: Theme) -> Self:
        """Sites where a living condition is bad or to improve. Needs `with_state`."""
        return self.filter(**{f"state__{theme}__in": [Condition.BAD, Condition.TO_IMPROVE]})

    def covered(self, at: AsOf = NOW) -> Self:
        """Sites that a dispositif in progress covers, whoever may see it."""
        return self.filter(self.coverage(at))

    def uncovered(self, at: AsOf = NOW) -> Self:
        return self.filter(~self.coverage(at))

    def coverage(self, at: AsOf) -> Q:
        links = self.related("action_links").all().covering(at)
        return Q(Exists(links.filter(site=OuterRef("pk"))))

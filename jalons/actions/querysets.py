"""Reads over dispositifs, as of any date. One query each, whatever the number of rows."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, FilteredRelation, OuterRef, Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.actions.enums import ParticipationRole
from jalons.figures.areas import FigureArea
from jalons.history.querysets import NOW, AsOf, FactQuerySet, known_at
from jalons.sites.querysets import prefixed


class RunningQuerySet(FactQuerySet):
    """Facts that last: a participation, a site covered, the intervention itself."""

    def going_on(self, at: AsOf = NOW) -> Self:
        """Begun and not over on `at.day`."""
        return self.as_of(at).exclude(ended_on__lte=at.day)

    def not_over(self, at: AsOf = NOW) -> Self:
        """Going on or to come on `at.day`."""
        return self.known(at).exclude(ended_on__lte=at.day)


class ActionSiteQuerySet(RunningQuerySet):
    def covering(self, at: AsOf = NOW) -> Self:
        """Links to the sites that a dispositif in progress on `at.day` covers."""
        model: Any = self.model
        actions = model._meta.get_field("action").related_model._default_manager
        return self.going_on(at).filter(Exists(actions.in_progress(at).filter(pk=OuterRef("action"))))

    def held_by(self, operator: int, *, user: Any, at: AsOf = NOW, ever: bool = False) -> Self:
        """Links to the sites on which an operator works, in a dispositif that the person may see."""
        model: Any = self.model
        actions = model._meta.get_field("action").related_model._default_manager.visible_to(user)
        held = actions.operated_by(operator, at, ever=ever)
        links = self.as_of(at) if ever else self.covering(at)
        return links.filter(action__in=held.order_by().values("pk"))


class ActionQuerySet(models.QuerySet[Any]):
    def related(self, name: str) -> Any:
        """The manager of a kind of fact, which this module may not import."""
        model: Any = self.model._meta.get_field(name).related_model
        return model._default_manager

    def visible_to(self, user: Any) -> Self:
        return self.in_territory(territory_of(user, Right.READ_ACTIONS))

    def writable_by(self, user: Any, right: Right) -> Self:
        return self.in_territory(territory_of(user, right))

    def in_territory(self, territory: Territory) -> Self:
        """Where a right holds: its départements, its own dispositifs, those with a site in its communes."""
        if territory.everywhere:
            return self
        return self.filter(self.where(territory))

    def where(self, territory: Territory) -> Q:
        # Sets of dispositifs rather than a question asked of each: what one takes part in is little.
        q = Q(departement__in=sorted(territory.departements)) if territory.departements else Q(pk__in=[])
        if territory.organisations:
            parts = (
                self.related("participations")
                .known()
                .filter(
                    participant__in=territory.organisations,
                    role__in=sorted(territory.parts),
                    ended_on__isnull=True,
                )
            )
            q |= Q(pk__in=parts.values("action"))
        if territory.epcis or territory.communes:
            links = self.related("site_links").known().filter(ended_on__isnull=True)
            near = Territory(epcis=territory.epcis, communes=territory.communes)
            grounds = self.related("insertion_sites").filter(near.q("commune"))
            q |= Q(pk__in=links.filter(near.q("site__commune")).values("action"))
            q |= Q(pk__in=grounds.values("action"))
        return q

    def of_area(self, area: FigureArea, *, at: AsOf = NOW, ever: bool = False) -> Self:
        """The dispositifs of a territory, or those of an operator (`ever`: of which it was one by then)."""
        if area.operator is None:
            return self.in_territory(area.territory)
        return self.operated_by(area.operator, at, ever=ever)

    def operated_by(self, operator: int, at: AsOf = NOW, *, ever: bool = False) -> Self:
        parts = self.related("participations").filter(role=ParticipationRole.OPERATOR, participant=operator)
        parts = parts.as_of(at) if ever else parts.going_on(at)
        return self.filter(pk__in=parts.order_by().values("action"))

    def on(self, at: AsOf = NOW) -> Self:
        """Those declared and begun on a date, going on or over, with `intervention` (their dates)."""
        return self.running(at, Q(intervention__isnull=False))

    def in_progress(self, at: AsOf = NOW) -> Self:
        still = Q(intervention__ended_on__isnull=True) | Q(intervention__ended_on__gt=at.day)
        return self.running(at, Q(intervention__isnull=False) & still)

    def ended(self, at: AsOf = NOW) -> Self:
        return self.running(at, Q(intervention__ended_on__lte=at.day))

    def declared(self, at: AsOf = NOW) -> Self:
        """Those that Jalons knew on a date, begun or to come."""
        return self.with_intervention(prefixed(known_at(at.instant), "interventions")).filter(
            intervention__isnull=False
        )

    def coming(self, at: AsOf = NOW) -> Self:
        """Those declared that begin after a date."""
        known = prefixed(known_at(at.instant), "interventions")
        return self.with_intervention(known).filter(intervention__valid_on__gt=at.day)

    def running(self, at: AsOf, where: Q) -> Self:
        # One call of filter(): a second one on this relation would join the table once more.
        begun = prefixed(known_at(at.instant), "interventions") & Q(interventions__valid_on__lte=at.day)
        return self.with_intervention(begun).filter(where)

    def with_intervention(self, condition: Q) -> Self:
        condition &= Q(interventions__withdrawn=False)
        return self.annotate(intervention=FilteredRelation("interventions", condition=condition))

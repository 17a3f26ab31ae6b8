"""Reads over indicators and what was measured."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q

from jalons.history.querysets import NOW, AsOf, StandingQuerySet, known_at


class IndicatorQuerySet(models.QuerySet[Any]):
    def national(self) -> Self:
        """The socle in its present revision: what new figures are told under.

        Both sides say that there is a code: the index of the codes, which is partial, serves neither without it, and
        each convention brings hundreds of indicators that have none.
        """
        model: Any = self.model
        coded = ~Q(code="")
        newer = model._default_manager.filter(
            coded, code=models.OuterRef("code"), revision__gt=models.OuterRef("revision")
        )
        return self.filter(coded, ~models.Exists(newer), retired_on__isnull=True)

    def offered_to(self, action: Any) -> Self:
        """Local indicators of the same département that this dispositif does not follow yet."""
        model: Any = self.model
        followed = model._meta.get_field("series").related_model._default_manager.filter(
            indicator=models.OuterRef("pk"), action=action, asked=True
        )
        return self.filter(
            ~models.Exists(followed),
            code="",
            shared=True,
            retired_on__isnull=True,
            departement=action.departement_id,
        )


class SeriesQuerySet(models.QuerySet[Any]):
    def asked_of(self, action: Any) -> Self:
        """The indicators that a dispositif follows beside the socle of its themes."""
        return self.filter(action=action, reporter__isnull=True, asked=True)


class MeasurementQuerySet(StandingQuerySet):
    def actuals(self, at: AsOf = NOW) -> Self:
        """What was counted or estimated, not what was aimed at."""
        return self.as_of(at).contenders()

    def standing_on(self, at: AsOf = NOW) -> Self:
        """The value in force of each series on a date: a plain range as we know it now."""
        if at.known is None:
            return self.in_force(at)
        then = self.as_of(at).contenders().filter(series=models.OuterRef("series")).ranked()
        return self.filter(known_at(at.instant)).filter(pk=models.Subquery(then.values("pk")[:1]))

    def flows_between(self, since: dt.date, until: dt.date) -> Self:
        """The periods to add up that end between two days, both included, as we know them now."""
        return self.filter(counts=True, valid_on__range=(since, until))

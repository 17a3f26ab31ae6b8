"""Reads over downloads, which nothing changes once they are written."""

from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.accounts.selectors import organisations_within
from jalons.exports.enums import PreparedState


class DownloadQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """One's own; for who manages accounts, also those of the structures of their territory."""
        return self.filter(
            Q(user=user)
            | organisations_within(territory_of(user, Right.MANAGE_ACCOUNTS), "organisation__territory")
        )

    def made_by(self, user: Any) -> Self:
        return self.filter(user=user)

    def complete(self, rows: int) -> None:
        """The one thing that is learnt afterwards: how many rows a file sent as it was written had."""
        models.QuerySet.update(self.filter(rows__isnull=True), rows=rows)

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("downloads are only added")

    def delete(self) -> NoReturn:
        raise TypeError("downloads are only added")


class PreparedFileQuerySet(models.QuerySet[Any]):
    def of(self, user: Any) -> Self:
        """One's own: nobody sees those of others."""
        return self.filter(user=user)

    def light(self) -> Self:
        """Without what the file holds."""
        return self.defer("content")

    def at_work(self) -> Self:
        return self.filter(state__in=[PreparedState.WAITING, PreparedState.RUNNING])

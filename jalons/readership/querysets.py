"""Reads over the traces of reading."""

from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q


class SensitiveReadingQuerySet(models.QuerySet[Any]):
    def about(self, thing: models.Model) -> Self:
        kind = ContentType.objects.get_for_model(thing)
        return self.filter(content_type=kind, object_id=thing.pk)

    def newest_first(self) -> Self:
        return self.select_related("user", "organisation").order_by("-last_at", "-pk")


class KnownReadersQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        return self.filter(ended_on__isnull=True)

    def news(self, departements: Any) -> Self:
        """Told since Jalons was put to use, in these départements or everywhere, newest first."""
        where = Q(departement__in=sorted(departements)) | Q(departement="")
        return (
            self.standing()
            .filter(where, first_count=False)
            .select_related("organisation", "granted_by")
            .order_by("-since", "-pk")
        )

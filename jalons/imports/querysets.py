"""Reads over the files that people gave."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

PREVIEW_KEPT = dt.timedelta(days=7)
UNDONE_WITHIN = dt.timedelta(days=90)


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of the organisations of this person: a colleague may finish, or undo. A merge hands them on."""
        organisations = [membership.organisation_id for membership in user.active_memberships]
        return self.filter(Q(organisation__in=organisations) | Q(organisation__merged_into__in=organisations))

    def light(self) -> Self:
        """Without the bytes of the file and of its reading."""
        return self.defer("content", "sheets")

    def given_before(self, moment: dt.datetime) -> Self:
        return self.filter(created_at__lt=moment)

    def forgotten_previews(self) -> Self:
        return self.given_before(timezone.now() - PREVIEW_KEPT).filter(state__in=("draft", "ready"))

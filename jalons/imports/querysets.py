"""Reads over the files that people gave."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.imports.enums import TargetKind
from jalons.imports.permissions import READS_OF

PREVIEW_KEPT = dt.timedelta(days=7)
UNDONE_WITHIN = dt.timedelta(days=90)


class BatchQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Those of the organisations of this person: a colleague may finish, or undo. A merge hands them on.

        What one may not read elsewhere is not read here. Money is read with its own right, dispositif by dispositif: a
        table of funding stays with who gave it.
        """
        organisations = [membership.organisation_id for membership in user.active_memberships]
        found = self.filter(
            Q(organisation__in=organisations) | Q(organisation__merged_into__in=organisations)
        )
        read = [target for target, right in READS_OF.items() if has(user, right)]
        mine = Q(author=user.pk)
        if not has(user, Right.READ_FUNDING):
            mine &= ~Q(target=TargetKind.FUNDING)
        return found.filter(Q(target__in=["", *read]) | mine)

    def light(self) -> Self:
        """Without the bytes of the file and of its reading."""
        return self.defer("content", "sheets", "annotated")

    def given_before(self, moment: dt.datetime) -> Self:
        return self.filter(created_at__lt=moment)

    def forgotten_previews(self) -> Self:
        return self.given_before(timezone.now() - PREVIEW_KEPT).filter(state__in=("draft", "ready"))

    def past_undoing(self) -> Self:
        """Written, or taken back, so long ago that their file serves nothing more."""
        old = timezone.now() - UNDONE_WITHIN
        return self.filter(state__in=("applied", "undone"), applied_at__lt=old)

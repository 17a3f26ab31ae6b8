"""From a draft to what is published, and who reads it."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from jalons.accounts.models import User
from jalons.core.values import format_long_date, join_and, local_day
from jalons.editing.refusals import Refused
from jalons.editions.closings import ACCOUNT, standing_closing
from jalons.editions.enums import EditionStage
from jalons.editions.models import ReportAccess, ReportEdition, ReportText
from jalons.editions.notifications import tell_shared
from jalons.history.services import Actor, save_record
from jalons.sites.exports import said_by

NOT_READ = "Des textes viennent de l’édition d’avant et n’ont pas été relus : relisez-les, puis publiez."
CLOSED = "Ce semestre est clos avec une autre édition : rouvrez-le, avec un motif, avant d’en publier une nouvelle."
NOT_DRAFT = "Cette édition est déjà publiée, ou elle est encore en préparation."


@transaction.atomic
def publish_edition(*, edition: ReportEdition, by: Actor) -> None:
    """Once: of two people who publish, the second is refused. Its words do not change any more; the worker writes its
    files a last time, with these words, without the mark of a draft, with who published it and who had read it.
    """
    locked = ReportEdition.objects.select_for_update().get(pk=edition.pk)
    if locked.stage != EditionStage.DRAFT:
        raise Refused(NOT_DRAFT)
    closing = standing_closing(locked.area, locked.first_day) if locked.kind == ACCOUNT else None
    if closing is not None:
        raise Refused(CLOSED)
    if locked.texts.filter(to_reread=True).exclude(body="").exists():
        raise Refused(NOT_READ)
    now = timezone.now()
    ReportEdition.objects.filter(pk=edition.pk).update(
        stage=EditionStage.MAKING,
        published_at=now,
        published_by=by.user,
        options={**locked.options, "approvals": approvals(locked, by, now)},
        pulse_at=now,
        attempts=0,
        failure="",
    )


def approvals(edition: ReportEdition, by: Actor, now: dt.datetime) -> list[str]:
    """Written down when it is published: what is shared, or read again, later changes no file."""
    readings = edition.accesses.filter(read_at__isnull=False).select_related("user").order_by("read_at", "pk")
    names = [str(access.user) for access in readings]
    return [
        *([f"Relu par {join_and(names)}."] if names else []),
        f"Publié le {format_long_date(local_day(now))} par {said_by(by.user)}.",
    ]


@transaction.atomic
def save_text(
    *, edition: ReportEdition, section: str, body: str, by: Actor, expected_version: int | None
) -> ReportText:
    """Saving a text is reading it again. Raises `Stale`, and `Refused` once it is published."""
    locked = ReportEdition.objects.select_for_update().get(pk=edition.pk)
    if not locked.is_open:
        raise Refused(NOT_DRAFT)
    text = ReportText.objects.filter(edition=edition, section=section).first()
    text = text or ReportText(edition=edition, section=section)
    text.body, text.to_reread = body, False
    expected = expected_version if text.pk else None
    return save_record(record=text, by=by, expected_version=expected)


@transaction.atomic
def share_edition(*, edition: ReportEdition, user: User, may_write: bool, by: Actor) -> ReportAccess:
    given: dict[str, Any] = {"may_write": may_write, "given_by": by.user}
    access, is_new = ReportAccess.objects.update_or_create(edition=edition, user=user, defaults=given)
    if is_new:
        tell_shared(access, by)
    return access


@transaction.atomic
def take_back_access(*, access: ReportAccess) -> None:
    access.delete()


@transaction.atomic
def mark_read(*, edition: ReportEdition, user: Any) -> bool:
    """« J’ai relu cette édition »."""
    mine = edition.accesses.filter(user=user.pk, read_at__isnull=True)
    return bool(mine.update(read_at=timezone.now()))

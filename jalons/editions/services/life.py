"""From a draft to what is published, and who reads it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from jalons.accounts.models import User
from jalons.editing.refusals import Refused
from jalons.editions.enums import EditionStage
from jalons.editions.models import ReportAccess, ReportEdition, ReportText
from jalons.history.services import Actor, save_record

NOT_READ = "Des textes viennent de l’édition d’avant et n’ont pas été relus : relisez-les, puis publiez."
NOT_DRAFT = "Cette édition est déjà publiée, ou elle est encore en préparation."


@transaction.atomic
def publish_edition(*, edition: ReportEdition, by: Actor) -> None:
    """Once: of two people who publish, the second is refused. Its words and its files do not change any more."""
    locked = ReportEdition.objects.select_for_update().get(pk=edition.pk)
    if locked.stage != EditionStage.DRAFT:
        raise Refused(NOT_DRAFT)
    if locked.texts.filter(to_reread=True).exclude(body="").exists():
        raise Refused(NOT_READ)
    done = {"stage": EditionStage.PUBLISHED, "published_at": timezone.now(), "published_by": by.user}
    ReportEdition.objects.filter(pk=edition.pk).update(**done)


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
    access, _ = ReportAccess.objects.update_or_create(edition=edition, user=user, defaults=given)
    return access


@transaction.atomic
def take_back_access(*, access: ReportAccess) -> None:
    access.delete()


@transaction.atomic
def mark_read(*, edition: ReportEdition, user: Any) -> bool:
    """« J’ai relu cette édition »."""
    mine = edition.accesses.filter(user=user.pk, read_at__isnull=True)
    return bool(mine.update(read_at=timezone.now()))

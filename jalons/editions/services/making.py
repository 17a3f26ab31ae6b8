"""The files of an edition: written by the worker, kept, compared with what they would be today."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from jalons.core.progress import Tell, ignore
from jalons.editions.blocks import ReportContent
from jalons.editions.enums import EditionStage, ReportFormat
from jalons.editions.making.content import NoSuchReport, content_of, kind_of, zone_of_edition
from jalons.editions.making.values import values_of
from jalons.editions.models import STORED_IN, ReportEdition, ReportFile
from jalons.editions.writing.files import WRITERS


def take_edition(*, edition: ReportEdition) -> bool:
    """Back to the worker, once whoever asks twice: its words changed, or it was stopped."""
    waiting = ReportEdition.objects.filter(
        pk=edition.pk, stage__in=[EditionStage.DRAFT, EditionStage.STOPPED]
    )
    begun = {"stage": EditionStage.MAKING, "pulse_at": timezone.now(), "attempts": 0, "failure": ""}
    return bool(waiting.update(**begun))


def written_files(
    edition: ReportEdition, tell: Tell = ignore
) -> tuple[ReportContent, Mapping[ReportFormat, bytes]]:
    """The content, then each file from that one content."""
    formats = kind_of(edition).every_format
    content = content_of(edition, tell, steps=len(formats))
    parts = len(content.sections) + len(content.withheld)
    files = {}
    with timezone.override(zone_of_edition(edition)):
        for place, fmt in enumerate(formats, start=1):
            files[fmt] = WRITERS[fmt](content)
            tell(parts + place, parts + len(formats))
    return content, files


def make_now(*, edition: ReportEdition, tell: Tell = ignore) -> bool:
    """Writes and keeps all of it; False when another worker ended it meanwhile.

    Files are on the disk before the one transaction that makes them those of the edition: killed at any stage, or
    without room for the last of them, the edition is whole or as it was.
    """
    content, files = written_files(edition, tell)
    field = stored_files()
    storage = field.storage
    paths = {fmt: field.generate_filename(None, f"{fmt}") for fmt in files}
    in_use: list[str] = []
    try:
        for fmt, data in files.items():
            paths[fmt] = storage.save(paths[fmt], ContentFile(data))
        with transaction.atomic():
            ended = ReportEdition.objects.filter(
                pk=edition.pk,
                stage=EditionStage.MAKING,
                attempts=edition.attempts,
                published_at=edition.published_at,
            ).update(
                stage=EditionStage.PUBLISHED if edition.published_at else EditionStage.DRAFT,
                made_at=timezone.now(),
                values=values_of(content),
                failure="",
                differs=[],
            )
            if not ended:
                return False
            old = list(edition.files.values_list("file", flat=True))
            edition.files.all().delete()
            ReportFile.objects.bulk_create(
                ReportFile(edition=edition, format=fmt, sha256=digest(data), size=len(data), file=paths[fmt])
                for fmt, data in files.items()
            )
            in_use.extend(paths.values())
            for path in old:
                transaction.on_commit(partial(storage.delete, path))
        return True
    finally:
        for path in set(paths.values()) - set(in_use):
            storage.delete(path)


def stored_files() -> Any:
    """The field, which knows their storage and draws their names."""
    return ReportFile._meta.get_field("file")


def drop_orphans(*, shelf: str, before: dt.datetime) -> int:
    """Deletes the files of a folder of the storage that no edition has: those of a worker that was killed between the
    first of them and the end. `before`: what is younger may be of a worker at work.
    """
    storage = stored_files().storage
    folder = f"{STORED_IN}/{shelf}"
    if not storage.exists(folder):
        return 0
    paths = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
    old = {path for path in paths if storage.get_modified_time(path) < before}
    orphans = old - set(ReportFile.objects.filter(file__in=old).values_list("file", flat=True))
    for path in sorted(orphans):
        storage.delete(path)
    return len(orphans)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check_identical(*, edition: ReportEdition) -> list[str]:
    """« Refaire à l’identique »: the formats that would not come out the same today, kept with the day of the trial."""
    digests = dict(edition.files.values_list("format", "sha256"))
    try:
        _, files = written_files(edition)
        differs = [fmt for fmt, sha in digests.items() if digest(files.get(ReportFormat(fmt), b"")) != sha]
    except NoSuchReport:
        differs = sorted(digests)
    ReportEdition.objects.filter(pk=edition.pk).update(checked_at=timezone.now(), differs=sorted(differs))
    return sorted(differs)

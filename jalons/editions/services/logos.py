"""The logo of a territory: set, replaced, taken away. Each row stays: an edition made with it is made so again."""

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from jalons.core.archives import DamagedFile
from jalons.core.confined import Reason, UnreadFile, read_confined
from jalons.documents.checks import Upload
from jalons.documents.enums import DocumentType
from jalons.documents.services import StoredFile, stored
from jalons.editing.refusals import Refused
from jalons.editions.models import TerritoryLogo
from jalons.history.services import Actor

PNG = b"\x89PNG\r\n\x1a\n"
HEAVIEST = 1024 * 1024  # bytes, once drawn again
LONGEST_SIDE = 900  # points


@dataclass(frozen=True, slots=True)
class DrawnLogo:
    png: bytes
    width: int
    height: int


def drawn_logo(file: Any) -> DrawnLogo:
    """What a child process drew from the file. Raises `UnreadFile`; what it answers is checked as the file is."""
    try:
        [answer] = read_confined("jalons.editions.pictures:draw_again", file)
        png = base64.b64decode(answer["png"], validate=True)
        width, height = struct.unpack(">II", png[16:24])
        if not png.startswith(PNG) or len(png) > HEAVIEST or not 0 < max(width, height) <= LONGEST_SIDE:
            raise DamagedFile("not what was asked")
    except (ValueError, TypeError, KeyError, binascii.Error, struct.error, DamagedFile) as error:
        raise UnreadFile(Reason.DAMAGED) from error
    return DrawnLogo(png, width, height)


@contextmanager
def stored_logo(logo: DrawnLogo) -> Iterator[StoredFile]:
    """Its file, written before the transaction of its row opens; removed when no row points to it at the end."""
    digest = hashlib.sha256(logo.png).hexdigest()
    upload = Upload(ContentFile(logo.png), "logo.png", DocumentType.PNG, len(logo.png), digest)
    with stored([upload], field=TerritoryLogo._meta.get_field("file")) as [file]:
        yield file


def set_logo(*, area: str, logo: DrawnLogo, file: StoredFile, alt: str, by: Actor) -> TerritoryLogo:
    """In place of the one that was there; of two people at once, the second is refused."""
    try:
        with transaction.atomic():
            remove_logo(area=area, by=by)
            return TerritoryLogo.objects.create(
                area=area,
                file=file.path,
                sha256=file.upload.sha256,
                width=logo.width,
                height=logo.height,
                alt=alt,
                added_by=by.user,
            )
    except IntegrityError:
        raise Refused("Une autre personne vient de poser un logo\u00a0: regardez-le d’abord.") from None


def remove_logo(*, area: str, by: Actor) -> bool:
    standing = TerritoryLogo.objects.filter(area=area, removed_at__isnull=True)
    return bool(standing.update(removed_at=timezone.now(), removed_by=by.user))

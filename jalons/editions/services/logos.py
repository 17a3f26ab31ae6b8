"""The logo of a territory: set, replaced, taken away. Each row stays: an edition made with it is made so again."""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from jalons.core.archives import DamagedFile
from jalons.core.confined import Reason, UnreadFile, read_confined
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


@transaction.atomic
def set_logo(*, area: str, logo: DrawnLogo, alt: str, by: Actor) -> TerritoryLogo:
    """In place of the one that was there."""
    remove_logo(area=area, by=by)
    digest = hashlib.sha256(logo.png).hexdigest()
    row = TerritoryLogo(
        area=area, sha256=digest, width=logo.width, height=logo.height, alt=alt, added_by=by.user
    )
    row.file.save("logo", ContentFile(logo.png), save=False)
    row.save()
    return row


def remove_logo(*, area: str, by: Actor) -> bool:
    standing = TerritoryLogo.objects.filter(area=area, removed_at__isnull=True)
    return bool(standing.update(removed_at=timezone.now(), removed_by=by.user))

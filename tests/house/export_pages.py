"""The addresses of the files that leave Jalons: see `pages`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.utils import timezone

from jalons.accounts.decorators import SIGNED_IN
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.exports.enums import Format, PreparedState
from jalons.exports.models import PreparedFile
from jalons.exports.preparing import reach_of, signed
from jalons.sites.exports import SITES
from tests.house.page import Page
from tests.house.world import World

MAKER = "jalons.sites.exports.SITES"


def demande(world: World) -> str:
    return signed(world.cast.correspondent59, MAKER, {"departement": "59"}, Format.CSV)


def on_prepared(world: World) -> Mapping[str, Any]:
    """A file made for the correspondent, when it is first asked for."""
    user = User.objects.get(pk=world.cast.correspondent59.pk)
    file = PreparedFile.objects.of(user).first() or PreparedFile.objects.create(
        user=user,
        asked_at=timezone.now(),
        label="Liste des sites",
        format=Format.CSV,
        maker=MAKER,
        query="departement=59",
        state=PreparedState.READY,
        reach=reach_of(user, SITES),
        name="sites.csv",
        rows=1,
        content=b"Nom\r\n",
    )
    return {"public_id": file.public_id}


EXPORT_PAGES = [
    Page("exports:downloads", SIGNED_IN),
    Page("exports:everyone", Right.MANAGE_ACCOUNTS, person="admin"),
    Page(
        "exports:prepare",
        SIGNED_IN,
        query=lambda world: f"demande={quote(demande(world))}",
        data=lambda world: {"demande": demande(world)},
        personal=True,
    ),
    Page("exports:prepared", SIGNED_IN, on_prepared, about_subject=False, personal=True),
    Page("exports:take", SIGNED_IN, on_prepared, about_subject=False, personal=True),
    Page("exports:stop", SIGNED_IN, on_prepared, reads=False, about_subject=False, personal=True),
]

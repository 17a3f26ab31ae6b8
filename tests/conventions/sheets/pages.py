"""What the tests of a fiche share: a convention led by the council of the Nord, its pages, its forms."""

import json
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client

from jalons import conventions
from jalons.conventions.models import Commitment, Convention
from tests import factories
from tests.conventions.samples import Json, make_convention
from tests.factories import Cast
from tests.forms import form_to

REAL = Path(conventions.__file__).parents[1] / "demonstration" / "data" / "calpae-2022.json"


def real_file() -> Json:
    found: Json = json.loads(REAL.read_text())
    return found


def stored(cast: Cast, told: Json | None = None) -> dict[str, Commitment]:
    """The fiches of a convention, by key. The one of the module when nothing else is told (`stored_convention`)."""
    known = None if told else Convention.objects.filter(slug="exemple-2022").first()
    convention = known or make_convention(told, by=factories.actor(cast.council))
    return {each.key: each for each in convention.commitments.select_related("convention")}


def real(cast: Cast) -> dict[str, Commitment]:
    """The fiches of the real convention, which the module has stored (`stored_real`)."""
    return {each.key: each for each in Commitment.objects.filter(convention__slug="calpae-2022")}


def address(sheet: Commitment, block: str = "") -> str:
    return f"/conventions/{sheet.convention.slug}/fiches/{sheet.public_id}/{block}"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, "jalons.accounts.backends.SessionBackend")
    return client


def words(answer: HttpResponse) -> str:
    """The page as one reads it: without tags, with ordinary spaces."""
    page = unescape(answer.content.decode())
    for sign in ("\u202f", "\u00a0"):
        page = page.replace(sign, " ")
    return " ".join(page.split())


def sent(client: Client, url: str, changes: Mapping[str, Any]) -> HttpResponse:
    """What a person sends from the page at `url` once `changes` are typed."""
    form = form_to(client.get(url), url)
    return client.post(url, form.filled(changes))

"""Every link that a person is shown leads them somewhere: no 403, no 404, no address that only takes a form."""

import re
from functools import cache
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import BACKEND
from tests.house.pages import PAGES, World

pytestmark = [pytest.mark.django_db, pytest.mark.first_database(reason="les liens sont écrits par la page")]
LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
# Files take long to make, and their own pages check them.
FILES = re.compile(r"\.(pdf|docx|png|svg|xlsx|ods|csv)\b|/export\b|/documents/|^/static/")
PEOPLE = ("council", "correspondent59", "mairie", "operator_a", "operator_b", "observer")


def addresses(world: World) -> list[str]:
    found = []
    for page in PAGES:
        if page.reads and page.answers == 200:
            path = reverse(page.name, kwargs=page.kwargs(world) if page.kwargs else None)
            found.append(path + (f"?{page.query(world)}" if page.query else ""))
    return found


@pytest.mark.parametrize("person", PEOPLE)
def test_links_lead_somewhere(still: World, person: str) -> None:
    client = Client()
    client.force_login(getattr(still.cast, person), BACKEND)

    @cache
    def opened(address: str) -> tuple[int, list[str]]:
        """The answer, and the links of the page if it is one."""
        page = client.get(address)
        shown = (
            page.status_code == 200 and not page.streaming and page["Content-Type"].startswith("text/html")
        )
        found = LINK.findall(page.content.decode()) if shown else []
        return page.status_code, [address for address in map(unescape, found) if not FILES.search(address)]

    links = [(path, address) for path in addresses(still) for address in opened(path)[1]]
    assert links, "aucun lien lu"
    dead = [
        f"{path} mène à {address}, qui répond {opened(address)[0]}"
        for path, address in links
        if opened(address)[0] >= 400
    ]
    assert not dead, "\n".join(dict.fromkeys(dead))

"""Every link that a person is shown leads them somewhere: no 403, no 404, no address that only takes a form."""

import re
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


def kind_of(address: str) -> tuple[str, ...]:
    """The path, and the names of what is asked with it: another order of one list is the same link."""
    path, _, query = address.partition("?")
    return path, *sorted({pair.partition("=")[0] for pair in query.split("&")})


@pytest.mark.parametrize("person", PEOPLE)
def test_links_lead_somewhere(still: World, person: str) -> None:
    client = Client()
    client.force_login(getattr(still.cast, person), BACKEND)

    opened: dict[str, tuple[int, list[str]]] = {}

    def open_page(address: str) -> tuple[int, list[str]]:
        """The answer, and the links of the page if it is one. What only sorts or filters alike is opened once."""
        if (kind := kind_of(address)) not in opened:
            page = client.get(address)
            shown = page.status_code == 200 and not page.streaming
            html = page.content.decode() if shown and page["Content-Type"].startswith("text/html") else ""
            links = [unescape(address) for address in LINK.findall(html)]
            opened[kind] = page.status_code, [link for link in links if not FILES.search(link)]
        return opened[kind]

    links = [(path, address) for path in addresses(still) for address in open_page(path)[1]]
    assert links, "aucun lien lu"
    dead = [
        f"{path} mène à {address}, qui répond {status}"
        for path, address in links
        if (status := open_page(address)[0]) >= 400
    ]
    assert not dead, "\n".join(dict.fromkeys(dead))

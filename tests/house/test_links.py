"""Every link that a person is shown leads them somewhere: no 403, no 404, no address that only takes a form."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import BACKEND, Cast
from tests.house.pages import PAGES, World, make_world

pytestmark = pytest.mark.django_db
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
def test_links_lead_somewhere(cast: Cast, person: str) -> None:
    client = Client()
    paths = addresses(make_world(cast))
    client.force_login(getattr(cast, person), BACKEND)
    answers: dict[str, int] = {}
    dead = []
    for path in paths:
        page = client.get(path)
        if page.status_code != 200 or page.streaming or not page["Content-Type"].startswith("text/html"):
            continue
        for address in map(unescape, LINK.findall(page.content.decode())):
            if FILES.search(address):
                continue
            if address not in answers:
                answers[address] = client.get(address).status_code
            if answers[address] >= 400:
                dead.append(f"{path} mène à {address}, qui répond {answers[address]}")
    assert answers, "aucun lien lu"
    assert not dead, "\n".join(dict.fromkeys(dead))

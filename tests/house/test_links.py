"""Every link that a person is shown leads them somewhere: no 403, no 404, no address that only takes a form."""

import re
from html import unescape

import pytest

from jalons.accounts.models import User
from tests.house.pages import PAGES, World
from tests.house.test_permissions import refusal, signed_in, url

pytestmark = [pytest.mark.django_db, pytest.mark.first_database(reason="les liens sont écrits par la page")]
LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
# Files take long to make, and their own pages check them.
A_FILE = r"\.(pdf|docx|png|svg|xlsx|ods|csv)\b|/export\b"
FILES = re.compile(rf"{A_FILE}|/documents/|^/static/")
PEOPLE = ("council", "correspondent59", "mairie", "operator_a", "operator_b", "observer")


def addresses(world: World, user: User) -> list[str]:
    """The pages whose links this person reads: neither files, nor what the table refuses to them, which
    `test_permissions` opens. What a link leads to is opened whatever the table says of it.
    """
    opened = [page for page in PAGES if page.reads and page.answers == 200]
    found = [url(page, world) for page in opened if not refusal(user, page, world)]
    return [address for address in found if not re.search(A_FILE, address)]


def kind_of(address: str) -> tuple[str, ...]:
    """The path, and the names of what is asked with it: another order of one list is the same link."""
    path, _, query = address.partition("?")
    return path, *sorted({pair.partition("=")[0] for pair in query.split("&")})


@pytest.mark.parametrize("person", PEOPLE)
def test_links_lead_somewhere(still: World, person: str) -> None:
    user = getattr(still.cast, person)
    client = signed_in(user)
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

    links = [(path, address) for path in addresses(still, user) for address in open_page(path)[1]]
    assert links, "aucun lien lu"
    dead = [
        f"{path} mène à {address}, qui répond {status}"
        for path, address in links
        if (status := open_page(address)[0]) >= 400
    ]
    assert not dead, "\n".join(dict.fromkeys(dead))

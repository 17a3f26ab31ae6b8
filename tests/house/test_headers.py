"""Headers over every page of the table: whatever a visitor writes in them, nothing breaks and nothing is kept."""

import ast
import random
from collections.abc import Iterator

import pytest
from django.test import Client

from jalons.accounts.decorators import OPEN
from tests.house.pages import Page, World
from tests.house.test_permissions import PAGES, PENDING, allowed, signed_in, url
from tests.house.tree import python_files

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "http://[::1",
    "http://testserver:port/",
    "//[",
    "javascript:alert(1)",
    "http://testserver/\udce9".encode("utf-8", "surrogateescape").decode("latin-1"),
    "http://testserver/" + "a" * 9_000,
    "",
    "\u00ff" * 50,
    "http://testserver/%00%ff?next=%5B",
]
WRITTEN: dict[str, list[str]] = {
    "HX-Request": ["true", "false", ""],
    "HX-Current-URL": ADDRESSES,
    "HX-Current-URL-URI-AutoEncoded": ["true"],
    "HX-Boosted": ["true"],
    "HX-Target": ["#é[", "a" * 5_000],
    "HX-Trigger-Name": ["\u00e9'\"<"],
    "HX-Prompt": ["%00"],
    "Triggering-Event": ["{", "[" * 2_000],
    "Referer": ADDRESSES,
    "Origin": [*ADDRESSES, "null"],
    "Host": ["[", "testserver:99999", "a" * 300, "testserver", "-", "testserver.", "[::1"],
    "X-Forwarded-For": ["[", ",,,", "1.2.3.4, ::g", "a" * 5_000],
    "X-Forwarded-Proto": ["ftp", "https,http", ""],
    "X-Forwarded-Host": ["[", "ailleurs.test"],
    "X-Forwarded-Port": ["port"],
    "If-None-Match": ['"', "W/", "*", "é", '"a", "b'],
    "If-Match": ['"', "*"],
    "If-Modified-Since": ["hier", "Mon, 99 Foo 9999 99:99:99 GMT", "Sat, 01 Jan 99999 00:00:00 GMT", "-1"],
    "If-Unmodified-Since": ["Thu, 31 Feb 2020 00:00:00 GMT"],
    "If-Range": ["x"],
    "Range": ["bytes=-", "bytes=9-1", "bytes=" + "9" * 400 + "-", "octets=1-2", "bytes=0-0,1-1,2-"],
    "Accept": ["application/json;q=abc", "*/*;;;", "é", "," * 500],
    "Accept-Language": ["xx-" * 200, "*;q=z", "fr;q=1e400"],
    "Accept-Encoding": ["gzip;q=abc", "identity;q=0", "*;q=0"],
    "Content-Type": ["multipart/form-data", "text/html; charset=inconnu", "multipart/form-data; boundary=é", ";"],
    "Content-Encoding": ["gzip", "inconnu"],
    "Cookie": [
        'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000"',
        "sessionid=" + "z" * 4_000,
        "sessionid=\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9",
        "csrftoken=" + "é" * 32,
        'messages="W10:1:1"; sessionid=; =; ;;',
        "messages=[",
    ],
    "User-Agent": ["\u00ff" * 3_000, ""],
    "X-Requested-With": ["XMLHttpRequest"],
    "Sec-Fetch-Site": ["é"],
    "Content-Length": ["-1", "douze", ""],
}  # fmt: skip
READ = [page for page in PAGES if page.name not in PENDING]
KNOWN = {
    "HX-Request": "true",
    "HX-Current-URL": "http://[::1",
}  # what gave 500 to a visitor without a session
SIZES = (1, 6)  # how many headers each draw holds


@pytest.fixture
def world(still: World, db: None) -> World:
    return still


def drawn(seed: str) -> Iterator[dict[str, str]]:
    """One beside those known to have broken pages, for a visitor; then several, for somebody signed in.

    The same every time for one page.
    """
    chance = random.Random(seed)
    one, several = (
        {name: chance.choice(WRITTEN[name]) for name in chance.sample(sorted(WRITTEN), size)}
        for size in SIZES
    )
    yield {**KNOWN, **one}
    yield several


def every_value() -> Iterator[dict[str, str]]:
    for name, values in WRITTEN.items():
        for value in values:
            # htmx sends its own with the one that says that it asks.
            yield {"HX-Request": "true", name: value} if name.startswith("HX-") else {name: value}


def environ(written: dict[str, str]) -> dict[str, str]:
    """As a server passes them on: Content-Type and Content-Length have no prefix."""
    names = {name: name.upper().replace("-", "_") for name in written}
    return {
        key if key.startswith("CONTENT_") and key != "CONTENT_ENCODING" else f"HTTP_{key}": written[name]
        for name, key in names.items()
    }


PRIVATE = "private, no-store"


def survives(client: Client, address: str, written: dict[str, str], *, copied: int = 0) -> None:
    """`copied`: see `Page`. What is signed in, shows a cookie, writes or failed is never copied."""
    for method in ("GET", "POST"):
        shows_cookie = bool(client.cookies) or "Cookie" in written
        answer = client.generic(method, address, b"", **environ(written))
        assert answer.status_code < 500, f"{method} {address} {written}"
        open_to_copies = copied and not shows_cookie and answer.status_code in (200, 304)
        assert answer["Cache-Control"] == (f"public, max-age={copied}" if open_to_copies else PRIVATE)
        b"".join(answer)  # read to its end, as a browser does


@pytest.mark.first_database(
    reason="un en-tête n’arrive pas à la base ; les cookies, si : voir le test d’après"
)
@pytest.mark.parametrize("page", READ, ids=lambda page: page.name)
def test_no_header_breaks_a_page(page: Page, world: World) -> None:
    address = url(page, world)
    for client, written in zip((Client(), signed_in(allowed(world, page))), drawn(page.name), strict=True):
        client.raise_request_exception = False
        survives(client, address, written, copied=page.copied)


@pytest.mark.first_database(reason="ce qu’une copie garde ne tient pas à la base")
@pytest.mark.parametrize("page", [page for page in READ if page.copied], ids=lambda page: page.name)
def test_a_copy_is_never_of_a_person(page: Page, world: World) -> None:
    """The same address: kept for a stranger, never for who is signed in, nor for any cookie, whatever it is worth."""
    assert page.access == OPEN
    address = url(page, world)
    answer = Client().get(address)
    assert (answer["Cache-Control"], answer.cookies) == (f"public, max-age={page.copied}", {})
    assert "Cookie" in answer["Vary"]
    for client in (signed_in(user) for user in (allowed(world, page), world.cast.nobody)):
        theirs = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert (theirs.status_code, theirs["Cache-Control"]) == (200, PRIVATE)
    for cookie in ("sessionid=inconnu", "messages=[", "illisible"):
        shown = Client().get(address, headers={"cookie": cookie, "if-none-match": answer["ETag"]})
        assert (shown.status_code, shown["Cache-Control"]) == (200, PRIVATE), cookie


@pytest.mark.parametrize("address", ["/compte/courriels/"])
def test_every_value_on_a_few_pages(address: str, world: World) -> None:
    for client in (Client(), signed_in(world.cast.correspondent59)):
        client.raise_request_exception = False
        for written in every_value():
            survives(client, address, written)


@pytest.mark.parametrize(
    "target", ["http://[::1", "/\\[", "//[", "/" + "é" * 3_000, "/a\nb", "/\x00", "/?" * 900]
)
def test_no_next_page_breaks_signing_in(target: str, world: World) -> None:
    user = world.cast.mairie
    client = signed_in(user)
    client.raise_request_exception = False
    assert client.get("/connexion/", {"next": target}).status_code < 500
    assert Client(raise_request_exception=False).get("/connexion/", {"next": target}).status_code == 200


def test_the_longest_address_that_a_server_takes_leads_to_signing_in() -> None:
    assert Client(raise_request_exception=False).get(f"/mon-compte/?a={'é' * 670}").status_code == 302


# Only one module reads them --------------------------------------------------------------------------------

READERS = {"headers", "META", "COOKIES", "htmx", "get_host", "build_absolute_uri", "get_port"}
GUARD = ("jalons/core/headers.py", "jalons/core/middleware.py")


def read_elsewhere() -> Iterator[str]:
    for path, text in python_files("jalons").items():
        if path in GUARD or "/migrations/" in path or not any(name in text for name in READERS):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and node.attr in READERS and is_request(node.value):
                yield f"{path}:{node.lineno} request.{node.attr}"
            if isinstance(node, ast.Call) and "htmx" in [getattr(each, "value", "") for each in node.args]:
                yield f"{path}:{node.lineno} getattr(…, 'htmx')"


def is_request(node: ast.expr) -> bool:
    return getattr(node, "id", "") == "request" or getattr(node, "attr", "") in ("request", "_request")


def test_headers_are_read_in_one_place() -> None:
    assert list(read_elsewhere()) == [], "lisez cet en-tête par jalons.core.headers"


def test_static_files_may_be_kept() -> None:
    answer = Client().get("/static/jalons/jalons.css")
    assert answer.status_code == 200
    assert b"".join(answer)
    assert "no-store" not in answer["Cache-Control"]

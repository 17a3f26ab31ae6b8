"""The home page as somebody looks at it: what stands at once, then what it asks for."""

import re

from django.test import Client

SPACE = re.compile(r"[ \t\n]+")
BESIDE = re.compile(r"\s*([<>])\s*")
LATER = re.compile(r'hx-get="(/(?:accueil|priorites)/[^"]*)" hx-trigger="load"')


def on_one_line(html: str) -> str:
    """As a browser reads it: where a template breaks its lines is not the business of a test."""
    return SPACE.sub(" ", html)


def tight(html: str) -> str:
    """Without any white space beside a tag: what is not there is not there, wherever a template breaks its lines."""
    return BESIDE.sub(r"\1", html)


def home_page(client: Client) -> str:
    found = client.get("/")
    assert found.status_code == 200
    page = found.content.decode()
    for address in LATER.findall(page):
        rest = client.get(address, headers={"HX-Request": "true"})
        assert rest.status_code == 200
        page += rest.content.decode()
    return page

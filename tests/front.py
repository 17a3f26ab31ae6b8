"""The home page as somebody looks at it: what stands at once, then what it asks for."""

import re

from django.test import Client

LATER = re.compile(r'hx-get="(/(?:accueil|priorites)/[^"]*)" hx-trigger="load"')


def home_page(client: Client) -> str:
    found = client.get("/")
    assert found.status_code == 200
    page = found.content.decode()
    for address in LATER.findall(page):
        rest = client.get(address, headers={"HX-Request": "true"})
        assert rest.status_code == 200
        page += rest.content.decode()
    return page

"""What the first load of the sheet of a site weighs, as it is sent: compressed, without what comes later."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from tests.factories import BACKEND, LILLE, Cast, make_site

pytestmark = pytest.mark.django_db
MOST = 150_000
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")


def weight(address: str) -> int:
    """Of a static file, and of the font in Latin letters that a style sheet asks for."""
    name = HASH.sub("", address.removeprefix(static("")))
    content = Path(str(finders.find(name))).read_bytes()
    return len(content) if name.endswith(".woff2") else len(brotli.compress(content))


def test_the_sheet_is_light_and_its_map_comes_later(cast: Cast) -> None:
    site = make_site("Rue du Général", LILLE, latitude=50.63, longitude=3.06)
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    html = client.get(f"/sites/{site.public_id}/").content.decode()
    loaded = set(re.findall(r'<(?:link|script)[^>]*\b(?:href|src)="(/static/[^"]+)"', html))
    loaded |= set(re.findall(r'<img[^>]*\bsrc="(/static/[^"]+)"', html))
    assert any(address.endswith((".js", ".css")) for address in loaded)
    assert not any("leaflet" in address for address in loaded)
    assert 'data-leaflet="/static/vendor/leaflet/' in html
    font = "vendor/source-sans-3/source-sans-3-latin-wght-normal.woff2"
    at_first = len(brotli.compress(html.encode())) + weight(font)
    at_first += sum(weight(address) for address in loaded if "latin-wght" not in address)
    map_of_it = weight("vendor/leaflet/leaflet.js") + weight("vendor/leaflet/leaflet.css")
    assert at_first + map_of_it < MOST, f"{at_first} octets, puis {map_of_it} pour la carte"

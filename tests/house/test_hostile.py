"""Every form fed with hostile and silly values: an answer in French, never a 500, never a loss.

The table of pages says which forms there are (`tests/house/pages.py`); a new form is fed without being named here.
"""

import re
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse

from tests.forms import Form, form_to
from tests.house.pages import PAGES, Page, World
from tests.house.test_permissions import ADDRESSES, allowed, signed_in, url

pytestmark = pytest.mark.django_db

HOSTILE = {
    "rien": "",
    "date impossible": "31/02/2020",
    "date lointaine": "01/01/9999",
    "négatif": "-5",
    "énorme": "9" * 400,
    "décimal": "1,5",
    "lettres": "douze",
    "formule": '=HYPERLINK("http://exemple.test")',
    "balise": "<script>alert(1)</script>",
    "guillemets": "' OR 1=1 --",
    "gabarit": "{{ 7|add:7 }}{% debug %}",
    "octet nul": "a\x00b",
    "contrôle": "a\x1b[31m\u202eb",
    "emoji": "🏕️ Été à Œuf-en-Ternois",
    "long": "é" * 100_000,
    "colle de tableur": "12\t13\n14\t15",
    "chiffres d’ailleurs": "١٢٣",
}
# Never typed by a person: a key, a version, a token, what was chosen before.
HIDDEN = re.compile(r"csrfmiddlewaretoken|submission_key|expected_version|seen|version|password|username")
FORMS = [page for page in PAGES if page.data and page.name.split(":")[0] != "accounts"]


@pytest.fixture
def world(still: World, db: None) -> World:
    return still


def typed_names(form: Form, html: str) -> set[str]:
    """The fields in which a person types: text inputs and text areas."""
    inputs = re.findall(r"<input\b[^>]*>", html)
    names = {
        name
        for tag in inputs
        if not re.search(r'type="(hidden|radio|checkbox|submit|file)"', tag)
        for name in re.findall(r'name="([^"]+)"', tag)
    }
    names |= set(re.findall(r'<textarea\b[^>]*name="([^"]+)"', html))
    return {name for name in names if name in form.values and not HIDDEN.search(name)}


def every_name(form: Form) -> set[str]:
    return {name for name in form.values if not HIDDEN.search(name)}


def shown(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


@pytest.mark.parametrize("page", FORMS, ids=lambda page: page.name)
def test_a_form_survives(page: Page, world: World) -> None:
    client = signed_in(allowed(world, page))
    client.raise_request_exception = False
    address = url(page, world)
    opened = client.get(address)
    form = form_to(opened, address.partition("?")[0]) if opened.status_code == 200 else Form("post", "")
    html = opened.content.decode() if opened.status_code == 200 else ""
    typed = typed_names(form, html)
    for name, value in HOSTILE.items():
        # Everywhere at once, choices and dates too; then only where a person types.
        for data in (dict.fromkeys(every_name(form), value), dict.fromkeys(typed, value)):
            answer = client.post(address, form.filled({**(page.data(world) if page.data else {}), **data}))
            assert answer.status_code < 500, f"{page.name} : « {name} » a cassé la page"
            if answer.status_code == 200 and typed and "\x00" not in value:
                check_nothing_lost(answer, typed & set(data), value, f"{page.name}, {name}")


def check_nothing_lost(answer: HttpResponse, names: set[str], value: str, where: str) -> None:
    """A form that comes back holds what was typed, escaped."""
    text = shown(answer)
    wanted = re.sub(r"\s+", " ", value.strip())[:200]
    if names and wanted:
        assert wanted in re.sub(r"\s+", " ", text), f"{where} : ce qui était écrit a disparu"
    assert "<script>alert(1)</script>" not in answer.content.decode(), f"{where} : une balise est passée"


@pytest.mark.parametrize("value", list(HOSTILE.values()), ids=list(HOSTILE))
def test_addresses_survive(client: Any, world: World, value: str) -> None:
    """Lists, maps and exports read what stands in an address; a page that takes an identifier, anything."""
    client.force_login(world.cast.correspondent59, "django.contrib.auth.backends.ModelBackend")
    client.raise_request_exception = False
    asked = {"q": value, "au": value, "connu-le": value, "page": value, "tri": value, "departement": value}
    asked = {name: text[:2000] for name, text in asked.items()}
    for path in ("/sites/", "/carte/", "/carte/sites.geojson", "/sites/exporter/", "/", "/exports/"):
        assert client.get(path, asked).status_code < 500, path
    assert client.get("/sites/export", {**asked, "format": value[:50] or "csv"}).status_code < 500
    assert client.get("/territoires/communes.json", asked).status_code < 500
    assert client.get("/sites/adresses.json", asked).status_code < 500
    sheet = f"/sites/{world.site.public_id}/"
    assert client.get(sheet, asked).status_code < 500
    assert client.get(f"{sheet}historique/", asked).status_code < 500
    for kind in ("sites", "documents", "commentaires/site"):
        assert client.get(f"/{kind}/{value[:60]}/").status_code < 500, kind


def test_every_form_is_fed() -> None:
    assert {page.name for page in FORMS} <= set(ADDRESSES)
    assert len(FORMS) > 20

"""Every form fed with hostile and silly values: an answer in French, never a 500, never a loss.

The table of pages says which forms there are (`tests/house/pages.py`); a new form is fed without being named here.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse

from tests.forms import Form, form_to
from tests.guards import commits
from tests.house.keys import faults, slugs_of
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
# Nothing is read in them: one text holds them all, the formula first.
WORDS = ("formule", "lettres", "balise", "guillemets", "gabarit", "emoji")
# What a database may choke on; the others are refused, or written as any text.
CHOKING = ("date lointaine", "énorme", "octet nul", "long")
# What a choice, a hidden number or a box makes of a value, whatever it says otherwise.
CHOSEN = ("rien", "négatif", "énorme", "textes", "octet nul", "chiffres d’ailleurs")
FED = {name: value for name, value in HOSTILE.items() if name not in WORDS}
FED |= {"textes": " ".join(HOSTILE[name] for name in WORDS)}
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


Fed = dict[str, str]


def meals(values: Sequence[str], names: set[str], typed: set[str]) -> Iterator[Fed]:
    """What is sent: each field meets half of `values` (its neighbours the others), each form meets them all.

    Choices and hidden fields are fed with what they may make something of, all at once.
    """
    texts = sorted(typed)
    for start in range(0, len(values), 2) if texts else ():
        yield {name: FED[values[(start + rank) % len(values)]] for rank, name in enumerate(texts)}
    chosen = [value for value in values if value in CHOSEN]
    for start in range(0, len(chosen), 2) if names != typed else ():
        yield {name: FED[chosen[(start + rank) % len(chosen)]] for rank, name in enumerate(sorted(names))}


def feed(page: Page, world: World, values: Sequence[str], *, emptied: bool = False) -> None:
    client = signed_in(allowed(world, page))
    client.raise_request_exception = False
    address = url(page, world)
    opened = client.get(address)
    form = form_to(opened, address.partition("?")[0]) if opened.status_code == 200 else Form("post", "")
    html = opened.content.decode() if opened.status_code == 200 else ""
    typed, names = typed_names(form, html), every_name(form)
    plain = dict(page.data(world)) if page.data else {}
    for fed in [*([dict.fromkeys(names, "")] if emptied else []), *meals(values, names, typed)]:
        with commits.held():  # what one sending writes is not there for the next one
            answer = client.post(address, form.filled(plain | fed))
            transaction.set_rollback(True)
        assert answer.status_code < 500, f"{page.name} : {fed} a cassé la page"
        if answer.status_code == 200 and typed:
            check_nothing_lost(answer, {name: fed[name] for name in typed & set(fed)}, page.name)
        if emptied and not any(fed.values()):
            shown_keys = faults(answer, page.name, slugs_of(world))
            assert not shown_keys, "\n".join(dict.fromkeys(shown_keys))


@pytest.mark.both_databases(reason="chaque page, sur les deux bases")
@pytest.mark.parametrize("page", FORMS, ids=lambda page: page.name)
def test_a_form_survives_what_a_database_may_choke_on(page: Page, world: World) -> None:
    feed(page, world, CHOKING)


@pytest.mark.first_database(reason="ces valeurs sont refusées, ou écrites comme n’importe quel texte")
@pytest.mark.parametrize("page", FORMS, ids=lambda page: page.name)
def test_a_form_survives(page: Page, world: World) -> None:
    """Nor does a form that comes back, all fields empty, show a key of the program."""
    feed(page, world, [name for name in FED if name not in CHOKING and FED[name]], emptied=True)


def check_nothing_lost(answer: HttpResponse, fed: Fed, where: str) -> None:
    """A form that comes back holds what was typed, escaped."""
    text = re.sub(r"\s+", " ", shown(answer))
    for name, value in fed.items():
        wanted = re.sub(r"\s+", " ", value.strip())[:200]
        if "\x00" not in value:
            assert wanted in text, f"{where}, {name} : ce qui était écrit a disparu"
    assert "<script>alert(1)</script>" not in answer.content.decode(), f"{where} : une balise est passée"


@pytest.mark.parametrize("value", list(HOSTILE.values()), ids=list(HOSTILE))
def test_addresses_survive(client: Any, world: World, value: str) -> None:
    """Lists, maps and exports read what stands in an address; a page that takes an identifier, anything."""
    client.force_login(world.cast.correspondent59, "jalons.accounts.backends.SessionBackend")
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
    assert all(value in "".join(FED.values()) for value in HOSTILE.values())
